//! Random orders about the plans of a beneficiary, kept as storage keeps them: no version is lost, and none changes that was read.
use super::tests::*;
use super::*;
use crate::accompaniment::plan_forms::{PlanApprover, PlanKind};
use crate::base::id::PlanVersionId;
use crate::base::text::Note;
use crate::base::word::Word;
use proptest::prelude::*;

/// One order, by the caller's standing.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Open(PlanKind),
    Draft,
    Write(u8),
    Submit,
    Approve(PlanApprover, bool),
    Adopt,
    SendBack,
    End,
}

/// A version as it was read last, with the state that its row has.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    state: PlanVersionState,
    version: PlanVersion,
    text: PlanText,
    id: PlanVersionId,
}

/// A plan with all its versions.
#[derive(Debug)]
struct Thread {
    plan: Plan,
    versions: Vec<Kept>,
}

/// All plans of a beneficiary.
#[derive(Debug, Default)]
struct Shelf {
    threads: Vec<Thread>,
    ids: u128,
}

impl Shelf {
    fn mint<T: From<uuid::Uuid>>(&mut self) -> T {
        self.ids += 1;
        id(1000 + self.ids)
    }
    fn is_open(&self, kind: PlanKind) -> bool {
        let of = |it: &Thread| matches!(&it.plan, Plan::Open(it) if it.kind == kind);
        self.threads.iter().any(of)
    }
    /// Obeys the order as storage would, or leaves everything as it is.
    fn obey(&mut self, at: usize, asked: Asked, by: &PlanStanding, age: i32) {
        let today = day("2026-03-02");
        if let Asked::Open(kind) = asked {
            let is_open_already = self.is_open(kind);
            let order = PlanOpening { kind, case_id: Some(id(4)) };
            let facts = PlanOpeningFacts {
                beneficiary_id: id(3),
                organization_id: id(5),
                has_form: true,
                is_open_already,
                is_removed: false,
                lives: crate::people::Lives::default(),
                by: by.clone(),
            };
            if let Ok(opened) = OpenPlan::begin(self.mint(), &order, &facts, today) {
                let plan = Plan::Open(opened.into_parts().0);
                self.threads.push(Thread { plan, versions: Vec::new() });
            }
            return;
        }
        let next = self.mint();
        let places = self.threads.len().max(1);
        let Some(thread) = self.threads.get_mut(at % places) else { return };
        let Plan::Open(plan) = thread.plan.clone() else { return };
        if let Asked::End = asked {
            let order = PlanEnding { reason: PlanEndReason::Other, note: Some(Note::new("Всё.")) };
            if let Ok(ended) = plan.end(&order, by, today) {
                thread.plan = Plan::Ended(ended.into_parts().0);
            }
            return;
        }
        thread.obey(asked, plan, next, by, age);
    }
}

impl Thread {
    fn facts(&self, age: i32) -> VersionFacts {
        let adopted = self.versions.iter().find(|it| it.state == PlanVersionState::Adopted);
        VersionFacts { age_years: Some(age), in_force: adopted.map(|it| (it.id, it.text.clone())) }
    }
    fn obey(&mut self, asked: Asked, plan: OpenPlan, next: PlanVersionId, by: &PlanStanding, age: i32) {
        let (kind, facts) = (plan.kind, self.facts(age));
        let last = self.versions.last().cloned();
        match (asked, last.as_ref().map(|it| it.version.clone())) {
            (Asked::Draft, _) => {
                let number = i32::try_from(self.versions.len()).unwrap();
                let last = last.map(|it| (number, it.state, it.text));
                if let Ok(drafted) = plan.draft(next, last.as_ref(), &form(kind), by) {
                    self.versions.push(kept(PlanVersion::Draft(drafted.into_parts().0), next));
                }
            }
            (Asked::Write(n), Some(PlanVersion::Draft(it))) => {
                let mut text = whole(kind);
                text.opinion = (n > 0).then(|| Note::new(&format!("Мнение {n}.")));
                text.answers.truncate(usize::from(n) + 1);
                if let Ok(edited) = it.edit(&text, by) {
                    self.now(PlanVersion::Draft(edited.into_parts().0));
                }
            }
            (Asked::Submit, Some(PlanVersion::Draft(it))) => {
                if let Ok(submitted) = it.submit(by, &facts) {
                    self.now(PlanVersion::Submitted(submitted.into_parts().0));
                }
            }
            (Asked::Approve(approver, on_paper), Some(PlanVersion::Submitted(it))) => {
                let order = PlanApproving { approver, on_paper_file_id: on_paper.then(|| id(9)) };
                if let Ok(approved) = it.approve(&order, by, &facts, day("2026-03-02")) {
                    self.approved(approved.into_parts().0);
                }
            }
            (Asked::Adopt, Some(PlanVersion::Submitted(it))) => {
                if let Ok(approved) = it.adopt(&facts, day("2026-03-02")) {
                    self.approved(approved.into_parts().0);
                }
            }
            (Asked::SendBack, Some(PlanVersion::Submitted(it))) => {
                let order = PlanReturn { reason: Note::new("Не всё.") };
                if it.send_back(&order, by, &facts).is_ok() {
                    self.now(PlanVersion::Settled(PlanVersionState::Returned));
                }
            }
            _ => {}
        }
    }
    /// The last version after a step.
    fn now(&mut self, version: PlanVersion) {
        let last = self.versions.last_mut().unwrap();
        let text = text_of(&version).unwrap_or_else(|| last.text.clone());
        *last = Kept { state: version.state(), text, id: last.id, version };
    }
    fn approved(&mut self, it: Approved) {
        let Some(adoption) = it.adoption else {
            let (body, approvals) = (it.body, it.approvals);
            return self.now(PlanVersion::Submitted(Submitted { body, submitted_by: None, approvals }));
        };
        for before in &mut self.versions {
            if Some(before.id) == adoption.supersedes {
                before.state = PlanVersionState::Superseded;
                before.version = PlanVersion::Settled(PlanVersionState::Superseded);
            }
        }
        self.now(PlanVersion::Adopted(Adopted(it.body)));
    }
}

