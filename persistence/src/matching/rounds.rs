//! Rounds of matching in the database: begun, computed by a job, adjusted, published by another job.
use super::pool::Question;
use super::{Own, rules};
use crate::card::cards;
use crate::column::{Json, bind};
use crate::conn::db;
use crate::failure::Failure;
use crate::jobs;
use crate::page::{Page, Place, Window};
use crate::programs;
use crate::schema::{matching_adjustments, matching_left_out, matching_proposals, matching_rounds};
use crate::seal::RegionKeys;
use crate::sight::{dangling, must_refer};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::access::Right;
use domain::change::{Changed, Subject, SubjectKind};
use domain::id::*;
use domain::jobs::JobKind;
use domain::matching::*;
use domain::moment::Moment;
use domain::refusal::Refused;
use domain::text::Oktmo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A round of matching as every endpoint shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchingRoundCard {
    /// Its id.
    pub id: MatchingRoundId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The program.
    pub program_id: ProgramId,
    /// The program's edition, in force on the round's day.
    pub edition_id: EditionId,
    /// For whose beneficiaries it is; without it, for all of the program's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organization_id: Option<OrganizationId>,
    /// Of which territory they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub territory: Option<Oktmo>,
    /// Whom it matches.
    pub kind: RoundKind,
    /// Where it stands.
    pub state: RoundState,
    /// The day as of which people are judged.
    pub as_of: NaiveDate,
    /// The edition of the rules of matching; without it, the rules that the product comes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rules_id: Option<MatchingRulesId>,
    /// The rules by which it goes, with the mode that was ordered.
    #[schema(value_type = MatchingRules)]
    pub rules: Json<MatchingRules>,
    /// The round before in the same program and organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub previous_id: Option<MatchingRoundId>,
    /// The latest job that works on it: `GET /jobs/{id}` tells its progress.
    pub job_id: JobId,
    /// How many times it was computed.
    #[schema(minimum = 0, maximum = 100_000, example = 1)]
    pub run: i32,
    /// What it achieves, once it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = RoundResult)]
    pub result: Option<Json<RoundResult>>,
    /// SHA-256 of what it was computed from, in base64: equal inputs have equal results.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, example = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=")]
    pub input_digest: Option<String>,
    /// The adjustments by which it is computed the next time, or was the last time.
    #[schema(max_items = 500)]
    pub adjustments: Vec<AdjustmentCard>,
    /// When it was computed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub computed_at: Option<Moment>,
    /// The first day of its mentorships as planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub starts_on: Option<NaiveDate>,
    /// Their last day as planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub published_at: Option<Moment>,
    /// Proposals that are not published.
    #[schema(minimum = 0, maximum = 10_000_000, example = 0)]
    pub pending_proposals: i64,
    /// Proposals that became proposed mentorships, the next best ones included.
    #[schema(minimum = 0, maximum = 10_000_000, example = 80)]
    pub published_proposals: i64,
    /// Proposals that rules refused when they were to be published.
    #[schema(minimum = 0, maximum = 10_000_000, example = 1)]
    pub refused_proposals: i64,
    /// What this caller can do with it now.
    #[schema(max_items = 10)]
    pub available_actions: Vec<RoundAction>,
    /// When it was begun.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

cards! { MatchingRoundCard in "matching-rounds"; }

/// A pair that a specialist has pinned or forbidden.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = matching_adjustments)]
pub struct AdjustmentCard {
    /// Pinned or forbidden.
    pub kind: AdjustmentKind,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The account that did it.
    pub made_by: UserId,
    /// When.
    pub made_at: Moment,
}

/// What a list of rounds may be narrowed by.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatchingRoundFilter {
    /// Only those of this program.
    pub program_id: Option<ProgramId>,
    /// Only those for the beneficiaries of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only those in this state.
    pub state: Option<RoundState>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = matching_rounds)]
pub(super) struct Row {
    pub(super) id: MatchingRoundId,
    version: i64,
    pub(super) program_id: ProgramId,
    pub(super) edition_id: EditionId,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) territory: Option<Oktmo>,
    kind: RoundKind,
    pub(super) state: RoundState,
    as_of: NaiveDate,
    rules_id: Option<MatchingRulesId>,
    pub(super) rules: Json<MatchingRules>,
    previous_id: Option<MatchingRoundId>,
    job_id: JobId,
    run: i32,
    result: Option<Json<RoundResult>>,
    input_digest: Option<String>,
    computed_at: Option<Moment>,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) tutor_user_id: Option<UserId>,
    published_at: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
}

