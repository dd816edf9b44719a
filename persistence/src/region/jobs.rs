//! Jobs in the database. A job belongs to the runner that holds its lease. Each take-up has a name of its own
//! (`runner`), and writes to a running job need that name. So a runner that lost a job cannot end it.
use crate::engine::card::cards;
use crate::engine::column::{AnyId, any, bind, binds, each};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{jobs, matching_rounds};
use crate::scope::rounds::visible as visible_rounds;
use crate::scope::{Way, when};
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{Right, Role, Scope};
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{JobId, UserId};
use domain::base::moment::Moment;
use domain::base::word::Word;
use domain::region::jobs::*;
use shape::{card, filter};
use uuid::Uuid;

/// A job as every endpoint returns it.
#[card]
pub struct JobCard {
    /// The id of the job.
    pub id: JobId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The kind of the work.
    pub kind: JobKind,
    /// The lane in which the job waits.
    pub lane: JobLane,
    /// The state of the job.
    pub state: JobState,
    /// The done part of the work, 0 to 1. It never decreases.
    #[schema(minimum = 0, maximum = 1, example = 0.25)]
    pub progress: f64,
    /// Whether somebody asked the job to stop.
    #[schema(example = false)]
    pub is_cancelling: bool,
    /// The account on whose behalf the job runs.
    pub user_id: UserId,
    /// The kind of the subject of the job.
    pub subject_kind: SubjectKind,
    /// The id of the subject of the job.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000035")]
    pub subject_id: Uuid,
    /// The path of the result, once the job is done.
    #[schema(max_length = 200, example = "/api/v1/matching-rounds/01980000-0000-7000-8000-000000000035")]
    pub result_path: Option<String>,
    /// The code of the problem that made the job fail, as `GET /problems` lists it.
    #[schema(value_type = Option<domain::base::refusal::RefusalCode>)]
    pub problem_code: Option<String>,
    /// The number of times the job was taken up. It is more than 1 if a server stopped in the middle of the work.
    #[schema(minimum = 0, maximum = 1000, example = 1)]
    pub attempts: i32,
    /// Orders that this caller may send to the job now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the job was put into the queue.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
    /// The moment at which the job ended.
    pub ended_at: Option<Moment>,
}

cards! { JobCard in "jobs"; }

/// Filters of the list of jobs.
#[filter]
pub struct JobFilter {
    /// Only jobs in this state.
    pub state: Option<AnyOf<JobState>>,
    /// Only jobs of this kind.
    pub kind: Option<AnyOf<JobKind>>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
struct Row {
    id: JobId,
    version: i64,
    kind: JobKind,
    subject_kind: SubjectKind,
    subject_id: AnyId,
    user_id: UserId,
    request_id: String,
    state: JobState,
    progress_per_mille: i32,
    is_cancelling: bool,
    problem_code: Option<String>,
    attempts: i32,
    ended_at: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
    lane: JobLane,
}

impl Row {
    fn shown(self, judged: Judged) -> JobCard {
        let subject_id = self.subject_id.into();
        let offers = JobOffers { state: self.state, is_cancelling: self.is_cancelling };
        JobCard {
            result_path: (self.state == JobState::Done).then(|| result_path(self.kind, subject_id)),
            available_actions: available(&offers, self.id, judged, |_| true, |_| true),
            id: self.id,
            version: self.version,
            kind: self.kind,
            lane: self.lane,
            state: self.state,
            progress: f64::from(self.progress_per_mille) / f64::from(WHOLE_PER_MILLE),
            is_cancelling: self.is_cancelling,
            user_id: self.user_id,
            subject_kind: self.subject_kind,
            subject_id,
            problem_code: self.problem_code,
            attempts: self.attempts,
            created_at: self.created_at,
            updated_at: self.updated_at,
            ended_at: self.ended_at,
        }
    }
}

fn result_path(kind: JobKind, subject_id: Uuid) -> String {
    let collection = match kind {
        JobKind::MatchingRound | JobKind::MatchingPublication | JobKind::MatchingNextBest => {
            "matching-rounds"
        }
        JobKind::RegisterScan => "register-scans",
    };
    format!("/api/v1/{collection}/{subject_id}")
}

fn missing(id: JobId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Job, id)))
}

