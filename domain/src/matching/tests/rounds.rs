//! Tests of rounds: rules, candidates, the strict order of the objective, both modes.
use super::town::Town;
use super::*;
use crate::base::word::Word;
use crate::matching::*;
use solver::*;
use std::cell::RefCell;
use std::cmp::Reverse;

fn rules(mode: MatchingMode) -> MatchingRules {
    MatchingRules { mode, ..MatchingRules::default() }
}

fn people(pool: &Pool) -> Vec<BeneficiaryIx> {
    pool.waiting().map(|it| it.0).collect()
}

fn mentors(pool: &Pool) -> Vec<MentorIx> {
    (0..u32::try_from(pool.mentors().len()).unwrap()).map(MentorIx).collect()
}

#[test]
fn candidates_are_exactly_those_whom_no_rule_forbids() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let hours_needed = u16::try_from(dice.roll(4)).unwrap();
        let rules = MatchingRules { hours_needed, ..MatchingRules::default() };
        // Words of 64 mentors are full, begun and missing.
        let count = [0, 1, 12, 63, 64, 65, 130][usize::try_from(seed % 7).unwrap()];
        let pool = Town::new(&mut dice, 12, count).pool();
        let (round, mut lists) = (Round::new(&rules, &pool), Candidates::new(&rules, &pool));
        for who in people(&pool) {
            let assessed = mentors(&pool).into_iter().map(|it| (it, round.assess(who, it).unwrap()));
            let possible = assessed.filter(|it| it.1.barriers.is_empty());
            let expected: Vec<_> =
                possible.map(|(mentor, it)| Candidate { mentor, choice: it.choice, fit: it.fit }).collect();
            assert_eq!(lists.of(who), expected, "seed {seed}");
        }
    }
}

#[test]
fn the_points_of_the_criteria_add_up_to_the_fit_and_every_veto_keeps_its_code() {
    let rules = MatchingRules::default();
    let pool = Town::new(&mut Dice::new(1), 40, 40).pool();
    let round = Round::new(&rules, &pool);
    for who in people(&pool) {
        for mentor in mentors(&pool) {
            let pair = round.assess(who, mentor).unwrap();
            assert_eq!(pair.terms.map(|it| it.points).iter().sum::<u16>(), pair.fit);
            assert!(pair.fit <= BEST_FIT && pair.choice <= BEST_CHOICE);
            let veto = pool.facts(who, mentor).barriers.has(Barrier::VetoMentor);
            assert_eq!(pair.barriers.has(Barrier::VetoMentor), veto);
        }
    }
}

#[test]
fn a_round_is_the_same_whatever_the_order_people_come_in() {
    let mut dice = Dice::new(2);
    for mode in MatchingMode::ALL {
        let rules = rules(*mode);
        let town = Town::new(&mut dice, 40, 30);
        let shuffled = town.shuffled(&mut dice);
        let (one, other) = (town.pool(), shuffled.pool());
        assert_eq!(one, other);
        let propose = |pool| Round::new(&rules, pool).propose(&|| false).unwrap();
        let (one, other) = (propose(&one), propose(&other));
        assert_eq!(one.solution(), other.solution());
        assert!(one.mentorships().eq(other.mentorships()));
    }
}

#[test]
fn a_round_is_the_same_with_any_number_of_threads() {
    let mut dice = Dice::new(12);
    for mode in MatchingMode::ALL {
        let rules = rules(*mode);
        let town = Town::new(&mut dice, 60, 40);
        let proposal = Round::new(&rules, &town.pool()).propose(&|| false).unwrap();
        for threads in 1..=4 {
            let pool = town.shuffled(&mut dice).pool();
            let mut round = Round::new(&rules, &pool);
            round.threads = threads;
            assert_eq!(round.propose(&|| false).unwrap(), proposal, "{threads} threads");
        }
        assert!((1..=4).contains(&Round::new(&rules, &town.pool()).with_threads(4).threads));
        assert_eq!(Round::new(&rules, &town.pool()).with_threads(0).threads, 1);
    }
}

