//! Rules of meetings: quorum, majorities, and what a protocol may close.
use super::votes::is_quorate;
use super::*;
use crate::base::change::Changed;
use crate::base::id::{CouncilMemberId, FileId, OrganizationId};
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::Refused;
use crate::base::text::{Code, Title};
use crate::partnership::councils::members::{CouncilMemberForm, CouncilRole};
use crate::partnership::councils::{CouncilForm, CouncilSide, DecisionWay, QuorumRule};
use crate::partnership::decisions::DecisionText;
use chrono::NaiveDate;
use proptest::prelude::*;

fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
}
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn id(n: u128) -> CouncilMemberId {
    uuid::Uuid::from_u128(n).into()
}
fn now() -> Moment {
    Zone::utc().dawn(day("2026-03-21"))
}
fn council() -> CouncilForm {
    crate::examples::of()
}
fn planned() -> Planned {
    let nil = uuid::Uuid::nil();
    Planned::plan(nil.into(), nil.into(), &crate::examples::of()).into_parts().0
}
/// So many members with a vote; the first is the chair.
fn members(count: u128) -> Vec<(CouncilMemberId, CouncilMemberForm)> {
    let member =
        |n| CouncilMemberForm { name: Title::new(&format!("Член {n}")), ..crate::examples::of() };
    let role = |n| if n == 1 { CouncilRole::Chair } else { CouncilRole::Member };
    (1..=count).map(|n| (id(n), CouncilMemberForm { role: role(n), ..member(n) })).collect()
}
fn holding(present: u128, all: u128) -> CouncilHolding {
    let presence = |n| if n <= present { Presence::Present } else { Presence::Absent };
    let attendance =
        (1..=all).map(|n| CouncilAttendance { member_id: id(n), presence: presence(n) }).collect();
    CouncilHolding { attendance, ..crate::examples::of() }
}
fn held(present: u128, all: u128) -> Held {
    let order = holding(present, all);
    planned().hold(&order, (&council(), &members(all)), (now(), Zone::utc())).unwrap().into_parts().0
}
fn decided(votes: VoteCounts) -> CouncilProtocol {
    let decision: Option<DecisionText> = Some(crate::examples::of());
    let item = ProtocolItem { votes: Some(votes), decision, ..crate::examples::of() };
    CouncilProtocol { chair_id: id(1), items: vec![item], ..crate::examples::of() }
}
fn counts(in_favour: i32, against: i32) -> VoteCounts {
    VoteCounts { in_favour, against, abstained: 0, recused: 0, chair: None }
}
/// Closes the meeting of a council with those rules.
fn close(mut it: Held, order: &CouncilProtocol, of: &CouncilForm) -> Result<Changed<Closed>, Refused> {
    it.sitting.rules = of.decision_rules();
    it.close(order, (day("2026-03-24"), Zone::utc()))
}

#[test]
fn each_member_of_the_day_is_told_exactly_once() {
    let hold = |order: CouncilHolding, members: &[(CouncilMemberId, CouncilMemberForm)]| {
        codes(planned().hold(&order, (&council(), members), (now(), Zone::utc())))
    };
    let all = members(3);
    assert_eq!(hold(holding(3, 3), &all), Vec::<&str>::new());
    assert_eq!(hold(holding(2, 2), &all), ["council_meeting.attendance"]);
    assert_eq!(hold(holding(3, 4), &all), ["council_meeting.attendance"]);
    let mut twice = holding(3, 3);
    twice.attendance[2] = twice.attendance[1];
    assert_eq!(hold(twice, &all), ["council_meeting.attendance"]);
    let mut gone = all.clone();
    gone[2].1.until_on = Some(day("2026-03-19"));
    assert_eq!(hold(holding(3, 3), &gone), ["council_meeting.attendance"], "left the day before");
    gone[2].1.until_on = Some(day("2026-03-20"));
    assert_eq!(hold(holding(3, 3), &gone), Vec::<&str>::new(), "on the last day still a member");
    let late = CouncilHolding { began_at: now().plus(chrono::TimeDelta::seconds(1)), ..holding(3, 3) };
    assert_eq!(hold(late, &all), ["council_meeting.in_future"]);
}

