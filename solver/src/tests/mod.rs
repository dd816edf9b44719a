//! Every answer of the solver compared with slower algorithms that share no code with it.
mod counterfactuals;
mod dice;
mod exhaustive;
mod hungarian;
mod properties;

use crate::solution::solve_lowering;
use crate::{MentorIx, Problem, Solution, solve};
use dice::Dice;

impl Dice {
    fn cost(&mut self, below: i64) -> i64 {
        i64::try_from(self.roll(below.unsigned_abs())).unwrap()
    }
}

/// The shape of a random problem: the greatest numbers of people and seats, and the greatest costs.
#[derive(Clone, Copy)]
struct Shape {
    beneficiaries: u64,
    mentors: u64,
    seats: u64,
    cost: i64,
    left_out: i64,
    /// The number of possible pairs in ten.
    density: u64,
}

fn random(dice: &mut Dice, shape: Shape) -> Problem {
    let beneficiaries = dice.roll(shape.beneficiaries + 1);
    let mentors = u32::try_from(dice.roll(shape.mentors + 1)).unwrap();
    let seats = (0..mentors).map(|_| u32::try_from(dice.roll(shape.seats + 1)).unwrap()).collect();
    let mut problem = Problem::new(seats);
    for _ in 0..beneficiaries {
        let possible: Vec<u32> = (0..mentors).filter(|_| dice.roll(10) < shape.density).collect();
        let left_out = dice.cost(shape.left_out);
        let options: Vec<_> = possible.into_iter().map(|it| (MentorIx(it), dice.cost(shape.cost))).collect();
        problem.push(left_out, options).unwrap();
    }
    problem
}

/// Solves the problem three times: as usual, with at most one empty seat lowered, and with all of them lowered. Otherwise small
/// problems would lower none, and large ones only a few.
fn solved(problem: &Problem) -> Solution {
    let solution = solve(problem, &|| false).unwrap_or_else(|it| panic!("{it} in {problem:?}"));
    for few in [1, usize::MAX] {
        let lowered = lowering(problem, few);
        assert_eq!(lowered.objective(), solution.objective(), "{few} in {problem:?}");
    }
    solution
}

fn lowering(problem: &Problem, few: usize) -> Solution {
    solve_lowering(problem, few, &|| false).unwrap_or_else(|it| panic!("{it} in {problem:?}"))
}
