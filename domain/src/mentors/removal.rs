//! The removal (отстранение) of a mentor by the director, its lifting, and the grounds for a removal (002 §3.9, §3.11.2).
use super::{
    DATE_IN_FUTURE, GROUND_CLOSED, LIFTED_BEFORE_REMOVED, Mentor, MentorOffers, REMOVED_BEFORE_APPROVED,
};
use crate::base::change::{Changed, facts};
use crate::base::decree::Decree;
use crate::base::id::{FileId, MentorId, RemovalGroundId, RemovalId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

words! {
    /// The state of a ground for a removal.
    RemovalGroundState in "removal-ground-states" {
        Open = "open", "рассматривается", "open";
        Dismissed = "dismissed", "снято", "dismissed";
        Upheld = "upheld", "наставник отстранён", "the mentor was removed";
    }
}

/// An order to remove (отстранить) a mentor, who then may not mentor any more.
#[form]
#[schema(example = json!({"removed_on": "2026-05-12", "decree": {"number": "34-л", "date": "2026-05-12"}}))]
pub struct Removal {
    /// The first day on which the person may not mentor, not in the future.
    pub removed_on: NaiveDate,
    /// The director's decree.
    pub decree: Decree,
}

/// An order to lift a removal: the person may mentor again. Mentorships that the removal ended stay ended.
#[form]
#[schema(example = json!({"lifted_on": "2026-09-01", "decree": {"number": "58-л", "date": "2026-08-28"}}))]
pub struct Lifting {
    /// The first day on which the person may mentor again: not before the removal and not in the future.
    pub lifted_on: NaiveDate,
    /// The director's decree.
    pub decree: Decree,
}

/// A reported ground for the removal of a mentor. While it is open, no mentorship of the mentor can be extended.
#[form]
#[schema(example = json!({"arisen_on": "2026-05-04", "text": "Дважды не пришёл на встречу и не предупредил семью."}))]
pub struct RemovalGroundForm {
    /// The day on which the ground arose, not in the future.
    pub arisen_on: NaiveDate,
    /// A description of the ground.
    pub text: Note,
    /// The file with a document that supports the ground.
    pub document_file_id: Option<FileId>,
}

/// An order to dismiss a ground: the mentor is not removed because of it.
#[form]
#[schema(example = json!({"text": "Наставник был в больнице, справка представлена."}))]
pub struct Dismissal {
    /// The reason for the dismissal.
    pub text: Note,
}

facts! {
    /// A mentor was removed by a director.
    MentorRemoved = "mentor.removed",
        "Наставник отстранён[ с {removed_on}]",
        "The mentor was removed[ as of {removed_on}]"
        about Mentor (MentorId) {
        /// The removal.
        removal_id: RemovalId,
        /// The first day on which the person may not mentor.
        removed_on: NaiveDate,
    }
    /// A removal was lifted.
    RemovalLifted = "mentor.removal_lifted",
        "Отстранение снято[ с {lifted_on}]",
        "The removal was lifted[ as of {lifted_on}]"
        about Mentor (MentorId) {
        /// The first day on which the person may mentor again.
        lifted_on: NaiveDate,
    }
    /// A ground for a removal was reported.
    RemovalGroundOpened = "removal_ground.opened",
        "Сообщено об основании для отстранения[: {mentor_id}]",
        "A ground for a removal was reported[: {mentor_id}]"
        about RemovalGround (RemovalGroundId) {
        /// The mentor.
        mentor_id: MentorId,
    }
    /// A ground for a removal was closed: dismissed, or upheld by a removal.
    RemovalGroundClosed = "removal_ground.closed",
        "Основание для отстранения закрыто[: {state}]",
        "A ground for a removal was closed[: {state}]"
        about RemovalGround (RemovalGroundId) {
        /// The mentor.
        mentor_id: MentorId,
        /// The new state of the ground.
        state: RemovalGroundState,
    }
}

/// A mentor after the removal.
#[derive(Debug, Clone)]
pub struct Removed {
    /// The id of the removal.
    pub id: RemovalId,
    /// The mentor.
    pub mentor: Mentor,
    /// The order of the removal.
    pub removal: Removal,
}

/// A mentor after the lifting of a removal.
#[derive(Debug, Clone)]
pub struct Lifted {
    /// The mentor.
    pub mentor: Mentor,
    /// The order of the lifting.
    pub lifting: Lifting,
}

/// An open ground for a removal.
#[derive(Debug, Clone)]
pub struct RemovalGround {
    /// The id of the ground.
    pub id: RemovalGroundId,
    /// The mentor whom the ground concerns.
    pub mentor_id: MentorId,
    /// The ground as it was reported.
    pub form: RemovalGroundForm,
}

/// A closed ground for a removal.
#[derive(Debug, Clone)]
pub struct ClosedGround {
    /// The id of the ground.
    pub id: RemovalGroundId,
    /// The state of the ground: dismissed or upheld.
    pub state: RemovalGroundState,
    /// The day of the closing.
    pub closed_on: NaiveDate,
    /// The reason for the dismissal. `None` if the mentor was removed.
    pub text: Option<Note>,
}

/// The reason against a day that has not come.
fn against_future(day: NaiveDate, pointer: &str, today: NaiveDate) -> Option<Reason> {
    (day > today).then(|| DATE_IN_FUTURE.reason().at(pointer))
}

impl Mentor {
    /// The orders of the mentor, for a caller who may remove mentors or not.
    pub fn offers(&self, by_director: bool) -> MentorOffers {
        MentorOffers { is_removed: self.removal.is_some(), by_director, against_choosing: None }
    }
    /// Removes the mentor (002 §3.11.2). Only a director may do it, and only with a decree.
    pub fn remove(
        self,
        id: RemovalId,
        order: &Removal,
        by_director: bool,
        today: NaiveDate,
    ) -> Result<Changed<Removed>, Refused> {
        let mut reasons = self.offers(by_director).against_removing();
        if order.removed_on < self.approved_on {
            let early = REMOVED_BEFORE_APPROVED.reason().at("/removed_on");
            reasons.push(early.with("not_before", self.approved_on));
        }
        reasons.extend(against_future(order.removed_on, "/removed_on", today));
        reasons.extend(order.decree.against(today));
        Refused::unless_empty(reasons)?;
        let fact = MentorRemoved { id: self.id, removal_id: id, removed_on: order.removed_on };
        let mentor = Self { removal: Some(order.clone()), ..self };
        Ok(Changed::new(Removed { id, mentor, removal: order.clone() }, fact))
    }
    /// Lifts the removal. Only a director may do it, and only with a decree.
    pub fn lift(
        self,
        order: &Lifting,
        by_director: bool,
        today: NaiveDate,
    ) -> Result<Changed<Lifted>, Refused> {
        let mut reasons = self.offers(by_director).against_lifting();
        if let Some(it) = self.removal.as_ref().filter(|it| order.lifted_on < it.removed_on) {
            let early = LIFTED_BEFORE_REMOVED.reason().at("/lifted_on");
            reasons.push(early.with("not_before", it.removed_on));
        }
        reasons.extend(against_future(order.lifted_on, "/lifted_on", today));
        reasons.extend(order.decree.against(today));
        Refused::unless_empty(reasons)?;
        let fact = RemovalLifted { id: self.id, lifted_on: order.lifted_on };
        let mentor = Self { removal: None, ..self };
        Ok(Changed::new(Lifted { mentor, lifting: order.clone() }, fact))
    }
}

impl RemovalGround {
    /// Reports a ground against a mentor. Refuses if the mentor is removed already.
    pub fn open(
        id: RemovalGroundId,
        mentor: &Mentor,
        form: &RemovalGroundForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = mentor.offers(false).against_a_removed_one().into_iter().collect();
        reasons.extend(against_future(form.arisen_on, "/arisen_on", today));
        Refused::unless_empty(reasons)?;
        let fact = RemovalGroundOpened { id, mentor_id: mentor.id };
        Ok(Changed::new(Self { id, mentor_id: mentor.id, form: form.clone() }, fact))
    }
    /// Dismisses the ground.
    pub fn dismiss(self, order: &Dismissal, today: NaiveDate) -> Changed<ClosedGround> {
        self.close(RemovalGroundState::Dismissed, Some(order.text.clone()), today)
    }
    /// Closes the ground because the mentor was removed.
    pub fn uphold(self, today: NaiveDate) -> Changed<ClosedGround> {
        self.close(RemovalGroundState::Upheld, None, today)
    }
    fn close(self, state: RemovalGroundState, text: Option<Note>, today: NaiveDate) -> Changed<ClosedGround> {
        let fact = RemovalGroundClosed { id: self.id, mentor_id: self.mentor_id, state };
        Changed::new(ClosedGround { id: self.id, state, closed_on: today, text }, fact)
    }
    /// The ground, if its state is open; otherwise a refusal.
    pub fn still_open(self, state: RemovalGroundState) -> Result<Self, Refused> {
        state.must_be_open().map(|()| self)
    }
}

impl RemovalGroundState {
    /// Refuses a ground that is closed.
    pub(super) fn must_be_open(self) -> Result<(), Refused> {
        if self == Self::Open { Ok(()) } else { Err(GROUND_CLOSED.refuse()) }
    }
}
