//! Tests of counting the mentors that each rule excludes.
use super::Dice;
use super::town::Town;
use crate::base::word::Word;
use crate::matching::*;

/// A town in which any barrier may stand anywhere: on either side, and between two people.
fn barred(dice: &mut Dice, beneficiaries: u64, mentors: u64) -> Town {
    let mut town = Town::new(dice, beneficiaries, mentors);
    let count = u64::try_from(Barrier::ALL.len()).unwrap();
    let any = |dice: &mut Dice, odds: u64| {
        let barrier = Barrier::ALL[usize::try_from(dice.roll(count)).unwrap()];
        Barriers::NONE.with(barrier, dice.roll(odds) == 0)
    };
    for it in &mut town.beneficiaries {
        it.barriers = any(dice, 4);
    }
    for it in &mut town.mentors {
        it.barriers = any(dice, 3).and(any(dice, 9));
    }
    for it in &mut town.records {
        it.barriers = any(dice, 2).and(any(dice, 3));
    }
    town
}

#[test]
fn a_tally_counts_what_a_preview_counts() {
    let mut possible = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let hours_needed = u16::try_from(1 + dice.roll(3)).unwrap();
        let rules = MatchingRules { hours_needed, ..MatchingRules::default() };
        // Words of 64 mentors are full, begun and missing.
        let mentors = [0, 1, 63, 64, 65, 130][usize::try_from(seed % 6).unwrap()];
        let pool = match seed % 2 {
            0 => Town::new(&mut dice, 20, mentors).pool(),
            _ => barred(&mut dice, 20, mentors).pool(),
        };
        let mut tally = Tally::new(&rules, &pool);
        for (who, _) in pool.waiting() {
            let told = preview(&rules, &pool, who, 0);
            let counted = tally.of(who);
            assert_eq!(counted, Counted { possible: told.possible, counts: told.counts }, "seed {seed}");
            possible += counted.possible;
        }
        assert_eq!(tally.of(BeneficiaryIx(20)), Counted::default());
    }
    assert!(possible > 100, "{possible}");
}
