use super::*;
use crate::base::text::Note;
use crate::examples;
use crate::mentorships::tests::{at, codes, day, id, value, zone};
use proptest::prelude::*;
use validator::Validate;

fn participant(number: u128, mentor: u128, organization: u128, category: BeneficiaryCategory) -> Participant {
    Participant {
        mentorship_id: id(number),
        mentor_id: id(mentor),
        organization_id: id(organization),
        category,
        category_text: None,
        is_active: true,
        term: Some((day("2026-03-10"), day("2026-12-31"))),
        held: vec![],
    }
}
fn circle(participants: Vec<Participant>) -> Circle {
    Circle { participants, zone: zone() }
}
/// Two mentors of one institution with recipients of different categories.
fn colleagues() -> Circle {
    circle(vec![
        participant(1, 11, 21, BeneficiaryCategory::Orphan),
        participant(2, 12, 21, BeneficiaryCategory::HardshipFamily),
    ])
}
fn form() -> GroupMeetingForm {
    let planned_at = at(day("2026-04-01"), 14);
    GroupMeetingForm { planned_at, mentorship_ids: vec![id(1), id(2)], ..examples::of() }
}
fn planned() -> Planned {
    value(Planned::plan(id(70), &form(), &colleagues()).unwrap())
}
fn holding(came: [bool; 2]) -> GroupHolding {
    let attendance =
        [1, 2].into_iter().zip(came).map(|(it, attended)| Attendance { mentorship_id: id(it), attended });
    GroupHolding { began_at: at(day("2026-04-01"), 14), attendance: attendance.collect(), ..examples::of() }
}
fn hold(order: &GroupHolding, circle: &Circle) -> Result<Changed<Held>, Refused> {
    planned().hold(order, circle, at(day("2026-04-02"), 10))
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<GroupMeetingForm>().validate(), Ok(()));
    assert_eq!(examples::of::<GroupHolding>().validate(), Ok(()));
}

#[test]
fn nobody_takes_part_twice_and_only_a_game_has_a_topic_of_a_game() {
    assert!(GroupMeetingForm { mentorship_ids: vec![id(1), id(1)], ..form() }.validate().is_err());
    assert!(GroupMeetingForm { mentorship_ids: vec![], ..form() }.validate().is_err());
    assert!(
        GroupMeetingForm { method: crate::mentorships::meetings::MeetingMethod::Practical, ..form() }
            .validate()
            .is_err()
    );
}

#[test]
fn a_group_has_one_mentor_or_one_institution_or_one_category() {
    use BeneficiaryCategory as Category;
    let ground = |participants| circle(participants).common_ground();
    let one = participant(1, 11, 21, Category::Orphan);
    assert_eq!(ground(vec![one.clone()]), Some(CommonGround::Mentor));
    let same_mentor = participant(2, 11, 21, Category::Other);
    assert_eq!(ground(vec![one.clone(), same_mentor]), Some(CommonGround::Mentor));
    let colleague = participant(2, 12, 21, Category::Other);
    assert_eq!(ground(vec![one.clone(), colleague]), Some(CommonGround::Institution));
    let alike = participant(2, 12, 22, Category::Orphan);
    assert_eq!(ground(vec![one.clone(), alike]), Some(CommonGround::Category));
    let stranger = participant(2, 12, 22, Category::HardshipFamily);
    assert_eq!(ground(vec![one, stranger]), None);
    let other = |number, mentor, text| Participant {
        category_text: Some(Title::new(text)),
        ..participant(number, mentor, mentor, Category::Other)
    };
    assert_eq!(ground(vec![other(1, 11, "беженцы"), other(2, 12, "погорельцы")]), None);
    assert_eq!(ground(vec![other(1, 11, "беженцы"), other(2, 12, "беженцы")]), Some(CommonGround::Category));
}

#[test]
fn everything_against_a_plan_is_told_at_once() {
    let mut strangers = colleagues();
    strangers.participants[0].organization_id = id(29);
    strangers.participants[0].is_active = false;
    strangers.participants[1].term = Some((day("2026-04-02"), day("2026-12-31")));
    let wrong = GroupMeetingForm {
        method: crate::mentorships::meetings::MeetingMethod::Talk,
        game_topic: None,
        led_by: Some(id(99)),
        ..form()
    };
    let refused = Planned::plan(id(70), &wrong, &strangers).unwrap_err();
    let told: Vec<_> = refused.reasons().iter().map(|it| (it.rule.code, it.rule.rule)).collect();
    let all = [
        ("group_meeting.no_common_ground", Some("002 §5.6")),
        ("group_meeting.participant_not_active", None),
        ("meeting.out_of_term", Some("002 §3.8")),
        ("group_meeting.method_unsuited", Some("002 §5.5")),
        ("group_meeting.leader_not_among", Some("002 §5.6")),
    ];
    assert_eq!(told, all);
    assert_eq!(codes(planned().replan(&wrong, &strangers)).len(), 5, "re-planning obeys the same rules");
}