/// Stops at a given progress, and remembers all reported values.
struct StopsAt {
    until: u16,
    reported: RefCell<Vec<u16>>,
}

impl Monitor for StopsAt {
    fn stops(&self) -> bool {
        self.reported.borrow().last().is_some_and(|it| *it >= self.until)
    }
    fn note_progress(&self, per_mille: u16) {
        self.reported.borrow_mut().push(per_mille);
    }
}

#[test]
fn a_monitor_gets_growing_progress_and_stops_a_round_in_any_part_of_it() {
    let rules = MatchingRules::default();
    let pool = Town::new(&mut Dice::new(13), 60, 30).pool();
    let round = Round::new(&rules, &pool);
    let monitor = |until| StopsAt { until, reported: RefCell::default() };
    let patient = monitor(u16::MAX);
    assert_eq!(round.propose(&patient), round.propose(&|| false));
    let reported = patient.reported.into_inner();
    assert!(reported.is_sorted() && reported.len() > 5 && reported.last() == Some(&1000), "{reported:?}");
    for until in [0, 300, 600, 900] {
        let monitor = monitor(until);
        monitor.note_progress(0);
        let cancelled = NoProposal::Unsolved(Unsolved::Cancelled(Cancelled));
        assert_eq!(round.propose(&monitor), Err(cancelled));
        assert!(monitor.reported.into_inner().last().is_some_and(|it| *it < 950));
    }
}

/// The best possible coverage, found greedily: from the most urgent down, everyone who can still be added.
fn greedy_coverage(round: &Round<'_>, problem: &Problem) -> Vec<u32> {
    let mut covered = vec![0; 16];
    let mut mentees: Vec<Vec<BeneficiaryIx>> = vec![Vec::new(); problem.mentors()];
    let mut order: Vec<_> = problem.everyone().collect();
    order.sort_by_key(|it| Reverse(round.priority(*it)));
    for who in order {
        let mut seen = vec![false; problem.mentors()];
        if augment(problem, who, &mut mentees, &mut seen) {
            covered[usize::from(round.priority(who))] += 1;
        }
    }
    covered
}

fn augment(
    problem: &Problem,
    who: BeneficiaryIx,
    mentees: &mut [Vec<BeneficiaryIx>],
    seen: &mut [bool],
) -> bool {
    for mentor in problem.row(who).0.iter().map(|it| MentorIx(*it).at()) {
        if std::mem::replace(&mut seen[mentor], true) {
            continue;
        }
        if mentees[mentor].len() < usize::try_from(problem.seats()[mentor]).unwrap() {
            mentees[mentor].push(who);
            return true;
        }
        for at in 0..mentees[mentor].len() {
            if augment(problem, mentees[mentor][at], mentees, seen) {
                mentees[mentor][at] = who;
                return true;
            }
        }
    }
    false
}

#[test]
fn no_other_assignment_covers_more_of_the_urgent_nor_more_people() {
    let rules = rules(MatchingMode::CoverageFirst);
    for seed in 0..80 {
        let pool = Town::new(&mut Dice::new(seed), 40, 20).pool();
        let round = Round::new(&rules, &pool);
        let proposal = round.propose(&|| false).unwrap();
        let covered: Vec<u32> = round.totals(&proposal).by_priority.iter().map(|it| it.covered).collect();
        assert_eq!(covered, greedy_coverage(&round, proposal.problem()), "seed {seed}");
    }
}

#[test]
fn a_mentor_more_never_leaves_more_of_the_urgent_out() {
    let rules = rules(MatchingMode::CoverageFirst);
    let covered_from = |pool: &Pool| {
        let round = Round::new(&rules, pool);
        let totals = round.totals(&round.propose(&|| false).unwrap());
        let from_the_top = totals.by_priority.iter().rev().scan(0, |sum, it| {
            *sum += it.covered;
            Some(*sum)
        });
        from_the_top.collect::<Vec<u32>>()
    };
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let mut town = Town::new(&mut dice, 40, 15);
        let before = covered_from(&town.pool());
        town.mentors.push(super::town::mentor(&mut dice));
        let after = covered_from(&town.pool());
        assert!(after.iter().zip(&before).all(|(after, before)| after >= before), "seed {seed}");
    }
}

