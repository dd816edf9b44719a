use super::gates::*;
use super::*;
use crate::accompaniment::cases::grounds::{CaseForm, CaseKind, CaseStage};
use crate::accompaniment::cases::reviews::ReviewOutcome;
use crate::accompaniment::cases::{CaseClosingReason, Open};
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::Changed;
use crate::base::id::UserId;
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{Note, Title};
use crate::base::word::Word;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

const CHAIR: u128 = 3;

pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
pub(super) fn today() -> NaiveDate {
    "2026-03-02".parse().unwrap()
}
pub(super) fn room() -> Room {
    Room { today: today(), zone: Zone::utc(), rules: AccompanimentRulesForm::default() }
}
fn at(hour: i64) -> Moment {
    Moment::from_micros(1_772_409_600_000_000 + hour * 3_600_000_000).unwrap()
}
fn member(role: ConsiliumRole, user: Option<u128>) -> ConsiliumMember {
    let name = user.is_none().then(|| Title::new("Петрова Елена"));
    ConsiliumMember { role, user_id: user.map(id), name, organization: None }
}
fn form() -> ConsiliumForm {
    let members = vec![
        member(ConsiliumRole::Chair, Some(CHAIR)),
        member(ConsiliumRole::Secretary, Some(4)),
        member(ConsiliumRole::Member, None),
        member(ConsiliumRole::Invited, None),
    ];
    ConsiliumForm { members, planned_at: at(0), ..crate::examples::of() }
}
fn members() -> MemberFacts {
    MemberFacts { serving: vec![id(CHAIR), id(4)], leading: vec![id(CHAIR)], ..MemberFacts::default() }
}
fn planned() -> Planned {
    Planned::plan(id(1), &form(), &members()).unwrap().into_parts().0
}
pub(super) fn held(present: &[i32]) -> Held {
    let order = ConsiliumHolding { held_at: at(0), present: present.to_vec() };
    planned().hold(&order, None, (at(1), Zone::utc())).unwrap().into_parts().0
}
pub(super) fn chair() -> Acting {
    Acting { user: Some(id(CHAIR)), ..Acting::default() }
}
pub(super) fn gates(kind: CaseKind, stage: CaseStage) -> GateFacts {
    GateFacts {
        case: StagesFacts { kind, stage, left: None, is_minor: true },
        is_ready: true,
        has_route: true,
        modules_open: 0,
        has_basis: true,
        has_fresh_snapshot: true,
        goals_open: 0,
        against_leaving: Vec::new(),
        against_waivers: Vec::new(),
        against_finish: Vec::new(),
    }
}
pub(super) fn facts(gates: GateFacts) -> ItemFacts {
    let people = vec![id(9)];
    let (to_hear, recused, beside) = (vec![people.clone()], Vec::new(), Beside::default());
    ItemFacts { to_hear, people, recused, is_about_caller: false, beside, gates }
}
pub(super) fn item(kind: ConsiliumKind) -> Item {
    let form = ItemForm { kind, ..crate::examples::of() };
    let of = planned();
    Item::add(id(2), &of, &form, (of.form.organization_id, false, false)).unwrap().into_parts().0
}
pub(super) fn order() -> ItemResolution {
    let mut it: ItemResolution = crate::examples::of();
    for heard in &mut it.heard {
        heard.person_id = id(9);
    }
    it
}
fn moving(to: CaseStage) -> ItemResolution {
    ItemResolution { to_stage: Some(to), note: Some(Note::new("Готов.")), ..order() }
}
fn codes<T>(it: Result<Changed<T>, Refused>) -> Vec<&'static str> {
    it.err().map_or_else(Vec::new, |it| it.reasons().iter().map(|it| it.rule.code).collect())
}
fn resolve(kind: ConsiliumKind, order: &ItemResolution, facts: &ItemFacts) -> Vec<&'static str> {
    codes(item(kind).resolve(order, &held(&[1, 2, 3]), facts, &room()))
}

