//! What matching knows of wishes and objections. A rule asks, so there is no scope: none of it may be told to the other side.
//!
//! About one pair a chooser's latest current choice that names the other one counts, of whatever activity of the program: a later
//! veto takes an earlier rank away, a later rank an earlier veto. A later choice of another activity that says nothing of somebody
//! leaves what was said of them before.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{choices, chosen, joint_activities, vetoes};
use crate::tx::{ObjectedPair, Tx};
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, ChoiceId, MentorId, ProgramId};
use domain::matching::joint_activities::vetoes::VetoSide;
use std::collections::{BTreeMap, BTreeSet};

/// How the two of a pair rank each other; at least one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// How the beneficiary ranks the mentor.
    pub by_beneficiary: Option<i32>,
    /// How the mentor ranks the beneficiary.
    pub by_mentor: Option<i32>,
}

/// That somebody objects to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objection {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// Who objects.
    pub side: VetoSide,
}

type Pair = (BeneficiaryId, MentorId);

/// What each of a pair says of the other in the end: a rank, or none as a veto.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    by_beneficiary: Option<Option<i32>>,
    by_mentor: Option<Option<i32>>,
}

async fn said(
    tx: &mut Tx<'_>,
    program: ProgramId,
    of: Option<&[BeneficiaryId]>,
) -> Result<BTreeMap<Pair, Said>, Failure> {
    type Row = (ChoiceId, Option<MentorId>, BeneficiaryId, MentorId, Option<i32>);
    let mut rows: Vec<Row> = db!(tx, load, {
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
    // Ids grow with time: what was said last is heard last.
    rows.sort_unstable_by_key(|it| it.0);
    let mut all: BTreeMap<Pair, Said> = BTreeMap::new();
    for (_, by_mentor, beneficiary, mentor, rank) in rows {
        let pair = all.entry((beneficiary, mentor)).or_default();
        let side = if by_mentor.is_some() { &mut pair.by_mentor } else { &mut pair.by_beneficiary };
        *side = Some(rank);
    }
    Ok(all)
}

/// What binds a program of wishes and objections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// The ranks told in its current choices, by beneficiary and mentor.
    pub ranks: Vec<Rank>,
    /// Vetoes of its current choices, and standing ones of the whole region, by beneficiary, mentor and side.
    pub objections: Vec<Objection>,
}

/// The wishes and objections of these beneficiaries, few enough for one statement, or of all.
pub async fn wishes(
    tx: &mut Tx<'_>,
    program: ProgramId,
    beneficiaries: Option<&[BeneficiaryId]>,
) -> Result<Wishes, Failure> {
    let mut ranks = Vec::new();
    let mut objections = BTreeSet::new();
    for ((beneficiary_id, mentor_id), it) in said(tx, program, beneficiaries).await? {
        let (by_beneficiary, by_mentor) = (it.by_beneficiary.flatten(), it.by_mentor.flatten());
        if by_beneficiary.is_some() || by_mentor.is_some() {
            ranks.push(Rank { beneficiary_id, mentor_id, by_beneficiary, by_mentor });
        }
        let sides = [(VetoSide::Beneficiary, it.by_beneficiary), (VetoSide::Mentor, it.by_mentor)];
        let vetoed = sides.into_iter().filter(|(_, said)| *said == Some(None));
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

/// Whether somebody objects to a pair in a program.
pub(crate) async fn is_objected(tx: &mut Tx<'_>, pair: ObjectedPair) -> Result<bool, Failure> {
    let all = wishes(tx, pair.program_id, Some(&[pair.beneficiary_id])).await?;
    Ok(all.objections.iter().any(|it| it.mentor_id == pair.mentor_id))
}
