//! The people at events: numbers by audience, as they were entered and corrected, and as each eye sees them (003 L31).
//!
//! Invariant: a number of 1 to 4 people of a sensitive audience is hidden from all who do not hold the event, and with it each total that
//! would tell it.
use super::EventState;
use crate::base::id::{EventAttendanceId, EventId, OrganizationId};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{Note, Title, repeated};
use crate::base::word::Word;
use crate::partnership::words::{Audience, FEWEST_SHOWN};
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use shape::{card, entry, form};
use std::collections::BTreeMap;
use validator::Validate;

rules! {
    COUNTED_TWICE = "event.counted_twice", Content, ours, "Аудитория указана дважды.", "An audience stands twice.";
    COUNTED_LESS = "event.counted_less", Content, ours, "Число меньше поимённого списка.", "The number is smaller than the list of those who came by name.";
    NO_REASON = "event.no_reason", Content, ours, "Исправление объясняют причиной.", "A correction tells its reason.";
    CORRECTED = "event.corrected_meanwhile", State, ours, "Числа уже введены или исправлены: прочтите их и назовите версию, которую исправляете.", "Numbers are on record, or were corrected meanwhile: read them and name the version that you correct.";
    TOO_MANY = "event.too_many", State, ours, "Слишком много мероприятий: сузьте период или укажите организацию.", "There are too many events: narrow the period, or name an organization.";
}

/// The events of one answer at most.
pub const MOST_ROWS: usize = 1000;

/// The people of one audience. Each person is counted in one audience.
#[form]
#[derive(Eq)]
#[schema(example = json!({"audience": "minors", "people": 43}))]
pub struct AudienceCount {
    /// The audience.
    pub audience: Audience,
    /// The number of people; absent where nobody has counted.
    #[within(0..=1_000_000)]
    pub people: Option<i32>,
}

/// A version of the attendance of an event: the numbers of people as they were known then. The latest version is in force.
#[entry(EventAttendance: EventAttendanceId, at "event-attendances", named "event attendance" "event attendances", tag "partnership", read ReadPartnershipInside, edit EditPartnershipInside, under Event "events", called counted_on, entering RecordAttendance, once, annul, past, judged)]
#[schema(example = json!({"counted_on": "2026-02-02", "minutes": 45, "counts": [{"audience": "minors", "people": 42}, {"audience": "specialists"}], "organization_ids": ["01980000-0000-7000-8000-000000000001"], "results": "Шестеро записались на консультацию.", "reason": "Один подросток записан дважды."}))]
pub struct EventAttendanceForm {
    /// The day for which the numbers are known: today or earlier.
    pub counted_on: NaiveDate,
    /// The minutes in all, 10 to 20 160.
    #[within(10..=20_160)]
    pub minutes: Option<i32>,
    /// The people who came, each counted in one audience.
    #[at_most(30)]
    pub counts: Vec<AudienceCount>,
    /// The organizations that took part.
    #[at_most(100)]
    pub organization_ids: Vec<OrganizationId>,
    /// The results in words.
    pub results: Option<Note>,
    /// The version that this one corrects: the one in force. Nothing is corrected unseen.
    pub corrects_id: Option<EventAttendanceId>,
    /// The reason of a correction. Required where there is an earlier version.
    pub reason: Option<Note>,
}

/// The stored data that a version of an attendance needs.
#[derive(Debug, Clone)]
pub struct AttendanceFacts {
    /// The state of the event.
    pub state: EventState,
    /// The version in force.
    pub in_force: Option<EventAttendanceId>,
    /// The people who came by name, by audience.
    pub named: BTreeMap<Audience, i64>,
    /// The present day.
    pub today: NaiveDate,
}

