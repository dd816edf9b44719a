//! A random town: people, choices and vetoes.
use super::Dice;
use crate::matching::*;
use crate::people::Sex;
use crate::region::municipalities::Point;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub(super) struct Town {
    pub(super) beneficiaries: Vec<BeneficiaryProfile>,
    pub(super) mentors: Vec<MentorProfile>,
    pub(super) records: Vec<PairRecord>,
}

impl Town {
    pub(super) fn new(dice: &mut Dice, beneficiaries: u64, mentors: u64) -> Self {
        let beneficiaries: Vec<_> = (0..beneficiaries).map(|_| beneficiary(dice)).collect();
        let mentors: Vec<_> = (0..mentors).map(|_| mentor(dice)).collect();
        let mut records = Vec::new();
        for one in &beneficiaries {
            for other in &mentors {
                if dice.roll(3) == 0 {
                    let rank = |dice: &mut Dice| {
                        (dice.roll(2) == 0).then(|| u8::try_from(1 + dice.roll(4)).unwrap())
                    };
                    let (rank_by_beneficiary, rank_by_mentor) = (rank(dice), rank(dice));
                    let barriers = Barriers::NONE.with(Barrier::VetoMentor, dice.roll(12) == 0);
                    records.push(PairRecord {
                        beneficiary: one.id,
                        mentor: other.id,
                        barriers,
                        rank_by_beneficiary,
                        rank_by_mentor,
                    });
                }
            }
        }
        Self { beneficiaries, mentors, records }
    }

    pub(super) fn pool(&self) -> Pool {
        Pool::new(self.beneficiaries.clone(), self.mentors.clone(), self.records.clone())
    }

    /// The same people in another order.
    pub(super) fn shuffled(&self, dice: &mut Dice) -> Self {
        let mut other = self.clone();
        shuffle(dice, &mut other.beneficiaries);
        shuffle(dice, &mut other.mentors);
        shuffle(dice, &mut other.records);
        other
    }
}

fn shuffle<T>(dice: &mut Dice, all: &mut [T]) {
    for at in (1..all.len()).rev() {
        let other = dice.roll(u64::try_from(at).unwrap() + 1);
        all.swap(at, usize::try_from(other).unwrap());
    }
}

fn id(dice: &mut Dice) -> Uuid {
    Uuid::from_u64_pair(dice.next(), dice.next())
}

fn tags(dice: &mut Dice, words: u64, some: u64) -> Tags {
    Tags((0..some).fold(0, |tags, _| tags | 1 << dice.roll(words)))
}

fn place(dice: &mut Dice) -> Place {
    let municipality = dice.roll(4);
    let metres = i32::try_from(municipality * 25_000).unwrap();
    let middle = (municipality > 0).then_some(Point { east_m: metres, north_m: metres / 2 });
    let settlement = if dice.roll(2) == 0 { 0 } else { number(dice, 1, 4) };
    Place { municipality: u32::try_from(municipality).unwrap(), middle, settlement }
}

fn sex(dice: &mut Dice) -> Sex {
    if dice.roll(2) == 0 { Sex::Female } else { Sex::Male }
}

fn number(dice: &mut Dice, from: u64, below: u64) -> u16 {
    u16::try_from(from + dice.roll(below - from)).unwrap()
}

pub(super) fn beneficiary(dice: &mut Dice) -> BeneficiaryProfile {
    BeneficiaryProfile {
        id: id(dice).into(),
        barriers: Barriers::NONE.with(Barrier::NoConsent, dice.roll(20) == 0),
        place: place(dice),
        age_years: (dice.roll(10) > 0).then(|| number(dice, 8, 23)),
        sex: sex(dice),
        mentor_sex: (dice.roll(4) == 0).then_some(Sex::Female),
        mentor_age: AgeWish { at_least: None, at_most: (dice.roll(8) == 0).then_some(50) },
        languages: tags(dice, 3, 2),
        hours: tags(dice, 21, 6),
        interests: tags(dice, 20, 4),
        dislikes: tags(dice, 20, 2),
        needs: tags(dice, 12, 2),
        special_training: Tags(u64::from(dice.roll(6) == 0)),
        risk: Risk::new(number(dice, 0, 4)),
        waiting_days: number(dice, 0, 500).into(),
    }
}

pub(super) fn mentor(dice: &mut Dice) -> MentorProfile {
    let reach = match dice.roll(4) {
        0 => Reach::Metres(30_000),
        1 => Reach::Anywhere,
        _ => Reach::Municipality,
    };
    MentorProfile {
        id: id(dice).into(),
        barriers: Barriers::NONE.with(Barrier::TrainingMissing, dice.roll(15) == 0),
        place: place(dice),
        reach,
        age_years: number(dice, 18, 70),
        sex: sex(dice),
        beneficiary_sex: (dice.roll(8) == 0).then_some(Sex::Male),
        beneficiary_age: AgeWish { at_least: (dice.roll(8) == 0).then_some(12), at_most: None },
        languages: tags(dice, 3, 2),
        hours: tags(dice, 21, 7),
        interests: tags(dice, 20, 5),
        dislikes: tags(dice, 20, 3),
        skills: tags(dice, 12, 5),
        special_training: Tags(dice.roll(2)),
        qualified_for: Risk::new(number(dice, 1, 4)),
        free_seats: number(dice, 0, 3).into(),
    }
}
