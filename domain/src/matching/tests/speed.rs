//! Measurements of time in a city where nearly every pair is possible. Run with:
//! `cargo test --release -p domain matching::tests::speed -- --ignored --nocapture --test-threads 1`.
use super::Dice;
use super::town::{Town, beneficiary, mentor};
use crate::matching::*;
use std::time::Instant;

/// A city in which almost no barriers exist.
fn city(beneficiaries: u64, mentors: u64) -> Pool {
    let mut dice = Dice::new(41);
    let (place, any_age, barriers) =
        (Place { municipality: 1, ..Place::default() }, AgeWish::default(), Barriers::NONE);
    let one = |dice: &mut Dice| BeneficiaryProfile {
        place,
        barriers,
        mentor_sex: None,
        mentor_age: any_age,
        special_training: Tags(0),
        languages: Tags(1),
        age_years: Some(12),
        risk: Risk::new(u16::try_from(dice.roll(3)).unwrap()),
        ..beneficiary(dice)
    };
    let other = |dice: &mut Dice| MentorProfile {
        place,
        barriers,
        beneficiary_sex: None,
        beneficiary_age: any_age,
        languages: Tags(1),
        qualified_for: Risk::HIGHEST,
        free_seats: 1 + u32::try_from(dice.roll(2)).unwrap(),
        ..mentor(dice)
    };
    let town = Town {
        beneficiaries: (0..beneficiaries).map(|_| one(&mut dice)).collect(),
        mentors: (0..mentors).map(|_| other(&mut dice)).collect(),
        records: Vec::new(),
    };
    let mut town = town;
    for it in &town.beneficiaries {
        for _ in 0..3 {
            let at = usize::try_from(dice.roll(mentors)).unwrap();
            let rank = |dice: &mut Dice| Some(u8::try_from(1 + dice.roll(3)).unwrap());
            town.records.push(PairRecord {
                beneficiary: it.id,
                mentor: town.mentors[at].id,
                barriers: Barriers::NONE,
                rank_by_beneficiary: rank(&mut dice),
                rank_by_mentor: rank(&mut dice),
            });
        }
    }
    town.pool()
}

fn cpu_ms() -> f64 {
    std::thread::yield_now();
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    figures.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (begun, before) = (Instant::now(), cpu_ms());
    let done = work();
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    println!("{what}: {:.2} ms of this thread's CPU, {wall:.2} ms in all", cpu_ms() - before);
    done
}

#[test]
#[ignore = "a measurement"]
fn a_preview_among_five_thousand_mentors() {
    let rules = MatchingRules::default();
    let pool = city(3, 5000);
    for (who, _) in pool.waiting() {
        let told = timed("preview", || preview(&rules, &pool, who, 10));
        assert!(told.possible > 3000, "{}", told.possible);
        timed("standing", || standing(&rules, &pool, who, told.best[0].0));
    }
}

#[test]
#[ignore = "a measurement"]
fn a_tally_of_twenty_thousand_among_seven_thousand_mentors() {
    let rules = MatchingRules::default();
    let town = Town::new(&mut Dice::new(43), 0, 7500);
    let mut dice = Dice::new(44);
    let beneficiaries = (0..20_000).map(|_| beneficiary(&mut dice)).collect();
    let pool = Town { beneficiaries, ..town }.pool();
    timed("tally", || {
        let mut tally = Tally::new(&rules, &pool);
        let alone = pool.waiting().filter(|it| tally.of(it.0).possible == 0).count();
        println!("{alone} without a candidate");
    });
    timed("a page", || {
        let mut tally = Tally::new(&rules, &pool);
        pool.waiting().take(50).map(|it| tally.of(it.0).possible).sum::<u32>()
    });
    timed("a tenth by previews", || {
        pool.waiting().take(2000).filter(|it| preview(&rules, &pool, it.0, 0).possible == 0).count()
    });
}

#[test]
#[ignore = "a measurement"]
fn a_round_of_three_thousand_with_half_as_many_mentors() {
    for mode in [MatchingMode::CoverageFirst, MatchingMode::MutualFirst] {
        let rules = MatchingRules { mode, ..MatchingRules::default() };
        let pool = timed("pool", || city(3000, 1500));
        let text = timed("pool to JSON", || serde_json::to_string(&pool).unwrap());
        let pool = timed("pool from JSON", || serde_json::from_str::<Pool>(&text).unwrap());
        println!("{} kB of JSON", text.len() / 1000);
        let round = timed("round", || Round::new(&rules, &pool));
        let proposal = timed("propose", || round.propose(&|| false).unwrap());
        println!("{} edges, {} matched", proposal.problem().edges(), proposal.mentorships().count());
        let two = Round::new(&rules, &pool).with_threads(2);
        timed("propose with two threads", || two.propose(&|| false).unwrap());
        let text = serde_json::to_string(&proposal.kept()).unwrap();
        let kept: KeptProposal = serde_json::from_str(&text).unwrap();
        println!("{} kB kept", text.len() / 1000);
        let recalled = timed("recall", || round.recall(&kept).unwrap());
        assert!(recalled == proposal);
        timed("totals", || round.totals(&proposal));
        let explanation = timed("explain", || round.explain(&proposal));
        let mut tally = Tally::new(&rules, &pool);
        let people = [0, 700, 1400, 2100, 2999].map(BeneficiaryIx);
        for who in people {
            timed("alternatives", || explanation.alternatives(who, 3));
        }
        for who in people {
            timed("why not", || explanation.why_not(who, MentorIx(who.0 / 2)).unwrap());
            timed("why left out", || explanation.why_left_out(who, &mut tally));
        }
        timed("scarce", || explanation.scarce());
    }
}