#[test]
fn a_plan_tells_its_files_once_and_the_organizations_that_report_on_its_day() {
    let file = FileId::from(uuid::Uuid::from_u128(1));
    let organization = OrganizationId::from(uuid::Uuid::from_u128(2));
    let question = AgendaItem {
        file_ids: vec![file, file],
        organization_id: Some(organization),
        ..crate::examples::of()
    };
    let form = CouncilMeetingForm { agenda: vec![question.clone(), question], ..crate::examples::of() };
    assert_eq!(form.files().into_iter().collect::<Vec<_>>(), [file]);
    let told = form.named(Zone::utc());
    assert_eq!(told.day, Zone::utc().day(form.planned_at));
    let pointers: Vec<String> = told.organizations.into_iter().map(|it| it.1).collect();
    assert_eq!(pointers, ["/agenda/0/organization_id", "/agenda/1/organization_id"]);
    let guest = CouncilGuest { organization_id: Some(organization), ..crate::examples::of() };
    let order = CouncilHolding { guests: vec![guest], ..holding(1, 1) };
    let told = order.named(Zone::utc());
    assert_eq!(told.day, Zone::utc().day(order.began_at));
    assert_eq!(told.organizations, [(organization, "/guests/0/organization_id".to_owned())]);
}

#[test]
fn without_a_quorum_a_report_is_closed_and_nothing_is_decided() {
    let report = CouncilProtocol { chair_id: id(1), ..crate::examples::of() };
    assert!(close(held(4, 9), &report, &council()).is_ok());
    assert_eq!(codes(close(held(4, 9), &decided(counts(4, 0)), &council())), ["council_meeting.no_quorum"]);
    assert_eq!(codes(close(held(4, 9), &decided(counts(0, 4)), &council())), ["council_meeting.no_quorum"]);
    let closed = close(held(5, 9), &decided(counts(3, 2)), &council()).unwrap().into_parts();
    assert_eq!(closed.1[0].body["decisions"], 1);
    assert_eq!(closed.0.day, day("2026-03-20"));
}

#[test]
fn a_protocol_is_refused_with_all_that_is_wrong_about_it() {
    let mut order = decided(counts(4, 4));
    order.chair_id = id(9);
    order.signed_on = day("2026-03-19");
    order.items[0].agenda_number = 2;
    order.items[0].dissents = vec![CouncilDissent { member_id: id(8), ..crate::examples::of() }];
    let told = codes(close(held(6, 9), &order, &council()));
    let all = ["signed", "chair", "votes", "agenda", "ballot"].map(|it| format!("council_meeting.{it}"));
    assert_eq!(told, all);
}

#[test]
fn a_tie_is_carried_by_the_chair_and_not_where_the_chair_is_recused() {
    let six = || held(6, 9);
    let tie = |chair| VoteCounts { chair, ..counts(3, 3) };
    let refused = ["council_meeting.not_carried"];
    assert_eq!(codes(close(six(), &decided(tie(None)), &council())), refused);
    assert_eq!(codes(close(six(), &decided(tie(Some(Ballot::Against))), &council())), refused);
    assert!(close(six(), &decided(tie(Some(Ballot::For))), &council()).is_ok());
    let plain = CouncilForm { chair_casts: false, ..council() };
    assert_eq!(codes(close(six(), &decided(tie(Some(Ballot::For))), &plain)), refused);
    // Two are recused, the chair among them: of the four that are left two are a tie.
    let ballots = |votes: [Ballot; 6]| {
        let ballot = |(n, vote)| MemberBallot { member_id: id(n), vote };
        let mut order = decided(counts(0, 0));
        order.items[0].votes = None;
        order.items[0].ballots = (1..).zip(votes).map(ballot).collect();
        order
    };
    use Ballot::{Against, For, Recused};
    let recused = ballots([Recused, For, For, Against, Against, Recused]);
    assert_eq!(codes(close(six(), &recused, &council())), refused, "a tie of four, and nobody decides it");
    assert!(close(six(), &ballots([For, For, For, Against, Against, Against]), &council()).is_ok());
    // Another member signs as the one who presided: the vote of the chair of the council decides nevertheless, for and against.
    let by_other = |votes| CouncilProtocol { chair_id: id(2), ..ballots(votes) };
    let chair_against = [Against, For, For, For, Against, Against];
    assert_eq!(codes(close(six(), &by_other(chair_against), &council())), refused);
    let chair_recused = [Recused, For, For, Against, Against, Recused];
    assert_eq!(codes(close(six(), &by_other(chair_recused), &council())), refused);
    assert!(close(six(), &by_other([For, Against, Against, Against, For, For]), &council()).is_ok());
    // Where the chair was absent, the member who presided decides.
    let mut without = six();
    without.sitting.seats[0].presence = Presence::Excused;
    without.sitting.seats[6].presence = Presence::Present;
    let mut order = by_other(chair_against);
    order.items[0].ballots[0].member_id = id(7);
    assert!(close(without, &order, &council()).is_ok());
    let mut twice = ballots([For, For, For, For, For, For]);
    twice.items[0].ballots[5].member_id = id(1);
    assert_eq!(codes(close(six(), &twice, &council())), ["council_meeting.ballot"]);
}

