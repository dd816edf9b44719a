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
