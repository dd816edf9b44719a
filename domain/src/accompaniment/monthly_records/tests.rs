use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn month(text: &str) -> Month {
    text.parse().unwrap()
}
fn case_months(entered: &str, opened: &str, closed: Option<&str>) -> CaseMonths {
    CaseMonths { entered_on: day(entered), opened_on: day(opened), closed_on: closed.map(day) }
}
fn now() -> Moment {
    Moment::from_micros(0).unwrap()
}
fn item(n: u128, on: NaiveDate, minutes: i32) -> MonthItem {
    let id = Uuid::from_u128(n).into();
    MonthItem { kind: MonthItemKind::Contact, id, on, minutes: Some(minutes), directions: Vec::new() }
}
fn draft(of: &str) -> Draft {
    let words: MonthlyWords = crate::examples::of();
    let id = Uuid::nil();
    Draft { words, ..Draft::of(MonthlyRecordId::from(id), CaseId::from(id), month(of)) }
}
fn facts(months: CaseMonths, is_theirs: bool) -> SigningFacts {
    let signer = is_theirs.then(|| UserId::from(Uuid::nil()));
    SigningFacts { months, signer, due: Days::new(5) }
}
fn codes<T>(result: Result<T, Refused>) -> Vec<&'static str> {
    result.err().map(|it| it.reasons().iter().map(|it| it.rule.code).collect()).unwrap_or_default()
}

#[test]
fn a_case_has_a_record_for_each_month_from_its_entry_to_its_end() {
    let case = case_months("2026-03-28", "2026-01-10", None);
    assert_eq!((case.first(), case.last(day("2026-06-03"))), (month("2026-03"), month("2026-06")));
    let closed = case_months("2026-03-28", "2026-01-10", Some("2026-03-31"));
    let has = |it: &str| closed.has(month(it), day("2026-06-03"));
    assert_eq!([has("2026-02"), has("2026-03"), has("2026-04")], [false, true, false]);
    let of_one_day = case_months("2026-04-30", "2026-04-30", Some("2026-04-30"));
    assert!(of_one_day.has(month("2026-04"), day("2026-04-30")));
    let entered_after_its_end = case_months("2026-05-02", "2026-01-10", Some("2026-04-30"));
    assert!(!entered_after_its_end.has(month("2026-04"), day("2026-06-03")));
    assert_eq!(closed.days(month("2026-03")), (day("2026-03-01"), day("2026-03-31")));
}

#[test]
fn a_record_is_signed_from_the_last_day_of_its_month_by_those_whose_it_is_with_words() {
    let open = case_months("2026-01-10", "2026-01-10", None);
    let by_draft = MonthlySignature { words: None };
    let sign = |it: Draft, facts: SigningFacts, on: &str| {
        it.sign(&by_draft, &facts, MonthContent::default(), (now(), day(on)))
    };
    assert_eq!(codes(sign(draft("2026-04"), facts(open, true), "2026-04-29")), [MONTH_NOT_OVER.code]);
    let signed = sign(draft("2026-04"), facts(open, true), "2026-04-30").unwrap();
    assert_eq!(signed.value().signature.due_on, day("2026-05-05"));
    assert_eq!(codes(sign(draft("2026-04"), facts(open, false), "2026-05-01")), [NOT_IN_CHARGE.code]);
    let closed = case_months("2026-01-10", "2026-01-10", Some("2026-04-02"));
    assert_eq!(codes(sign(draft("2026-04"), facts(closed, true), "2026-04-02")), Vec::<&str>::new());
    let wordless = Draft::of(MonthlyRecordId::from(Uuid::nil()), CaseId::from(Uuid::nil()), month("2026-04"));
    let all = codes(sign(wordless, facts(open, false), "2026-04-29"));
    assert_eq!(all, [NOT_IN_CHARGE.code, MONTH_NOT_OVER.code, MISSING.code, MISSING.code]);
}

#[test]
fn a_signed_record_is_only_corrected_and_at_most_fifty_times() {
    let open = case_months("2026-01-10", "2026-01-10", None);
    let order = MonthlySignature { words: None };
    let at = (now(), day("2026-05-01"));
    let signed = draft("2026-04").sign(&order, &facts(open, true), MonthContent::default(), at).unwrap();
    let mut it = signed.into_parts().0;
    assert_eq!(codes(MonthlyRecord::Signed(it.clone()).draft()), [SIGNED.code]);
    assert_eq!(codes(MonthlyRecord::Draft(draft("2026-04")).signed()), [NOT_SIGNED.code]);
    let correction: MonthlyCorrection = crate::examples::of();
    let was = it.clone();
    for _ in 0..MOST_CORRECTIONS {
        it = it.correct(&correction, UserId::from(Uuid::nil()), now()).unwrap().into_parts().0;
    }
    assert_eq!((&it.was, &it.content), (&was.was, &was.content));
    let more = it.correct(&correction, UserId::from(Uuid::nil()), now());
    assert_eq!(codes(more), [TOO_MANY_CORRECTIONS.code]);
}

