//! A stored proposal is restored exactly, and a wrong record is refused.
use super::Dice;
use super::town::Town;
use crate::base::word::Word;
use crate::matching::*;
use proptest::prelude::*;
use solver::*;

/// A round with some mentorships pinned.
fn pinned<'a>(rules: &'a MatchingRules, pool: &'a Pool, dice: &mut Dice) -> Round<'a> {
    let mut round = Round::new(rules, pool);
    let mut lists = Candidates::new(rules, pool);
    for (who, _) in pool.waiting() {
        let first = lists.of(who).first().map(|it| it.mentor).filter(|_| dice.roll(8) == 0);
        // A mentor whose seats are all pinned refuses the pin. The test accepts that.
        first.into_iter().for_each(|it| drop(round.pin(who, it)));
    }
    round
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_kept_proposal_is_recalled_as_it_was(seed: u64, mode in 0..MatchingMode::ALL.len()) {
        let mut dice = Dice::new(seed);
        let rules = MatchingRules { mode: MatchingMode::ALL[mode], ..MatchingRules::default() };
        let pool = Town::new(&mut dice, 30, 20).pool();
        let round = pinned(&rules, &pool, &mut dice);
        let proposal = round.propose(&|| false).unwrap();
        let text = serde_json::to_string(&proposal.kept()).unwrap();
        let kept: KeptProposal = serde_json::from_str(&text).unwrap();
        let read: Pool = serde_json::from_str(&serde_json::to_string(&pool).unwrap()).unwrap();
        let later = Round::new(&rules, &read);
        let recalled = later.recall(&kept).unwrap();
        prop_assert_eq!(&recalled, &proposal);
        prop_assert_eq!(later.totals(&recalled), round.totals(&proposal));
        let value = serde_json::to_value(proposal.kept()).unwrap();
        prop_assert_eq!(serde_json::from_value::<KeptProposal>(value).unwrap(), kept);
    }
}

#[test]
fn a_wrong_record_is_refused() {
    let (mut worse, mut moved, mut pretended) = (0, 0, 0);
    for (seed, mode) in (0..60).zip(MatchingMode::ALL.iter().cycle()) {
        let rules = MatchingRules { mode: *mode, ..MatchingRules::default() };
        let mut dice = Dice::new(seed);
        let pool = Town::new(&mut dice, 30, 20).pool();
        let round = pinned(&rules, &pool, &mut dice);
        let kept = round.propose(&|| false).unwrap().kept();
        for at in 0..kept.mentorships.len() {
            let changed = |change: &dyn Fn(&mut KeptProposal)| {
                let mut other = kept.clone();
                change(&mut other);
                round.recall(&other)
            };
            let dropped = changed(&|it| {
                it.mentorships.remove(at);
            });
            // Without its pin, the round is a different one. The remaining record may be its best proposal.
            if kept.mentorships[at].origin != Origin::Pinned {
                worse += 1;
                assert!(dropped.is_err());
            }
            let elsewhere = MentorIx((kept.mentorships[at].mentor.0 + 1) % 20);
            let (who, before) = (kept.mentorships[at].beneficiary, kept.mentorships[at].origin);
            if round.assess(who, elsewhere).unwrap().barriers.is_empty() && before == Origin::Optimum {
                moved += usize::from(changed(&|it| it.mentorships[at].mentor = elsewhere).is_err());
            }
            assert!(changed(&|it| it.mentorships.push(it.mentorships[at])).is_err());
            for other in [Origin::Optimum, Origin::MutualChoice] {
                // The round without the pin may propose the same pair.
                if other != before && before != Origin::Pinned {
                    pretended += 1;
                    assert!(changed(&|it| it.mentorships[at].origin = other).is_err());
                }
            }
        }
        let stranger =
            Proposed { beneficiary: BeneficiaryIx(30), mentor: MentorIx(0), origin: Origin::Optimum };
        let mut other = kept.clone();
        other.mentorships.push(stranger);
        assert_eq!(round.recall(&other).unwrap_err(), NoProposal::Record);
        let mut other = kept.clone();
        other.prices.pop();
        assert_eq!(round.recall(&other), Err(NoProposal::Unsolved(Violation::Shape.into())));
        // A mentor without seats is not used here, because any price of such a mentor proves the same.
        let seats = round.recall(&kept).unwrap().problem().seats().to_vec();
        let at = seats.iter().position(|it| *it > 0).unwrap();
        let mut other = kept.clone();
        other.prices[at] = -1;
        let negative = Violation::NegativePrice(MentorIx(u32::try_from(at).unwrap()));
        assert_eq!(round.recall(&other), Err(NoProposal::Unsolved(negative.into())));
        other.prices[at] = i64::MAX;
        assert!(round.recall(&other).is_err());
    }
    assert!(worse > 50 && moved > 50 && pretended > 50, "{worse}, {moved}, {pretended}");
}

#[test]
fn a_record_of_other_people_or_other_rules_is_refused() {
    let rules = MatchingRules::default();
    let mut town = Town::new(&mut Dice::new(3), 30, 20);
    let pool = town.pool();
    let round = Round::new(&rules, &pool);
    let proposal = round.propose(&|| false).unwrap();
    let gone = proposal.mentorships().next().unwrap();
    let mentor = pool.mentors()[gone.mentor.at()].id;
    town.mentors.iter_mut().filter(|it| it.id == mentor).for_each(|it| it.free_seats = 0);
    assert!(Round::new(&rules, &town.pool()).recall(&proposal.kept()).is_err());
    let other = MatchingRules { hours_needed: 21, ..rules.clone() };
    assert!(Round::new(&other, &pool).recall(&proposal.kept()).is_err());
    assert_eq!(round.recall(&proposal.kept()), Ok(proposal));
}
