//! Findings: what is learned about a crisis after its report. They only add, and so nothing of a report is lost.
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::Changed;
use crate::base::id::{CrisisFindingId, UserId};
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused};
use chrono::NaiveDate;
use uuid::Uuid;

/// The stored data that a finding needs.
#[derive(Debug, Clone)]
pub struct FindingFacts {
    /// The accounts and people whom the crisis concerns by the finding.
    pub concerned: Vec<Uuid>,
    /// Whether the account that is responsible is one of them, or may be meant because nobody is named.
    pub concerns_responsible: bool,
    /// The members that name the caller, or somebody whom the caller may not name.
    pub details: Vec<Reason>,
    /// Whether the beneficiary is a child, or a family with one.
    pub has_child: bool,
    /// The moment until which danger to a child is told in writing, if some was known already.
    pub notice_due_at: Option<Moment>,
    /// Whether danger to a child was known already.
    pub was_danger: bool,
    /// The authorities that are told in writing already.
    pub told: Vec<NoticeAddressee>,
    /// The rules of today.
    pub rules: AccompanimentRulesForm,
    /// The day until which guardianship surveys the living conditions.
    pub survey_due_on: NaiveDate,
    /// The greatest level of the chain that is called by now.
    pub called: i32,
}

/// A finding on record, with the crisis after it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The id of the finding.
    pub id: CrisisFindingId,
    /// The finding.
    pub form: CrisisFinding,
    /// The accounts and people whom the crisis concerns by it.
    pub concerned: Vec<Uuid>,
    /// The crisis.
    pub signal: Signal,
    /// The state that it has left.
    pub was: CrisisState,
    /// Its state.
    pub state: CrisisState,
    /// The account that is responsible still.
    pub by: Option<UserId>,
    /// The day until which guardianship surveys the living conditions, where danger to a child is known only now.
    pub survey_due_on: Option<NaiveDate>,
    /// The moment until which danger to a child is told in writing.
    pub notice_due_at: Option<Moment>,
}

impl Crisis {
    /// Records what was learned. If it concerns the account that is responsible, the crisis is taken from that one, and the chain goes
    /// on from this moment.
    pub fn find(
        self,
        id: CrisisFindingId,
        order: &CrisisFinding,
        by: &Standing,
        facts: FindingFacts,
        now: Moment,
    ) -> Result<Changed<Found>, Refused> {
        let (signal, was, responsible) = self.unended()?;
        by.must_handle()?;
        Refused::unless_empty(facts.details)?;
        let is_taken = responsible.is_some() && facts.concerns_responsible;
        let mut signal = if is_taken { signal.counted(now, facts.called) } else { signal };
        signal.kinds.extend(order.kind);
        signal.danger_to_child |= order.danger_to_child;
        let must_tell = signal.must_tell(facts.has_child);
        let is_untold = must_tell.iter().any(|it| !facts.told.contains(it));
        let due = facts.notice_due_at.or(is_untold.then(|| states::notice_due_at(&facts.rules, now)));
        let is_danger = facts.has_child && signal.is_danger();
        let crisis = signal.id;
        let found = Found {
            id,
            form: order.clone(),
            concerned: facts.concerned,
            state: if is_taken { CrisisState::Reported } else { was },
            by: responsible.filter(|_| !is_taken),
            survey_due_on: (is_danger && !facts.was_danger).then_some(facts.survey_due_on),
            notice_due_at: due,
            signal,
            was,
        };
        let (kind, concerns) = (order.kind, order.concerns);
        let fact = CrisisFound { id: crisis, kind, danger_to_child: order.danger_to_child, concerns };
        let changed = Changed::new(found, fact);
        Ok(if is_taken { changed.and(CrisisTakenAway { id: crisis }) } else { changed })
    }
}
