//! Profiles for matching: the statements of people about themselves, and a beneficiary's needs by the specialists.
use super::vocabulary::{Interest, Language, SupportNeed, WeekHour};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{BeneficiaryId, MentorId, ProgramId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{self, Code, MISSING};
use crate::mentorships::WRONG_RECIPIENT;
use crate::people::{BeneficiaryKind, Sex};
use crate::region::programs::{NOT_IN_FORCE, Serves};
use chrono::NaiveDate;
use shape::form;
use std::collections::HashMap;
use validator::Validate;

rules! {
    REPEATED = "matching_profile.repeated", Content, ours, "Это уже указано.", "The list contains this value already.";
    LIKED_AND_DISLIKED = "matching_profile.liked_and_disliked", Content, ours, "Одно и то же не может и нравиться, и не нравиться.", "An activity cannot be both liked and disliked.";
    SEX_UNKNOWN = "matching_profile.sex_unknown", Content, ours, "Пожелание называет пол или не указывается.", "The wish must name a sex, or be left out.";
    AGES_CROSSED = "matching_profile.ages_crossed", Content, ours, "Наибольший возраст не может быть меньше наименьшего.", "The greatest age cannot be less than the least.";
    DATES_CROSSED = "matching_profile.dates_crossed", Content, ours, "Последний день отсутствия не может быть раньше первого.", "The last day away cannot come before the first.";
    WAITS_FROM_FUTURE = "matching_needs.since_in_future", Content, ours, "Ожидание не может начаться в будущем.", "The first day of waiting must not lie in the future.";
}

fn in_russian() -> Vec<Language> {
    vec![Language::Russian]
}

/// The profile of a mentor for matching. An edit replaces all members.
#[form]
#[schema(example = json!({"languages": ["ru", "tt"], "hours": ["tue_evening", "sat_morning"], "interests": ["hiking", "chess", "cooking"], "dislikes": ["video_games"], "skills": ["exact_sciences", "choosing_profession"], "travel_radius_km": 30, "works_remotely": false, "beneficiary_age_min_years": 12, "beneficiary_age_max_years": 18}))]
pub struct MentorProfileForm {
    /// The languages that the mentor speaks. Default: Russian.
    #[count(1..=64)]
    #[serde(default = "in_russian")]
    #[schema(default = json!(["ru"]))]
    pub languages: Vec<Language>,
    /// The times of the week when the mentor can meet.
    #[at_most(64)]
    pub hours: Vec<WeekHour>,
    /// The activities that the mentor likes.
    #[at_most(64)]
    pub interests: Vec<Interest>,
    /// The activities that the mentor dislikes.
    #[at_most(64)]
    pub dislikes: Vec<Interest>,
    /// The kinds of help that the mentor can give.
    #[at_most(64)]
    pub skills: Vec<SupportNeed>,
    /// The distance in kilometres that the mentor travels from home, 1 to 1000. Absent: only the own municipality.
    #[within(1..=1000)]
    pub travel_radius_km: Option<i32>,
    /// Whether the mentor also works remotely.
    #[serde(default)]
    #[schema(default = false)]
    pub works_remotely: bool,
    /// The sex of mentee that the mentor asks for, `male` or `female`. Absent: either.
    pub beneficiary_sex: Option<Sex>,
    /// The least age of mentee that the mentor asks for, in full years.
    #[within(0..=120)]
    pub beneficiary_age_min_years: Option<i32>,
    /// The greatest age of mentee that the mentor asks for, in full years.
    #[within(0..=120)]
    pub beneficiary_age_max_years: Option<i32>,
    /// The first day of an absence of the mentor.
    pub away_from: Option<NaiveDate>,
    /// The last day of the absence. Absent: the absence has no set end.
    pub away_until: Option<NaiveDate>,
}

impl Default for MentorProfileForm {
    fn default() -> Self {
        Self {
            languages: in_russian(),
            hours: Vec::new(),
            interests: Vec::new(),
            dislikes: Vec::new(),
            skills: Vec::new(),
            travel_radius_km: None,
            works_remotely: false,
            beneficiary_sex: None,
            beneficiary_age_min_years: None,
            beneficiary_age_max_years: None,
            away_from: None,
            away_until: None,
        }
    }
}

impl MentorProfileForm {
    fn judge(&self) -> Result<(), Refused> {
        let mut reasons = shared_errors(&self.languages, &self.hours, &self.interests, &self.dislikes);
        reasons.extend(repeated(&self.skills, "/skills"));
        reasons.extend(unknown(self.beneficiary_sex, "/beneficiary_sex"));
        let ages = (self.beneficiary_age_min_years, self.beneficiary_age_max_years);
        reasons.extend(crossed(ages, &AGES_CROSSED, "/beneficiary_age_max_years"));
        reasons.extend(crossed((self.away_from, self.away_until), &DATES_CROSSED, "/away_until"));
        if self.away_until.is_some() && self.away_from.is_none() {
            reasons.push(MISSING.reason().at("/away_from"));
        }
        Refused::unless_empty(reasons)
    }
}

/// The profile of a beneficiary for matching. An edit replaces all members.
#[form]
#[schema(example = json!({"languages": ["ru"], "hours": ["tue_evening", "sat_morning"], "interests": ["chess", "drawing"], "dislikes": ["fishing"], "mentor_sex": "female", "mentor_age_max_years": 50}))]
pub struct BeneficiaryProfileForm {
    /// The languages that the beneficiary speaks. Default: Russian.
    #[count(1..=64)]
    #[serde(default = "in_russian")]
    #[schema(default = json!(["ru"]))]
    pub languages: Vec<Language>,
    /// The times of the week when the beneficiary can meet.
    #[at_most(64)]
    pub hours: Vec<WeekHour>,
    /// The activities that the beneficiary likes.
    #[at_most(64)]
    pub interests: Vec<Interest>,
    /// The activities that the beneficiary dislikes.
    #[at_most(64)]
    pub dislikes: Vec<Interest>,
    /// The sex of mentor that the beneficiary or the representative asks for, `male` or `female`. Absent: either.
    pub mentor_sex: Option<Sex>,
    /// The least age of mentor that the beneficiary or the representative asks for, in full years.
    #[within(0..=120)]
    pub mentor_age_min_years: Option<i32>,
    /// The greatest age of mentor that the beneficiary or the representative asks for, in full years.
    #[within(0..=120)]
    pub mentor_age_max_years: Option<i32>,
}

impl Default for BeneficiaryProfileForm {
    fn default() -> Self {
        Self {
            languages: in_russian(),
            hours: Vec::new(),
            interests: Vec::new(),
            dislikes: Vec::new(),
            mentor_sex: None,
            mentor_age_min_years: None,
            mentor_age_max_years: None,
        }
    }
}

impl BeneficiaryProfileForm {
    fn judge(&self) -> Result<(), Refused> {
        let mut reasons = shared_errors(&self.languages, &self.hours, &self.interests, &self.dislikes);
        reasons.extend(unknown(self.mentor_sex, "/mentor_sex"));
        let ages = (self.mentor_age_min_years, self.mentor_age_max_years);
        reasons.extend(crossed(ages, &AGES_CROSSED, "/mentor_age_max_years"));
        Refused::unless_empty(reasons)
    }
}

/// The wait of a beneficiary for a mentor in a program.
#[form]
pub struct Wait {
    /// The program. It must serve beneficiaries of this kind.
    pub program_id: ProgramId,
    /// The first day of waiting, not in the future.
    pub since: NaiveDate,
}

/// The needs of a beneficiary for matching, entered by specialists. An edit replaces all members.
#[form]
#[derive(Default)]
#[schema(example = json!({"needs": ["exams", "self_confidence"], "special_course_codes": ["mentor-basics"], "risk_level": 2, "agrees_to_matching": true, "waits": [{"program_id": "01980000-0000-7000-8000-00000000000b", "since": "2026-02-16"}]}))]
pub struct MatchingNeedsForm {
    /// The needs of the beneficiary for help.
    #[at_most(64)]
    pub needs: Vec<SupportNeed>,
    /// The training courses that the mentor must have completed, in addition to those of the program.
    #[at_most(10)]
    pub special_course_codes: Vec<Code>,
    /// The risk level of the case, 0 to 3.
    #[within(0..=3)]
    #[serde(default)]
    #[schema(default = 0)]
    pub risk_level: i32,
    /// Whether the beneficiary or the representative agrees to take part in matching.
    #[serde(default)]
    #[schema(default = false)]
    pub agrees_to_matching: bool,
    /// The programs in which the beneficiary waits for a mentor, each once.
    #[at_most(10)]
    pub waits: Vec<Wait>,
}

impl MatchingNeedsForm {
    /// The first days of waiting, each with its pointer.
    pub fn days(&self) -> impl Iterator<Item = (String, NaiveDate)> {
        self.waits.iter().enumerate().map(|(index, it)| (format!("/waits/{index}/since"), it.since))
    }
    fn judge(
        &self,
        kind: BeneficiaryKind,
        serving: &HashMap<ProgramId, Serves>,
        today: NaiveDate,
    ) -> Result<(), Refused> {
        let mut reasons = repeated(&self.needs, "/needs");
        reasons.extend(repeated(&self.special_course_codes, "/special_course_codes"));
        let mut states = Vec::new();
        for (index, it) in self.waits.iter().enumerate() {
            let program = format!("/waits/{index}/program_id");
            if self.waits.iter().take(index).any(|before| before.program_id == it.program_id) {
                reasons.push(REPEATED.reason().at(&program));
            }
            if it.since > today {
                reasons.push(WAITS_FROM_FUTURE.reason().at(format!("/waits/{index}/since")));
            }
            match serving.get(&it.program_id) {
                None => states.push(NOT_IN_FORCE.reason().at(program)),
                Some(serves) if !kind.is_served_by(*serves) => {
                    states.push(WRONG_RECIPIENT.reason().at(program).with("serves", serves));
                }
                Some(_) => {}
            }
        }
        reasons.append(&mut states);
        Refused::unless_empty(reasons)
    }
}

/// The errors in the members that the profiles of both sides share.
fn shared_errors(
    languages: &[Language],
    hours: &[WeekHour],
    interests: &[Interest],
    dislikes: &[Interest],
) -> Vec<Reason> {
    let mut reasons = repeated(languages, "/languages");
    reasons.extend(repeated(hours, "/hours"));
    reasons.extend(repeated(interests, "/interests"));
    reasons.extend(repeated(dislikes, "/dislikes"));
    let both = dislikes.iter().enumerate().filter(|it| interests.contains(it.1));
    reasons.extend(both.map(|(index, _)| LIKED_AND_DISLIKED.reason().at(format!("/dislikes/{index}"))));
    reasons
}

fn repeated<T: PartialEq>(all: &[T], pointer: &str) -> Vec<Reason> {
    text::repeated(all).map(|index| REPEATED.reason().at(format!("{pointer}/{index}"))).collect()
}

fn unknown(wish: Option<Sex>, pointer: &str) -> Option<Reason> {
    (wish == Some(Sex::Unknown)).then(|| SEX_UNKNOWN.reason().at(pointer))
}

fn crossed<T: PartialOrd>(
    (least, greatest): (Option<T>, Option<T>),
    rule: &'static crate::base::refusal::Rule,
    pointer: &str,
) -> Option<Reason> {
    least.zip(greatest).filter(|(least, greatest)| least > greatest).map(|_| rule.reason().at(pointer))
}

facts! {
    /// The profile of a mentor for matching was edited.
    MentorProfileEdited = "mentor.profile_edited",
        "Профиль наставника для подбора изменён[: {fields}]",
        "The mentor's profile for matching was edited[: {fields}]"
        about Mentor (MentorId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// The profile of a beneficiary for matching was edited.
    BeneficiaryProfileEdited = "beneficiary.profile_edited",
        "Профиль подопечного для подбора изменён[: {fields}]",
        "The beneficiary's profile for matching was edited[: {fields}]"
        about Beneficiary (BeneficiaryId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// The needs of a beneficiary for matching were edited.
    NeedsEdited = "beneficiary.needs_edited",
        "Потребности подопечного изменены[: {fields}]",
        "The beneficiary's needs were edited[: {fields}]"
        about Beneficiary (BeneficiaryId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// A beneficiary waits for a mentor again, because the mentor was replaced.
    WaitsAgain = "beneficiary.waits_again",
        "Снова ожидает наставника[, программа: {program_id}][, с {since}]",
        "The beneficiary waits for a mentor again[, program: {program_id}][, since {since}]"
        about Beneficiary (BeneficiaryId) {
        /// The program.
        program_id: ProgramId,
        /// The day from which the waiting counts.
        since: NaiveDate,
    }
}

/// The profile of a mentor, with the data that the rules check. Without a stored profile it has the default values.
#[derive(Debug, Clone)]
pub struct ProfileOfMentor {
    /// The mentor.
    pub id: MentorId,
    /// The data of the profile.
    pub form: MentorProfileForm,
}

impl ProfileOfMentor {
    /// Replaces the form.
    pub fn edit(self, form: &MentorProfileForm) -> Result<Changed<Self>, Refused> {
        form.judge()?;
        let fact = MentorProfileEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

/// The profile of a beneficiary, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct ProfileOfBeneficiary {
    /// The beneficiary.
    pub id: BeneficiaryId,
    /// The data of the profile.
    pub form: BeneficiaryProfileForm,
}

impl ProfileOfBeneficiary {
    /// Replaces the form.
    pub fn edit(self, form: &BeneficiaryProfileForm) -> Result<Changed<Self>, Refused> {
        form.judge()?;
        let fact = BeneficiaryProfileEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

/// The needs of a beneficiary, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct MatchingNeeds {
    /// The beneficiary.
    pub id: BeneficiaryId,
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The data of the needs.
    pub form: MatchingNeedsForm,
}

/// A profile or the needs as the caller sees them: a part of a mentor or a beneficiary that is edited whole.
#[derive(Debug, Clone, Copy)]
pub struct PartOffers {
    at: &'static str,
    edit: Offer,
}

/// The profile of a mentor.
pub const MENTOR_PROFILE: PartOffers = PartOffers {
    at: "mentors",
    edit: Offer::edit_at(Action::Edit, "matching-profile", Right::EditMentorProfiles),
};
/// The profile of a beneficiary.
pub const BENEFICIARY_PROFILE: PartOffers = PartOffers {
    at: "beneficiaries",
    edit: Offer::edit_at(Action::Edit, "matching-profile", Right::EditBeneficiaryProfiles),
};
/// The needs of a beneficiary.
pub const NEEDS: PartOffers = PartOffers {
    at: "beneficiaries",
    edit: Offer::edit_at(Action::Edit, "matching-needs", Right::EditNeeds),
};

impl Offers for PartOffers {
    fn at(&self) -> &'static str {
        self.at
    }
    fn offers(&self) -> Vec<Offer> {
        vec![self.edit]
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Edit).then(Verdict::default)
    }
}

impl Wait {
    /// Puts a beneficiary whose mentor was replaced back on the waiting list.
    pub fn again(self, id: BeneficiaryId) -> Changed<Self> {
        let Self { program_id, since } = self;
        Changed::new(self, WaitsAgain { id, program_id, since })
    }
}

impl MatchingNeeds {
    /// Replaces the form. `serving` is the audience of each program that has an edition in force today.
    pub fn edit(
        self,
        form: &MatchingNeedsForm,
        serving: &HashMap<ProgramId, Serves>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        form.judge(self.kind, serving, today)?;
        let fact = NeedsEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::mentorships::tests::{codes, day, id};

    fn edited(form: MentorProfileForm) -> Result<Changed<ProfileOfMentor>, Refused> {
        ProfileOfMentor { id: id(1), form: MentorProfileForm::default() }.edit(&form)
    }
    fn needs(form: &MatchingNeedsForm) -> Result<Changed<MatchingNeeds>, Refused> {
        let serving = HashMap::from([(id(5), Serves::Person), (id(6), Serves::Family)]);
        let before = MatchingNeeds { id: id(1), kind: BeneficiaryKind::Person, form: Default::default() };
        before.edit(form, &serving, day("2026-03-02"))
    }

    #[test]
    fn a_profile_says_nothing_twice_and_nothing_against_itself() {
        let form = MentorProfileForm {
            languages: vec![Language::Russian, Language::Russian],
            interests: vec![Interest::Chess],
            dislikes: vec![Interest::Chess],
            beneficiary_sex: Some(Sex::Unknown),
            beneficiary_age_min_years: Some(12),
            beneficiary_age_max_years: Some(11),
            away_until: Some(day("2026-03-01")),
            ..Default::default()
        };
        let all = [
            "matching_profile.repeated",
            "matching_profile.liked_and_disliked",
            "matching_profile.sex_unknown",
            "matching_profile.ages_crossed",
            "field.missing",
        ];
        assert_eq!(codes(edited(form)), all);
        let away = |until| MentorProfileForm {
            away_from: Some(day("2026-03-02")),
            away_until: Some(day(until)),
            ..Default::default()
        };
        assert_eq!(codes(edited(away("2026-03-01"))), ["matching_profile.dates_crossed"]);
        assert!(edited(away("2026-03-02")).is_ok());
        assert!(edited(examples::of()).is_ok());
        let other = ProfileOfBeneficiary { id: id(1), form: Default::default() };
        assert!(other.edit(&examples::of()).is_ok());
    }

    #[test]
    fn one_waits_once_for_a_program_that_serves_such_as_oneself() {
        let wait = |program, since| Wait { program_id: id(program), since: day(since) };
        let form = |waits| MatchingNeedsForm { waits, ..Default::default() };
        assert!(needs(&form(vec![wait(5, "2026-03-02")])).is_ok());
        assert_eq!(codes(needs(&form(vec![wait(5, "2026-03-03")]))), ["matching_needs.since_in_future"]);
        assert_eq!(codes(needs(&form(vec![wait(6, "2026-03-01")]))), ["mentorship.wrong_recipient"]);
        assert_eq!(codes(needs(&form(vec![wait(7, "2026-03-01")]))), ["program.not_in_force"]);
        let twice = form(vec![wait(5, "2026-03-01"), wait(5, "2026-02-01")]);
        assert_eq!(codes(needs(&twice)), ["matching_profile.repeated"]);
        assert_eq!(examples::of::<MatchingNeedsForm>().validate(), Ok(()));
    }
}