#[test]
fn attendance_names_everybody_once_and_somebody_came() {
    assert_eq!(hold(&holding([true, false]), &colleagues()).unwrap().into_parts().1[0].body["attended"], 1);
    assert_eq!(codes(hold(&holding([false, false]), &colleagues())), ["group_meeting.nobody_came"]);
    let mut twice = holding([true, true]);
    twice.attendance[1] = twice.attendance[0];
    assert_eq!(codes(hold(&twice, &colleagues())), ["group_meeting.attendance"]);
    let mut thrice = holding([true, true]);
    thrice.attendance.push(thrice.attendance[0]);
    assert_eq!(codes(hold(&thrice, &colleagues())), ["group_meeting.attendance"]);
    let mut fewer = holding([true, true]);
    fewer.attendance.pop();
    assert_eq!(codes(hold(&fewer, &colleagues())), ["group_meeting.attendance"]);
}

#[test]
fn who_came_was_in_the_term_and_at_no_other_meeting() {
    let mut busy = colleagues();
    busy.participants[1].held = vec![Slot { began_at: at(day("2026-04-01"), 15), minutes: 60 }];
    assert_eq!(codes(hold(&holding([true, true]), &busy)), ["meeting.overlaps"]);
    assert!(hold(&holding([true, false]), &busy).is_ok(), "who did not come may have met elsewhere");
    let mut unbegun = colleagues();
    unbegun.participants[1].term = None;
    assert_eq!(codes(hold(&holding([true, true]), &unbegun)), ["group_meeting.participant_not_active"]);
    let mut ended = colleagues();
    ended.participants[1].is_active = false;
    assert!(hold(&holding([true, true]), &ended).is_ok(), "it took place before the end");
    ended.participants[1].term = Some((day("2026-03-10"), day("2026-03-31")));
    assert_eq!(codes(hold(&holding([true, true]), &ended)), ["meeting.out_of_term"]);
    let early = GroupHolding { began_at: at(day("2026-03-09"), 14), ..holding([true, false]) };
    assert_eq!(codes(hold(&early, &colleagues())), ["meeting.out_of_term"]);
    let ahead = GroupHolding { began_at: at(day("2026-04-03"), 14), ..holding([true, false]) };
    assert_eq!(codes(hold(&ahead, &colleagues())), ["meeting.in_future"]);
}

#[test]
fn who_has_ended_leaves_and_the_last_one_takes_the_meeting_along() {
    let (left, records) = planned().leave(id(1)).into_parts();
    assert_eq!(
        records[0].body,
        serde_json::json!({"mentorship_id": id::<MentorshipId>(1), "participants": 1})
    );
    let Left::Planned(rest) = left else { panic!("one remains") };
    assert_eq!(rest.form.mentorship_ids, [id(2)]);
    let (left, records) = rest.leave(id(2)).into_parts();
    let Left::Cancelled(it) = left else { panic!("nobody remains") };
    assert_eq!(it.cancellation.reason, CancellationReason::MentorshipEnded);
    let kinds: Vec<_> = records.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["group_meeting.left", "group_meeting.cancelled"]);
}

#[test]
fn who_may_have_met_before_the_end_stays() {
    let stays = |ended_on, now| planned().may_have_met(day(ended_on), zone(), at(day(now), 14));
    assert!(stays("2026-04-01", "2026-04-01") && stays("2026-04-09", "2026-04-09"));
    assert!(!stays("2026-03-31", "2026-04-09"), "it was planned for after the end");
    assert!(!stays("2026-04-09", "2026-03-31"), "it is still ahead");
}

#[test]
fn a_cancellation_for_another_reason_tells_it() {
    let order = |reason, note| Cancellation { reason, note };
    assert_eq!(codes(planned().cancel(&order(CancellationReason::Other, None))), ["field.missing"]);
    let told = order(CancellationReason::Other, Some(Note::new("Нет зала.")));
    assert!(planned().cancel(&told).is_ok());
    assert_eq!(codes(GroupMeeting::Settled.planned()), ["group_meeting.not_planned"]);
}

prop_compose! {
    fn anybody()(number in 0u128..1_000, mentor in 0u128..3, category in 0usize..2) -> Participant {
        // A mentor is approved by one institution.
        participant(number, mentor, mentor / 2, BeneficiaryCategory::ALL[category])
    }
}

proptest! {
    #[test]
    fn a_group_may_meet_exactly_when_all_share_something(all in proptest::collection::vec(anybody(), 1..6)) {
        let first = &all[0];
        let shares = |same: fn(&Participant, &Participant) -> bool| all.iter().all(|it| same(it, first));
        let allowed = shares(|a, b| a.mentor_id == b.mentor_id)
            || shares(|a, b| a.organization_id == b.organization_id)
            || shares(|a, b| a.category == b.category);
        prop_assert_eq!(circle(all).common_ground().is_some(), allowed);
    }
    #[test]
    fn any_part_of_a_group_may_meet_and_in_any_order(all in proptest::collection::vec(anybody(), 2..6), without in 0usize..6) {
        let whole = circle(all.clone()).common_ground();
        let reversed: Vec<_> = all.iter().rev().cloned().collect();
        prop_assert_eq!(circle(reversed).common_ground(), whole);
        let mut part = all;
        part.remove(without % part.len());
        prop_assert!(whole.is_none() || circle(part).common_ground().is_some());
    }
}
