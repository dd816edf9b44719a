//! The Hungarian method on a table of seats: cubic, dense, and independent of the auction.
use super::*;
use crate::{BeneficiaryIx, price_of};

/// The cheapest answer: one column per seat and one per beneficiary who stays out.
fn hungarian(problem: &Problem) -> Vec<Option<MentorIx>> {
    let owners: Vec<MentorIx> = (0..)
        .map(MentorIx)
        .zip(problem.seats())
        .flat_map(|(mentor, seats)| std::iter::repeat_n(mentor, usize::try_from(*seats).unwrap()))
        .collect();
    let people = problem.beneficiaries();
    let forbidden = 1_i128 << 80;
    let cost = |row: usize, column: usize| {
        let who = BeneficiaryIx(u32::try_from(row).unwrap());
        match owners.get(column) {
            Some(mentor) => problem.cost(who, *mentor).map_or(forbidden, i128::from),
            None if column - owners.len() == row => i128::from(problem.left_out()[row]),
            None => forbidden,
        }
    };
    let mut mate = vec![None; people];
    for (column, row) in columns(people, owners.len() + people, cost).into_iter().enumerate() {
        if let (Some(row), Some(mentor)) = (row, owners.get(column)) {
            mate[row] = Some(*mentor);
        }
    }
    mate
}

/// The row of every column in a cheapest full assignment of the rows; row and column 0 are sentinels.
fn columns(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> i128) -> Vec<Option<usize>> {
    let (mut u, mut v) = (vec![0; rows + 1], vec![0; columns + 1]);
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let (mut least, mut used, mut way) =
            (vec![i128::MAX; columns + 1], vec![false; columns + 1], vec![0; columns + 1]);
        let mut at = 0;
        while row_of[at] != 0 {
            used[at] = true;
            let from = row_of[at];
            let (mut step, mut next) = (i128::MAX, 0);
            for column in (1..=columns).filter(|it| !used[*it]) {
                let reduced = cost(from - 1, column - 1) - u[from] - v[column];
                if reduced < least[column] {
                    (least[column], way[column]) = (reduced, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=columns {
                if used[column] {
                    u[row_of[column]] += step;
                    v[column] -= step;
                } else if column > 0 {
                    least[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            row_of[at] = row_of[way[at]];
            at = way[at];
        }
    }
    row_of.iter().skip(1).map(|it| it.checked_sub(1)).collect()
}

#[test]
fn problems_of_dozens_of_people_cost_what_the_hungarian_method_finds() {
    let mut dice = Dice::new(5);
    for case in 0..90 {
        // The costs need 64 bits, 128 bits at the end, or 128 bits from the start. Mentors cost little in half of the cases.
        let dear = [3_000_000, i64::MAX / 16, crate::MAX_COST][case % 3];
        let shape = Shape {
            beneficiaries: 40,
            mentors: 15,
            seats: 3,
            cost: if case % 2 == 0 { 10_000 } else { dear / 2 },
            left_out: dear,
            density: 1 + u64::try_from(case).unwrap() % 9,
        };
        let problem = random(&mut dice, shape);
        let oracle = price_of(&problem, &hungarian(&problem)).unwrap();
        assert_eq!(solved(&problem).objective(), oracle, "{problem:?}");
    }
}
