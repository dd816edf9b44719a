//! Rounds of matching in the database: begun, computed by a job, adjusted, and published by another job.
mod beginning;
mod computing;
mod publishing;
mod saving;

pub use beginning::begin;
pub use computing::{KeptRound, RoundTask, SealedRound, kept, run_of, task};
pub(in crate::matching) use computing::{bare_task, question};
pub use publishing::publication_facts;
pub use saving::{
    adjusted_pair, insert_left_out, insert_proposals, save_adjusted, save_computed, save_rerun, save_stopped,
    stopped,
};

use crate::engine::card::cards;
use crate::engine::column::{Json, any, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{matching_adjustments, matching_proposals, matching_rounds};
use crate::history::{self, HistoryEntry};
use crate::scope::rounds::visible;
use crate::sight::Own;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Oktmo;
use domain::matching::*;
use shape::{card, filter};
use std::collections::HashMap;

/// A round of matching as every endpoint returns it.
#[card]
pub struct MatchingRoundCard {
    /// The id of the matching round.
    pub id: MatchingRoundId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The program of the round.
    pub program_id: ProgramId,
    /// The edition of the program in force on the day of the round.
    pub edition_id: EditionId,
    /// The organization whose beneficiaries are matched; absent: beneficiaries of all organizations.
    pub organization_id: Option<OrganizationId>,
    /// The territory of the matched beneficiaries.
    pub territory: Option<Oktmo>,
    /// The kind of the round, which decides who is matched.
    pub kind: RoundKind,
    /// The state of the round.
    pub state: RoundState,
    /// The day on which people are judged.
    pub as_of: NaiveDate,
    /// The edition of the rules of matching; absent: the default rules of the product.
    pub rules_id: Option<MatchingRulesId>,
    /// The rules of the round, with the mode from the order.
    #[schema(value_type = MatchingRules)]
    pub rules: Json<MatchingRules>,
    /// The previous round in the same program and organization.
    pub previous_id: Option<MatchingRoundId>,
    /// The latest job of the round. `GET /jobs/{id}` shows its progress.
    pub job_id: JobId,
    /// The number of computings.
    #[schema(minimum = 0, maximum = 100_000, example = 1)]
    pub run: i32,
    /// The result, once the round is computed.
    #[schema(value_type = RoundResult)]
    pub result: Option<Json<RoundResult>>,
    /// SHA-256 of the input of the computing, in base64. Equal inputs have equal results.
    #[schema(max_length = 64, example = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=")]
    pub input_digest: Option<String>,
    /// The adjustments of the next computing, or of the last one.
    #[schema(max_items = 500)]
    pub adjustments: Vec<AdjustmentCard>,
    /// The moment of the last computing. The people are as they were at that moment.
    pub computed_at: Option<Moment>,
    /// The planned first day of the mentorships.
    pub starts_on: Option<NaiveDate>,
    /// The planned last day of the mentorships.
    pub ends_on: Option<NaiveDate>,
    /// The moment at which the round was published.
    pub published_at: Option<Moment>,
    /// The number of proposals that are not published yet.
    #[schema(minimum = 0, maximum = 10_000_000, example = 0)]
    pub pending_proposals: i64,
    /// The number of proposals that became proposed mentorships, including next best ones.
    #[schema(minimum = 0, maximum = 10_000_000, example = 80)]
    pub published_proposals: i64,
    /// The number of proposals that rules refused at publication.
    #[schema(minimum = 0, maximum = 10_000_000, example = 1)]
    pub refused_proposals: i64,
    /// Orders that this caller may send to the round now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the round was begun.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { MatchingRoundCard in "matching-rounds"; }

/// A pair that a specialist has pinned or forbidden.
#[card]
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = matching_adjustments)]
pub struct AdjustmentCard {
    /// The kind of adjustment: pinned or forbidden.
    pub kind: AdjustmentKind,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The account that made the adjustment.
    pub made_by: UserId,
    /// The moment of the adjustment.
    pub made_at: Moment,
}

/// Filters of the list of rounds.
#[filter]
pub struct MatchingRoundFilter {
    /// Only rounds of this program.
    pub program_id: Option<ProgramId>,
    /// Only rounds for the beneficiaries of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only rounds in this state.
    pub state: Option<AnyOf<RoundState>>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = matching_rounds)]