#[test]
fn a_consilium_needs_a_chair_who_leads_and_members_who_serve_there() {
    let nobody = MemberFacts::default();
    let refused = codes(Planned::plan(id(1), &form(), &nobody));
    assert_eq!(refused, ["consilium.member", "consilium.chair", "consilium.member"]);
    let order = ConsiliumHolding { held_at: at(2), present: vec![2, 9] };
    let refused = codes(planned().hold(&order, None, (at(1), Zone::utc())));
    assert_eq!(refused, ["consilium.in_future", "consilium.present_unknown", "consilium.chair_absent"]);
}

#[test]
fn more_than_half_and_three_of_those_who_vote_are_a_quorum_and_two_at_an_urgent_item() {
    let facts = facts(gates(CaseKind::Social, CaseStage::Accompaniment));
    let at = |present: &[i32], kind| codes(item(kind).resolve(&order(), &held(present), &facts, &room()));
    let low = ItemResolution { votes: Votes { in_favour: 2, ..order().votes }, ..order() };
    assert_eq!(at(&[1, 2, 3, 4], ConsiliumKind::Scheduled), [""; 0]);
    assert_eq!(at(&[1, 2, 4], ConsiliumKind::Scheduled), ["consilium.quorum", "consilium.votes"]);
    let urgent = codes(item(ConsiliumKind::Urgent).resolve(&low, &held(&[1, 2]), &facts, &room()));
    assert_eq!(urgent, [""; 0]);
    let mut kin = facts.clone();
    kin.recused = vec![3];
    let refused = codes(item(ConsiliumKind::Scheduled).resolve(&low, &held(&[1, 2, 3]), &kin, &room()));
    assert_eq!(refused, ["consilium.quorum"]);
    kin.is_about_caller = true;
    assert_eq!(resolve(ConsiliumKind::Scheduled, &order(), &kin), ["access.own"]);
}

#[test]
fn a_tie_is_decided_by_the_chair_and_everybody_of_ten_is_heard() {
    let facts = facts(gates(CaseKind::Social, CaseStage::Accompaniment));
    let tie = Votes { in_favour: 1, against: 1, abstained: 1, chair_in_favour: None };
    let unheard = ItemResolution { votes: tie, heard: Vec::new(), decisions: Vec::new(), ..order() };
    let refused = resolve(ConsiliumKind::Scheduled, &unheard, &facts);
    assert_eq!(refused, ["field.missing", "consilium.person_not_heard", "consilium.no_decision"]);
    assert!(!Votes { chair_in_favour: Some(false), ..tie }.carry());
    assert!(Votes { chair_in_favour: Some(true), ..tie }.carry());
    let mut other = order();
    other.heard[0].person_id = id(77);
    let refused = resolve(ConsiliumKind::Scheduled, &other, &facts);
    assert_eq!(refused, ["consilium.heard_unknown", "consilium.person_not_heard"]);
    // The same person under another record.
    let merged = ItemFacts { people: vec![id(9), id(77)], to_hear: vec![vec![id(9), id(77)]], ..facts };
    assert_eq!(resolve(ConsiliumKind::Scheduled, &other, &merged), [""; 0]);
}

#[test]
fn the_item_that_closes_a_case_is_the_last_about_it_on_an_agenda() {
    let end: Finish = crate::examples::of();
    let closing = ItemResolution { finish: Some(end), decisions: Vec::new(), ..order() };
    let gates = gates(CaseKind::Social, CaseStage::Accompaniment);
    let carried = |number, kind, order: &ItemResolution| Item {
        id: id(number),
        state: ItemState::Resolved,
        resolution: Some(order.clone()),
        ..item(kind)
    };
    let (last, urgent) =
        (carried(21, ConsiliumKind::Final, &closing), carried(22, ConsiliumKind::Urgent, &order()));
    let judged = |it: &Item, order: &ItemResolution, agenda: [&Item; 2]| {
        let agenda = agenda.map(Clone::clone);
        let facts = ItemFacts { beside: it.beside(&agenda), ..facts(gates.clone()) };
        codes(it.clone().resolve(order, &held(&[1, 2, 3]), &facts, &room()))
    };
    assert_eq!(judged(&urgent, &order(), [&last, &urgent]), ["consilium.case_ends"]);
    assert_eq!(judged(&last, &closing, [&last, &urgent]), ["consilium.case_ends"]);
    assert_eq!(judged(&urgent, &order(), [&urgent, &last]), [""; 0]);
    assert_eq!(judged(&last, &closing, [&urgent, &last]), [""; 0]);
    let votes = Votes { in_favour: 0, against: 3, ..order().votes };
    let down = ItemResolution { votes, ..order() };
    assert_eq!(judged(&urgent, &down, [&last, &urgent]), [""; 0], "nothing is decided by it");
}

