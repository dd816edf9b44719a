//! The table of gates: which kind of item moves a case from a stage to a stage, and what that asks for (004 L29–33, L78, L93–97).
//!
//! They are judged when an item is resolved by votes that carry it, and again when the consilium is closed.
use super::*;
use crate::accompaniment::cases::grounds::{CaseKind, CaseStage};
use crate::accompaniment::cases::reviews::ReviewOutcome;
use crate::base::refusal::{Reason, Refused, broken};
use crate::base::text::MISSING;
use crate::base::word::Word;

/// The case as its stage moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StagesFacts {
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// The present stage.
    pub stage: CaseStage,
    /// The stage that was left for help in hardship. None where the case was opened in the present stage.
    pub left: Option<CaseStage>,
    /// Whether the person is under 18.
    pub is_minor: bool,
}

/// The stored data that the gates need.
#[derive(Debug, Clone)]
pub struct GateFacts {
    /// The case.
    pub case: StagesFacts,
    /// Whether an assessment of readiness by a specialist is valid.
    pub is_ready: bool,
    /// Whether the closing leaves the case with an adopted route: the one that the item names, or the one in force.
    pub has_route: bool,
    /// The number of mandatory modules that are neither done nor waived by the item.
    pub modules_open: i64,
    /// Whether a legal basis of the case is in force.
    pub has_basis: bool,
    /// Whether a snapshot of the last 30 days exists.
    pub has_fresh_snapshot: bool,
    /// The number of goals of that route without a result.
    pub goals_open: i64,
    /// The reasons against moves that wait until what lasts has ended, such as a crisis.
    pub against_leaving: Vec<Reason>,
    /// The reasons against waivers of modules that are not mandatory, or not open.
    pub against_waivers: Vec<Reason>,
    /// The reasons against the end or the continuation that the item names.
    pub against_finish: Vec<Reason>,
}

/// The reasons against what an item decides. A resolution that was voted down moves nothing, so no gate stands before it.
pub(super) fn against(kind: ConsiliumKind, order: &ItemResolution, facts: &GateFacts) -> Vec<Reason> {
    let mut reasons = against_members(kind, order);
    if !order.votes.carry() {
        return reasons;
    }
    if let (ConsiliumKind::Final, Some(finish)) = (kind, &order.finish) {
        reasons.extend(facts.against_finish.iter().cloned());
        if closes(finish) && !order.decisions.is_empty() {
            reasons.push(DECISIONS_END.reason().at("/decisions"));
        }
    }
    if kind == ConsiliumKind::Primary {
        reasons.extend(facts.against_waivers.iter().cloned());
    }
    match order.to_stage {
        Some(to) => reasons.extend(against_move(kind, to, order, facts)),
        None if kind == ConsiliumKind::Primary => reasons.extend(against_staying(facts)),
        None => {}
    }
    reasons
}

/// The reasons against members that the resolution of an item of the kind lacks, or does not have. They hold by any votes.
fn against_members(kind: ConsiliumKind, order: &ItemResolution) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match (kind, &order.finish) {
        (ConsiliumKind::Final, None) => reasons.push(MISSING.reason().at("/finish")),
        (ConsiliumKind::Final, Some(_)) | (_, None) => {}
        (_, Some(_)) => reasons.push(KIND_UNSUITED.reason().at("/finish")),
    }
    if kind != ConsiliumKind::Primary && !order.waivers.is_empty() {
        reasons.push(KIND_UNSUITED.reason().at("/waivers"));
    }
    reasons
}

/// The kinds of items that move a case from its stage to that one. Empty where no item does.
fn kinds(case: &StagesFacts, to: CaseStage) -> &'static [ConsiliumKind] {
    use CaseStage::{Accompaniment, HardshipHelp, Monitoring, Preparation};
    use ConsiliumKind::{Primary, Scheduled, Transition, Urgent};
    match (case.stage, to) {
        (Preparation, Accompaniment) => &[Primary],
        (HardshipHelp, Accompaniment) if case.left.is_none() => &[Primary],
        (Accompaniment, Monitoring) | (Monitoring, Accompaniment) => &[Transition],
        (Accompaniment, Preparation) if case.is_minor => &[Transition],
        (HardshipHelp, _) if case.left == Some(to) => &[Scheduled, Transition, Urgent],
        (Preparation | Accompaniment | Monitoring, HardshipHelp) => &[Urgent],
        _ => &[],
    }
}

