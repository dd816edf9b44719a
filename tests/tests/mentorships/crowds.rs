//! Many requests at once: the result is always one that the rules allow.
use super::facts;
use serde_json::json;
use tests::World;
use tests::pairs::{Pair, at_once};

#[test]
fn fifty_confirmations_at_once_confirm_once() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let replies = at_once(50, |_| world.step(&pair.director, &id, "confirmation", world.confirmation()));
    assert_eq!(count(&replies, 200, ""), 1, "{replies:?}");
    assert_eq!(count(&replies, 409, "mentorship.not_consented"), 49, "{replies:?}");
    assert_eq!(facts(&world, &pair.director, &format!("/mentorships/{id}"))[0], "mentorship.confirmed");
}

#[test]
fn fifty_proposals_at_once_propose_once() {
    let (world, pair) = World::paired();
    let replies = at_once(50, |_| world.post(&pair.director, "/mentorships", world.proposal(&pair)));
    assert_eq!(count(&replies, 201, ""), 1, "{replies:?}");
    assert_eq!(count(&replies, 409, "mentorship.already_in_program"), 49, "{replies:?}");
}

#[test]
fn fifty_recipients_at_once_do_not_overload_a_mentor() {
    let (world, mut pair) = World::paired();
    pair.program = world.plain_program("wide", json!({"consent_needed": false, "mentor_capacity": 3}));
    let mentor = format!("/mentors/{}", pair.mentor);
    world.edit(&pair.director, &mentor, json!({"capacity": 3})).expect(200);
    let ids: Vec<String> = (0..50)
        .map(|_| {
            let person = world.person(&pair.director, json!({"birth_date": "2007-01-10"}));
            let beneficiary = world.beneficiary(&pair.director, &pair.organization, &person);
            world.accepted(&Pair { beneficiary, person, ..pair.clone() })
        })
        .collect();
    let replies =
        at_once(50, |it| world.step(&pair.director, &ids[it], "confirmation", world.confirmation()));
    assert_eq!(count(&replies, 200, ""), 3, "{replies:?}");
    assert_eq!(count(&replies, 409, "mentorship.over_capacity"), 47, "{replies:?}");
    let active = world.get(&pair.director, "/mentorships?state=active").expect(200);
    assert_eq!(active.items().len(), 3);
}

#[test]
fn several_servers_end_each_mentorship_exactly_once() {
    let flags = ["--clock-seconds", "1"];
    let mut world = World::with(&flags);
    let _others = [world.beside(&flags), world.beside(&flags)];
    let (organization, director) = world.institution("Центр помощи семье");
    let program = world.plain_program("by-date", json!({}));
    let pairs: Vec<Pair> = (0..12).map(|_| world.pair_at(&organization, &director, &program)).collect();
    let due = |(n, pair): (usize, &Pair)| match n % 2 {
        0 => (world.active(pair), "completed"),
        _ => (world.accepted(pair), "lapsed"),
    };
    let due: Vec<(String, &str)> = pairs.iter().enumerate().map(due).collect();
    world.advance_days(61);
    for (id, state) in &due {
        world.until(id, state);
    }
    let director = world.again(&director);
    for (id, state) in &due {
        let told = facts(&world, &director, &format!("/mentorships/{id}"));
        assert_eq!(told.iter().filter(|it| **it == format!("mentorship.{state}")).count(), 1, "{told:?}");
        assert_eq!(told[0], format!("mentorship.{state}"), "nothing after the end");
    }
}

fn count(replies: &[(u16, String)], status: u16, code: &str) -> usize {
    replies.iter().filter(|it| it.0 == status && it.1 == code).count()
}