/// The only way in: rounds for institutions of the scope, and those of its programs.
macro_rules! visible {
    ($scope:expr) => {{
        use $crate::reach::{Way, among};
        let mut all = matching_rounds::table.into_boxed();
        if !$scope.everything {
            all = all.filter(
                among(matching_rounds::organization_id.assume_not_null(), &$scope.organizations)
                    .or_by(among(matching_rounds::program_id, &$scope.programs)),
            );
        }
        all
    }};
}

fn missing(id: MatchingRoundId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::MatchingRound, id)))
}

/// Whether the round is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(matching_rounds::id.eq(bind(id))))))?)
}

pub(super) async fn row(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(matching_rounds::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// One round.
pub async fn card(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<MatchingRoundCard, Failure> {
    let it = row(tx, id).await?;
    tell(tx, it).await
}

/// Rounds, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &MatchingRoundFilter,
    window: &Window,
) -> Result<Page<MatchingRoundCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope).select(Row::as_select()).order(matching_rounds::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(matching_rounds::id.lt(bind(after)));
        }
        if let Some(program) = filter.program_id {
            all = all.filter(matching_rounds::program_id.eq(bind(program)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(matching_rounds::organization_id.eq(bind(Some(organization))));
        }
        if let Some(state) = filter.state {
            all = all.filter(matching_rounds::state.eq(bind(state)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let mut items = Vec::with_capacity(page.items.len());
    for it in page.items {
        items.push(tell(tx, it).await?);
    }
    Ok(Page { items, next: page.next })
}

async fn tell(tx: &mut Tx<'_>, mut it: Row) -> Result<MatchingRoundCard, Failure> {
    let own = Own::of(tx);
    if let Some(result) = &mut it.result {
        result.0.blocking.retain(|pair| !own.is_of(pair.beneficiary_id, pair.mentor_id));
    }
    let mut adjusted = adjustments(tx, it.id).await?;
    adjusted.retain(|pair| !own.is_of(pair.beneficiary_id, pair.mentor_id));
    let counts: Vec<(ProposalState, i64)> = db!(
        tx,
        load,
        matching_proposals::table
            .filter(matching_proposals::round_id.eq(bind(it.id)))
            .group_by(matching_proposals::state)
            .select((matching_proposals::state, diesel::dsl::count_star()))
    )?;
    let count = |state| counts.iter().find(|it| it.0 == state).map_or(0, |it| it.1);
    let may_run = tx.caller().is_none_or(|caller| {
        let scope = caller.scope(Right::RunMatching);
        scope.everything
            || scope.programs.contains(&it.program_id)
            || it.organization_id.is_some_and(|it| scope.organizations.contains(&it))
    });
    Ok(MatchingRoundCard {
        adjustments: adjusted,
        pending_proposals: count(ProposalState::Pending),
        published_proposals: count(ProposalState::Published),
        refused_proposals: count(ProposalState::Refused),
        available_actions: available_actions(it.state, may_run),
        id: it.id,
        version: it.version,
        program_id: it.program_id,
        edition_id: it.edition_id,
        organization_id: it.organization_id,
        territory: it.territory,
        kind: it.kind,
        state: it.state,
        as_of: it.as_of,
        rules_id: it.rules_id,
        rules: it.rules,
        previous_id: it.previous_id,
        job_id: it.job_id,
        run: it.run,
        result: it.result,
        input_digest: it.input_digest,
        computed_at: it.computed_at,
        starts_on: it.starts_on,
        ends_on: it.ends_on,
        published_at: it.published_at,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

async fn adjustments(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Vec<AdjustmentCard>, Failure> {
    let all = matching_adjustments::table
        .filter(matching_adjustments::round_id.eq(bind(id)))
        .order((
            matching_adjustments::made_at,
            matching_adjustments::beneficiary_id,
            matching_adjustments::mentor_id,
        ));
    Ok(db!(tx, load, all.select(AdjustmentCard::as_select()))?)
}

/// A round for a rule to change.
pub async fn load(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<RoundOnRecord, Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    Ok(RoundOnRecord { id: it.id, program_id: it.program_id, edition_id: it.edition_id, state: it.state })
}

/// Begins a round, and puts its computing into the queue.
pub async fn begin(tx: &mut Tx<'_>, order: &RoundOrder) -> Result<(MatchingRoundId, JobId), Failure> {
    must_refer(tx, SubjectKind::Program, Some(order.program_id), "/program_id").await?;
    must_refer(tx, SubjectKind::Organization, order.organization_id, "/organization_id").await?;
    must_reach_all(tx, order)?;
    let as_of = as_of(order, tx.today())?;
    let edition = programs::must_be_in_force(tx, order.program_id, as_of).await?;
    let (rules_id, mut rules) = rules_of(tx, order, as_of).await?;
    rules.mode = order.mode.unwrap_or(rules.mode);
    let begun = BegunRound::begin(tx.mint(), order, edition.id, rules.mode, tx.today())?;
    let previous_id = before(tx, order).await?;
    let (it, records) = begun.into_parts();
    let subject = Subject::new(SubjectKind::MatchingRound, it.id);
    let job_id = jobs::enqueue(tx, JobKind::MatchingRound, subject).await?;
    let made_by = tx.caller().map(|it| it.user).ok_or_else(|| Failure::broken("nobody began the round"))?;
    let whom = (
        matching_rounds::program_id.eq(bind(it.program_id)),
        matching_rounds::edition_id.eq(bind(it.edition_id)),
        matching_rounds::organization_id.eq(bind(it.organization_id)),
        matching_rounds::territory.eq(bind(it.territory)),
        matching_rounds::kind.eq(bind(it.kind)),
        matching_rounds::as_of.eq(it.as_of),
        matching_rounds::rules_id.eq(bind(rules_id)),
        matching_rounds::rules.eq(bind(Json(rules))),
        matching_rounds::previous_id.eq(bind(previous_id)),
    );
    let head = (
        matching_rounds::id.eq(bind(it.id)),
        matching_rounds::version.eq(1),
        matching_rounds::state.eq(bind(RoundState::Computing)),
        matching_rounds::job_id.eq(bind(job_id)),
        matching_rounds::made_by.eq(bind(made_by)),
        matching_rounds::run.eq(0),
        matching_rounds::created_at.eq(bind(tx.now())),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(matching_rounds::table).values((head, whom)))?;
    tx.established(rows, records)?;
    Ok((it.id, job_id))
}

/// Refuses a round over people whom the right of this transaction does not reach.
fn must_reach_all(tx: &Tx<'_>, order: &RoundOrder) -> Result<(), Failure> {
    let scope = tx.scope();
    if scope.everything || scope.programs.contains(&order.program_id) {
        return Ok(());
    }
    match order.organization_id {
        None => Err(Refused::from(SCOPE_NEEDED.reason().at("/organization_id")).into()),
        Some(it) if scope.organizations.contains(&it) => Ok(()),
        Some(_) => Err(dangling("/organization_id")),
    }
}

async fn rules_of(
    tx: &mut Tx<'_>,
    order: &RoundOrder,
    as_of: NaiveDate,
) -> Result<(Option<MatchingRulesId>, MatchingRules), Failure> {
    let Some(id) = order.rules_id else { return rules::in_effect(tx, order.program_id, as_of).await };
    must_refer(tx, SubjectKind::MatchingRules, Some(id), "/rules_id").await?;
    let it = rules::found(tx, id).await?;
    if it.program_id != order.program_id {
        return Err(Refused::from(RULES_OF_OTHER_PROGRAM.reason().at("/rules_id")).into());
    }
    Ok((Some(id), it.form.0.rules))
}

/// The latest computed round over the same people.
async fn before(tx: &mut Tx<'_>, order: &RoundOrder) -> Result<Option<MatchingRoundId>, Failure> {
    Ok(db!(tx, first, {
        let mut all = matching_rounds::table
            .filter(matching_rounds::program_id.eq(bind(order.program_id)))
            .filter(matching_rounds::computed_at.is_not_null())
            .order(matching_rounds::id.desc())
            .select(matching_rounds::id)
            .into_boxed();
        all = match order.organization_id {
            Some(it) => all.filter(matching_rounds::organization_id.eq(bind(Some(it)))),
            None => all.filter(matching_rounds::organization_id.is_null()),
        };
        match &order.territory {
            Some(it) => all.filter(matching_rounds::territory.eq(bind(Some(it.clone())))),
            None => all.filter(matching_rounds::territory.is_null()),
        }
    })
    .optional()?)
}

/// What a job needs to compute a round.
#[derive(Debug, Clone)]
pub struct RoundTask {
    /// The round.
    pub id: MatchingRoundId,
    /// Which computing of it this is, from 1.
    pub run: i32,
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
    let pins = adjustments(tx, id).await?.into_iter().filter(|it| it.kind == AdjustmentKind::Pin);
    let pins = pins.map(|it| (it.beneficiary_id, it.mentor_id)).collect();
    let before = match (&it.result, it.previous_id) {
        (Some(result), _) => Some((it.id, result.0.clone())),
        (None, Some(previous)) => result_of(tx, previous).await?.map(|result| (previous, result)),
        (None, None) => None,
    };
    let before = match before {
        Some((id, result)) => Some(RoundBefore { id, result, pairs: pairs_of(tx, id).await? }),
        None => None,
    };
    let keeps = match (it.kind, it.previous_id) {
        (RoundKind::Delta, Some(previous)) => pending_pairs_of(tx, previous).await?,
        _ => BTreeMap::new(),
    };
    Ok(RoundTask {
        id,
        run: it.run.saturating_add(1),
        pins,
        keeps,
        before,
        rules: it.rules.0.clone(),
        question: question(tx, &it).await?,
    })
}

pub(super) async fn question(tx: &mut Tx<'_>, it: &Row) -> Result<Question, Failure> {
    Ok(Question {
        program_id: it.program_id,
        edition: programs::edition_of(tx, it.edition_id).await?,
        as_of: it.as_of.max(tx.today()),
        organization_id: it.organization_id,
        territory: it.territory.clone(),
        only: None,
        also: None,
        round_id: Some(it.id),
    })
}

async fn result_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Option<RoundResult>, Failure> {
    let one = matching_rounds::table.find(bind(id)).select(matching_rounds::result);
    let result: Option<Json<RoundResult>> = db!(tx, first, one)?;
    Ok(result.map(|it| it.0))
}

type Pairs = BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>;

async fn pairs_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Pairs, Failure> {
    let all = matching_proposals::table
        .filter(matching_proposals::round_id.eq(bind(id)))
        .order(matching_proposals::run)
        .select((
            matching_proposals::beneficiary_id,
            matching_proposals::mentor_id,
            matching_proposals::origin,
        ));
    let rows: Vec<(BeneficiaryId, MentorId, ProposalOrigin)> = db!(tx, load, all)?;
    Ok(rows.into_iter().map(|(who, mentor, origin)| (who, (mentor, origin))).collect())
}

async fn pending_pairs_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Pairs, Failure> {
    let all = matching_proposals::table
        .filter(matching_proposals::round_id.eq(bind(id)))
        .filter(matching_proposals::state.eq(bind(ProposalState::Pending)))
        .select((
            matching_proposals::beneficiary_id,
            matching_proposals::mentor_id,
            matching_proposals::origin,
        ));
    let rows: Vec<(BeneficiaryId, MentorId, ProposalOrigin)> = db!(tx, load, all)?;
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
    kept: String,
    input_digest: String,
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
        Ok(SealedRound { kept, input_digest: crate::seal::digest(&input) })
    }
}

/// How many times a round was computed: what is remembered of it belongs to one of those times.
pub async fn run_of(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<i32, Failure> {
    Ok(row(tx, id).await?.run)
}

/// From what a computed round can be explained; the version tells whether what is remembered of it is still that.
pub async fn kept(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<(MatchingRules, KeptRound), Failure> {
    let it = row(tx, id).await?;
    let one = matching_rounds::table.find(bind(id)).select(matching_rounds::kept);
    let kept: Option<String> = db!(tx, first, one)?;
    let kept = kept.ok_or_else(|| Failure::from(NOT_READY.refuse()))?;
    Ok((it.rules.0, tx.core.keys.open(KEPT, Uuid::from(id), &kept)?))
}

/// So many rows go into one statement.
const ROWS_AT_ONCE: usize = 500;

/// Saves what was computed; what the computing before proposed and did not publish makes way.
pub async fn save_computed(
    tx: &mut Tx<'_>,
    change: Changed<ComputedRound>,
    result: &RoundResult,
    sealed: &SealedRound,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let of_round = matching_proposals::table.filter(matching_proposals::round_id.eq(bind(it.id)));
    let pending = of_round.filter(matching_proposals::state.eq(bind(ProposalState::Pending)));
    db!(tx, execute, diesel::delete(pending))?;
    let left = matching_left_out::table.filter(matching_left_out::round_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(left))?;
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(RoundState::Ready)),
        matching_rounds::run.eq(it.run),
        matching_rounds::result.eq(bind(Some(Json(result.clone())))),
        matching_rounds::kept.eq(bind(Some(sealed.kept.clone()))),
        matching_rounds::input_digest.eq(bind(Some(sealed.input_digest.clone()))),
        matching_rounds::computed_at.eq(bind(Some(tx.now()))),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let one = matching_rounds::table.find(bind(it.id));
    let rows = db!(tx, execute, diesel::update(one).set(set))?;
    tx.established(rows, records)
}

/// Saves what a computing proposes.
pub async fn insert_proposals(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    run: i32,
    proposals: &[ProposedPair],
) -> Result<(), Failure> {
    for part in proposals.chunks(ROWS_AT_ONCE) {
        let mut rows = Vec::with_capacity(part.len());
        for it in part {
            let proposal_id: MatchingProposalId = tx.mint();
            let sealed =
                tx.core.keys.seal(super::proposals::ASSESSMENT, Uuid::from(proposal_id), &it.told)?;
            rows.push((
                matching_proposals::id.eq(bind(proposal_id)),
                matching_proposals::round_id.eq(bind(id)),
                matching_proposals::run.eq(run),
                matching_proposals::beneficiary_id.eq(bind(it.pair.beneficiary_id)),
                matching_proposals::mentor_id.eq(bind(it.pair.mentor_id)),
                matching_proposals::origin.eq(bind(it.origin)),
                matching_proposals::priority.eq(it.priority),
                matching_proposals::choice.eq(it.told.choice),
                matching_proposals::fit.eq(it.told.fit),
                matching_proposals::assessment.eq(bind(sealed)),
                matching_proposals::state.eq(bind(ProposalState::Pending)),
            ));
        }
        db!(tx, execute, diesel::insert_into(matching_proposals::table).values(rows))?;
    }
    Ok(())
}

/// Saves whom a computing leaves out.
pub async fn insert_left_out(tx: &mut Tx<'_>, id: MatchingRoundId, left: &[LeftOut]) -> Result<(), Failure> {
    for part in left.chunks(ROWS_AT_ONCE) {
        let row = |it: &LeftOut| {
            (
                matching_left_out::id.eq(bind(tx.mint::<MatchingProposalId>())),
                matching_left_out::round_id.eq(bind(id)),
                matching_left_out::beneficiary_id.eq(bind(it.beneficiary_id)),
                matching_left_out::priority.eq(it.priority),
                matching_left_out::reason.eq(bind(it.reason)),
                matching_left_out::detail.eq(bind(Json(it.detail.clone()))),
            )
        };
        let rows: Vec<_> = part.iter().map(row).collect();
        db!(tx, execute, diesel::insert_into(matching_left_out::table).values(rows))?;
    }
    Ok(())
}

/// What is known of a pair that is to be adjusted; `kept` are the people of the round.
pub async fn adjusted_pair(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    order: &Adjustment,
    rules: &MatchingRules,
    pool: &Pool,
) -> Result<AdjustedPair, Failure> {
    let all = adjustments(tx, id).await?;
    let pins = || all.iter().filter(|it| it.kind == AdjustmentKind::Pin);
    let other =
        |it: &&AdjustmentCard| it.beneficiary_id == order.beneficiary_id && it.mentor_id != order.mentor_id;
    let of_mentor =
        |it: &&AdjustmentCard| it.mentor_id == order.mentor_id && it.beneficiary_id != order.beneficiary_id;
    let count = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
    let pair = pool.beneficiary_ix(order.beneficiary_id).zip(pool.mentor_ix(order.mentor_id));
    let assessed = pair.and_then(|(who, mentor)| pool.assess(rules, who, mentor));
    let seats = pair.and_then(|(_, mentor)| pool.mentors().get(mentor.at())).map_or(0, |it| it.free_seats);
    // Only the specialist's own word stands against taking it back.
    let forbidden = all.iter().any(|it| {
        it.kind == AdjustmentKind::Forbid
            && it.beneficiary_id == order.beneficiary_id
            && it.mentor_id == order.mentor_id
    });
    let own = Barriers::NONE.with(Barrier::DeclinedInRound, forbidden);
    Ok(AdjustedPair {
        is_in_round: assessed.is_some(),
        barriers: assessed.map(|it| it.barriers.without(own)).unwrap_or_default(),
        is_pinned_to_other: pins().any(|it| other(&it)),
        pins_of_mentor: count(pins().filter(of_mentor).count()),
        free_seats: seats.into(),
        adjustments: count(all.len()),
    })
}

/// Saves an adjustment: at most one about a pair.
pub async fn save_adjusted(
    tx: &mut Tx<'_>,
    change: Changed<ReadyRound>,
    order: &Adjustment,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let pair =
        matching_adjustments::table.find((bind(it.id), bind(order.beneficiary_id), bind(order.mentor_id)));
    db!(tx, execute, diesel::delete(pair))?;
    if order.kind != AdjustmentKind::Clear {
        let by = tx.caller().map(|it| it.user).ok_or_else(|| Failure::broken("nobody adjusted the round"))?;
        let row = (
            matching_adjustments::round_id.eq(bind(it.id)),
            matching_adjustments::beneficiary_id.eq(bind(order.beneficiary_id)),
            matching_adjustments::mentor_id.eq(bind(order.mentor_id)),
            matching_adjustments::kind.eq(bind(order.kind)),
            matching_adjustments::made_by.eq(bind(by)),
            matching_adjustments::made_at.eq(bind(tx.now())),
        );
        db!(tx, execute, diesel::insert_into(matching_adjustments::table).values(row))?;
    }
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::update(matching_rounds::table.find(bind(it.id))).set(set))?;
    tx.established(rows, records)
}

/// Has a round computed again; answers the job.
pub async fn save_rerun(tx: &mut Tx<'_>, change: Changed<ReadyRound>) -> Result<JobId, Failure> {
    let (it, records) = change.into_parts();
    let job_id =
        jobs::enqueue(tx, JobKind::MatchingRound, Subject::new(SubjectKind::MatchingRound, it.id)).await?;
    set_state(tx, it.id, RoundState::Computing, Some(job_id)).await.map(drop)?;
    tx.established(1, records)?;
    Ok(job_id)
}

/// Saves that work on a round ended without a result, or that what it worked on is ready again.
pub async fn save_stopped(tx: &mut Tx<'_>, change: Changed<StoppedRound>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = set_state(tx, it.id, it.state, None).await?;
    tx.established(rows, records)
}

pub(super) async fn set_state(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    state: RoundState,
    job: Option<JobId>,
) -> Result<usize, Failure> {
    let one = matching_rounds::table.find(bind(id));
    let step = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(state)),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    Ok(match job {
        Some(job) => {
            db!(tx, execute, diesel::update(one).set((step, matching_rounds::job_id.eq(bind(job)))))?
        }
        None => db!(tx, execute, diesel::update(one).set(step))?,
    })
}

/// Notes on a round that its job has ended without what it was to do.
pub async fn stopped(tx: &mut Tx<'_>, id: MatchingRoundId, is_cancelled: bool) -> Result<(), Failure> {
    let it = match row(tx, id).await {
        // A job about what is not there ends all the same.
        Err(Failure::NotFound(_)) => return Ok(()),
        it => it?,
    };
    match it.state {
        RoundState::Computing | RoundState::Publishing => {
            let change = StoppedRound::stop(id, it.computed_at.is_some(), is_cancelled);
            save_stopped(tx, change).await
        }
        _ => Ok(()),
    }
}
