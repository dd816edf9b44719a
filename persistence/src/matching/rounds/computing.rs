//! The task of a job that computes a round, and the stored data from which the round is explained later.
use super::{Row, adjustments, row};
use crate::engine::column::{Json, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{matching_proposals, matching_rounds};
use crate::engine::seal::RegionKeys;
use crate::matching::pool::Question;
use crate::region::programs;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MatchingRoundId, MentorId};
use domain::base::moment::Moment;
use domain::matching::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The task of a job that computes a round.
#[derive(Debug, Clone)]
pub struct RoundTask {
    /// The round to compute.
    pub id: MatchingRoundId,
    /// The number of this computing of the round, from 1.
    pub run: i32,
    /// The moment at which people are read. The computing ignores later events.
    pub read_at: Moment,
    /// The question for which the pool is loaded.
    pub question: Question,
    /// The rules of the round.
    pub rules: MatchingRules,
    /// The pairs that are fixed.
    pub pins: Vec<(BeneficiaryId, MentorId)>,
    /// The pairs that a delta round keeps if they are still possible, with their origins.
    pub keeps: BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>,
    /// The earlier round with which the result is compared.
    pub before: Option<RoundBefore>,
}

/// The task of a round.
pub async fn task(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<RoundTask, Failure> {
    let it = row(tx, id).await?;
    let before = match (&it.result, it.previous_id) {
        (Some(result), _) => Some((it.id, result.0.clone())),
        (None, Some(previous)) => result_of(tx, previous).await?.map(|result| (previous, result)),
        (None, None) => None,
    };
    let before = match before {
        Some((id, result)) => Some(RoundBefore { id, result, pairs: pairs_of(tx, id, None).await? }),
        None => None,
    };
    let mut keeps = match (it.kind, it.previous_id) {
        (RoundKind::Delta, Some(previous)) => pairs_of(tx, previous, Some(ProposalState::Pending)).await?,
        _ => Pairs::new(),
    };
    let mut pins = pins(tx, id).await?;
    // A pin of a specialist has priority over a pair of the previous round.
    keeps.retain(|who, _| pins.iter().all(|it| it.0 != *who));
    // The published pairs of this round are decided already, so they are left out.
    let published = pairs_of(tx, id, Some(ProposalState::Published)).await?;
    pins.retain(|it| !published.contains_key(&it.0));
    Ok(RoundTask { before, keeps, pins, ..bare_task(tx, &it).await? })
}

async fn pins(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Vec<(BeneficiaryId, MentorId)>, Failure> {
    let pins = adjustments(tx, id).await?.into_iter().filter(|it| it.kind == AdjustmentKind::Pin);
    Ok(pins.map(|it| (it.beneficiary_id, it.mentor_id)).collect())
}

/// The task of a round without comparison, pins and kept pairs.
pub(in crate::matching) async fn bare_task(tx: &mut Tx<'_>, it: &Row) -> Result<RoundTask, Failure> {
    Ok(RoundTask {
        id: it.id,
        run: it.run.saturating_add(1),
        read_at: tx.now(),
        pins: Vec::new(),
        keeps: Pairs::new(),
        before: None,
        rules: it.rules.0.clone(),
        question: question(tx, it).await?,
    })
}

/// The people and the day of a round, as a question for the pool.
pub(in crate::matching) async fn question(tx: &mut Tx<'_>, it: &Row) -> Result<Question, Failure> {
    let edition = programs::edition_of(tx, it.edition_id).await?;
    Ok(Question {
        organization_id: it.organization_id,
        territory: it.territory.clone(),
        round_id: Some(it.id),
        ..Question::about_all(it.program_id, edition, it.as_of.max(tx.today()))
    })
}

async fn result_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Option<RoundResult>, Failure> {
    let one = matching_rounds::table.find(bind(id)).select(matching_rounds::result);
    let result: Option<Json<RoundResult>> = db!(tx, first, one)?;
    Ok(result.map(|it| it.0))
}

type Pairs = BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>;

/// The pairs of a round, in the given state if one is named. For each beneficiary, the latest pair counts.
async fn pairs_of(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    only: Option<ProposalState>,
) -> Result<Pairs, Failure> {
    let rows: Vec<(BeneficiaryId, MentorId, ProposalOrigin)> = db!(tx, load, {
        let mut all = matching_proposals::table
            .filter(matching_proposals::round_id.eq(bind(id)))
            .order(matching_proposals::run)
            .select((
                matching_proposals::beneficiary_id,
                matching_proposals::mentor_id,
                matching_proposals::origin,
            ))
            .into_boxed();
        if let Some(state) = only {
            all = all.filter(matching_proposals::state.eq(bind(state)));
        }
        all
    })?;
    Ok(rows.into_iter().map(|(who, mentor, origin)| (who, (mentor, origin))).collect())
}

/// The stored data from which a round is explained: its people and the proof.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptRound {
    /// The people of the round.
    pub pool: Pool,
    /// The proposal, with the prices that prove it.
    pub proposal: KeptProposal,
}

/// The stored form of that data.
#[derive(Debug, Clone)]
pub struct SealedRound {
    pub(super) kept: String,
    pub(super) input_digest: String,
}

const KEPT: &str = "matching_rounds.kept";

impl KeptRound {
    /// Seals the data. The job does it before its transaction, so that the writer need not wait.
    pub fn seal(
        &self,
        keys: &RegionKeys,
        id: MatchingRoundId,
        rules: &MatchingRules,
    ) -> Result<SealedRound, Failure> {
        let input_digest = crate::engine::seal::digest_of(&(rules, &self.pool))?;
        let kept = keys.seal(KEPT, Uuid::from(id), self)?;
        Ok(SealedRound { kept, input_digest })
    }
}

/// The number of computings of a round. The memory of a recalled round belongs to one of them.
pub async fn run_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<i32, Failure> {
    Ok(row(tx, id).await?.run)
}

/// The rules and the stored data from which a computed round is explained.
pub async fn kept(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<(MatchingRules, KeptRound), Failure> {
    let it = row(tx, id).await?;
    let one = matching_rounds::table.find(bind(id)).select(matching_rounds::kept);
    let kept: Option<String> = db!(tx, first, one)?;
    let kept = kept.ok_or_else(|| Failure::from(NOT_READY.refuse()))?;
    Ok((it.rules.0, tx.core.keys.open(KEPT, Uuid::from(id), &kept)?))
}