impl EventAttendanceForm {
    fn judge(&self, _: EventAttendanceId, _: Option<&Self>) -> Vec<Reason> {
        let audiences: Vec<Audience> = self.counts.iter().map(|it| it.audience).collect();
        repeated(&audiences).map(|n| COUNTED_TWICE.reason().at(format!("/counts/{n}/audience"))).collect()
    }
    /// The organizations that took part in an event of that first day. Of an event that was not held, the day of the numbers stands for it.
    pub fn took_part(&self, held_on: Option<NaiveDate>) -> NamedOn {
        NamedOn::on(held_on.unwrap_or(self.counted_on)).each(&self.organization_ids, "/organization_ids")
    }
    /// The reason against the numbers of the version where so many people of an audience came by name. Where nobody has counted, no number
    /// is wrong.
    pub fn against_named(&self, audience: Audience, named: i64) -> Option<Reason> {
        let is_less = match self.counts.iter().find(|it| it.audience == audience) {
            Some(it) => it.people.is_some_and(|people| i64::from(people) < named),
            None => named > 0 && !self.counts.is_empty(),
        };
        is_less.then(|| COUNTED_LESS.reason().with("audience", audience.code()).with("named", named))
    }
    /// The reasons against the version by what is on record.
    pub fn against_facts(&self, facts: &AttendanceFacts) -> Vec<Reason> {
        let mut reasons = broken([
            (facts.state != EventState::Held, super::NOT_HELD.reason()),
            (facts.in_force.is_some() && self.reason.is_none(), NO_REASON.reason().at("/reason")),
            (self.corrects_id != facts.in_force, CORRECTED.reason().at("/corrects_id")),
            (self.counted_on > facts.today, super::IN_FUTURE.reason().at("/counted_on")),
        ]);
        for (n, it) in self.counts.iter().enumerate() {
            let named = facts.named.get(&it.audience).copied().unwrap_or(0);
            if it.people.is_some_and(|people| i64::from(people) < named) {
                reasons.push(COUNTED_LESS.reason().at(format!("/counts/{n}/people")).with("named", named));
            }
        }
        let is_left_out = |audience: &Audience| self.counts.iter().all(|count| count.audience != *audience);
        for (audience, named) in facts.named.iter().filter(|it| *it.1 > 0 && is_left_out(it.0)) {
            let missing = COUNTED_LESS.reason().at("/counts").with("audience", audience.code());
            reasons.push(missing.with("named", *named));
        }
        reasons
    }
}

/// The people of one audience, as the caller may know them.
#[card]
#[derive(Clone, PartialEq)]
pub struct ShownCount {
    /// The audience.
    pub audience: Audience,
    /// The number of people; absent where nobody has counted, and where it is hidden.
    #[schema(minimum = 0, maximum = 1_000_000, example = 43)]
    pub people: Option<i32>,
    /// Whether a number is hidden, because it is small and the audience is sensitive.
    pub hidden: bool,
}

/// The attendance of one event.
#[card]
#[derive(Clone, PartialEq)]
pub struct AttendanceRow {
    /// The event.
    pub event_id: EventId,
    /// Its title.
    pub event_name: Title,
    /// The organization that holds it.
    pub organization_id: OrganizationId,
    /// The first day on which it was held.
    pub held_on: NaiveDate,
    /// The people by audience.
    #[schema(max_items = 30)]
    pub counts: Vec<ShownCount>,
    /// The people of the audiences that are asked for. Absent where nobody has counted, and where a hidden number belongs to it.
    #[schema(minimum = 0, maximum = 30_000_000, example = 43)]
    pub people: Option<i64>,
    /// Whether a hidden number belongs to it.
    pub hidden: bool,
}

/// The attendance of events within some days.
#[card]
#[derive(Clone, PartialEq)]
pub struct AttendanceTable {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The events, the earliest first.
    #[schema(max_items = 1000)]
    pub rows: Vec<AttendanceRow>,
    /// The people of all rows that have a number. Absent where a hidden number belongs to it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 59)]
    pub sum: Option<i64>,
    /// The events without any number. They are left out of the sum.
    #[schema(minimum = 0, maximum = 1000, example = 1)]
    pub without_number: i64,
}

/// An event that was held, with its attendance in force.
#[derive(Debug, Clone)]
pub struct HeldEvent {
    /// The event.
    pub event_id: EventId,
    /// Its title.
    pub title: Title,
    /// The organization that holds it.
    pub organization_id: OrganizationId,
    /// The first day on which it was held.
    pub held_on: NaiveDate,
    /// The audiences for whom it was planned.
    pub audiences: Vec<Audience>,
    /// The people by audience, in the version in force.
    pub counts: Vec<AudienceCount>,
    /// Whether the caller holds it, and so sees each number.
    pub is_own: bool,
}

