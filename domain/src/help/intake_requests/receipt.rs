//! The receipt of a request, and the chain of one about a child in danger.
//!
//! Such a request calls accounts of the organizations that may check it, level by level, as a crisis does: the specialists at once, then
//! the heads of units, the directors and the administrators. Guardianship of the territory is called at once beside them. A call asks for
//! the check, and takes it from nobody: each of these organizations may take it up from the first minute on. A request that is handed to
//! another organization calls its accounts level by level from that moment on.
use super::{CONCERNS_AUTHOR, IntakeEscalated, IntakeReceived, IntakeRequestForm};
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::Changed;
use crate::base::id::{IntakeRequestId, PersonId, UserId};
use crate::base::moment::Moment;
use crate::base::refusal::Refused;
use crate::help::crises::{Chain, CrisisSeverity, Levels, Span};
use crate::people::Lives;
use chrono::NaiveDate;

/// The stored data that the receipt of a request needs.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The account that makes it.
    pub made_by: UserId,
    /// The member that names the author as the one whom it concerns.
    pub own_pointer: Option<&'static str>,
    /// The account whom it concerns. The author need not see it: everybody can be accused. An account that is not there is nobody.
    pub concerned_user_id: Option<UserId>,
    /// The person whom it concerns, also the one of that account. The author need not see them either.
    pub concerned_person_id: Option<PersonId>,
    /// The life of the person in need, if the author sees them.
    pub in_need: Lives,
    /// The rules of today.
    pub rules: AccompanimentRulesForm,
    /// The accounts of the chain.
    pub levels: Levels,
}

/// A request that was just made.
#[derive(Debug, Clone)]
pub struct Received {
    /// The id of the request.
    pub id: IntakeRequestId,
    /// The order.
    pub form: IntakeRequestForm,
    /// The stored data.
    pub receipt: Receipt,
    /// The day.
    pub on: NaiveDate,
    /// The minutes of each level, and the chain; none if no child is in danger.
    pub calling: Option<(i32, Chain)>,
}

impl Received {
    /// Takes a request in.
    pub fn receive(
        id: IntakeRequestId,
        form: &IntakeRequestForm,
        receipt: Receipt,
        (on, now): (NaiveDate, Moment),
    ) -> Result<Changed<Self>, Refused> {
        let own = receipt.own_pointer.map(|it| CONCERNS_AUTHOR.reason().at(it));
        // The dead need no help: those who are left are told in words.
        let dead = receipt.in_need.against_going_on().map(|it| it.at("/person_id"));
        Refused::unless_empty(own.into_iter().chain(dead).collect())?;
        let IntakeRequestForm { source, urgency, danger_to_child, .. } = *form;
        let minutes = CrisisSeverity::of(urgency).ack_minutes(&receipt.rules);
        let calling = danger_to_child.then(|| (minutes, chain(now, minutes, receipt.levels.clone())));
        let fact = IntakeReceived { id, source, urgency, danger_to_child };
        Ok(Changed::new(Self { id, form: form.clone(), receipt, on, calling }, fact))
    }
}

/// The chain of a request that waits for these accounts since that moment, with so many minutes for each level.
pub fn chain(since: Moment, minutes: i32, levels: Levels) -> Chain {
    Chain::of(Span { from: since, minutes, called: 0, is_held: false }, levels)
}

/// Tells the levels that were called by now and not told yet, with the greatest one. `None` if there are none.
pub fn escalate(id: IntakeRequestId, told: i32, chain: &Chain, now: Moment) -> Option<Changed<i32>> {
    let mut new = chain.called(now).map(|it| it.level).filter(|it| *it > told);
    let first = new.next()?;
    let changed = Changed::new(chain.level_at(now), IntakeEscalated { id, level: first });
    Some(new.fold(changed, |all, level| all.and(IntakeEscalated { id, level })))
}
