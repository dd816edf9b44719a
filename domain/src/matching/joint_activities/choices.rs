//! Choices after a joint activity (000 L59): each participant ranks or vetoes the people met, only for itself.
use super::{JointActivity, Participant};
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, ChoiceId, FileId, JointActivityId, MentorId};
use crate::base::refusal::{Reason, Refused, rules};
use chrono::NaiveDate;
use shape::form;
use std::collections::BTreeSet;
use validator::Validate;

rules! {
    NOT_PARTICIPANT = "choice.not_participant", Content, "000 L59", "Выбирает тот, кто участвовал в мероприятии.", "Only participants of the activity may choose.";
    NOT_MET = "choice.not_met", Content, "000 L59", "Выбирают из тех, с кем встретились на этом мероприятии.", "A choice may name only participants of the activity.";
    NAMED_TWICE = "choice.named_twice", Content, ours, "Каждого называют один раз: либо в ранжировании, либо в отводе.", "Each person may be named only once: with a rank or as a veto.";
    TOO_EARLY = "choice.too_early", State, "000 L59", "Выбирают не раньше дня мероприятия.", "A choice cannot be made before the day of the activity.";
}

/// The rank that a mentor gives a beneficiary.
#[form]
#[derive(Copy)]
pub struct BeneficiaryRank {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The rank: 1 is the most wanted. Equal ranks are allowed.
    #[within(1..=20)]
    pub rank: i32,
}

/// The rank that a beneficiary gives a mentor.
#[form]
#[derive(Copy)]
pub struct MentorRank {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The rank: 1 is the most wanted. Equal ranks are allowed.
    #[within(1..=20)]
    pub rank: i32,
}

/// The choice of a mentor after a joint activity. Two empty lists withdraw an earlier choice.
#[form]
#[schema(example = json!({"activity_id": "01980000-0000-7000-8000-000000000031", "ranked": [{"beneficiary_id": "01980000-0000-7000-8000-000000000007", "rank": 1}], "vetoed": []}))]
pub struct MentorChoice {
    /// The activity.
    pub activity_id: JointActivityId,
    /// The beneficiaries whom the mentor would accept, with ranks.
    #[at_most(200)]
    pub ranked: Vec<BeneficiaryRank>,
    /// The beneficiaries whom the mentor refuses.
    #[at_most(200)]
    pub vetoed: Vec<BeneficiaryId>,
    /// The signed paper, if there is one.
    pub on_paper_file_id: Option<FileId>,
}

/// The choice of a beneficiary after a joint activity. Two empty lists withdraw an earlier choice.
#[form]
#[schema(example = json!({"activity_id": "01980000-0000-7000-8000-000000000031", "ranked": [{"mentor_id": "01980000-0000-7000-8000-000000000010", "rank": 1}], "vetoed": []}))]
pub struct BeneficiaryChoice {
    /// The activity.
    pub activity_id: JointActivityId,
    /// The mentors whom the beneficiary would accept, with ranks.
    #[at_most(200)]
    pub ranked: Vec<MentorRank>,
    /// The mentors whom the beneficiary refuses.
    #[at_most(200)]
    pub vetoed: Vec<MentorId>,
    /// The signed paper, if there is one.
    pub on_paper_file_id: Option<FileId>,
}

/// A choice of either side in one form. A named person without a rank is vetoed.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    /// The participant who chooses.
    pub chooser: Participant,
    /// The activity.
    pub activity_id: JointActivityId,
    /// The signed paper.
    pub on_paper_file_id: Option<FileId>,
    named: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq)]
struct Named {
    whom: Participant,
    rank: Option<i32>,
    pointer: String,
}

fn named(
    ranked: impl Iterator<Item = (Participant, i32)>,
    vetoed: impl Iterator<Item = Participant>,
    member: &str,
) -> Vec<Named> {
    let ranked = ranked.enumerate().map(|(index, (whom, rank))| Named {
        whom,
        rank: Some(rank),
        pointer: format!("/ranked/{index}/{member}"),
    });
    let vetoed = vetoed.enumerate().map(|(index, whom)| Named {
        whom,
        rank: None,
        pointer: format!("/vetoed/{index}"),
    });
    ranked.chain(vetoed).collect()
}

impl MentorChoice {
    /// The choice with this mentor as the chooser.
    pub fn of(&self, mentor: MentorId) -> Naming {
        let ranked = self.ranked.iter().map(|it| (Participant::Beneficiary(it.beneficiary_id), it.rank));
        let vetoed = self.vetoed.iter().copied().map(Participant::Beneficiary);
        Naming {
            chooser: Participant::Mentor(mentor),
            activity_id: self.activity_id,
            on_paper_file_id: self.on_paper_file_id,
            named: named(ranked, vetoed, "beneficiary_id"),
        }
    }
}

