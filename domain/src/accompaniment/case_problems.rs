//! What troubles a beneficiary on accompaniment, and what became of it (002 §3.3): a list of problems with their history.
use crate::accompaniment::cases::Open;
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, CaseProblemId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::Note;
use crate::base::word::words;
use crate::people::HardshipCause;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    RESOLVED = "case_problem.resolved", State, "002 §3.3", "Проблема уже решена; новую записывают отдельно.", "The problem is resolved already; a new one is put on record by itself.";
    IN_FUTURE = "case_problem.in_future", Content, ours, "Дата не может быть в будущем.", "The date must not lie in the future.";
    OUT_OF_ORDER = "case_problem.out_of_order", Content, ours, "Дата не может быть раньше последней записи о проблеме.", "The date must not lie before what was last recorded of the problem.";
}

words! {
    /// Where a problem stands.
    CaseProblemState in "case-problem-states" {
        Open = "open", "замечена", "noticed";
        Improved = "improved", "стало лучше", "improved";
        Worsened = "worsened", "стало хуже", "worsened";
        Resolved = "resolved", "решена", "resolved";
    }

    /// What can become of a problem.
    CaseProblemOutcome in "case-problem-outcomes" {
        Improved = "improved", "стало лучше", "improved";
        Worsened = "worsened", "стало хуже", "worsened";
        Resolved = "resolved", "решена", "resolved";
    }

    /// What can be done with a problem.
    CaseProblemAction in "case-problem-actions" {
        Resolve = "resolve", "записать, что изменилось", "record what became of it";
    }
}

impl From<CaseProblemOutcome> for CaseProblemState {
    fn from(it: CaseProblemOutcome) -> Self {
        match it {
            CaseProblemOutcome::Improved => Self::Improved,
            CaseProblemOutcome::Worsened => Self::Worsened,
            CaseProblemOutcome::Resolved => Self::Resolved,
        }
    }
}

/// What a caller can do with a problem, who may or may not change it.
pub fn available_actions(state: CaseProblemState, may_edit: bool) -> Vec<CaseProblemAction> {
    let can = may_edit && state != CaseProblemState::Resolved;
    if can { vec![CaseProblemAction::Resolve] } else { Vec::new() }
}

/// An order to put a problem on record.
#[form]
#[schema(example = json!({"cause": "loss_of_work", "text": "Мать потеряла работу, семье не хватает денег до конца месяца.", "noticed_on": "2026-02-20"}))]
pub struct CaseProblemForm {
    /// What it comes from, where that is known.
    pub cause: Option<HardshipCause>,
    /// What troubles the beneficiary.
    pub text: Note,
    /// The day on which it was noticed; today or earlier.
    pub noticed_on: NaiveDate,
}

/// An order to record what became of a problem.
#[form]
#[schema(example = json!({"state": "improved", "note": "Мать вышла на работу, долги ещё остались.", "on": "2026-03-01"}))]
pub struct CaseProblemResolution {
    /// What became of it.
    pub state: CaseProblemOutcome,
    /// In words.
    pub note: Option<Note>,
    /// The day; today or earlier, and not before what was last recorded of it.
    pub on: NaiveDate,
}

facts! {
    /// A problem was put on record.
    CaseProblemNoticed = "case_problem.noticed" about CaseProblem (CaseProblemId) {
        /// Its case.
        case_id: CaseId,
    }
    /// What became of a problem was recorded.
    CaseProblemChanged = "case_problem.changed" about CaseProblem (CaseProblemId) {
        /// What became of it.
        state: CaseProblemOutcome,
    }
}

/// A problem as the rules see it.
#[derive(Debug, Clone)]
pub struct CaseProblem {
    /// Its id.
    pub id: CaseProblemId,
    /// Its case.
    pub case_id: CaseId,
    /// What was put on record.
    pub form: CaseProblemForm,
    /// Where it stands.
    pub state: CaseProblemState,
    /// The day of what was last recorded of it.
    pub changed_on: NaiveDate,
}