#[test]
fn the_entry_of_a_care_leaver_asks_for_readiness_route_modules_and_basis_and_a_social_case_for_a_basis() {
    let mut bare = gates(CaseKind::Aftercare, CaseStage::Preparation);
    (bare.is_ready, bare.has_route, bare.modules_open, bare.has_basis) = (false, false, 2, false);
    let to = moving(CaseStage::Accompaniment);
    let all = [
        "consilium.readiness_missing",
        "consilium.route_missing",
        "consilium.modules_open",
        "consilium.basis_missing",
    ];
    assert_eq!(resolve(ConsiliumKind::Primary, &to, &facts(bare.clone())), all);
    let stays = resolve(ConsiliumKind::Primary, &order(), &facts(bare.clone()));
    assert_eq!(stays, [""; 0], "nothing moves");
    bare.case.stage = CaseStage::HardshipHelp;
    assert_eq!(resolve(ConsiliumKind::Primary, &order(), &facts(bare.clone())), all[..2]);
    (bare.case.kind, bare.case.stage) = (CaseKind::Social, CaseStage::Preparation);
    assert_eq!(resolve(ConsiliumKind::Primary, &to, &facts(bare)), ["consilium.basis_missing"]);
    let ready = facts(gates(CaseKind::Aftercare, CaseStage::Preparation));
    assert_eq!(resolve(ConsiliumKind::Primary, &to, &ready), [""; 0]);
    assert_eq!(resolve(ConsiliumKind::Scheduled, &to, &ready), ["consilium.kind_unsuited"]);
}

#[test]
fn a_care_leaver_comes_to_monitoring_with_a_route_whose_goals_all_have_a_result() {
    let to = moving(CaseStage::Monitoring);
    let mut it = gates(CaseKind::Aftercare, CaseStage::Accompaniment);
    assert_eq!(resolve(ConsiliumKind::Transition, &to, &facts(it.clone())), [""; 0]);
    (it.has_fresh_snapshot, it.goals_open) = (false, 2);
    let open = ["consilium.snapshot_stale", "consilium.goals_open"];
    assert_eq!(resolve(ConsiliumKind::Transition, &to, &facts(it.clone())), open);
    (it.has_route, it.goals_open) = (false, 0);
    let none = ["consilium.snapshot_stale", "consilium.route_missing"];
    assert_eq!(resolve(ConsiliumKind::Transition, &to, &facts(it.clone())), none);
    (it.case.kind, it.has_fresh_snapshot) = (CaseKind::Social, true);
    let social = resolve(ConsiliumKind::Transition, &to, &facts(it));
    assert_eq!(social, [""; 0], "social accompaniment needs no route");
}

#[test]
fn what_was_voted_down_is_recorded_whatever_the_gates_would_say() {
    let mut closed = gates(CaseKind::Aftercare, CaseStage::Preparation);
    (closed.is_ready, closed.has_route, closed.has_basis) = (false, false, false);
    closed.against_waivers = vec![KIND_UNSUITED.reason()];
    let down = Votes { in_favour: 1, against: 2, abstained: 0, chair_in_favour: None };
    let order = ItemResolution { votes: down, ..moving(CaseStage::Accompaniment) };
    assert_eq!(resolve(ConsiliumKind::Primary, &order, &facts(closed.clone())), [""; 0]);
    let tie = Votes { in_favour: 1, against: 1, abstained: 1, chair_in_favour: Some(false) };
    let tied = ItemResolution { votes: tie, ..order.clone() };
    assert_eq!(resolve(ConsiliumKind::Primary, &tied, &facts(closed.clone())), [""; 0]);
    let carried = ItemResolution { votes: Votes { chair_in_favour: Some(true), ..tie }, ..order.clone() };
    assert_eq!(resolve(ConsiliumKind::Primary, &carried, &facts(closed.clone())).len(), 4);
    let unsuited = resolve(ConsiliumKind::Final, &order, &facts(closed));
    assert_eq!(unsuited, ["field.missing"], "the end that was voted down is named");
}

