//! The proof that an answer is the best one: prices under which nobody could do better.
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};

/// Why an answer is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The answer or the prices are of another problem.
    #[error("the answer does not fit the problem")]
    Shape,
    /// A mentorship in the answer is not among those possible.
    #[error("beneficiary {} cannot have mentor {}", .0.0, .1.0)]
    Impossible(BeneficiaryIx, MentorIx),
    /// A mentor got more than the free seats.
    #[error("mentor {} has more mentorships than free seats", .0.0)]
    OverCapacity(MentorIx),
    /// A price is negative.
    #[error("the price of mentor {} is negative", .0.0)]
    NegativePrice(MentorIx),
    /// The prices prove less than the answer costs.
    #[error("the answer costs {objective}, the prices prove only {bound}")]
    Gap {
        /// What the answer costs.
        objective: i128,
        /// What every answer costs at least.
        bound: i128,
    },
}

/// Checks an answer in one pass over the possible mentorships and answers what it costs.
///
/// Under prices of seats that are nowhere negative, every assignment costs at least the sum of what each
/// beneficiary's cheapest place costs with its price, less the prices of all seats. An answer that costs
/// exactly that is optimal, whoever found it and however.
pub fn certify(problem: &Problem, mate: &[Option<MentorIx>], prices: &[i128]) -> Result<i128, Violation> {
    if mate.len() != problem.beneficiaries() || prices.len() != problem.mentors() {
        return Err(Violation::Shape);
    }
    let objective = price_of(problem, mate)?;
    let bound = bound(problem, prices)?;
    if objective == bound { Ok(objective) } else { Err(Violation::Gap { objective, bound }) }
}

/// What an answer costs, if it is one.
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