pub(in crate::matching) struct Row {
    pub(in crate::matching) id: MatchingRoundId,
    version: i64,
    pub(in crate::matching) program_id: ProgramId,
    pub(in crate::matching) edition_id: EditionId,
    pub(in crate::matching) organization_id: Option<OrganizationId>,
    pub(in crate::matching) territory: Option<Oktmo>,
    kind: RoundKind,
    pub(in crate::matching) state: RoundState,
    as_of: NaiveDate,
    rules_id: Option<MatchingRulesId>,
    pub(in crate::matching) rules: Json<MatchingRules>,
    previous_id: Option<MatchingRoundId>,
    job_id: JobId,
    run: i32,
    result: Option<Json<RoundResult>>,
    input_digest: Option<String>,
    computed_at: Option<Moment>,
    pub(in crate::matching) starts_on: Option<NaiveDate>,
    pub(in crate::matching) ends_on: Option<NaiveDate>,
    pub(in crate::matching) tutor_user_id: Option<UserId>,
    published_at: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    /// The round as rules judge it.
    fn on_record(&self) -> RoundOnRecord {
        let Self { id, program_id, edition_id, state, .. } = *self;
        RoundOnRecord { id, program_id, edition_id, state }
    }
}

/// The column in which the assessment of a proposal is sealed.
pub(super) const ASSESSMENT: &str = "matching_proposals.assessment";

fn missing(id: MatchingRoundId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::MatchingRound, id)))
}

/// Whether the right of this transaction reaches the round.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(matching_rounds::id.eq(bind(id))))))?)
}

pub(in crate::matching) async fn row(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(matching_rounds::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// The card of one round.
pub async fn card(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<MatchingRoundCard, Failure> {
    let row = row(tx, id).await?;
    let running = tx.caller().map(|it| it.scope(Right::RunMatching));
    let facts = match may_run(running.as_ref(), &row) && row.state == RoundState::Ready {
        true => Some(publication_facts(tx, &row.on_record(), tx.today()).await?),
        false => None,
    };
    cards(tx, vec![row], Judged::Whole, facts.as_ref()).await?.pop().ok_or_else(|| missing(id))
}

/// The names of those of the given rounds that the right of this transaction reaches: the day for which people are assessed.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[MatchingRoundId],
) -> Result<Vec<(MatchingRoundId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), matching_rounds::id.eq_any(binds(ids)));
    let found: Vec<(MatchingRoundId, NaiveDate)> =
        db!(tx, load, visible!(scope).filter(some).select((matching_rounds::id, matching_rounds::as_of)))?;
    Ok(found.into_iter().map(|(id, as_of)| (id, as_of.to_string())).collect())
}

/// The history of a round, without adjustments of the caller's own pairs.
pub async fn history(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    let own = Own::of(tx);
    let mut page = history::history(tx, Subject::new(SubjectKind::MatchingRound, id), window).await?;
    let mentor = own.mentor.map(|it| it.to_string());
    let own: Vec<String> = own.beneficiaries.iter().map(ToString::to_string).chain(mentor).collect();
    page.items.retain(|it| it.details.iter().all(|it| !own.contains(&it.value)));
    Ok(page)
}

/// Rounds that the caller may see, the newest first.
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
        if let Some(state) = &filter.state {
            all = all.filter(matching_rounds::state.eq_any(any(state)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards(tx, page.items, Judged::State, None).await?, next: page.next })
}