impl HeldEvent {
    /// Whether the event is about that audience. Every event is about none in particular.
    fn is_for(&self, audience: Option<Audience>) -> bool {
        let is_counted = |it: Audience| self.counts.iter().any(|count| count.audience == it);
        audience.is_none_or(|it| self.audiences.contains(&it) || is_counted(it))
    }
    /// The row of the event, as the caller may know it.
    fn shown(self, audience: Option<Audience>) -> AttendanceRow {
        let is_small = |it: &AudienceCount| it.people.is_some_and(|it| (1..FEWEST_SHOWN).contains(&it));
        let is_hidden = |it: &AudienceCount| !self.is_own && it.audience.is_sensitive() && is_small(it);
        let show = |it: &AudienceCount| {
            let hidden = is_hidden(it);
            ShownCount { audience: it.audience, people: it.people.filter(|_| !hidden), hidden }
        };
        let counts: Vec<ShownCount> = self.counts.iter().map(show).collect();
        let asked = || counts.iter().filter(|it| audience.is_none_or(|asked| asked == it.audience));
        let hidden = asked().any(|it| it.hidden);
        let known: Vec<i64> = asked().filter_map(|it| it.people).map(i64::from).collect();
        let people = (!hidden && !known.is_empty()).then(|| known.iter().sum());
        let Self { event_id, title, organization_id, held_on, .. } = self;
        AttendanceRow { event_id, event_name: title, organization_id, held_on, counts, people, hidden }
    }
}

impl AttendanceTable {
    /// The table of these events for an audience, or for all of them.
    pub fn of(
        (from, to): (NaiveDate, NaiveDate),
        events: Vec<HeldEvent>,
        audience: Option<Audience>,
    ) -> Self {
        let about = events.into_iter().filter(|it| it.is_for(audience));
        let rows: Vec<AttendanceRow> = about.map(|it| it.shown(audience)).collect();
        let without = rows.iter().filter(|it| it.people.is_none() && !it.hidden).count();
        let sum = rows.iter().filter_map(|it| it.people).sum();
        let sum = rows.iter().all(|it| !it.hidden).then_some(sum);
        Self { from, to, rows, sum, without_number: i64::try_from(without).unwrap_or(i64::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::base::word::Word;
    use proptest::prelude::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2015, 10, 1).unwrap()
    }
    fn held(counts: Vec<AudienceCount>, is_own: bool) -> HeldEvent {
        let nil = uuid::Uuid::nil();
        let (event_id, organization_id) = (nil.into(), nil.into());
        let title = Title::new("Формула счастья");
        HeldEvent {
            event_id,
            title,
            organization_id,
            held_on: day(),
            audiences: vec![Audience::Minors],
            counts,
            is_own,
        }
    }
    fn count(audience: Audience, people: Option<i32>) -> AudienceCount {
        AudienceCount { audience, people }
    }
    fn table(events: Vec<HeldEvent>, audience: Option<Audience>) -> AttendanceTable {
        AttendanceTable::of((day(), day()), events, audience)
    }

    #[test]
    fn a_number_that_nobody_has_counted_is_left_out_of_the_sum_and_told() {
        let events = vec![
            held(vec![count(Audience::Minors, Some(16))], false),
            held(vec![count(Audience::Minors, None)], false),
            held(vec![count(Audience::Minors, Some(43)), count(Audience::Specialists, Some(2))], false),
        ];
        let minors = table(events.clone(), Some(Audience::Minors));
        assert_eq!((minors.sum, minors.without_number), (Some(59), 1));
        assert_eq!(table(events, None).sum, Some(61));
        let nobody = table(vec![held(vec![count(Audience::Minors, Some(0))], false)], None);
        assert_eq!((nobody.sum, nobody.without_number), (Some(0), 0), "nought is a number");
    }

    #[test]
    fn a_small_number_of_a_sensitive_audience_is_hidden_with_the_totals_that_would_tell_it() {
        let counts = vec![count(Audience::Minors, Some(10)), count(Audience::Homeless, Some(4))];
        let outside = table(vec![held(counts.clone(), false), held(vec![], false)], None);
        assert_eq!((outside.sum, outside.rows[0].people, outside.without_number), (None, None, 1));
        assert_eq!(
            outside.rows[0].counts[1],
            ShownCount { audience: Audience::Homeless, people: None, hidden: true }
        );
        assert_eq!(table(vec![held(counts.clone(), false)], Some(Audience::Minors)).sum, Some(10));
        assert_eq!(table(vec![held(counts.clone(), false)], Some(Audience::Homeless)).sum, None);
        assert_eq!(table(vec![held(counts, true)], None).sum, Some(14), "who holds it sees all");
        for people in [0, 5] {
            let shown = table(vec![held(vec![count(Audience::Homeless, Some(people))], false)], None);
            assert_eq!(shown.sum, Some(i64::from(people)));
        }
    }

    #[test]
    fn numbers_are_less_than_a_list_by_name_only_where_somebody_has_counted() {
        let told = |counts: Vec<AudienceCount>, named: i64| {
            let form = EventAttendanceForm { counts, ..crate::examples::of() };
            form.against_named(Audience::Minors, named).map(|it| it.rule.code)
        };
        assert_eq!(told(vec![count(Audience::Minors, Some(2))], 2), None);
        assert_eq!(told(vec![count(Audience::Minors, Some(2))], 3), Some(COUNTED_LESS.code));
        assert_eq!(told(vec![count(Audience::Minors, None)], 3), None);
        assert_eq!(told(vec![count(Audience::Specialists, Some(2))], 1), Some(COUNTED_LESS.code));
        assert_eq!(told(vec![count(Audience::Specialists, Some(2))], 0), None);
        assert_eq!(told(Vec::new(), 3), None);
    }

    #[test]
    fn a_correction_has_a_reason_and_counts_no_fewer_than_came_by_name() {
        let in_force = Some(uuid::Uuid::from_u128(1).into());
        let form = EventAttendanceForm { corrects_id: in_force, ..crate::examples::of() };
        let facts = AttendanceFacts {
            state: EventState::Held,
            in_force,
            named: BTreeMap::from([(Audience::Minors, 42)]),
            today: form.counted_on,
        };
        let codes = |it: &EventAttendanceForm, facts: &AttendanceFacts| -> Vec<&'static str> {
            it.against_facts(facts).iter().map(|it| it.rule.code).collect()
        };
        assert_eq!(codes(&form, &facts), Vec::<&str>::new());
        let bare = EventAttendanceForm { reason: None, ..form.clone() };
        let first = EventAttendanceForm { corrects_id: None, ..bare.clone() };
        assert_eq!(codes(&first, &AttendanceFacts { in_force: None, ..facts.clone() }), Vec::<&str>::new());
        assert_eq!(codes(&first, &facts), [NO_REASON.code, CORRECTED.code]);
        let left_out =
            AttendanceFacts { named: BTreeMap::from([(Audience::HardshipFamilies, 1)]), ..facts.clone() };
        assert_eq!(codes(&form, &left_out), [COUNTED_LESS.code]);
        let stale =
            EventAttendanceForm { corrects_id: Some(uuid::Uuid::from_u128(2).into()), ..form.clone() };
        assert_eq!(codes(&stale, &facts), [CORRECTED.code]);
        let early = AttendanceFacts { today: form.counted_on.pred_opt().unwrap(), ..facts.clone() };
        let planned = AttendanceFacts {
            state: EventState::Planned,
            named: BTreeMap::from([(Audience::Minors, 43)]),
            ..early
        };
        assert_eq!(
            codes(&bare, &planned),
            ["event.not_held", NO_REASON.code, "event.in_future", COUNTED_LESS.code]
        );
        let twice =
            EventAttendanceForm { counts: vec![form.counts[0].clone(), form.counts[0].clone()], ..form };
        assert_eq!(twice.against(uuid::Uuid::nil().into(), None)[0].rule.code, COUNTED_TWICE.code);
    }

