//! Every answer of the engine held against slower ways that share no code with it.
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

/// What a random problem looks like: the largest numbers of people, of seats and the costs.
#[derive(Clone, Copy)]
struct Shape {
    beneficiaries: u64,
    mentors: u64,
    seats: u64,
    cost: i64,
    left_out: i64,
    /// How many of ten mentorships are possible.
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

/// Small problems lower no empty seat, large ones the last few: every problem is solved with one of them lowered
/// and with all, too.
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
