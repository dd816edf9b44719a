//! Properties that every answer must have.
use super::*;
use crate::{BeneficiaryIx, Malformed, Unsolved, Violation, certify, price_of};
use std::cell::Cell;

const TOWN: Shape =
    Shape { beneficiaries: 60, mentors: 25, seats: 3, cost: 500, left_out: 40_000, density: 3 };

/// The same problem with some mentorships left out and other seats.
fn changed(problem: &Problem, keep: impl Fn(BeneficiaryIx, MentorIx) -> bool, seats: Vec<u32>) -> Problem {
    let mut other = Problem::new(seats);
    for who in problem.everyone() {
        let (mentors, costs) = problem.row(who);
        let options = mentors.iter().copied().map(MentorIx).zip(costs.iter().copied());
        other.push(problem.left_out()[who.at()], options.filter(|it| keep(who, it.0))).unwrap();
    }
    other
}

#[test]
fn the_certificate_refuses_every_answer_that_is_not_the_best() {
    let mut dice = Dice::new(6);
    for _ in 0..300 {
        let problem = random(&mut dice, TOWN);
        let solution = solved(&problem);
        let Some(matched) = solution.mate().iter().position(Option::is_some) else { continue };
        let mut worse = solution.mate().to_vec();
        worse[matched] = None;
        let gap = price_of(&problem, &worse).unwrap() - solution.objective();
        let verdict = certify(&problem, &worse, solution.prices());
        assert_eq!(verdict.is_ok(), gap == 0, "{verdict:?}");
    }
}

#[test]
fn the_certificate_refuses_prices_that_prove_nothing_and_seats_that_are_not_there() {
    let mut problem = Problem::new(vec![1]);
    problem.push(10, [(MentorIx(0), 1)]).unwrap();
    problem.push(20, [(MentorIx(0), 2)]).unwrap();
    let solution = solved(&problem);
    assert_eq!(solution.mate(), [None, Some(MentorIx(0))]);
    assert_eq!(certify(&problem, solution.mate(), solution.prices()), Ok(12));
    assert_eq!(certify(&problem, solution.mate(), &[0]), Err(Violation::Gap { objective: 12, bound: 3 }));
    assert_eq!(certify(&problem, solution.mate(), &[-1]), Err(Violation::NegativePrice(MentorIx(0))));
    assert_eq!(certify(&problem, &[Some(MentorIx(0)); 2], &[9]), Err(Violation::OverCapacity(MentorIx(0))));
    let impossible = Violation::Impossible(BeneficiaryIx(0), MentorIx(1));
    assert_eq!(certify(&problem, &[Some(MentorIx(1)), None], &[9]), Err(impossible));
    assert_eq!(certify(&problem, &[None], &[9]), Err(Violation::Shape));
}

#[test]
fn lifting_a_veto_never_makes_the_answer_dearer() {
    let mut dice = Dice::new(7);
    for _ in 0..200 {
        let problem = random(&mut dice, TOWN);
        let (who, mentor) = (dice.roll(60), dice.roll(25));
        let vetoed = |w: BeneficiaryIx, m: MentorIx| u64::from(w.0) == who || u64::from(m.0) == mentor;
        let strict = changed(&problem, |w, m| !vetoed(w, m), problem.seats().to_vec());
        assert!(solved(&problem).objective() <= solved(&strict).objective());
    }
}

#[test]
fn a_seat_more_never_leaves_more_people_out_and_saves_at_most_its_price() {
    let mut dice = Dice::new(8);
    // Being left out costs more than any choice of mentors, as in a real round.
    let strict = Shape { cost: 5, left_out: 1, ..TOWN };
    for _ in 0..200 {
        let problem = random(&mut dice, strict);
        let mut covered = Problem::new(problem.seats().to_vec());
        for who in problem.everyone() {
            let (mentors, costs) = problem.row(who);
            let class = 1 + dice.cost(4);
            covered
                .push(class * 1000, mentors.iter().copied().map(MentorIx).zip(costs.iter().copied()))
                .unwrap();
        }
        if covered.mentors() == 0 {
            continue;
        }
        let lucky = usize::try_from(dice.roll(u64::try_from(covered.mentors()).unwrap())).unwrap();
        let mut seats = covered.seats().to_vec();
        seats[lucky] += 1;
        let (before, after) = (solved(&covered), solved(&changed(&covered, |_, _| true, seats)));
        assert!(after.matched() >= before.matched());
        let saved = before.objective() - after.objective();
        assert!((0..=before.prices()[lucky]).contains(&saved), "{saved} of {:?}", before.prices()[lucky]);
    }
}