/// A problem of which something new is known.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The problem as it is now.
    pub problem: CaseProblem,
    /// What became of it.
    pub order: CaseProblemResolution,
}

impl Open {
    /// Puts a problem of the open case on record.
    pub fn notice(
        &self,
        id: CaseProblemId,
        form: &CaseProblemForm,
        today: NaiveDate,
    ) -> Result<Changed<CaseProblem>, Refused> {
        if form.noticed_on > today {
            return Err(IN_FUTURE.reason().at("/noticed_on").with("today", today).into());
        }
        let problem = CaseProblem {
            id,
            case_id: self.id,
            form: form.clone(),
            state: CaseProblemState::Open,
            changed_on: form.noticed_on,
        };
        Ok(Changed::new(problem, CaseProblemNoticed { id, case_id: self.id }))
    }
}

impl CaseProblem {
    /// Records what became of the problem; what was recorded before stays.
    pub fn resolve(self, order: &CaseProblemResolution, today: NaiveDate) -> Result<Changed<Moved>, Refused> {
        let mut reasons = Vec::new();
        if self.state == CaseProblemState::Resolved {
            reasons.push(RESOLVED.reason());
        }
        if order.on > today {
            reasons.push(IN_FUTURE.reason().at("/on").with("today", today));
        }
        if order.on < self.changed_on {
            reasons.push(OUT_OF_ORDER.reason().at("/on").with("last", self.changed_on));
        }
        Refused::unless_empty(reasons)?;
        let fact = CaseProblemChanged { id: self.id, state: order.state };
        let problem = Self { state: order.state.into(), changed_on: order.on, ..self };
        Ok(Changed::new(Moved { problem, order: order.clone() }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accompaniment::cases::CaseOpening;
    use crate::examples;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn noticed(today: &str) -> Result<CaseProblem, Refused> {
        let order: CaseOpening = examples::of();
        let case = Open::begin(uuid::Uuid::nil().into(), &order, order.opened_on).unwrap().into_parts().0;
        case.notice(uuid::Uuid::nil().into(), &examples::of(), day(today)).map(|it| it.into_parts().0)
    }
    fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
    }
    fn on(state: CaseProblemOutcome, day: NaiveDate) -> CaseProblemResolution {
        CaseProblemResolution { state, note: None, on: day }
    }

    #[test]
    fn a_problem_gets_better_and_is_resolved_and_then_stays_so() {
        assert_eq!(codes(noticed("2026-02-19")), ["case_problem.in_future"]);
        let order: CaseProblemResolution = examples::of();
        let (better, records) =
            noticed("2026-03-01").unwrap().resolve(&order, day("2026-03-01")).unwrap().into_parts();
        assert_eq!(better.problem.state, CaseProblemState::Improved);
        assert_eq!(
            records[0].body,
            serde_json::json!({"state": "improved"}),
            "the words stay out of the journal"
        );
        let resolved = on(CaseProblemOutcome::Resolved, day("2026-03-02"));
        let done = better.problem.resolve(&resolved, day("2026-03-02")).unwrap().into_parts().0.problem;
        assert_eq!(available_actions(done.state, true), []);
        assert_eq!(
            codes(done.resolve(&on(CaseProblemOutcome::Worsened, day("2026-02-28")), day("2026-02-27"))),
            ["case_problem.resolved", "case_problem.in_future", "case_problem.out_of_order"]
        );
    }

    proptest! {
        #[test]
        fn what_is_recorded_of_a_problem_follows_in_time(steps in proptest::collection::vec(-20i64..20, 1..8)) {
            let today = day("2026-03-10");
            let mut problem = noticed("2026-03-10").unwrap();
            for step in steps {
                let (last, asked) = (problem.changed_on, day("2026-02-25") + TimeDelta::days(step));
                match problem.clone().resolve(&on(CaseProblemOutcome::Worsened, asked), today) {
                    Ok(it) => problem = it.into_parts().0.problem,
                    Err(_) => prop_assert!(asked < last || asked > today),
                }
                prop_assert!(problem.changed_on >= last && problem.changed_on <= today);
            }
        }
    }
}
