//! Problems of beneficiaries on accompaniment (002 §3.3), each with the history of its changes.
use crate::accompaniment::cases::Open;
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, CaseProblemId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::word::{Word, words};
use crate::people::HardshipCause;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    RESOLVED = "case_problem.resolved", State, "002 §3.3", "Проблема уже решена; новую записывают отдельно.", "The problem is resolved already: add a new problem instead.";
    IN_FUTURE = "case_problem.in_future", Content, ours, "Дата не может быть в будущем.", "The date must not lie in the future.";
    OUT_OF_ORDER = "case_problem.out_of_order", Content, ours, "Дата не может быть раньше последней записи о проблеме.", "The date must not be before the last recorded change of the problem.";
}

words! {
    /// The state of a problem.
    CaseProblemState in "case-problem-states" {
        Open = "open", "замечена", "noticed";
        Improved = "improved", "стало лучше", "improved";
        Worsened = "worsened", "стало хуже", "worsened";
        Resolved = "resolved", "решена", "resolved";
    }

    /// The change of a problem that a specialist records.
    CaseProblemOutcome in "case-problem-outcomes" {
        Improved = "improved", "стало лучше", "improved";
        Worsened = "worsened", "стало хуже", "worsened";
        Resolved = "resolved", "решена", "resolved";
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

impl CaseProblemState {
    /// The reason against any change.
    fn against_change(self) -> Option<Reason> {
        (self == Self::Resolved).then(|| RESOLVED.reason())
    }
}

/// A problem as its caller sees it, by its state.
#[derive(Debug)]
pub struct CaseProblemOffers(pub CaseProblemState);

impl Offers for CaseProblemOffers {
    const AT: &'static str = "case-problems";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Resolve, "resolution", Right::EditCases)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = action == Action::Resolve && self.0.against_change().is_none();
        is_open.then(|| Verdict::default().takes("/state", CaseProblemOutcome::ALL.iter().copied()))
    }
}

/// An order to add a problem to a case.
#[form]
#[schema(example = json!({"cause": "loss_of_work", "text": "Мать потеряла работу, семье не хватает денег до конца месяца.", "noticed_on": "2026-02-20"}))]
pub struct CaseProblemForm {
    /// The cause of the problem, if it is known.
    pub cause: Option<HardshipCause>,
    /// The description of the problem.
    pub text: Note,
    /// The day on which the problem was noticed: today or earlier.
    pub noticed_on: NaiveDate,
}

/// An order to record a change of a problem.
#[form]
#[schema(example = json!({"state": "improved", "note": "Мать вышла на работу, долги ещё остались.", "on": "2026-03-01"}))]
pub struct CaseProblemResolution {
    /// The change of the problem: improved, worsened or resolved.
    pub state: CaseProblemOutcome,
    /// A description of the change.
    pub note: Option<Note>,
    /// The day of the change: today or earlier, and not before the last recorded change.
    pub on: NaiveDate,
}

facts! {
    /// A problem was added.
    CaseProblemNoticed = "case_problem.noticed",
        "Внесена проблема",
        "A problem was noticed"
        about CaseProblem (CaseProblemId) {
        /// The case to which the problem belongs.
        case_id: CaseId,
    }
    /// A change of a problem was recorded.
    CaseProblemChanged = "case_problem.changed",
        "Состояние проблемы изменено[: {state}]",
        "The problem changed[: {state}]"
        about CaseProblem (CaseProblemId) {
        /// The change of the problem.
        state: CaseProblemOutcome,
    }
}

/// A problem, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct CaseProblem {
    /// The id of the problem.
    pub id: CaseProblemId,
    /// The case to which the problem belongs.
    pub case_id: CaseId,
    /// The problem as it was noticed.
    pub form: CaseProblemForm,
    /// The state of the problem.
    pub state: CaseProblemState,
    /// The day of the last recorded change, or the day on which the problem was noticed.
    pub changed_on: NaiveDate,
}

/// A problem after a recorded change.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The problem with its new state.
    pub problem: CaseProblem,
    /// The recorded change.
    pub order: CaseProblemResolution,
}

impl Open {
    /// Adds a problem to the open case.
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
    /// Records a change of the problem. The history keeps all earlier changes.
    pub fn resolve(self, order: &CaseProblemResolution, today: NaiveDate) -> Result<Changed<Moved>, Refused> {
        let mut reasons: Vec<Reason> = self.state.against_change().into_iter().collect();
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
        let case = Open::begin(uuid::Uuid::nil().into(), &order, &Default::default(), order.opened_on)
            .unwrap()
            .into_parts()
            .0;
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
        assert!(CaseProblemOffers(done.state).judge(Action::Resolve).is_none());
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
