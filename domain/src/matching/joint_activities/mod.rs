//! Joint activities (000 L59): mentors and beneficiaries meet before matching, and then choose each other.
pub mod choices;
#[cfg(test)]
mod tests;
pub mod vetoes;

use crate::base::access::{OWN, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{BeneficiaryId, JointActivityId, MentorId, OrganizationId, ProgramId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Title;
use crate::base::text::repeats;
use crate::people::{DEAD, Lives};
use chrono::NaiveDate;
use shape::form;
use std::collections::HashMap;
use validator::{Validate, ValidationError};

rules! {
    PROGRAM_FIXED = "joint_activity.program_fixed", Content, ours, "Программа мероприятия не меняется.", "The program of an activity never changes.";
    ORGANIZATION_FIXED = "joint_activity.organization_fixed", Content, ours, "Учреждение, которое проводит мероприятие, не меняется.", "The institution that holds an activity never changes.";
    PARTICIPANT_CHOSE = "joint_activity.participant_chose", State, "000 L59", "Участника, который сделал выбор или назван в выборе, из мероприятия не убирают.", "A participant who made a choice, or was named in one, cannot be removed from the activity.";
    CHOSEN_ALREADY = "joint_activity.chosen_already", State, "000 L59", "После мероприятия уже выбирали: оно не могло состояться позже.", "Choices have been made after the activity: it cannot have been held later.";
}

/// A joint activity. An edit replaces all members.
#[form]
#[validate(schema(function = "form_is_whole"))]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-000000000009", "organization_id": "01980000-0000-7000-8000-000000000001", "name": "Зимний поход на лыжах", "held_on": "2026-02-14", "place": "База отдыха «Сосны»", "mentor_ids": ["01980000-0000-7000-8000-000000000010"], "beneficiary_ids": ["01980000-0000-7000-8000-000000000007"]}))]
pub struct JointActivityForm {
    /// The program for which the participants choose. An edit cannot change it.
    pub program_id: ProgramId,
    /// The institution that holds the activity. An edit cannot change it.
    pub organization_id: OrganizationId,
    /// The name of the activity.
    pub name: Title,
    /// The day of the activity. It may be in the future.
    pub held_on: NaiveDate,
    /// The place of the activity.
    pub place: Option<Title>,
    /// The mentors who take part, each once.
    #[at_most(200)]
    pub mentor_ids: Vec<MentorId>,
    /// The beneficiaries who take part, each once.
    #[at_most(200)]
    pub beneficiary_ids: Vec<BeneficiaryId>,
}

fn form_is_whole(it: &JointActivityForm) -> Result<(), ValidationError> {
    all_hold([
        clash(repeats(&it.mentor_ids), &["mentor_ids"]),
        clash(repeats(&it.beneficiary_ids), &["beneficiary_ids"]),
    ])
}

impl JointActivityForm {
    /// The reasons against participants who do not live on the day of the activity. `lives` has those who are asked about.
    pub fn against_lives(&self, lives: &HashMap<Participant, Lives>) -> Vec<Reason> {
        let mentors = self.mentor_ids.iter().enumerate();
        let mentors = mentors.map(|(n, it)| (format!("/mentor_ids/{n}"), Participant::Mentor(*it)));
        let others = self.beneficiary_ids.iter().enumerate();
        let others = others.map(|(n, it)| (format!("/beneficiary_ids/{n}"), Participant::Beneficiary(*it)));
        let (mut reasons, mut unborn) = (Vec::new(), Vec::new());
        for (pointer, it) in mentors.chain(others) {
            let Some(lives) = lives.get(&it) else { continue };
            if lives.died_on().is_some_and(|it| it < self.held_on) {
                reasons.push(DEAD.reason().at(pointer));
            }
            unborn.extend(lives.against_before_birth([("/held_on", self.held_on)]));
        }
        // The day is wrong once, however many were not born.
        reasons.extend(unborn.into_iter().take(1));
        reasons
    }
}

facts! {
    /// A joint activity was added.
    JointActivityAdded = "joint_activity.added",
        "Мероприятие внесено[, день: {held_on}][, наставников: {mentors}][, получателей: {beneficiaries}]",
        "The activity was added[, day: {held_on}][, mentors: {mentors}][, beneficiaries: {beneficiaries}]"
        about JointActivity (JointActivityId) {
        /// The program.
        program_id: ProgramId,
        /// The institution that holds the activity.
        organization_id: OrganizationId,
        /// The day of the activity.
        held_on: NaiveDate,
        /// The number of mentors who take part.
        mentors: usize,
        /// The number of beneficiaries who take part.
        beneficiaries: usize,
    }
    /// A joint activity was edited.
    JointActivityEdited = "joint_activity.edited",
        "Мероприятие изменено[: {fields}]",
        "The activity was edited[: {fields}]"
        about JointActivity (JointActivityId) {
        /// The names of the members that changed.
        fields: Vec<String>,
        /// The mentors added by the edit.
        mentors_joined: Vec<MentorId>,
        /// The mentors removed by the edit.
        mentors_left: Vec<MentorId>,
        /// The beneficiaries added by the edit.
        beneficiaries_joined: Vec<BeneficiaryId>,
        /// The beneficiaries removed by the edit.
        beneficiaries_left: Vec<BeneficiaryId>,
    }
}

/// A participant of an activity, of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Participant {
    /// A mentor.
    Mentor(MentorId),
    /// A beneficiary.
    Beneficiary(BeneficiaryId),
}

/// The choices after an activity, as far as they limit an edit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChosenSoFar {
    /// Everybody who made a choice or was named in one. Choices that a later one replaced count too.
    pub involved: Vec<Participant>,
    /// The day of the first choice.
    pub first_on: Option<NaiveDate>,
}