impl BeneficiaryChoice {
    /// The choice with this beneficiary as the chooser.
    pub fn of(&self, beneficiary: BeneficiaryId) -> Naming {
        let ranked = self.ranked.iter().map(|it| (Participant::Mentor(it.mentor_id), it.rank));
        let vetoed = self.vetoed.iter().copied().map(Participant::Mentor);
        Naming {
            chooser: Participant::Beneficiary(beneficiary),
            activity_id: self.activity_id,
            on_paper_file_id: self.on_paper_file_id,
            named: named(ranked, vetoed, "mentor_id"),
        }
    }
}

facts! {
    /// A participant made a choice after a joint activity. The journal does not hold the named people.
    ChoiceMade = "choice.made",
        "Участник сделал выбор после мероприятия",
        "A participant made a choice after an activity"
        about Choice (ChoiceId) {
        /// The activity.
        activity_id: JointActivityId,
        /// The number of ranked people.
        ranked: usize,
        /// The number of vetoed people.
        vetoed: usize,
    }
    /// A later choice of the same participant in the same activity replaced a choice.
    ChoiceSuperseded = "choice.superseded",
        "Выбор заменён более поздним",
        "A later choice replaced this one"
        about Choice (ChoiceId) {
        /// The later choice.
        later_id: ChoiceId,
    }
}

/// A pair in a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The rank. `None` for a veto.
    pub rank: Option<i32>,
}

/// A stored choice. It never changes; a later choice of the same chooser in the same activity replaces it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The id of the choice.
    pub id: ChoiceId,
    /// The activity.
    pub activity_id: JointActivityId,
    /// The participant who chose.
    pub chooser: Participant,
    /// The chosen pairs with ranks.
    pub chosen: Vec<Chosen>,
    /// The day of the choice.
    pub made_on: NaiveDate,
    /// The signed paper.
    pub on_paper_file_id: Option<FileId>,
}

/// A choice that a later one replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    /// The id of the choice.
    pub id: ChoiceId,
}

/// The caller who records a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorder {
    /// The participants that are the caller's own mentor or beneficiary records, in any activity.
    pub own: Vec<Participant>,
    /// Whether the caller is staff responsible for the activity.
    pub is_staff: bool,
}

impl Choice {
    /// Records the choice of a participant. The caller is the participant, or staff who do not take part in the activity.
    pub fn make(
        id: ChoiceId,
        naming: &Naming,
        activity: &JointActivity,
        by: &Recorder,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let is_staffs = by.is_staff && activity.own(&by.own).next().is_none();
        if !by.own.contains(&naming.chooser) && !is_staffs {
            return Err(NOT_YOURS.refuse());
        }
        Refused::unless_empty(naming.against(activity, today))?;
        let pairs: Vec<Chosen> = naming.named.iter().filter_map(|it| naming.pair(it)).collect();
        let ranked = pairs.iter().filter(|it| it.rank.is_some()).count();
        let vetoed = pairs.len() - ranked;
        let fact = ChoiceMade { id, activity_id: activity.id, ranked, vetoed };
        let made = Self {
            id,
            activity_id: activity.id,
            chooser: naming.chooser,
            chosen: pairs,
            made_on: today,
            on_paper_file_id: naming.on_paper_file_id,
        };
        Ok(Changed::new(made, fact))
    }
    /// Replaces an earlier choice of the same participant.
    pub fn supersede(&self, id: ChoiceId) -> Changed<Superseded> {
        Changed::new(Superseded { id }, ChoiceSuperseded { id, later_id: self.id })
    }
}

/// The reason against every choice of a participant whose first activity is on that day. `None`: of somebody who takes part in
/// none.
pub fn against_choosing(held_on: Option<NaiveDate>, today: NaiveDate) -> Option<Reason> {
    match held_on {
        None => Some(NOT_PARTICIPANT.reason().at("/activity_id")),
        Some(day) if today < day => Some(TOO_EARLY.reason().at("/activity_id").with("not_before", day)),
        Some(_) => None,
    }
}

impl Naming {
    fn against(&self, activity: &JointActivity, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !activity.takes_part(self.chooser) {
            reasons.extend(against_choosing(None, today));
        }
        reasons.extend(against_choosing(Some(activity.form.held_on), today));
        let mut seen = BTreeSet::new();
        for it in &self.named {
            if !seen.insert(it.whom) {
                reasons.push(NAMED_TWICE.reason().at(it.pointer.clone()));
            } else if !activity.takes_part(it.whom) {
                reasons.push(NOT_MET.reason().at(it.pointer.clone()));
            }
        }
        reasons
    }
    fn pair(&self, it: &Named) -> Option<Chosen> {
        match (self.chooser, it.whom) {
            (Participant::Mentor(mentor_id), Participant::Beneficiary(beneficiary_id))
            | (Participant::Beneficiary(beneficiary_id), Participant::Mentor(mentor_id)) => {
                Some(Chosen { mentor_id, beneficiary_id, rank: it.rank })
            }
            _ => None,
        }
    }
}