async fn cards(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    judged: Judged,
    facts: Option<&PublicationFacts>,
) -> Result<Vec<MatchingRoundCard>, Failure> {
    let ids: Vec<MatchingRoundId> = rows.iter().map(|it| it.id).collect();
    let mut adjusted = adjustments_of(tx, &ids).await?;
    let mut counts = counts_of(tx, &ids, None).await?;
    let own = Own::of(tx);
    let running = tx.caller().map(|it| it.scope(Right::RunMatching));
    let card = |it: Row| {
        let (adjusted, counts) = (adjusted.remove(&it.id), counts.remove(&it.id));
        let (may_run, record) = (may_run(running.as_ref(), &it), it.on_record());
        let offers = RoundOffers { it: &record, facts };
        let actions = available(&offers, it.id, judged, |_| may_run, |_| true);
        shown(it, &own, adjusted.unwrap_or_default(), &counts.unwrap_or_default(), actions)
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Whether the right to run matching reaches a round. Without a scope the caller is the program itself, which may.
fn may_run(scope: Option<&Scope>, it: &Row) -> bool {
    scope.is_none_or(|scope| {
        scope.everything
            || scope.programs.contains(&it.program_id)
            || it.organization_id.is_some_and(|it| scope.organizations.contains(&it))
    })
}

fn shown(
    mut it: Row,
    own: &Own,
    mut adjusted: Vec<AdjustmentCard>,
    counts: &Counts,
    available_actions: Vec<AvailableAction>,
) -> MatchingRoundCard {
    if let Some(result) = &mut it.result {
        result.0.blocking.retain(|pair| !own.is_of(pair.beneficiary_id, pair.mentor_id));
        result.0.scarce.retain(|it| !own.is_mentor(it.mentor_id));
    }
    adjusted.retain(|pair| !own.is_of(pair.beneficiary_id, pair.mentor_id));
    MatchingRoundCard {
        adjustments: adjusted,
        pending_proposals: counts.of(ProposalState::Pending),
        published_proposals: counts.of(ProposalState::Published),
        refused_proposals: counts.of(ProposalState::Refused),
        available_actions,
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
    }
}

/// The number of proposals of a round in each state.
#[derive(Debug, Default)]
pub(in crate::matching) struct Counts(Vec<(ProposalState, i64)>);

impl Counts {
    pub(in crate::matching) fn of(&self, state: ProposalState) -> i64 {
        self.0.iter().find(|it| it.0 == state).map_or(0, |it| it.1)
    }
    pub(in crate::matching) fn all(&self) -> i64 {
        self.0.iter().map(|it| it.1).sum()
    }
}

/// Counts the proposals of a round, or of one computing of it.
pub(in crate::matching) async fn counts(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    run: Option<i32>,
) -> Result<Counts, Failure> {
    Ok(counts_of(tx, &[id], run).await?.remove(&id).unwrap_or_default())
}

async fn counts_of(
    tx: &mut Tx<'_>,
    ids: &[MatchingRoundId],
    run: Option<i32>,
) -> Result<HashMap<MatchingRoundId, Counts>, Failure> {
    let found: Vec<(MatchingRoundId, ProposalState, i64)> = db!(tx, load, {
        let mut all = matching_proposals::table
            .filter(matching_proposals::round_id.eq_any(binds(ids)))
            .group_by((matching_proposals::round_id, matching_proposals::state))
            .select((matching_proposals::round_id, matching_proposals::state, count_star()))
            .into_boxed();
        if let Some(run) = run {
            all = all.filter(matching_proposals::run.eq(run));
        }
        all
    })?;
    let mut all: HashMap<_, Counts> = HashMap::new();
    for (id, state, count) in found {
        all.entry(id).or_default().0.push((state, count));
    }
    Ok(all)
}

async fn adjustments(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<Vec<AdjustmentCard>, Failure> {
    Ok(adjustments_of(tx, &[id]).await?.remove(&id).unwrap_or_default())
}

async fn adjustments_of(
    tx: &mut Tx<'_>,
    ids: &[MatchingRoundId],
) -> Result<HashMap<MatchingRoundId, Vec<AdjustmentCard>>, Failure> {
    let some = matching_adjustments::table.filter(matching_adjustments::round_id.eq_any(binds(ids))).order((
        matching_adjustments::made_at,
        matching_adjustments::beneficiary_id,
        matching_adjustments::mentor_id,
    ));
    let found: Vec<(MatchingRoundId, AdjustmentCard)> =
        db!(tx, load, some.select((matching_adjustments::round_id, AdjustmentCard::as_select())))?;
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for (id, it) in found {
        all.entry(id).or_default().push(it);
    }
    Ok(all)
}

/// Loads a round that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: MatchingRoundId) -> Result<RoundOnRecord, Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    Ok(it.on_record())
}