/// A joint activity, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct JointActivity {
    /// The id of the joint activity.
    pub id: JointActivityId,
    /// The data of the activity with its participants.
    pub form: JointActivityForm,
}

/// The elements of `all` that are not in `others`.
fn but<T: Copy + PartialEq>(all: &[T], others: &[T]) -> Vec<T> {
    all.iter().filter(|it| !others.contains(it)).copied().collect()
}

impl JointActivity {
    /// Adds an activity, past or future.
    pub fn add(id: JointActivityId, form: &JointActivityForm) -> Changed<Self> {
        let fact = JointActivityAdded {
            id,
            program_id: form.program_id,
            organization_id: form.organization_id,
            held_on: form.held_on,
            mentors: form.mentor_ids.len(),
            beneficiaries: form.beneficiary_ids.len(),
        };
        Changed::new(Self { id, form: form.clone() }, fact)
    }
    /// Replaces the form. `own` are the caller's own participants. A caller who takes part may remove nobody, because the
    /// answer would show who named whom.
    pub fn edit(
        self,
        form: &JointActivityForm,
        so_far: &ChosenSoFar,
        own: &[Participant],
    ) -> Result<Changed<Self>, Refused> {
        let before = &self.form;
        let mentors_left = but(&before.mentor_ids, &form.mentor_ids);
        let beneficiaries_left = but(&before.beneficiary_ids, &form.beneficiary_ids);
        let takes_off = !mentors_left.is_empty() || !beneficiaries_left.is_empty();
        if takes_off && self.own(own).next().is_some() {
            return Err(OWN.refuse());
        }
        let mut reasons = self.against_moving(form, so_far);
        if mentors_left.iter().any(|it| so_far.involved.contains(&Participant::Mentor(*it))) {
            reasons.push(PARTICIPANT_CHOSE.reason().at("/mentor_ids"));
        }
        if beneficiaries_left.iter().any(|it| so_far.involved.contains(&Participant::Beneficiary(*it))) {
            reasons.push(PARTICIPANT_CHOSE.reason().at("/beneficiary_ids"));
        }
        Refused::unless_empty(reasons)?;
        let fact = JointActivityEdited {
            id: self.id,
            fields: changed_fields(before, form),
            mentors_joined: but(&form.mentor_ids, &before.mentor_ids),
            mentors_left,
            beneficiaries_joined: but(&form.beneficiary_ids, &before.beneficiary_ids),
            beneficiaries_left,
        };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// The reasons against another program, institution or day.
    fn against_moving(&self, form: &JointActivityForm, so_far: &ChosenSoFar) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if form.program_id != self.form.program_id {
            reasons.push(PROGRAM_FIXED.reason().at("/program_id"));
        }
        if form.organization_id != self.form.organization_id {
            reasons.push(ORGANIZATION_FIXED.reason().at("/organization_id"));
        }
        if let Some(first) = so_far.first_on.filter(|it| form.held_on > *it) {
            reasons.push(CHOSEN_ALREADY.reason().at("/held_on").with("not_after", first));
        }
        reasons
    }
    /// Whether the participant takes part in the activity.
    pub fn takes_part(&self, it: Participant) -> bool {
        match it {
            Participant::Mentor(id) => self.form.mentor_ids.contains(&id),
            Participant::Beneficiary(id) => self.form.beneficiary_ids.contains(&id),
        }
    }
    /// The participants of the list who take part in the activity.
    fn own<'a>(&'a self, all: &'a [Participant]) -> impl Iterator<Item = Participant> + 'a {
        all.iter().copied().filter(|it| self.takes_part(*it))
    }
}

/// A joint activity as its caller sees it.
#[derive(Debug, Clone, Copy)]
pub struct JointActivityOffers;

impl Offers for JointActivityOffers {
    const AT: &'static str = "joint-activities";
    const OFFERS: &'static [Offer] = &[Offer::edit(Right::EditJointActivities)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Edit).then(Verdict::default)
    }
}
