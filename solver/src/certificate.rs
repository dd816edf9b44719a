//! The certificate: prices which prove that no assignment costs less than the answer.
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};

/// The reason why an answer is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The answer or the prices have the wrong length for the problem.
    #[error("the answer does not fit the problem")]
    Shape,
    /// The answer contains a pair that is not possible.
    #[error("beneficiary {} cannot have mentor {}", .0.0, .1.0)]
    Impossible(BeneficiaryIx, MentorIx),
    /// A mentor has more mentorships than free seats.
    #[error("mentor {} has more mentorships than free seats", .0.0)]
    OverCapacity(MentorIx),
    /// A price is negative.
    #[error("the price of mentor {} is negative", .0.0)]
    NegativePrice(MentorIx),
    /// The prices prove only a bound below the cost of the answer.
    #[error("the answer costs {objective}, the prices prove only {bound}")]
    Gap {
        /// The cost of the answer.
        objective: i128,
        /// The least cost of any answer, as far as the prices prove it.
        bound: i128,
    },
}

/// Checks an answer in one pass over the possible pairs, and returns its cost.
///
/// The prices of seats must not be negative. Take the cheapest place of each beneficiary, cost and price together. The sum over
/// all beneficiaries, less the prices of all seats, is a lower bound of every assignment. An answer with exactly this cost is
/// optimal, however it was found.
pub fn certify(problem: &Problem, mate: &[Option<MentorIx>], prices: &[i128]) -> Result<i128, Violation> {
    if mate.len() != problem.beneficiaries() || prices.len() != problem.mentors() {
        return Err(Violation::Shape);
    }
    let objective = price_of(problem, mate)?;
    let bound = bound(problem, prices)?;
    if objective == bound { Ok(objective) } else { Err(Violation::Gap { objective, bound }) }
}

/// The cost of an answer. Refuses an answer that the problem does not allow.
pub fn price_of(problem: &Problem, mate: &[Option<MentorIx>]) -> Result<i128, Violation> {
    let mut seats = problem.seats().to_vec();
    let mut objective = 0_i128;
    for ((who, mentor), left_out) in problem.everyone().zip(mate).zip(problem.left_out()) {
        let Some(mentor) = *mentor else {
            objective += i128::from(*left_out);
            continue;
        };
        let cost = problem.cost(who, mentor).ok_or(Violation::Impossible(who, mentor))?;
        let seats = seats.get_mut(mentor.at()).ok_or(Violation::Impossible(who, mentor))?;
        *seats = seats.checked_sub(1).ok_or(Violation::OverCapacity(mentor))?;
        objective += i128::from(cost);
    }
    Ok(objective)
}

fn bound(problem: &Problem, prices: &[i128]) -> Result<i128, Violation> {
    let mut bound = 0_i128;
    for ((mentor, price), seats) in (0..).map(MentorIx).zip(prices).zip(problem.seats()) {
        if *price < 0 {
            return Err(Violation::NegativePrice(mentor));
        }
        bound -= price * i128::from(*seats);
    }
    for (who, left_out) in problem.everyone().zip(problem.left_out()) {
        let (mentors, costs) = problem.row(who);
        let places = mentors
            .iter()
            .zip(costs)
            .filter_map(|(mentor, cost)| Some(i128::from(*cost) + prices.get(wide(*mentor))?));
        bound += places.fold(i128::from(*left_out), i128::min);
    }
    Ok(bound)
}
