//! Explanations held against what really happens when one chooses otherwise.
use super::town::Town;
use super::*;
use crate::matching::*;

const DISTRICT: Shape =
    Shape { beneficiaries: 14, mentors: 8, seats: 2, cost: 50, left_out: 120, density: 5 };

/// The same problem, in which somebody must have that mentor.
fn forced(problem: &Problem, chooser: BeneficiaryIx, mentor: MentorIx) -> Problem {
    let mut other = Problem::new(problem.seats().to_vec());
    for who in problem.everyone() {
        let (mentors, costs) = problem.row(who);
        let options = mentors.iter().copied().map(MentorIx).zip(costs.iter().copied());
        if who == chooser {
            other.push(1_000_000, options.filter(|it| it.0 == mentor)).unwrap();
        } else {
            other.push(problem.left_out()[who.at()], options).unwrap();
        }
    }
    other
}

#[test]
fn the_price_of_another_mentor_is_what_the_round_would_really_lose() {
    let mut dice = Dice::new(21);
    let mut chains = 0;
    for _ in 0..60 {
        let problem = random(&mut dice, DISTRICT);
        let solution = solved(&problem);
        let explained = Explained::new(&problem, &solution);
        for who in problem.everyone() {
            for mentor in problem.row(who).0.iter().map(|it| MentorIx(*it)) {
                if problem.seats()[mentor.at()] == 0 {
                    assert_eq!(explained.choosing(who, mentor), None);
                    continue;
                }
                let told = explained.choosing(who, mentor).unwrap();
                let lost = solved(&forced(&problem, who, mentor)).objective() - solution.objective();
                assert_eq!(told.price, lost);
                let mut mate = solution.mate().to_vec();
                for it in &told.moves {
                    assert_eq!(mate[it.who.at()], it.from);
                    mate[it.who.at()] = it.to;
                }
                assert_eq!(price_of(&problem, &mate).unwrap() - solution.objective(), lost);
                assert_eq!(mate[who.at()], Some(mentor));
                chains = chains.max(told.moves.len());
            }
        }
    }
    assert!(chains > 3, "some choices make several others move");
}

#[test]
fn alternatives_come_cheapest_first_and_none_is_missed() {
    let mut dice = Dice::new(22);
    for _ in 0..60 {
        let problem = random(&mut dice, DISTRICT);
        let solution = solved(&problem);
        let explained = Explained::new(&problem, &solution);
        for who in problem.everyone() {
            let others = problem
                .row(who)
                .0
                .iter()
                .map(|it| MentorIx(*it))
                .filter(|it| Some(*it) != solution.mentor_of(who));
            let mut all: Vec<_> =
                others.filter_map(|it| Some((explained.choosing(who, it)?.price, it))).collect();
            all.sort_unstable();
            all.truncate(3);
            let told: Vec<_> =
                explained.alternatives(who, 3).into_iter().map(|it| (it.1.price, it.0)).collect();
            assert_eq!(told, all);
        }
    }
}

#[test]
fn everyone_is_told_why() {
    let rules = MatchingRules::default();
    let (mut barred, mut lonely, mut outbid) = (0, 0, 0);
    for seed in 0..30 {
        let pool = Town::new(&mut Dice::new(seed), 40, 15).pool();
        let round = Round::new(&rules, &pool);
        let proposal = round.propose(&|| false).unwrap();
        let explanation = round.explain(&proposal);
        for (who, profile) in pool.waiting() {
            let Some(why) = explanation.why_left_out(who) else {
                let (mentor, origin, pair) = explanation.why(who).unwrap();
                assert_eq!((Some(mentor), origin), (proposal.mentor_of(who), Origin::Optimum));
                assert!(pair.barriers.is_empty());
                continue;
            };
            match why {
                WhyLeftOut::Barred(barriers) => {
                    barred += 1;
                    assert_eq!(barriers, profile.barriers);
                }
                WhyLeftOut::NoCandidate(counts) => {
                    lonely += 1;
                    assert!(counts.iter().map(|it| it.1).sum::<u32>() >= 15);
                }
                WhyLeftOut::SeatsToOthers(taken) => {
                    outbid += 1;
                    assert!(
                        taken.iter().all(|it| it.scarcity > 0 && it.lowest_priority >= round.priority(who))
                    );
                }
            }
        }
    }
    assert!(barred > 0 && lonely > 0 && outbid > 0);
}

#[test]
fn why_not_this_mentor_names_the_rule_or_whom_it_would_cost() {
    let rules = MatchingRules::default();
    let mut worse = 0;
    for seed in 0..10 {
        let pool = Town::new(&mut Dice::new(seed), 30, 15).pool();
        let round = Round::new(&rules, &pool);
        let proposal = round.propose(&|| false).unwrap();
        let explanation = round.explain(&proposal);
        for (who, _) in pool.waiting() {
            for mentor in (0..15).map(MentorIx) {
                match explanation.why_not(who, mentor).unwrap() {
                    WhyNot::Proposed => assert_eq!(proposal.mentor_of(who), Some(mentor)),
                    WhyNot::Forbidden(barriers) => assert!(!barriers.is_empty()),
                    WhyNot::Worse(it) => {
                        worse += 1;
                        // In strict order: nobody more urgent gains, and if coverage is equal, not choices.
                        assert!(it.newly_covered.iter().max() <= it.newly_left_out.iter().max());
                        if it.newly_covered == it.newly_left_out {
                            assert!(it.choices < 0 || it.choices == 0 && it.fit <= 0);
                        }
                    }
                    WhyNot::Decided => panic!("nothing was decided before"),
                }
            }
        }
    }
    assert!(worse > 100);
}

#[test]
fn a_mentor_is_scarce_whose_every_seat_is_taken_and_wanted() {
    let rules = MatchingRules::default();
    let pool = Town::new(&mut Dice::new(3), 40, 15).pool();
    let round = Round::new(&rules, &pool);
    let proposal = round.propose(&|| false).unwrap();
    let scarce = round.explain(&proposal).scarce();
    assert!(!scarce.is_empty() && scarce.is_sorted_by(|a, b| a.1 >= b.1));
    for (mentor, _) in scarce {
        let mentees = proposal.mentorships().filter(|it| it.mentor == mentor).count();
        assert_eq!(u32::try_from(mentees).unwrap(), pool.mentors()[mentor.at()].free_seats);
    }
}