#[test]
fn nobody_chairs_or_closes_a_consilium_about_the_own_family() {
    let kin = MemberFacts { kin: vec![id(CHAIR)], ..members() };
    let refused = planned().replan(&form(), &kin).unwrap_err();
    let told: Vec<_> = refused.reasons().iter().map(|it| (it.rule.code, it.pointer.as_deref())).collect();
    assert_eq!(told, [("consilium.chair_kin", Some("/members/0/user_id"))]);
    let secretary = MemberFacts { kin: vec![id(4)], ..members() };
    assert_eq!(codes(planned().replan(&form(), &secretary)), [""; 0], "the others only do not vote");
    let facts = facts(gates(CaseKind::Social, CaseStage::Accompaniment));
    let resolved = item(ConsiliumKind::Scheduled).resolve(&order(), &held(&[1, 2, 3]), &facts, &room());
    let agenda = [resolved.unwrap().into_parts().0];
    let closing: ConsiliumClosing = crate::examples::of();
    let close = |by: Acting| codes(held(&[1, 2, 3]).close(&closing, &agenda, Vec::new(), &by));
    let mother = Acting { chair_is_gone: true, is_kin: true, ..chair() };
    assert_eq!(close(mother), ["access.own"]);
    let director = Acting { user: Some(id(70)), directs: true, chair_is_gone: true, is_kin: false };
    assert_eq!(close(director), [""; 0]);
    assert_eq!(close(Acting { is_kin: true, ..director }), ["access.own"]);
}

#[test]
fn those_who_were_heard_have_an_opinion_and_others_need_none() {
    let is_refused = |heard: &Heard| {
        let it = HeardPerson { heard: *heard, opinion: None, ..crate::examples::of() };
        validator::Validate::validate(&it).is_err()
    };
    let refused: Vec<bool> = Heard::ALL.iter().map(is_refused).collect();
    assert_eq!(refused, [true, true, true, false, false]);
}

#[test]
fn a_sitting_is_not_before_the_day_on_which_a_case_of_its_agenda_was_opened() {
    let order = ConsiliumHolding { held_at: at(23), present: vec![1, 2, 3] };
    let irkutsk: Zone = "Asia/Irkutsk".parse().unwrap();
    let hold =
        |opened_on: NaiveDate, zone: Zone| codes(planned().hold(&order, Some(opened_on), (at(23), zone)));
    let tomorrow = today() + Days::new(1);
    assert_eq!(hold(today(), Zone::utc()), [""; 0]);
    assert_eq!(hold(tomorrow, Zone::utc()), ["case.outside"]);
    assert_eq!(hold(tomorrow, irkutsk), [""; 0]);
}

#[test]
fn a_sitting_has_the_day_of_the_zone_of_the_region() {
    let order = ConsiliumHolding { held_at: at(23), present: vec![1, 2, 3] };
    let it = planned().hold(&order, None, (at(23), Zone::utc())).unwrap().into_parts().0;
    let irkutsk: Zone = "Asia/Irkutsk".parse().unwrap();
    assert_eq!([it.held_on(Zone::utc()), it.held_on(irkutsk)], [today(), today() + Days::new(1)]);
}

#[test]
fn a_stage_that_watches_less_waits_until_what_lasts_has_ended() {
    use CaseStage::{Accompaniment, HardshipHelp, Monitoring, Preparation};
    let lasting = vec![KIND_UNSUITED.reason()];
    let mut it = gates(CaseKind::Social, Accompaniment);
    it.against_leaving = lasting;
    let waits = |it: &GateFacts, to| resolve(ConsiliumKind::Transition, &moving(to), &facts(it.clone()));
    assert_eq!(waits(&it, Monitoring), ["consilium.kind_unsuited"]);
    assert_eq!(waits(&it, Preparation), [""; 0]);
    (it.case.stage, it.case.left) = (HardshipHelp, Some(Monitoring));
    assert_eq!(waits(&it, Monitoring), ["consilium.kind_unsuited"]);
}