#[test]
fn a_meeting_counts_once_and_for_each_of_its_directions() {
    use crate::mentorships::meetings::Direction;
    let on = day("2026-04-03");
    let meeting = |n: u128, directions: Vec<Direction>| MonthItem {
        kind: MonthItemKind::MeetingHeld,
        directions,
        ..item(n, on, 30)
    };
    let all =
        [meeting(1, vec![Direction::D01, Direction::D02]), meeting(2, vec![Direction::D02]), item(3, on, 10)];
    let counted: Vec<_> = counts(&all).into_iter().map(|it| (it.kind, it.count, it.minutes)).collect();
    let expected = [(MonthItemKind::MeetingHeld, 2, Some(60)), (MonthItemKind::Contact, 1, Some(10))];
    assert_eq!(counted, expected);
    let by_direction: Vec<_> = directions(&all).into_iter().map(|it| (it.direction, it.meetings)).collect();
    assert_eq!(by_direction, [(Direction::D01, 1), (Direction::D02, 2)]);
}

#[test]
fn no_difference_tells_that_a_crisis_has_left_the_records() {
    let on = day("2026-04-03");
    let crisis = MonthItem { kind: MonthItemKind::Crisis, minutes: None, ..item(1, on, 0) };
    let told = [crisis.clone(), item(2, on, 10)];
    let later = differences(month("2026-04"), &told, &[]);
    let expected = LateEntry { month: month("2026-04"), change: LateChange::Removed, item: item(2, on, 10) };
    assert_eq!(later, [expected]);
    let entered = differences(month("2026-04"), &[], &[crisis]);
    assert_eq!(entered.iter().map(|it| it.change).collect::<Vec<_>>(), [LateChange::Added]);
}

/// Something that happens to the rows of a case, or to its records.
#[derive(Debug, Clone)]
enum Event {
    Enter(u32),
    Change(usize),
    Annul(usize),
    Sign(u32),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => (0u32..180).prop_map(Event::Enter),
        1 => (0usize..40).prop_map(Event::Change),
        1 => (0usize..40).prop_map(Event::Annul),
        2 => (0u32..6).prop_map(Event::Sign),
    ];
    prop::collection::vec(event, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// 2000 × up to 60 orders.
    #[test]
    fn no_month_is_signed_twice_none_changes_and_the_next_record_tells_everything_that_came_late(all in events()) {
        let first = day("2026-01-01");
        let months = case_months("2026-01-01", "2026-01-01", Some("2026-06-30"));
        let order = MonthlySignature { words: None };
        let mut rows: Vec<MonthItem> = Vec::new();
        let mut signed: Vec<Signed> = Vec::new();
        for (n, event) in (0u128..).zip(&all) {
            let before = signed.clone();
            match event {
                Event::Enter(after) => {
                    // A thing may stand on several days, as a problem does that changes again, and once on a day.
                    let it = item(n % 7, first + Days::new(u64::from(*after)), 30);
                    if !rows.iter().any(|was| (was.id, was.on) == (it.id, it.on)) {
                        rows.push(it);
                    }
                }
                Event::Change(at) => {
                    if let Some(it) = rows.get_mut(*at) {
                        it.minutes = it.minutes.map(|it| it + 1);
                    }
                }
                Event::Annul(at) if *at < rows.len() => drop(rows.remove(*at)),
                Event::Annul(_) => {}
                Event::Sign(after) => {
                    let of = Month::of(first + chrono::Months::new(*after));
                    let known = signed.iter().find(|it| it.was.month == of).cloned();
                    let record = known.map_or(MonthlyRecord::Draft(draft(&of.to_string())), MonthlyRecord::Signed);
                    let late = late_entries(of, &signed, &rows);
                    let items = rows.iter().filter(|it| of.has(it.on)).cloned().collect();
                    let at = (now(), day("2026-07-01"));
                    match record.draft() {
                        Ok(draft) => {
                            let content = MonthContent { items, late };
                            signed.push(draft.sign(&order, &facts(months, true), content, at).unwrap().into_parts().0);
                            // Everything of the earlier signed months is told by now.
                            prop_assert_eq!(late_entries(of, &signed, &rows), vec![]);
                        }
                        Err(refused) => prop_assert_eq!(refused.reasons()[0].rule.code, SIGNED.code),
                    }
                }
            }
            prop_assert_eq!(&before[..], &signed[..before.len()]);
        }
        let mut once: Vec<Month> = signed.iter().map(|it| it.was.month).collect();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), signed.len());
    }
}
