//! Explanations compared with the result of really choosing otherwise.
use super::town::Town;
use super::*;
use crate::matching::*;

#[test]
fn everyone_is_told_why() {
    let rules = MatchingRules::default();
    let (mut barred, mut lonely, mut outbid) = (0, 0, 0);
    for seed in 0..30 {
        let pool = Town::new(&mut Dice::new(seed), 40, 15).pool();
        let round = Round::new(&rules, &pool);
        let proposal = round.propose(&|| false).unwrap();
        let explanation = round.explain(&proposal);
        let mut tally = Tally::new(&rules, &pool);
        for (who, profile) in pool.waiting() {
            let Some(why) = explanation.why_left_out(who, &mut tally) else {
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
                    assert_eq!(counts, preview(&rules, &pool, who, 0).counts);
                }
                WhyLeftOut::SeatsToOthers { possible, taken } => {
                    outbid += 1;
                    assert!(possible > 0 && taken.len() == possible.min(20));
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
fn one_who_is_outbid_is_told_the_first_of_all_possible_mentors_by_the_lowest_priority_of_their_mentees() {
    let rules = MatchingRules::default();
    let (mut all_told, mut some_told) = (0, 0);
    for seed in 0..12 {
        let town = Town::new(&mut Dice::new(seed), 150, 60);
        let pool = town.pool();
        let mut round = Round::new(&rules, &pool);
        // Somebody who is pinned to a mentor has no row in the problem.
        let mut lists = Candidates::new(&rules, &pool);
        let mut pairs = pool.waiting().filter_map(|(who, _)| Some((who, lists.of(who).first()?.mentor)));
        let (who, mentor) = pairs.next().unwrap();
        round.pin(who, mentor).unwrap();
        let proposal = round.propose(&|| false).unwrap();
        let (explanation, mut tally) = (round.explain(&proposal), Tally::new(&rules, &pool));
        for (who, _) in pool.waiting() {
            let Some(WhyLeftOut::SeatsToOthers { possible, taken }) =
                explanation.why_left_out(who, &mut tally)
            else {
                continue;
            };
            let lowest = |mentor: MentorIx| {
                let mentees = proposal.mentorships().filter(|it| it.mentor == mentor);
                mentees.map(|it| round.priority(it.beneficiary)).min().unwrap_or_default()
            };
            let mentors = pool
                .mentor_ixs()
                .filter(|it| pool.assess(&rules, who, *it).is_some_and(|pair| pair.barriers.is_empty()));
            let mut expected: Vec<_> = mentors.map(|it| (lowest(it), it)).collect();
            expected.sort();
            assert_eq!(possible, expected.len());
            expected.truncate(20);
            let told: Vec<_> = taken.iter().map(|it| (it.lowest_priority, it.mentor)).collect();
            assert_eq!(told, expected, "seed {seed}");
            assert!(taken.iter().all(|it| it.scarcity == proposal.scarcity(it.mentor)));
            *(if possible > 20 { &mut some_told } else { &mut all_told }) += 1;
        }
    }
    assert!(all_told > 0 && some_told > 0, "{all_told} {some_told}");
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
                        // The order is strict: nobody more urgent gains; and if coverage is equal, the choices do not gain.
                        assert!(it.newly_covered.iter().max() <= it.newly_left_out.iter().max());
                        assert_eq!(it.costs() == RoundCost::Nothing, it.counterfactual.price == 0);
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