#[test]
fn from_help_in_hardship_one_returns_only_to_the_stage_left() {
    let mut it = gates(CaseKind::Aftercare, CaseStage::HardshipHelp);
    it.case.left = Some(CaseStage::Monitoring);
    let facts = facts(it);
    assert_eq!(resolve(ConsiliumKind::Scheduled, &moving(CaseStage::Monitoring), &facts), [""; 0]);
    let jump = resolve(ConsiliumKind::Scheduled, &moving(CaseStage::Accompaniment), &facts);
    assert_eq!(jump, ["consilium.stage_step"]);
}

#[test]
fn only_a_final_item_ends_or_prolongs_accompaniment() {
    let finish = Finish {
        outcome: ReviewOutcome::Close,
        closing_reason: Some(CaseClosingReason::GoalsReached),
        closed_on: Some(today()),
        closing_file_id: None,
        end_open: false,
        ground: None,
        continue_until: None,
    };
    let both = ItemResolution { finish: Some(finish.clone()), ..order() };
    let ends = ItemResolution { finish: Some(finish), decisions: Vec::new(), ..order() };
    let facts = facts(gates(CaseKind::Aftercare, CaseStage::Monitoring));
    assert_eq!(resolve(ConsiliumKind::Scheduled, &ends, &facts), ["consilium.kind_unsuited"]);
    assert_eq!(resolve(ConsiliumKind::Final, &order(), &facts), ["field.missing"]);
    assert_eq!(resolve(ConsiliumKind::Final, &ends, &facts), [""; 0]);
    assert_eq!(resolve(ConsiliumKind::Final, &both, &facts), ["consilium.decisions_end"]);
}

#[test]
fn the_chair_closes_what_is_wholly_resolved_and_a_director_where_the_chair_is_gone() {
    let closing: ConsiliumClosing = crate::examples::of();
    let close =
        |agenda: &[Item], by: Acting| codes(held(&[1, 2, 3]).close(&closing, agenda, Vec::new(), &by));
    let open = item(ConsiliumKind::Scheduled);
    assert_eq!(close(&[], chair()), ["consilium.empty"]);
    assert_eq!(close(std::slice::from_ref(&open), chair()), ["consilium.item_unresolved"]);
    let facts = facts(gates(CaseKind::Social, CaseStage::Accompaniment));
    let resolved = open.resolve(&order(), &held(&[1, 2, 3]), &facts, &room()).unwrap().into_parts().0;
    let director = Acting { user: Some(id(70)), directs: true, ..Acting::default() };
    assert_eq!(close(std::slice::from_ref(&resolved), director), ["access.not_yours"]);
    let gone = Acting { chair_is_gone: true, ..director };
    assert_eq!(close(std::slice::from_ref(&resolved), gone), [""; 0]);
    assert_eq!(close(&[resolved], chair()), [""; 0]);
}

#[test]
fn a_dissent_comes_from_a_voter_who_was_there_within_three_days() {
    let open = item(ConsiliumKind::Scheduled);
    let facts = facts(gates(CaseKind::Social, CaseStage::Accompaniment));
    let resolved = open.clone().resolve(&order(), &held(&[1, 2, 3]), &facts, &room());
    let it = resolved.unwrap().into_parts().0;
    let by = |user: u128| Acting { user: Some(id::<UserId>(user)), ..Acting::default() };
    let dissent = |member, by: Acting, later: u64| {
        let order = Dissent { member, ..crate::examples::of() };
        let room = Room { today: today() + Days::new(later), ..room() };
        codes(it.dissent(&order, &held(&[1, 2, 4]), &by, &room))
    };
    assert_eq!(dissent(1, by(CHAIR), 3), [""; 0]);
    assert_eq!(dissent(1, by(CHAIR), 4), ["consilium.dissent_late"]);
    assert_eq!(dissent(1, by(77), 0), ["access.not_yours"]);
    assert_eq!(dissent(2, by(CHAIR), 0), [""; 0], "the chair records it as the secretary does");
    let director = Acting { directs: true, chair_is_gone: true, ..by(77) };
    assert_eq!(dissent(2, director, 0), [""; 0], "the director acts where the chair is gone");
    assert_eq!(dissent(2, Acting { chair_is_gone: true, ..by(CHAIR) }, 0), ["access.not_yours"]);
    assert_eq!(dissent(3, by(4), 0), ["consilium.dissent_unsuited"], "the member was absent");
    assert_eq!(dissent(4, by(4), 0), ["consilium.dissent_unsuited"], "the invited have no vote");
}

