//! Solving a problem, and the proven solution.
use super::auction::{Auction, Cancelled, Outcome};
use super::certificate::{Violation, certify};
use super::integer::{fits_in_64_bits, scale};
use super::monitor::{Monitor, Part};
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};

/// An answer that has been proven optimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    mate: Vec<Option<MentorIx>>,
    prices: Vec<i128>,
    objective: i128,
}

/// The reason why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// The work was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The certificate is not valid. This is a defect of the solver, so the answer is withheld.
    #[error("the certificate does not hold: {0}")]
    Unproven(#[from] Violation),
}

/// The limit for lowering empty seats one by one: one seat in this number of all seats. With more, raising the floor is faster.
/// The number was measured with 1 000 to 400 000 beneficiaries.
const RARE: usize = 2048;

/// Finds the assignment of least cost and proves it. Asks the monitor from time to time whether to stop.
pub fn solve(problem: &Problem, monitor: &dyn Monitor) -> Result<Solution, Unsolved> {
    let people = problem.beneficiaries();
    let seats: usize = problem.seats().iter().map(|it| wide(*it).min(people)).sum();
    solve_lowering(problem, seats.min(people) / RARE, monitor)
}

/// Solves like [`solve`], but lowers at most `few` empty seats at the end of a phase. The number changes the time, and the
/// choice among equally good answers.
/// several best answers comes.
pub(crate) fn solve_lowering(
    problem: &Problem,
    few: usize,
    monitor: &dyn Monitor,
) -> Result<Solution, Unsolved> {
    let outcome = bid(problem, few, &Part { whole: monitor, from: 0, to: 950 })?;
    let solution = Solution::proven(problem, outcome.mate, outcome.prices)?;
    monitor.note_progress(1000);
    Ok(solution)
}

/// Runs the auction. It counts in 64 bits as long as they are enough, because most of the work is done before the raises are
/// small.
fn bid(problem: &Problem, few: usize, monitor: &dyn Monitor) -> Result<Outcome, Cancelled> {
    let scale = scale(problem);
    if fits_in_64_bits(problem, scale) {
        return Ok(Auction::<i64>::new(problem, scale, few, monitor).run()?.outcome());
    }
    if !fits_in_64_bits(problem, 1) {
        return Ok(Auction::<i128>::new(problem, scale, few, monitor).run()?.outcome());
    }
    let coarse = Part { whole: monitor, from: 0, to: 800 };
    let fine = Part { whole: monitor, from: 800, to: 1000 };
    Ok(Auction::<i64>::new(problem, 1, few, &coarse).run()?.refine(scale, &fine)?.outcome())
}

/// Sets the prices of mentors without seats. Any high price proves the same; the lowest one is the value of a first seat.
fn price_the_seatless(problem: &Problem, prices: &mut [i128]) {
    if !problem.seats().contains(&0) {
        return;
    }
    let seatless: Vec<bool> = problem.seats().iter().map(|it| *it == 0).collect();
    let is_seatless = |mentor: u32| seatless.get(wide(mentor)).copied().unwrap_or_default();
    let mut worth = vec![0_i128; prices.len()];
    for (who, left_out) in problem.everyone().zip(problem.left_out()) {
        let (mentors, costs) = problem.row(who);
        let edges = || mentors.iter().zip(costs).map(|(mentor, cost)| (*mentor, i128::from(*cost)));
        let open = edges().filter(|it| !is_seatless(it.0));
        let places = open.filter_map(|it| Some(it.1 + prices.get(wide(it.0))?));
        let best = places.fold(i128::from(*left_out), i128::min);
        for (mentor, cost) in edges().filter(|it| is_seatless(it.0)) {
            worth.get_mut(wide(mentor)).into_iter().for_each(|it| *it = (best - cost).max(*it));
        }
    }
    for ((price, worth), seatless) in prices.iter_mut().zip(worth).zip(&seatless) {
        if *seatless {
            *price = worth;
        }
    }
}

impl Solution {
    /// A solution, if the prices prove the answer.
    pub fn proven(
        problem: &Problem,
        mate: Vec<Option<MentorIx>>,
        mut prices: Vec<i128>,
    ) -> Result<Self, Unsolved> {
        price_the_seatless(problem, &mut prices);
        let objective = certify(problem, &mate, &prices)?;
        Ok(Self { mate, prices, objective })
    }
    /// The mentor of a beneficiary. `None` if the beneficiary gets no mentor.
    pub fn mentor_of(&self, who: BeneficiaryIx) -> Option<MentorIx> {
        self.mate.get(who.at()).copied().flatten()
    }
    /// The mentor of every beneficiary, in order.
    pub fn mate(&self) -> &[Option<MentorIx>] {
        &self.mate
    }
    /// The greatest saving from one more seat of a mentor, in units of the costs. 0 if a seat stays free.
    pub fn price(&self, mentor: MentorIx) -> i128 {
        self.prices.get(mentor.at()).copied().unwrap_or_default()
    }
    /// The prices of all mentors, in order.
    pub fn prices(&self) -> &[i128] {
        &self.prices
    }
    /// The cost of the solution. No assignment costs less.
    pub fn objective(&self) -> i128 {
        self.objective
    }
    /// The number of beneficiaries who get a mentor.
    pub fn matched(&self) -> usize {
        self.mate.iter().flatten().count()
    }
}