/// The part of the region's jobs that the caller sees.
struct Reach {
    /// The jobs of this account; none: all jobs of the region. A key that reaches the whole region sees only its own
    /// jobs.
    owner: Option<UserId>,
    /// The jobs about rounds that the caller may run. Those responsible for a round see its progress and can stop it.
    running: Scope,
}

impl Reach {
    fn of(tx: &Tx<'_>) -> Self {
        let sees_all = tx.scope().everything && tx.is(Role::RegionAdmin);
        let owner = tx.caller().filter(|_| !sees_all).map(|it| it.user);
        let running = tx.scope_of(Right::RunMatching);
        // Only an administrator or a key reaches everything. For them `owner` decides, because a key sees only its
        // own jobs.
        Self { owner, running: Scope { everything: false, ..running } }
    }
}

/// The visible jobs. Every query begins here.
macro_rules! visible {
    ($reach:expr) => {{
        let mut all = jobs::table.into_boxed();
        if let Some(owner) = $reach.owner {
            let scope = &$reach.running;
            let rounds = visible_rounds!(scope).select(matching_rounds::id);
            let runs = !scope.organizations.is_empty() || !scope.programs.is_empty();
            let own = when(true, jobs::user_id.eq(bind(owner)));
            all = all.filter(own.or_by(when(runs, jobs::subject_id.eq_any(rounds))));
        }
        all
    }};
}

/// Whether the right of this transaction reaches the job.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: JobId) -> Result<bool, Failure> {
    let reach = Reach::of(tx);
    Ok(db!(tx, get_result, diesel::select(exists(visible!(reach).filter(jobs::id.eq(bind(id))))))?)
}

/// The kinds of those of the given jobs that the caller sees, in words.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[JobId]) -> Result<Vec<(JobId, String)>, Failure> {
    let (reach, some) = (Reach::of(tx), jobs::id.eq_any(binds(ids)));
    let found: Vec<(JobId, JobKind)> =
        db!(tx, load, visible!(reach).filter(some).select((jobs::id, jobs::kind)))?;
    Ok(found.into_iter().map(|(id, kind)| (id, kind.ru().to_owned())).collect())
}

async fn row(tx: &mut Tx<'_>, id: JobId) -> Result<Row, Failure> {
    let reach = Reach::of(tx);
    db!(tx, first, visible!(reach).filter(jobs::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// The card of one job.
pub async fn card(tx: &mut Tx<'_>, id: JobId) -> Result<JobCard, Failure> {
    Ok(row(tx, id).await?.shown(Judged::Whole))
}

/// Jobs that the caller may see, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &JobFilter, window: &Window) -> Result<Page<JobCard>, Failure> {
    let reach = Reach::of(tx);
    let mut rows: Vec<Row> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, &reach, filter, state, window).await?);
    }
    let rows = window.first_of(rows, false, |it| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: page.items.into_iter().map(|it| it.shown(Judged::State)).collect(), next: page.next })
}

/// The first visible jobs in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    reach: &Reach,
    filter: &JobFilter,
    state: Option<JobState>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    Ok(db!(tx, load, {
        let mut all = visible!(reach).select(Row::as_select()).order(jobs::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(jobs::id.lt(bind(after)));
        }
        if let Some(state) = state {
            all = all.filter(jobs::state.eq(bind(state)));
        }
        if let Some(kind) = &filter.kind {
            all = all.filter(jobs::kind.eq_any(any(kind)));
        }
        all
    })?)
}

/// Loads a job that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: JobId) -> Result<Job, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let open = Open { id, is_cancelling: row.is_cancelling };
    Ok(if row.state.is_ended() { Job::Ended } else { Job::Open(open) })
}

