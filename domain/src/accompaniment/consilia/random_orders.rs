//! Random orders about a case, its route and its consilia, kept as storage keeps them: no stage without its consilium and its route.
use super::tests::*;
use super::*;
use crate::accompaniment::cases::Open;
use crate::accompaniment::cases::grounds::{CaseKind, CaseStage};
use crate::accompaniment::plan_forms::PlanKind;
use crate::accompaniment::plans::tests::submitted;
use crate::accompaniment::plans::{PlanText, Submitted, VersionFacts};
use crate::base::id::PlanVersionId;
use crate::base::text::{Code, Note};
use crate::base::word::Word;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Asked {
    Submit,
    Report,
    EndRoute,
    Sit(ConsiliumKind),
    Resolve(Option<CaseStage>, bool, i32),
    Close,
    Change([bool; 4]),
}

/// The case of a care leaver of full age, the route, and the sitting that is not closed.
struct Story {
    case: Open,
    waiting: Option<Submitted>,
    adopted: Option<(PlanVersionId, PlanText)>,
    done: Vec<Code>,
    sitting: Option<(Held, Item)>,
    /// Readiness, a basis, a fresh snapshot, an open module.
    rest: [bool; 4],
    versions: u128,
}

impl Story {
    fn begin(stage: CaseStage) -> Self {
        let (waiting, adopted, done, sitting) = (None, None, Vec::new(), None);
        let case = case(CaseKind::Aftercare, stage);
        Self { case, waiting, adopted, done, sitting, rest: [true, true, true, false], versions: 0 }
    }
    /// Whether a goal of the route lacks a result, once that version is adopted. None without an adopted route.
    fn is_open(&self, named: Option<PlanVersionId>) -> Option<bool> {
        let named = self.waiting.as_ref().filter(|it| Some(it.body.id) == named).map(|it| &it.body.text);
        let text = named.or(self.adopted.as_ref().map(|it| &it.1))?;
        Some(text.goals.iter().any(|it| !self.done.contains(&it.key)))
    }
    fn gates(&self, order: &ItemResolution) -> GateFacts {
        let mut it = gates(self.case.kind, self.case.stage);
        let is_open = self.is_open(order.route_version_id);
        let [is_ready, has_basis, is_fresh, modules] = self.rest;
        (it.case.left, it.case.is_minor, it.has_route) = (self.case.stage_left, false, is_open.is_some());
        (it.is_ready, it.has_basis, it.has_fresh_snapshot) = (is_ready, has_basis, is_fresh);
        (it.modules_open, it.goals_open) = (i64::from(modules), i64::from(is_open == Some(true)));
        it
    }
    fn resolve(&mut self, to_stage: Option<CaseStage>, names: bool, in_favour: i32) -> Option<()> {
        let (held, item) = self.sitting.clone()?;
        let route_version_id = self.waiting.as_ref().filter(|_| names).map(|it| it.body.id);
        let votes = Votes { in_favour, against: 1, abstained: 0, chair_in_favour: Some(false) };
        let note = Some(Note::new("Решили."));
        let order = ItemResolution { votes, to_stage, route_version_id, note, ..order() };
        let resolved = item.resolve(&order, &held, &facts(self.gates(&order)), &room()).ok()?;
        self.sitting = Some((held, resolved.into_parts().0));
        Some(())
    }
    /// Closes the sitting and carries out what it decides.
    fn close(&mut self) -> Option<()> {
        let (held, item) = self.sitting.clone()?;
        let against = item.resolution.as_ref().map(|it| item.against_closing(&self.gates(it)));
        let agenda = std::slice::from_ref(&item);
        let closed = held.close(&crate::examples::of(), agenda, against.unwrap_or_default(), &chair());
        closed.ok()?.into_parts();
        let order = item.carried().cloned();
        if let Some(named) = order.as_ref().and_then(|it| it.route_version_id) {
            let facts = VersionFacts { age_years: Some(19), in_force: self.adopted.clone() };
            let version = self.waiting.clone().filter(|it| it.body.id == named)?;
            let body = version.adopt(&facts, today()).ok()?.into_parts().0.body;
            (self.adopted, self.waiting) = (Some((body.id, body.text)), None);
        }
        if let Some(to) = order.and_then(|it| it.to_stage) {
            self.case = self.case.clone().move_stage(to, today()).into_parts().0;
        }
        self.sitting = None;
        Some(())
    }
    /// Obeys the order as storage would. None where it is refused, and everything stays as it is.
    fn obey(&mut self, asked: Asked) -> Option<()> {
        match asked {
            Asked::Submit => {
                self.versions += 1;
                let mut it = submitted(PlanKind::Route, 19);
                it.body.id = id(100 + self.versions);
                it.body.text.goals[0].key = Code::new(&format!("goal-{}", self.versions));
                self.waiting = Some(it);
            }
            Asked::Report => {
                let goals = self.adopted.iter().flat_map(|it| &it.1.goals);
                self.done.extend(goals.map(|it| it.key.clone()));
            }
            Asked::EndRoute => (self.waiting, self.adopted) = (None, None),
            Asked::Sit(kind) => self.sitting = Some((held(&[1, 2, 3]), item(kind))),
            Asked::Resolve(to, names, in_favour) => self.resolve(to, names, in_favour)?,
            Asked::Close => self.close()?,
            Asked::Change(rest) => self.rest = rest,
        }
        Some(())
    }
}

/// Orders that go on with a story come more often, so that whole stories are told.
fn asked() -> impl Strategy<Value = Asked> {
    let order = (prop::option::of(prop::sample::select(CaseStage::ALL.to_vec())), any::<bool>(), 0..4_i32);
    prop_oneof![
        3 => Just(Asked::Submit),
        3 => Just(Asked::Report),
        1 => Just(Asked::EndRoute),
        4 => prop::sample::select(ConsiliumKind::ALL.to_vec()).prop_map(Asked::Sit),
        8 => order.prop_map(|(to, names, in_favour)| Asked::Resolve(to, names, in_favour)),
        5 => Just(Asked::Close),
        1 => any::<[bool; 4]>().prop_map(Asked::Change),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    /// Fifty orders in each of 2000 ways: 100 000 random orders.
    #[test]
    fn no_stage_comes_without_its_consilium_and_its_route(
        first in prop::sample::select(vec![CaseStage::Preparation, CaseStage::Accompaniment, CaseStage::HardshipHelp]),
        orders in prop::collection::vec(asked(), 50),
    ) {
        use CaseStage::{Accompaniment, HardshipHelp, Monitoring, Preparation};
        let mut story = Story::begin(first);
        for asked in orders {
            let (from, before) = (story.case.stage, story.sitting.clone());
            let is_closed = story.obey(asked).is_some() && matches!(asked, Asked::Close);
            if from == story.case.stage { continue }
            let decided = before.filter(|_| is_closed).and_then(|it| it.1.carried()?.to_stage);
            prop_assert_eq!(decided, Some(story.case.stage), "a stage without its consilium");
            let [is_ready, has_basis, is_fresh, modules] = story.rest;
            let holds = match (from, story.case.stage) {
                (Preparation, Accompaniment) => story.adopted.is_some() && is_ready && has_basis && !modules,
                (Accompaniment, Monitoring) => story.is_open(None) == Some(false) && is_fresh,
                (from, to) => from == HardshipHelp || to == HardshipHelp || from == Monitoring,
            };
            prop_assert!(holds, "{from} to {}", story.case.stage);
        }
    }
}
