//! What a job needs to compute a round, and from what the round can be explained afterwards.
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

/// What a job needs to compute a round.
#[derive(Debug, Clone)]
pub struct RoundTask {
    /// The round.
    pub id: MatchingRoundId,
    /// Which computing of it this is, from 1.
    pub run: i32,
    /// When its people are read: what happens later it does not know of.
    pub read_at: Moment,
    /// Whose pool.
    pub question: Question,
    /// By which rules.
    pub rules: MatchingRules,
    /// The pairs to be taken as given.
    pub pins: Vec<(BeneficiaryId, MentorId)>,
    /// The pairs that a delta round keeps where they are still possible, with how each came about.
    pub keeps: BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>,
    /// What the result is compared with.
    pub before: Option<RoundBefore>,
}

/// What is to be computed.
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
    // What a specialist pins goes before what the round before proposed.
    keeps.retain(|who, _| pins.iter().all(|it| it.0 != *who));
    // Of whom this round has published a proposal, it has nothing left to decide.
    let published = pairs_of(tx, id, Some(ProposalState::Published)).await?;
    pins.retain(|it| !published.contains_key(&it.0));
    Ok(RoundTask { before, keeps, pins, ..bare_task(tx, &it).await? })
}

async fn pins(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Vec<(BeneficiaryId, MentorId)>, Failure> {
    let pins = adjustments(tx, id).await?.into_iter().filter(|it| it.kind == AdjustmentKind::Pin);
    Ok(pins.map(|it| (it.beneficiary_id, it.mentor_id)).collect())
}

/// The same, compared with nothing, pinning and keeping nothing.
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

/// Whom a round is about, and as of when.
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

/// The pairs of a round; only those in that state, where one is named. Of one beneficiary the latest counts.
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

/// From what a round can be explained: its people and the proof.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptRound {
    /// Its people.
    pub pool: Pool,
    /// What it proposes, with the prices that prove it.
    pub proposal: KeptProposal,
}

/// The same as it is stored.
#[derive(Debug, Clone)]
pub struct SealedRound {
    pub(super) kept: String,
    pub(super) input_digest: String,
}

const KEPT: &str = "matching_rounds.kept";

impl KeptRound {
    /// Seals it, off the writer's path.
    pub fn seal(
        &self,
        keys: &RegionKeys,
        id: MatchingRoundId,
        rules: &MatchingRules,
    ) -> Result<SealedRound, Failure> {
        let input = serde_json::to_string(&(rules, &self.pool)).map_err(Failure::broken)?;
        let kept = keys.seal(KEPT, Uuid::from(id), self)?;
        Ok(SealedRound { kept, input_digest: crate::engine::seal::digest(&input) })
    }
}

/// How many times a round was computed: what is remembered of it belongs to one of those times.
pub async fn run_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<i32, Failure> {
    Ok(row(tx, id).await?.run)
}

/// From what a computed round can be explained.
pub async fn kept(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<(MatchingRules, KeptRound), Failure> {
    let it = row(tx, id).await?;
    let one = matching_rounds::table.find(bind(id)).select(matching_rounds::kept);
    let kept: Option<String> = db!(tx, first, one)?;
    let kept = kept.ok_or_else(|| Failure::from(NOT_READY.refuse()))?;
    Ok((it.rules.0, tx.core.keys.open(KEPT, Uuid::from(id), &kept)?))
}