pub(super) fn case(kind: CaseKind, stage: CaseStage) -> Open {
    Open {
        id: id(5),
        beneficiary_id: id(6),
        organization_id: form().organization_id,
        specialist_user_id: None,
        opened_on: today(),
        reason: None,
        kind,
        stage,
        stage_since: today(),
        stage_left: None,
        continues_id: None,
        form: CaseForm::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    /// Fifty orders in each of 2000 ways: 100 000 random orders.
    #[test]
    fn no_stage_moves_without_a_carried_item_whose_gates_hold(
        kind in prop::sample::select(CaseKind::ALL.to_vec()),
        first in prop::sample::select(vec![CaseStage::Preparation, CaseStage::Accompaniment, CaseStage::HardshipHelp]),
        orders in prop::collection::vec((
            prop::sample::select(ConsiliumKind::ALL.to_vec()),
            prop::option::of(prop::sample::select(CaseStage::ALL.to_vec())),
            any::<[bool; 7]>(),
            0..3_i32,
        ), 50),
    ) {
        let mut case = case(kind, first);
        for (of, to, [ready, route, basis, fresh, goals, minor, modules], in_favour) in orders {
            let mut gates = gates(kind, case.stage);
            (gates.case.left, gates.case.is_minor) = (case.stage_left, minor);
            (gates.is_ready, gates.has_route, gates.has_basis) = (ready, route, basis);
            (gates.has_fresh_snapshot, gates.goals_open) = (fresh, i64::from(goals));
            gates.modules_open = i64::from(modules);
            let votes = Votes { in_favour, against: 1, abstained: 0, chair_in_favour: Some(false) };
            let order = ItemResolution { votes, to_stage: to, note: Some(Note::new("Решили.")), ..order() };
            let resolved = item(of).resolve(&order, &held(&[1, 2, 3]), &facts(gates.clone()), &room());
            let Ok(changed) = resolved else { continue };
            let it = changed.into_parts().0;
            prop_assert!(it.against_closing(&gates).is_empty(), "what was judged stands while nothing changes");
            let Some(carried) = it.carried() else { prop_assert!(in_favour <= 1); continue };
            let Some(to) = carried.to_stage else { continue };
            let from = case.stage;
            prop_assert!(from != to);
            let enters = of == ConsiliumKind::Primary && to == CaseStage::Accompaniment;
            prop_assert!(!(from == CaseStage::Preparation && to == CaseStage::Accompaniment) || enters);
            let is_social = kind == CaseKind::Social;
            prop_assert!(!enters || basis && (is_social || route && !modules));
            prop_assert!(!enters || is_social || ready || from == CaseStage::HardshipHelp && !minor);
            let watches_less = to == CaseStage::Monitoring && from != CaseStage::HardshipHelp;
            prop_assert!(!watches_less || fresh && !goals && (is_social || route));
            prop_assert!(!(from == CaseStage::Preparation && to == CaseStage::Monitoring), "a stage is not jumped over");
            let left = case.stage;
            case = case.move_stage(to, today()).into_parts().0;
            prop_assert_eq!(case.stage_left, (to == CaseStage::HardshipHelp).then_some(left));
        }
    }
}

#[test]
fn the_reasons_of_a_closing_point_into_the_finish() {
    let refused = Refused::from(Reason { ..crate::base::text::MISSING.reason().at("/reason") });
    let told = at_finish(Some(refused));
    assert_eq!(told[0].pointer.as_deref(), Some("/finish/closing_reason"));
}