fn text_of(version: &PlanVersion) -> Option<PlanText> {
    match version {
        PlanVersion::Draft(it) => Some(it.0.text.clone()),
        PlanVersion::Submitted(it) => Some(it.body.text.clone()),
        PlanVersion::Adopted(it) => Some(it.0.text.clone()),
        PlanVersion::Settled(_) => None,
    }
}

fn kept(version: PlanVersion, id: PlanVersionId) -> Kept {
    Kept { state: version.state(), text: text_of(&version).unwrap_or_default(), version, id }
}

/// Orders that go on with a plan come more often, so that whole courses are tried.
fn asked() -> impl Strategy<Value = Asked> {
    let kinds = prop::sample::select(vec![PlanKind::Route, PlanKind::LifePlan, PlanKind::Trajectory]);
    prop_oneof![
        1 => kinds.prop_map(Asked::Open),
        3 => Just(Asked::Draft),
        3 => (0..5_u8).prop_map(Asked::Write),
        3 => Just(Asked::Submit),
        6 => (prop::sample::select(PlanApprover::ALL.to_vec()), any::<bool>())
            .prop_map(|(approver, on_paper)| Asked::Approve(approver, on_paper)),
        2 => Just(Asked::Adopt),
        1 => Just(Asked::SendBack),
        1 => Just(Asked::End),
    ]
}

fn standing(n: usize) -> PlanStanding {
    let own = side(PlanEyes::Person, Some(PlanApprover::Person));
    let all = [director(), specialist(), officer(), side(PlanEyes::Mentor, None), own];
    all.into_iter().nth(n).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    /// Fifty orders in each of 2000 ways: 100 000 random orders.
    #[test]
    fn no_version_is_lost_or_changed_and_one_plan_of_a_kind_is_open(
        age in 8..20_i32,
        orders in prop::collection::vec((0..4_usize, asked(), 0..8_usize), 50),
    ) {
        let mut shelf = Shelf::default();
        for (at, asked, by) in orders {
            let before: Vec<Vec<Kept>> = shelf.threads.iter().map(|it| it.versions.clone()).collect();
            // Most orders come from those who may give them.
            shelf.obey(at, asked, &standing(by.saturating_sub(3)), age);
            for kind in PlanKind::ALL {
                let open = shelf.threads.iter().filter(|it| matches!(&it.plan, Plan::Open(it) if it.kind == *kind));
                prop_assert!(open.count() <= 1, "two open plans of a kind");
            }
            prop_assert!(shelf.threads.len() >= before.len());
            for (thread, before) in shelf.threads.iter().zip(&before) {
                prop_assert!(thread.versions.len() >= before.len(), "a version is lost");
                for (now, then) in thread.versions.iter().zip(before) {
                    prop_assert_eq!(now.id, then.id);
                    prop_assert!(now.text == then.text || then.state == PlanVersionState::Draft, "a text changed");
                }
                let states = || thread.versions.iter().map(|it| it.state);
                prop_assert!(states().filter(|it| *it == PlanVersionState::Adopted).count() <= 1);
                prop_assert!(states().filter(|it| it.is_unsettled()).count() <= 1);
                for (n, version) in (1..).zip(&thread.versions) {
                    let number = match &version.version {
                        PlanVersion::Draft(it) => it.0.number,
                        PlanVersion::Submitted(it) => it.body.number,
                        PlanVersion::Adopted(it) => it.0.number,
                        PlanVersion::Settled(_) => n,
                    };
                    prop_assert_eq!(number, n);
                }
            }
        }
    }
}