fn against_move(
    kind: ConsiliumKind,
    to: CaseStage,
    order: &ItemResolution,
    facts: &GateFacts,
) -> Vec<Reason> {
    use CaseStage::{Accompaniment, HardshipHelp, Monitoring, Preparation};
    let kinds = kinds(&facts.case, to);
    if kinds.is_empty() {
        return vec![STAGE_STEP.reason().at("/to_stage").with("stage", facts.case.stage.code())];
    }
    if !kinds.contains(&kind) {
        return vec![KIND_UNSUITED.reason().at("/to_stage")];
    }
    let is_aftercare = facts.case.kind == CaseKind::Aftercare;
    let lasting = facts.against_leaving.iter().cloned();
    match (facts.case.stage, to) {
        (_, HardshipHelp) => broken([(order.decisions.is_empty(), MISSING.reason().at("/decisions"))]),
        (Preparation, Accompaniment) => against_primary(facts, true),
        (HardshipHelp, Accompaniment) if facts.case.left.is_none() => {
            lasting.chain(against_primary(facts, facts.case.is_minor)).collect()
        }
        (HardshipHelp, _) => lasting.collect(),
        (Accompaniment, Monitoring) => {
            let mut reasons = broken([
                (!facts.has_fresh_snapshot, SNAPSHOT_STALE.reason()),
                (is_aftercare && !facts.has_route, ROUTE_MISSING.reason()),
                (facts.goals_open > 0, GOALS_OPEN.reason().with("goals", facts.goals_open)),
            ]);
            reasons.extend(lasting);
            reasons
        }
        (Monitoring, Accompaniment) | (Accompaniment, Preparation) => {
            broken([(order.note.is_none(), REASON_NEEDED.reason().at("/note"))])
        }
        _ => Vec::new(),
    }
}

/// The reasons against the entry into accompaniment. The case of a care leaver needs all; social accompaniment only a basis.
fn against_primary(facts: &GateFacts, asks_readiness: bool) -> Vec<Reason> {
    let is_aftercare = facts.case.kind == CaseKind::Aftercare;
    broken([
        (is_aftercare && asks_readiness && !facts.is_ready, READINESS_MISSING.reason()),
        (is_aftercare && !facts.has_route, ROUTE_MISSING.reason()),
        (is_aftercare && facts.modules_open > 0, MODULES_OPEN.reason().with("modules", facts.modules_open)),
        (!facts.has_basis, BASIS_MISSING.reason()),
    ])
}

/// The reasons against a primary item of a case that was opened in accompaniment or in help in hardship and stays there. A case that
/// stays in preparation asks for nothing.
fn against_staying(facts: &GateFacts) -> Vec<Reason> {
    let has_entered = matches!(facts.case.stage, CaseStage::Accompaniment | CaseStage::HardshipHelp);
    if facts.case.kind != CaseKind::Aftercare || !has_entered {
        return Vec::new();
    }
    broken([
        (facts.case.is_minor && !facts.is_ready, READINESS_MISSING.reason()),
        (!facts.has_route, ROUTE_MISSING.reason()),
    ])
}

/// The reasons of a refusal, each at a member of the end that the item names.
pub fn at_finish(refused: Option<Refused>) -> Vec<Reason> {
    let reasons = refused.map(|it| it.reasons().to_vec()).unwrap_or_default();
    let at = |it: Reason| {
        let pointer = it.pointer.as_deref().map(|it| match it {
            "/reason" => "/finish/closing_reason".to_owned(),
            "/file_id" => "/finish/closing_file_id".to_owned(),
            "/note" => "/note".to_owned(),
            other => format!("/finish{other}"),
        });
        Reason { pointer, ..it }
    };
    reasons.into_iter().map(at).collect()
}

/// Whether the end that an item names closes the case.
pub fn closes(it: &Finish) -> bool {
    it.outcome == ReviewOutcome::Close
}