#[test]
fn the_same_problem_has_the_same_answer_each_time() {
    let mut dice = Dice::new(9);
    for _ in 0..50 {
        let problem = random(&mut dice, TOWN);
        assert_eq!(solved(&problem), solved(&problem.clone()));
        assert_eq!(lowering(&problem, usize::MAX), lowering(&problem.clone(), usize::MAX));
    }
}

#[test]
fn a_matching_stops_when_told_to() {
    let problem = random(&mut Dice::new(11), TOWN);
    let asks = |most: u32| {
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > most
        };
        (solve_lowering(&problem, usize::MAX, &stop), asked.get())
    };
    let (solution, all) = asks(u32::MAX);
    assert!(solution.is_ok() && all > 20, "{all}");
    for most in 0..all {
        let (stopped, asked) = asks(most);
        assert!(matches!(stopped, Err(Unsolved::Cancelled(_))), "{most} of {all}");
        assert_eq!(asked, most + 1, "who was told to stop does not ask again");
    }
}

#[test]
fn seats_that_are_found_only_in_long_ways_are_found_all_the_same() {
    // Everyone in a row of seats can move to the next row. Each newcomer knows only the first row.
    let (seats, rows) = (200, 5);
    let mut problem = Problem::new(vec![seats; 6]);
    for row in 0..rows {
        for who in 0..seats {
            let left_out = 100_000 + i64::from(who);
            problem.push(left_out, [(MentorIx(row), 1), (MentorIx(row + 1), 2)]).unwrap();
        }
    }
    for who in 0..seats + 7 {
        problem.push(1000 + i64::from(who), [(MentorIx(0), 1)]).unwrap();
    }
    let solution = solved(&problem);
    assert_eq!(solution.matched(), 1200);
    let left_out: i128 = (1000..1007).sum();
    assert_eq!(solution.objective(), left_out + 200 + 2 * 1000);
}

#[test]
fn nobody_and_nothing_is_a_problem_too() {
    assert_eq!(solved(&Problem::new(vec![])).objective(), 0);
    assert_eq!(solved(&Problem::new(vec![3, 0])).objective(), 0);
    let mut lonely = Problem::new(vec![]);
    lonely.push(7, []).unwrap();
    assert_eq!(solved(&lonely).mate(), [None]);
    let mut full = Problem::new(vec![0]);
    full.push(7, [(MentorIx(0), 1)]).unwrap();
    assert_eq!((solved(&full).objective(), solved(&full).matched()), (7, 0));
    assert_eq!(solved(&full).prices(), [6], "what a first seat would save");
    let mut roomy = Problem::new(vec![u32::MAX]);
    roomy.push(7, [(MentorIx(0), 1)]).unwrap();
    assert_eq!((solved(&roomy).objective(), solved(&roomy).prices()), (1, &[0][..]));
}

#[test]
fn rows_that_are_no_problem_are_refused() {
    let rows = |mentors: Vec<u32>, costs: Vec<i64>| {
        Problem::from_rows(vec![1, 1], vec![0, mentors.len()], vec![5], mentors, costs)
    };
    assert!(rows(vec![0, 1], vec![1, 2]).is_ok());
    assert_eq!(rows(vec![1, 0], vec![1, 2]), Err(Malformed::Mentors));
    assert_eq!(rows(vec![0, 0], vec![1, 2]), Err(Malformed::Mentors));
    assert_eq!(rows(vec![2], vec![1]), Err(Malformed::Mentors));
    assert_eq!(rows(vec![0], vec![-1]), Err(Malformed::Cost));
    assert_eq!(rows(vec![0], vec![1, 2]), Err(Malformed::Rows));
    assert_eq!(Problem::from_rows(vec![], vec![0, 1, 0], vec![1, 1], vec![], vec![]), Err(Malformed::Rows));
}
