//! Wishes and objections for matching. Rules ask for them, so the caller's scope does not limit them. They must not
//! be shown to the other side.
//!
//! For each pair, the chooser's latest current choice that names the other person counts, of any activity in the
//! program. A later veto cancels an earlier rank, and a later rank cancels an earlier veto. A later choice of another
//! activity that does not name a person changes nothing about that person. Ranks count for a person, under any record: the latest word wins.
//! A veto stands under the record that it names, and rules ask for all of them.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{choices, chosen, joint_activities, vetoes};
use crate::people::one_person;
use crate::tx::{ObjectedPair, Tx};
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, ChoiceId, MentorId, ProgramId};
use domain::matching::joint_activities::vetoes::VetoSide;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The ranks that the two of a pair give each other. At least one rank is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The rank that the beneficiary gives the mentor.
    pub by_beneficiary: Option<i32>,
    /// The rank that the mentor gives the beneficiary.
    pub by_mentor: Option<i32>,
}

/// An objection to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objection {
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The side that objects.
    pub side: VetoSide,
}

type Pair = (BeneficiaryId, MentorId);

/// Records of people, each with the other records of the person that are asked about.
pub(crate) type Persons = HashMap<BeneficiaryId, Vec<BeneficiaryId>>;

/// The choice of one side about the other: a rank, or none for a veto. Ids grow with time, so a later choice is greater.
type Word = (ChoiceId, Option<i32>);

/// The latest words of each of a pair about the other.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    by_beneficiary: Option<Word>,
    by_mentor: Option<Word>,
}

impl Said {
    /// The later words of each side.
    fn later(self, other: Self) -> Self {
        Self {
            by_beneficiary: self.by_beneficiary.max(other.by_beneficiary),
            by_mentor: self.by_mentor.max(other.by_mentor),
        }
    }
}

async fn said(
    tx: &mut Tx<'_>,
    program: ProgramId,
    of: Option<&[BeneficiaryId]>,
) -> Result<BTreeMap<Pair, Said>, Failure> {
    type Row = (ChoiceId, Option<MentorId>, BeneficiaryId, MentorId, Option<i32>);
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = chosen::table
            .inner_join(choices::table.inner_join(joint_activities::table))
            .filter(joint_activities::program_id.eq(bind(program)))
            .filter(choices::superseded.eq(false))
            .select((
                choices::id,
                choices::mentor_id,
                chosen::beneficiary_id,
                chosen::mentor_id,
                chosen::rank,
            ))
            .into_boxed();
        if let Some(of) = of {
            all = all.filter(chosen::beneficiary_id.eq_any(binds(of)));
        }
        all
    })?;
    let mut all: BTreeMap<Pair, Said> = BTreeMap::new();
    for (choice, by_mentor, beneficiary, mentor, rank) in rows {
        let word = Some((choice, rank));
        let said = match by_mentor {
            Some(_) => Said { by_mentor: word, by_beneficiary: None },
            None => Said { by_mentor: None, by_beneficiary: word },
        };
        let pair = all.entry((beneficiary, mentor)).or_default();
        *pair = pair.later(said);
    }
    Ok(all)
}

/// The words by pair, each also under the other records of its person.
fn of_persons(said: &BTreeMap<Pair, Said>, persons: &Persons) -> BTreeMap<Pair, Said> {
    let mut all = said.clone();
    for ((beneficiary, mentor), it) in said {
        for other in persons.get(beneficiary).into_iter().flatten() {
            let pair = all.entry((*other, *mentor)).or_default();
            *pair = pair.later(*it);
        }
    }
    all
}

/// The wishes and objections in a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// The ranks in current choices, by beneficiary and mentor.
    pub ranks: Vec<Rank>,
    /// The vetoes in current choices of the program and the standing vetoes of the whole region, by beneficiary,
    /// mentor and side.
    pub objections: Vec<Objection>,
}

/// The wishes and objections of the given beneficiaries, or of all, under these records alone. The given ones must fit in one statement.
pub async fn wishes(
    tx: &mut Tx<'_>,
    program: ProgramId,
    beneficiaries: Option<&[BeneficiaryId]>,
) -> Result<Wishes, Failure> {
    wishes_of_persons(tx, program, beneficiaries, &Persons::new()).await
}

/// The same, with the ranks of the other records of these people.
pub(crate) async fn wishes_of_persons(
    tx: &mut Tx<'_>,
    program: ProgramId,
    beneficiaries: Option<&[BeneficiaryId]>,
    persons: &Persons,
) -> Result<Wishes, Failure> {
    let mut ranks = Vec::new();
    let mut objections = BTreeSet::new();
    let said = said(tx, program, beneficiaries).await?;
    let rank = |said: Option<Word>| said.and_then(|it| it.1);
    for ((beneficiary_id, mentor_id), it) in of_persons(&said, persons) {
        let (by_beneficiary, by_mentor) = (rank(it.by_beneficiary), rank(it.by_mentor));
        if by_beneficiary.is_some() || by_mentor.is_some() {
            ranks.push(Rank { beneficiary_id, mentor_id, by_beneficiary, by_mentor });
        }
    }
    for ((beneficiary_id, mentor_id), it) in said {
        let sides = [(VetoSide::Beneficiary, it.by_beneficiary), (VetoSide::Mentor, it.by_mentor)];
        let vetoed = sides.into_iter().filter(|(_, said)| said.is_some_and(|it| it.1.is_none()));
        objections.extend(vetoed.map(|(side, _)| Objection { beneficiary_id, mentor_id, side }));
    }
    let standing: Vec<(BeneficiaryId, MentorId, VetoSide)> = db!(tx, load, {
        let mut all = vetoes::table
            .filter(vetoes::lifted_on.is_null())
            .select((vetoes::beneficiary_id, vetoes::mentor_id, vetoes::made_by_side))
            .into_boxed();
        if let Some(of) = beneficiaries {
            all = all.filter(vetoes::beneficiary_id.eq_any(binds(of)));
        }
        all
    })?;
    let objection = |(beneficiary_id, mentor_id, side)| Objection { beneficiary_id, mentor_id, side };
    objections.extend(standing.into_iter().map(objection));
    Ok(Wishes { ranks, objections: objections.into_iter().collect() })
}

/// Whether somebody objects to a pair in a program, under any record of the beneficiary.
pub(crate) async fn is_objected(tx: &mut Tx<'_>, pair: ObjectedPair) -> Result<bool, Failure> {
    let records = one_person::of(tx, pair.beneficiary_id).await?.records();
    let all = wishes(tx, pair.program_id, Some(&records)).await?;
    Ok(all.objections.iter().any(|it| it.mentor_id == pair.mentor_id))
}
