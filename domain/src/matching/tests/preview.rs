//! Tests of the preview for one beneficiary or one pair.
use super::Dice;
use super::town::Town;
use crate::matching::*;

#[test]
fn a_preview_is_what_the_rules_say_of_every_mentor() {
    let rules = MatchingRules::default();
    for seed in 0..20 {
        let pool = Town::new(&mut Dice::new(seed), 6, 40).pool();
        let mut lists = Candidates::new(&rules, &pool);
        for (who, _) in pool.waiting() {
            let mut possible = lists.of(who);
            possible.sort_by_key(|it| (std::cmp::Reverse((it.choice, it.fit)), it.mentor));
            let told = preview(&rules, &pool, who, 5);
            assert_eq!(usize::try_from(told.possible).unwrap(), possible.len());
            assert_eq!(told.excluded.len() + possible.len(), 40);
            possible.truncate(5);
            let best: Vec<_> = told.best.iter().map(|it| (it.0, it.1.choice, it.1.fit)).collect();
            assert_eq!(best, possible.iter().map(|it| (it.mentor, it.choice, it.fit)).collect::<Vec<_>>());
            for (mentor, barriers) in &told.excluded {
                assert!(!barriers.is_empty());
                assert_eq!(*barriers, pool.assess(&rules, who, *mentor).unwrap().barriers);
            }
            for (barrier, count) in told.counts {
                let excluded = told.excluded.iter().filter(|it| it.1.has(barrier)).count();
                assert_eq!(usize::try_from(count).unwrap(), excluded);
            }
        }
        assert_eq!(preview(&rules, &pool, BeneficiaryIx(6), 5), Preview::default());
    }
}

#[test]
fn a_pair_stands_where_the_order_of_either_side_puts_it() {
    let rules = MatchingRules::default();
    let mut stood = 0;
    for seed in 0..20 {
        let pool = Town::new(&mut Dice::new(seed), 15, 15).pool();
        let mut lists = Candidates::new(&rules, &pool);
        for (who, _) in pool.waiting() {
            let told = preview(&rules, &pool, who, usize::MAX);
            for mentor in pool.mentor_ixs() {
                let standing = standing(&rules, &pool, who, mentor);
                let place = told.best.iter().position(|it| it.0 == mentor);
                assert_eq!(standing.is_some(), place.is_some());
                let Some((standing, place)) = standing.zip(place) else { continue };
                stood += 1;
                let rank = Rank { place: u32::try_from(place).unwrap() + 1, of: told.possible };
                assert_eq!(standing.among_mentors, rank);
                let all = pool.waiting().filter_map(|(other, _)| {
                    let pair = lists.of(other).into_iter().find(|it| it.mentor == mentor)?;
                    Some((std::cmp::Reverse((pair.choice, pair.fit)), other))
                });
                let mut all: Vec<_> = all.collect();
                all.sort_unstable();
                let place = all.iter().position(|it| it.1 == who).unwrap();
                let rank = [place + 1, all.len()].map(|it| u32::try_from(it).unwrap());
                assert_eq!(standing.among_beneficiaries, Rank { place: rank[0], of: rank[1] });
            }
        }
        assert_eq!(standing(&rules, &pool, BeneficiaryIx(0), MentorIx(99)), None);
    }
    assert!(stood > 100);
}