/// The objective by level: coverage from the most urgent down, choices, fit.
type Tiers = (Vec<u32>, u64, u64);

fn best_tiers(
    round: &Round<'_>,
    candidates: &[Vec<Candidate>],
    who: usize,
    seats: &mut [u32],
    so_far: &Tiers,
) -> Tiers {
    let Some(options) = candidates.get(who) else { return so_far.clone() };
    let mut best = best_tiers(round, candidates, who + 1, seats, so_far);
    for it in options {
        if seats[it.mentor.at()] > 0 {
            seats[it.mentor.at()] -= 1;
            let mut tiers = so_far.clone();
            let priority = round.priority(BeneficiaryIx(u32::try_from(who).unwrap()));
            tiers.0[15 - usize::from(priority)] += 1;
            tiers.1 += u64::from(it.choice);
            tiers.2 += u64::from(it.fit);
            best = best.max(best_tiers(round, candidates, who + 1, seats, &tiers));
            seats[it.mentor.at()] += 1;
        }
    }
    best
}

#[test]
fn coverage_comes_before_choices_and_choices_before_fit() {
    let rules = rules(MatchingMode::CoverageFirst);
    for seed in 0..400 {
        let pool = Town::new(&mut Dice::new(seed), 6, 6).pool();
        let round = Round::new(&rules, &pool);
        let proposal = round.propose(&|| false).unwrap();
        let mut tiers: Tiers = (vec![0; 16], 0, 0);
        for it in proposal.mentorships() {
            let pair = round.assess(it.beneficiary, it.mentor).unwrap();
            assert!(pair.barriers.is_empty());
            tiers.0[15 - usize::from(round.priority(it.beneficiary))] += 1;
            tiers.1 += u64::from(pair.choice);
            tiers.2 += u64::from(pair.fit);
        }
        let mut lists = Candidates::new(&rules, &pool);
        let candidates: Vec<_> = people(&pool).into_iter().map(|it| lists.of(it)).collect();
        let mut seats: Vec<u32> = pool.mentors().iter().map(|it| it.free_seats).collect();
        assert_eq!(
            tiers,
            best_tiers(&round, &candidates, 0, &mut seats, &(vec![0; 16], 0, 0)),
            "seed {seed}"
        );
    }
}

#[test]
fn with_mutual_choices_first_nobody_who_chose_each_other_would_rather_leave() {
    let mut blocked = 0;
    for seed in 0..150 {
        let pool = Town::new(&mut Dice::new(seed), 30, 15).pool();
        let (coverage, mutual) = (rules(MatchingMode::CoverageFirst), rules(MatchingMode::MutualFirst));
        let stable = Round::new(&mutual, &pool).propose(&|| false).unwrap();
        assert_eq!(stable.blocking(), [], "seed {seed}");
        blocked += Round::new(&coverage, &pool).propose(&|| false).unwrap().blocking().len();
        let mut mentees = vec![0; pool.mentors().len()];
        stable.mentorships().for_each(|it| mentees[it.mentor.at()] += 1);
        assert!(mentees.iter().zip(pool.mentors()).all(|it| *it.0 <= it.1.free_seats));
    }
    assert!(blocked > 0, "coverage first lists the pairs that it disappoints");
}

#[test]
fn a_pinned_mentorship_stays_and_takes_a_seat() {
    let rules = rules(MatchingMode::MutualFirst);
    let pool = Town::new(&mut Dice::new(5), 30, 20).pool();
    let mut round = Round::new(&rules, &pool);
    let before = round.propose(&|| false).unwrap();
    let mut lists = Candidates::new(&rules, &pool);
    let mut other = |who: &BeneficiaryIx| {
        lists.of(*who).into_iter().map(|it| it.mentor).find(|it| before.mentor_of(*who) != Some(*it))
    };
    let (who, mentor) = people(&pool).iter().find_map(|it| Some((*it, other(it)?))).unwrap();
    round.pin(who, mentor).unwrap();
    let after = round.propose(&|| false).unwrap();
    assert_eq!(after.mentor_of(who), Some(mentor));
    assert_eq!(after.problem().seats()[mentor.at()] + 1, pool.mentors()[mentor.at()].free_seats);
}