#[test]
fn sides_decide_together() {
    let sides = ["authority", "ngo", "business"];
    let side = |it: &str| CouncilSide { code: Code::new(it), name: Title::new(it) };
    let of = CouncilForm { decides_by: DecisionWay::Sides, sides: sides.map(side).to_vec(), ..council() };
    let seated = |present: usize| {
        let mut it = held(6, 6);
        for (n, seat) in it.sitting.seats.iter_mut().enumerate() {
            seat.side = Some(Code::new(sides[n % 3]));
            seat.presence = if n % 3 < present { Presence::Present } else { Presence::Excused };
        }
        it
    };
    let voted = |votes: &[(&str, Ballot)]| {
        let mut order = decided(counts(0, 0));
        order.items[0].votes = None;
        let ballot = |(side, vote): &(&str, Ballot)| SideBallot { side: Code::new(side), vote: *vote };
        order.items[0].side_ballots = votes.iter().map(ballot).collect();
        order
    };
    use Ballot::{Abstained, For};
    let (all, two) =
        ([("authority", For), ("ngo", For), ("business", For)], [("authority", For), ("ngo", For)]);
    assert!(close(seated(3), &voted(&all), &of).is_ok());
    assert_eq!(codes(close(seated(3), &voted(&two), &of)), ["council_meeting.not_carried"]);
    assert_eq!(codes(close(seated(2), &voted(&all), &of)), ["council_meeting.sides_absent"]);
    let mut not_all = all;
    not_all[2].1 = Abstained;
    assert_eq!(codes(close(seated(3), &voted(&not_all), &of)), ["council_meeting.not_carried"]);
    not_all[2].0 = "strangers";
    assert_eq!(codes(close(seated(3), &voted(&not_all), &of)), ["council_meeting.ballot"]);
    assert_eq!(codes(close(seated(3), &decided(counts(6, 0)), &of)), ["council_meeting.votes_by"]);
    assert_eq!(codes(close(seated(3), &voted(&all), &council())), ["council_meeting.votes_by"]);
}

#[test]
fn a_meeting_offers_what_its_state_leaves_room_for() {
    use crate::base::action::{Judged, available};
    use crate::base::word::Word;
    let told = |state| {
        let all = available(&CouncilMeetingOffers(state), "1", Judged::State, |_| true, |_| true);
        all.iter().map(|it| it.code.code()).collect::<Vec<_>>()
    };
    assert_eq!(told(CouncilMeetingState::Planned), ["edit", "hold", "cancel"]);
    assert_eq!(told(CouncilMeetingState::Held), ["sign_protocol"]);
    assert_eq!(told(CouncilMeetingState::Closed), Vec::<&str>::new());
}

proptest! {
    #[test]
    fn more_present_never_lose_a_quorum(entitled in 0i32..30, present in 0i32..30) {
        for rule in [QuorumRule::None, QuorumRule::Half, QuorumRule::Majority, QuorumRule::TwoThirds] {
            prop_assert!(!is_quorate(rule, entitled, present) || is_quorate(rule, entitled, present + 1));
            prop_assert!(!is_quorate(rule, entitled, 0), "nobody decides nothing");
        }
        prop_assert!(!is_quorate(QuorumRule::TwoThirds, entitled, present) || is_quorate(QuorumRule::Half, entitled, present));
        prop_assert!(!is_quorate(QuorumRule::Majority, entitled, present) || is_quorate(QuorumRule::Half, entitled, present));
    }

    #[test]
    fn a_vote_more_in_favour_never_loses_a_decision(votes in 0i32..10, against in 0i32..10, silent in 0i32..5, recused in 0i32..5, casts in any::<bool>()) {
        let present = votes + against + silent + recused + 1;
        let counts = |in_favour, against| VoteCounts {
            in_favour, against, abstained: 0, recused, chair: Some(Ballot::For),
        };
        for way in [DecisionWay::Consensus, DecisionWay::SimpleMajority, DecisionWay::TwoThirds] {
            let (before, after) = (counts(votes, against), counts(votes + 1, against));
            prop_assert!(!before.is_carried(present, way, casts) || after.is_carried(present, way, casts));
            prop_assert!(!counts(0, against).is_carried(present, way, casts), "nothing is carried by nobody");
        }
    }
}