/// Saves the request to stop a job.
pub async fn save_cancelling(tx: &mut Tx<'_>, change: Changed<Cancelling>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        jobs::version.eq(jobs::version + 1),
        jobs::is_cancelling.eq(true),
        jobs::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(jobs::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}

/// Puts work into the queue, on behalf of the caller.
pub async fn enqueue(tx: &mut Tx<'_>, kind: JobKind, subject: Subject) -> Result<JobId, Failure> {
    let user = tx.author()?;
    enqueue_for(tx, kind, subject, user).await
}

/// Puts work into the queue on behalf of the given account. The program itself uses it, because it has no account.
pub async fn enqueue_for(
    tx: &mut Tx<'_>,
    kind: JobKind,
    subject: Subject,
    user: UserId,
) -> Result<JobId, Failure> {
    enqueue_in(tx, kind.lane(), kind, subject, user).await
}

/// Puts work into a lane.
pub async fn enqueue_in(
    tx: &mut Tx<'_>,
    lane: JobLane,
    kind: JobKind,
    subject: Subject,
    user: UserId,
) -> Result<JobId, Failure> {
    let (it, records) = Queued::enqueue(tx.mint(), kind, subject).into_parts();
    let row = (
        jobs::id.eq(bind(it.id)),
        jobs::version.eq(1),
        jobs::kind.eq(bind(it.kind)),
        jobs::lane.eq(bind(lane)),
        jobs::subject_kind.eq(bind(it.subject.kind)),
        jobs::subject_id.eq(bind(it.subject.id)),
        jobs::user_id.eq(bind(user)),
        jobs::request_id.eq(bind(tx.request_id().to_owned())),
        jobs::state.eq(bind(JobState::Queued)),
        jobs::progress_per_mille.eq(0),
        jobs::is_cancelling.eq(false),
        jobs::attempts.eq(0),
        jobs::created_at.eq(bind(tx.now())),
        jobs::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(jobs::table).values(row))?;
    tx.note_work();
    tx.established(rows, records)?;
    Ok(it.id)
}

/// Whether work of that kind about that subject already waits in the queue.
pub(crate) async fn is_queued(tx: &mut Tx<'_>, kind: JobKind, subject: Subject) -> Result<bool, Failure> {
    let same = jobs::table
        .filter(jobs::kind.eq(bind(kind)))
        .filter(jobs::subject_id.eq(bind(subject.id)))
        .filter(jobs::state.eq(bind(JobState::Queued)))
        .filter(jobs::is_cancelling.eq(false));
    Ok(db!(tx, get_result, diesel::select(exists(same)))?)
}

/// A job that a runner just took up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The id of the job.
    pub id: JobId,
    /// The kind of the work.
    pub kind: JobKind,
    /// The id of the subject of the work.
    pub subject_id: Uuid,
    /// The account on whose behalf the work runs.
    pub user_id: UserId,
    /// The id of the request that asked for the work.
    pub request_id: String,
    /// The number of times the job was taken up, this time included.
    pub attempts: i32,
    /// Whether somebody asked the job to stop.
    pub is_cancelling: bool,
}

impl Claimed {
    /// The outcome with which the job ends instead of running: it was asked to stop, or it has no attempts left.
    pub fn instead(&self) -> Option<Outcome> {
        if self.is_cancelling {
            return Some(Outcome::Cancelled);
        }
        (self.attempts > ATTEMPTS).then_some(Outcome::Failed("server.internal"))
    }
}

/// Condition on rows: a runner may take up the job. It is queued, or it is running and its lease has passed.
macro_rules! free {
    ($now:expr) => {
        jobs::state.eq(bind(JobState::Queued)).or(jobs::state
            .eq(bind(JobState::Running))
            .and(jobs::lease_until.assume_not_null().le(bind($now))))
    };
}

/// Takes up the oldest free job of a lane, if there is one, until the lease passes. `runner` is the name of this take-up.
///
/// The UPDATE checks once more that the job is free, so two runners never hold the same job.
pub async fn claim(
    tx: &mut Tx<'_>,
    lane: JobLane,
    runner: Uuid,
    lease: TimeDelta,
) -> Result<Option<Claimed>, Failure> {
    let now = tx.now();
    // Those that have ended are many, and the index leaves them out by the state.
    let unended = jobs::state.eq_any(any(&AnyOf::from_iter([JobState::Queued, JobState::Running])));
    let of_lane = jobs::table.filter(jobs::lane.eq(bind(lane))).filter(unended);
    let oldest = of_lane.filter(free!(now)).order(jobs::id).select(jobs::id);
    let Some(id): Option<JobId> = db!(tx, first, oldest).optional()? else { return Ok(None) };
    let set = (
        jobs::version.eq(jobs::version + 1),
        jobs::state.eq(bind(JobState::Running)),
        jobs::runner.eq(bind(Some(runner))),
        jobs::lease_until.eq(bind(Some(now.plus(lease)))),
        jobs::attempts.eq(jobs::attempts + 1),
        jobs::updated_at.eq(bind(now)),
    );
    let take = diesel::update(jobs::table.find(bind(id)).filter(free!(now))).set(set);
    let row: Row = db!(tx, get_result, prepared(take.returning(Row::as_select())))?;
    Ok(Some(Claimed {
        id,
        kind: row.kind,
        subject_id: row.subject_id.into(),
        user_id: row.user_id,
        request_id: row.request_id,
        attempts: row.attempts,
        is_cancelling: row.is_cancelling,
    }))
}

