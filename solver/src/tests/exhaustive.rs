//! Small problems, compared with the best of all their assignments.
use super::*;

fn best(problem: &Problem) -> i128 {
    let mut seats = problem.seats().to_vec();
    try_all(problem, 0, &mut seats)
}

fn try_all(problem: &Problem, from: usize, seats: &mut [u32]) -> i128 {
    let Some(left_out) = problem.left_out().get(from) else { return 0 };
    let who = super::super::BeneficiaryIx(u32::try_from(from).unwrap());
    let mut least = i128::from(*left_out) + try_all(problem, from + 1, seats);
    let (mentors, costs) = problem.row(who);
    for (mentor, cost) in mentors.iter().map(|it| usize::try_from(*it).unwrap()).zip(costs) {
        if seats[mentor] > 0 {
            seats[mentor] -= 1;
            least = least.min(i128::from(*cost) + try_all(problem, from + 1, seats));
            seats[mentor] += 1;
        }
    }
    least
}

fn hold(seed: u64, cases: u64, shape: Shape) {
    let mut dice = Dice::new(seed);
    for case in 0..cases {
        let problem = random(&mut dice, shape);
        assert_eq!(solved(&problem).objective(), best(&problem), "case {case}: {problem:?}");
    }
}

const SMALL: Shape = Shape { beneficiaries: 6, mentors: 5, seats: 2, cost: 8, left_out: 12, density: 5 };

#[test]
fn a_hundred_thousand_small_problems_full_of_ties_have_the_best_answer() {
    hold(1, 100_000, SMALL);
}

#[test]
fn a_hundred_thousand_small_problems_with_dear_gaps_have_the_best_answer() {
    hold(2, 100_000, Shape { cost: 1000, left_out: 100_000, density: 6, ..SMALL });
}

#[test]
fn a_hundred_thousand_small_problems_with_scarce_seats_have_the_best_answer() {
    hold(3, 100_000, Shape { mentors: 3, seats: 3, cost: 40, left_out: 90, density: 8, ..SMALL });
}

#[test]
fn small_problems_in_which_staying_out_outweighs_every_mentor_have_the_best_answer() {
    hold(7, 30_000, Shape { mentors: 3, seats: 3, cost: 8, left_out: 3000, density: 7, ..SMALL });
    hold(8, 30_000, Shape { cost: 2, left_out: 100, density: 4, ..SMALL });
}

#[test]
fn small_problems_beyond_64_bits_have_the_best_answer() {
    let dear = super::super::MAX_COST;
    hold(4, 3_000, Shape { cost: dear / 1000, left_out: dear, ..SMALL });
}

#[test]
fn small_problems_that_are_beyond_64_bits_only_at_the_end_have_the_best_answer() {
    let dear = i64::MAX / 16;
    hold(9, 3_000, Shape { cost: dear, left_out: dear, ..SMALL });
    hold(10, 3_000, Shape { cost: 3, left_out: dear, density: 9, ..SMALL });
    hold(11, 3_000, Shape { cost: dear / 1000, left_out: dear, mentors: 3, density: 8, ..SMALL });
}

#[test]
fn small_problems_at_the_edge_of_64_bits_have_the_best_answer() {
    // With five mentors the scale is seven. An overflow would panic here.
    let dear = i64::MAX / 16 / 7;
    hold(5, 3_000, Shape { cost: dear, left_out: dear, ..SMALL });
    hold(6, 3_000, Shape { cost: 3, left_out: dear, density: 9, ..SMALL });
}
