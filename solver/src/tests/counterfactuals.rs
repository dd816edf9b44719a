//! Counterfactuals compared with problems that are really solved with the other choice.
use super::*;
use crate::{BeneficiaryIx, Explained, price_of};

const DISTRICT: Shape =
    Shape { beneficiaries: 14, mentors: 8, seats: 2, cost: 50, left_out: 120, density: 5 };

/// The same problem, in which the chooser must have this mentor.
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