    #[test]
    fn a_correction_names_organizations_for_the_day_on_which_the_event_was_held() {
        let form: EventAttendanceForm = crate::examples::of();
        let named = form.took_part(Some(day()));
        assert_eq!(named.day, day());
        assert_eq!(named.organizations, [(form.organization_ids[0], "/organization_ids/0".to_owned())]);
        assert_eq!(form.took_part(None).day, form.counted_on);
    }

    proptest! {
        /// No number of an answer, and no difference of two, is a hidden number.
        #[test]
        fn nobody_from_outside_can_compute_a_hidden_number(people in proptest::collection::vec((0..29_usize, proptest::option::of(0..12_i32)), 0..8)) {
            let mut counts: Vec<AudienceCount> = Vec::new();
            for (n, people) in people {
                let audience = Audience::ALL[n % Audience::ALL.len()];
                if counts.iter().all(|it| it.audience != audience) {
                    counts.push(count(audience, people));
                }
            }
            let is_hidden = |it: &AudienceCount| it.audience.is_sensitive() && it.people.is_some_and(|it| (1..5).contains(&it));
            let any = counts.iter().any(is_hidden);
            let shown = table(vec![held(counts.clone(), false)], None);
            prop_assert_eq!(shown.sum.is_none(), any);
            prop_assert_eq!(shown.rows[0].people.is_some(), !any && counts.iter().any(|it| it.people.is_some()));
            for (is, was) in shown.rows[0].counts.iter().zip(&counts) {
                prop_assert_eq!(is.hidden, is_hidden(was));
                prop_assert_eq!(is.people, if is.hidden { None } else { was.people });
            }
        }
    }
}
