//! The closed vocabularies of matching.
use crate::base::word::{Word, words};
use serde::{Deserialize, Serialize};

words! {
    /// The mode of a round: coverage or mutual choices first.
    MatchingMode in "matching-modes" {
        CoverageFirst = "coverage_first", "сначала охват", "coverage first";
        MutualFirst = "mutual_first", "сначала взаимный выбор", "mutual choices first";
    }

    /// The reason why a mentorship is not possible.
    Barrier in "matching-barriers" {
        NotWaiting = "not_waiting", "подопечный не ждёт наставника", "the beneficiary is not waiting for a mentor";
        ProfileMissing = "profile_missing", "профиль для подбора не заполнен", "the profile for matching is not filled in";
        NoOpenCase = "no_open_case", "нет открытого случая сопровождения", "there is no open case";
        NoConsent = "no_consent", "нет согласия на участие в подборе", "there is no consent to take part in matching";
        MentorMinor = "mentor_minor", "наставник несовершеннолетний", "the mentor is a minor";
        MentorNotApproved = "mentor_not_approved", "кандидатура наставника не одобрена", "the mentor is not approved";
        TrainingMissing = "training_missing", "нет обязательного обучения", "required training is missing or expired";
        NoOrganization = "no_organization", "наставник не из организации, допущенной программой", "the mentor represents no organization of a kind that the program requires";
        DocumentsExpired = "documents_expired", "документы наставника просрочены", "the mentor's documents have expired";
        MentorRemoved = "mentor_removed", "наставник отстранён", "the mentor is removed";
        GroundOpen = "ground_open", "не разобрано сообщение о наставнике", "a reported ground for the mentor's removal is open";
        MentorAway = "mentor_away", "наставник временно недоступен", "the mentor is away";
        NoSeat = "no_seat", "у наставника нет свободного места", "the mentor has no free seat";
        OutsideTerritory = "outside_territory", "слишком далеко или другой муниципалитет", "outside the mentor's territory";
        NoCommonLanguage = "no_common_language", "нет общего языка", "no common language";
        NoCommonHours = "no_common_hours", "нет общего времени", "not enough common hours";
        AgeGap = "age_gap", "разница в возрасте вне границ", "the difference in age is out of bounds";
        SexRequirement = "sex_requirement", "не выполнено пожелание о поле", "a wish on sex is not met";
        AgeRequirement = "age_requirement", "не выполнено пожелание о возрасте", "a wish on age is not met";
        RiskAboveQualification = "risk_above_qualification", "случай сложнее, чем позволяет подготовка", "the risk level of the case is above the mentor's qualification";
        SpecialTrainingRequired = "special_training_required", "нужна особая подготовка", "special training is needed";
        ConflictOfInterest = "conflict_of_interest", "конфликт интересов", "conflict of interest";
        VetoBeneficiary = "veto_beneficiary", "отвод подопечного", "the beneficiary's veto";
        VetoRepresentative = "veto_representative", "отвод представителя", "the representative's veto";
        VetoMentor = "veto_mentor", "отвод наставника", "the mentor's veto";
        VetoSpecialist = "veto_specialist", "отвод специалиста", "the specialist's veto";
        DeclinedInRound = "declined_in_round", "эту пару уже отклонили в этом подборе", "this pair was declined in this round";
        FormerMentorship = "former_mentorship", "прежнее наставничество этой пары прекращено", "an earlier mentorship of this pair was terminated";
        ProgramMismatch = "program_mismatch", "разные программы", "different programs";
        NotOffered = "not_offered", "этот вариант не предлагается", "this choice is not offered";
        OtherRecord = "other_record", "человек ждёт или имеет наставника по другой своей записи", "the person waits, or has a mentor, under another record";
    }

    /// A criterion of the fit of a pair.
    Criterion in "matching-criteria" {
        Interests = "interests", "общие интересы и неприязни", "shared interests and dislikes";
        Needs = "needs", "потребности, отвечающие умениям", "needs met by skills";
        Hours = "hours", "общее время", "common hours";
        Proximity = "proximity", "близость", "proximity";
        Age = "age", "разница в возрасте", "difference in age";
        Languages = "languages", "общие языки", "common languages";
    }
}

impl Barrier {
    const fn bit(self) -> u32 {
        #[expect(clippy::as_conversions, reason = "the number of a word without members")]
        let number = self as u32;
        1 << number
    }
}

/// A set of barriers. If it is empty, a mentorship is possible. It is stored as a list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Barrier>", into = "Vec<Barrier>")]
pub struct Barriers(u32);

impl Barriers {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Whether the barrier is in the set.
    pub fn has(self, barrier: Barrier) -> bool {
        self.0 & barrier.bit() != 0
    }
    /// The set with one more barrier, if `holds` is true.
    #[must_use]
    pub fn with(self, barrier: Barrier, holds: bool) -> Self {
        Self(self.0 | if holds { barrier.bit() } else { 0 })
    }
    /// The barriers of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// The barriers of this set that are not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
    /// The barriers of the set, in the order of the catalogue.
    pub fn all(self) -> impl Iterator<Item = Barrier> {
        Barrier::ALL.iter().copied().filter(move |it| self.has(*it))
    }
}

impl FromIterator<Barrier> for Barriers {
    fn from_iter<I: IntoIterator<Item = Barrier>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, |these, it| these.with(it, true))
    }
}

impl From<Vec<Barrier>> for Barriers {
    fn from(all: Vec<Barrier>) -> Self {
        all.into_iter().collect()
    }
}

impl From<Barriers> for Vec<Barrier> {
    fn from(these: Barriers) -> Self {
        these.all().collect()
    }
}
