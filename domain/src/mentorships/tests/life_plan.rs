//! Meetings and the life plan, in any order of events.
use super::*;
use crate::mentorships::meetings::*;
use chrono::Days;
use proptest::prelude::*;

const MEETINGS: usize = 3;

/// A mentorship of a program that asks for three meetings and a life plan, with what the test remembers.
struct Pair {
    it: Mentorship,
    held: Vec<Slot>,
    adopted_on: Option<NaiveDate>,
}

impl Pair {
    fn pace(&self) -> Pace {
        let meetings = i32::try_from(MEETINGS).ok();
        let completion = Completion { kind: CompletionKind::Meetings, meetings, max_months: Some(12) };
        let life_plan = self.adopted_on.map_or(LifePlan::Awaited, LifePlan::Adopted);
        Pace { held: self.held.clone(), in_groups: vec![], completion, life_plan, zone: zone() }
    }
    fn hold(&mut self, on: NaiveDate) {
        let Ok(active) = self.it.clone().for_meetings() else { return };
        let order = Holding { began_at: at(on, 10), homework: None, homework_due_on: None, ..examples::of() };
        let form = MeetingForm { planned_at: order.began_at, ..examples::of() };
        let meeting = Planned { id: id(60), mentorship_id: active.pairing.id, form };
        match active.hold(meeting, &order, &self.pace(), at(on, 20)) {
            Ok(changed) => {
                self.held.push(Slot { began_at: order.began_at, minutes: order.minutes });
                if let Some(completed) = value(changed).completed {
                    self.it = completed.into();
                }
            }
            Err(refused) => {
                assert_eq!(self.held.len(), MEETINGS);
                assert_eq!(refused.reasons()[0].rule.code, "mentorship.meetings_done");
            }
        }
    }
    fn adopt(&mut self, on: NaiveDate) {
        self.adopted_on.get_or_insert(on);
        let Ok(running) = self.it.clone().running() else { return };
        if let Some(completed) = running.complete_by_life_plan(&self.pace()) {
            self.it = value(completed).into();
        }
    }
    fn pause(&mut self, on: NaiveDate) {
        let order = Pause { paused_on: on, until: None, ..examples::of() };
        let Ok(active) = self.it.clone().active() else { return };
        let met_on = self.held.last().map(|it| zone().day(it.began_at));
        if let Ok(paused) = active.pause(id(70), &order, met_on, on) {
            self.it = value(paused).mentorship.into();
        }
    }
    fn resume(&mut self, on: NaiveDate) {
        let Ok(paused) = self.it.clone().paused() else { return };
        self.it = value(paused.resume(&Resumption { resumed_on: on }, on).unwrap()).mentorship.into();
    }
}

fn fresh() -> Pair {
    Pair { it: active(&situation()).into(), held: vec![], adopted_on: None }
}

#[test]
fn a_term_that_ends_without_the_life_plan_says_so() {
    let mut pair = fresh();
    let Mentorship::Active(Active { term, .. }) = pair.it.clone() else { panic!("active") };
    let over = term.ends_on + Days::new(1);
    let ended = |pair: &Pair| {
        let completion = pair.pace().completion;
        value(pair.it.clone().running().unwrap().end_by_date(&completion, Some(&pair.pace()), over).unwrap())
    };
    let ground = |it: Mentorship| match it {
        Mentorship::Terminated(it) => it.termination.ground,
        other => panic!("{other:?}"),
    };
    assert_eq!(ground(ended(&pair)), TerminationGround::MeetingsNotHeld);
    for n in 0..3 {
        pair.hold(term.starts_on + Days::new(n));
    }
    assert_eq!(pair.pace().awaits(), Some(Awaited::LifePlan));
    assert_eq!(ground(ended(&pair)), TerminationGround::LifePlanMissing);
    pair.adopted_on = Some(term.ends_on);
    let Mentorship::Completed(it) = ended(&pair) else { panic!("completed") };
    assert_eq!((it.ended_on, it.reason), (term.ends_on, CompletionReason::MeetingsHeld));
}

proptest! {
    #[test]
    fn the_last_of_meetings_and_life_plan_completes_in_any_order(events in proptest::collection::vec((0u8..4, 0u64..3), 1..24)) {
        let mut pair = fresh();
        let Mentorship::Active(Active { term, .. }) = pair.it.clone() else { panic!("active") };
        let mut today = term.starts_on;
        for (event, days) in events {
            today = today + Days::new(days);
            match event {
                0 | 1 if pair.held.last().is_some_and(|it| zone().day(it.began_at) == today) => {}
                0 | 1 => pair.hold(today),
                2 => pair.adopt(today),
                _ if matches!(pair.it, Mentorship::Paused(_)) => pair.resume(today),
                _ => pair.pause(today),
            }
            let met_on = pair.held.last().map(|it| zone().day(it.began_at));
            let whole = pair.held.len() == MEETINGS && pair.adopted_on.is_some();
            match &pair.it {
                Mentorship::Completed(it) => {
                    prop_assert!(whole);
                    prop_assert_eq!(Some(it.ended_on), met_on.max(pair.adopted_on));
                }
                _ => {
                    prop_assert!(!whole);
                    prop_assert_eq!(pair.pace().awaits().is_some(), pair.held.len() == MEETINGS);
                }
            }
        }
    }
}