/// Condition on rows: that take-up holds the job.
macro_rules! mine {
    ($id:expr, $runner:expr) => {
        jobs::table
            .find(bind($id))
            .filter(jobs::state.eq(bind(JobState::Running)))
            .filter(jobs::runner.assume_not_null().eq(bind($runner)))
    };
}

/// The answer to a runner that renews its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewed {
    /// The runner holds the job and goes on.
    Held,
    /// The runner holds the job, and somebody asked the job to stop.
    Cancelling,
    /// The runner no longer holds the job and must stop.
    Lost,
}

/// Renews the lease of a job and saves its progress, which never decreases. A lease that has passed is renewed as
/// well, if no other runner took the job up.
pub async fn renew(
    tx: &mut Tx<'_>,
    id: JobId,
    runner: Uuid,
    progress_per_mille: i32,
    lease: TimeDelta,
) -> Result<Renewed, Failure> {
    let now = tx.now();
    let known = mine!(id, runner).select((jobs::progress_per_mille, jobs::is_cancelling));
    let known: Option<(i32, bool)> = db!(tx, first, known).optional()?;
    let Some((before, is_cancelling)) = known else { return Ok(Renewed::Lost) };
    let until = jobs::lease_until.eq(bind(Some(now.plus(lease))));
    let progress = progress_per_mille.clamp(before, WHOLE_PER_MILLE);
    let rows = if progress > before {
        let set = (
            until,
            jobs::version.eq(jobs::version + 1),
            jobs::progress_per_mille.eq(progress),
            jobs::updated_at.eq(bind(now)),
        );
        db!(tx, execute, prepared(diesel::update(mine!(id, runner)).set(set)))?
    } else {
        db!(tx, execute, prepared(diesel::update(mine!(id, runner)).set(until)))?
    };
    Ok(match (rows, is_cancelling) {
        (1, false) => Renewed::Held,
        (1, true) => Renewed::Cancelling,
        _ => Renewed::Lost,
    })
}

/// Ends a job, in the same transaction as the last effect of the work. If the lease is lost, the transaction fails
/// and its effects are rolled back.
pub async fn finish(tx: &mut Tx<'_>, id: JobId, runner: Uuid, outcome: Outcome) -> Result<(), Failure> {
    let now = tx.now();
    let (it, records) = Running { id }.end(outcome).into_parts();
    let progress = mine!(id, runner).select(jobs::progress_per_mille);
    let Some(progress): Option<i32> = db!(tx, first, progress).optional()? else {
        return Err(Failure::LeaseLost);
    };
    let progress = if outcome == Outcome::Done { WHOLE_PER_MILLE } else { progress };
    let set = (
        jobs::version.eq(jobs::version + 1),
        jobs::state.eq(bind(it.outcome.state())),
        jobs::progress_per_mille.eq(progress),
        jobs::problem_code.eq(bind(it.outcome.problem_code().map(str::to_owned))),
        jobs::runner.eq(bind(None::<Uuid>)),
        jobs::lease_until.eq(bind(None::<Moment>)),
        jobs::ended_at.eq(bind(Some(now))),
        jobs::updated_at.eq(bind(now)),
    );
    let rows = db!(tx, execute, prepared(diesel::update(mine!(id, runner)).set(set)))?;
    tx.established(rows, records)
}

/// Returns an unfinished job to the queue, so that another runner takes it up. The interrupted attempt is not
/// counted.
pub async fn give_back(tx: &mut Tx<'_>, id: JobId, runner: Uuid) -> Result<(), Failure> {
    let set = (
        jobs::version.eq(jobs::version + 1),
        jobs::state.eq(bind(JobState::Queued)),
        jobs::runner.eq(bind(None::<Uuid>)),
        jobs::lease_until.eq(bind(None::<Moment>)),
        jobs::attempts.eq(jobs::attempts - 1),
        jobs::updated_at.eq(bind(tx.now())),
    );
    db!(tx, execute, prepared(diesel::update(mine!(id, runner)).set(set)))?;
    Ok(())
}

/// A new name for one take-up.
pub fn runner(now: Moment) -> Uuid {
    crate::tx::mint(now)
}