#[test]
fn an_impossible_mentorship_cannot_be_pinned_and_says_why() {
    let rules = MatchingRules::default();
    let mut town = Town::new(&mut Dice::new(6), 1, 1);
    town.beneficiaries[0].special_training = Tags(2);
    town.mentors[0].free_seats = 0;
    let pool = town.pool();
    let refused = Round::new(&rules, &pool).pin(BeneficiaryIx(0), MentorIx(0)).unwrap_err();
    let NoProposal::Pin(_, _, barriers) = refused else { panic!("{refused}") };
    assert!(barriers.has(Barrier::NoSeat) && barriers.has(Barrier::SpecialTrainingRequired));
}

#[test]
fn a_declined_pair_does_not_come_back_in_the_round() {
    let rules = MatchingRules::default();
    let mut town = Town::new(&mut Dice::new(7), 20, 20);
    let pool = town.pool();
    let first = Round::new(&rules, &pool).propose(&|| false).unwrap().mentorships().next().unwrap();
    let (beneficiary, mentor) =
        (pool.beneficiaries()[first.beneficiary.at()].id, pool.mentors()[first.mentor.at()].id);
    let barriers = Barriers::from_iter([Barrier::DeclinedInRound]);
    town.records.push(PairRecord {
        beneficiary,
        mentor,
        barriers,
        rank_by_beneficiary: None,
        rank_by_mentor: None,
    });
    let pool = town.pool();
    let again = Round::new(&rules, &pool).propose(&|| false).unwrap();
    assert_ne!(again.mentor_of(first.beneficiary), Some(first.mentor));
}

#[test]
fn rules_that_contradict_themselves_are_refused_for_all_reasons_at_once() {
    let shipped = MatchingRules::default();
    assert_eq!(shipped.judge(), Ok(()));
    assert_eq!(crate::examples::of::<MatchingRules>(), shipped);
    let weights = Weights { interests: 301, ..shipped.weights };
    let wrong = MatchingRules {
        weights,
        waiting_days: vec![60, 60],
        best_age_gap_years: 3,
        shown_before_consent: vec![Criterion::Age, Criterion::Hours, Criterion::Age],
        ..shipped.clone()
    };
    let refused = wrong.judge().unwrap_err();
    let codes: Vec<_> = refused.reasons().iter().map(|it| it.rule).collect();
    assert_eq!(codes, [&WEIGHTS, &WAITING, &AGE_GAP, &SHOWN]);
    assert_eq!(
        shipped.differences(&wrong),
        ["best_age_gap_years", "shown_before_consent", "waiting_days", "weights"]
    );
    let stricter = MatchingRules { specialist_answer: true, ..shipped.clone() };
    assert_eq!(
        (shipped.differences(&stricter), stricter.judge()),
        (vec!["specialist_answer".into()], Ok(()))
    );
}

#[test]
fn rules_of_before_say_nothing_of_the_specialist_and_show_what_is_shipped() {
    let mut form = serde_json::to_value(MatchingRules::default()).unwrap();
    let members = form.as_object_mut().unwrap();
    assert!(
        members.remove("specialist_answer").is_some() && members.remove("shown_before_consent").is_some()
    );
    assert_eq!(serde_json::from_value::<MatchingRules>(form).unwrap(), MatchingRules::default());
}

#[test]
fn risk_goes_before_waiting_and_waiting_before_chance() {
    let rules = MatchingRules::default();
    assert_eq!(rules.priority(Risk::new(0), 59), 0);
    assert_eq!(rules.priority(Risk::new(0), 400), 3);
    assert_eq!(rules.priority(Risk::new(1), 0), 4);
    assert_eq!(rules.priority(Risk::HIGHEST, 365), 15);
    assert_eq!(rules.priorities(), 16);
}
