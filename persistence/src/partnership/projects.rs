//! Projects in the database: they are entries; here is what needs other rows.
//!
//! - this page: rules about other projects and about targets, the number of projects, and the account of one.
use crate::engine::card::Card;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    events, project_contributions as contributions, project_partners as partners, project_targets as targets,
    projects, target_results as results, tasks,
};
use crate::entry;
use crate::partnership::events as held;
use crate::sight::{dangling, is_found, sees};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use domain::accompaniment::tasks::TaskState;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::period::must_have_days;
use domain::base::id::{
    CouncilId, OrganizationId, ProjectId, ProjectPartnerId, ProjectTargetId, TargetResultId,
};
use domain::base::refusal::{Reason, Refused};
use domain::base::text::{Money, REFERENCE};
use domain::partnership::events::EventState;
use domain::partnership::events::attendance::AttendanceTable;
use domain::partnership::projects::account::{ProjectAccount, ProjectSummary, TargetAccount};
use domain::partnership::projects::contributions::ContributionKind;
use domain::partnership::projects::partners::ProjectPartnerForm;
use domain::partnership::projects::targets::{ProjectTargetForm, TargetResultForm};
use domain::partnership::projects::{CYCLE, FACT_MISSING, ProjectForm, ProjectState};
use domain::region::organizations::OrganizationForm;
use shape::filter;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The question for the number of projects.
#[filter]
pub struct ProjectQuestion {
    /// The organization that carries them out. Required.
    pub organization_id: Option<OrganizationId>,
    /// Only projects that begin on this day or later.
    pub since: Option<NaiveDate>,
}

/// The days of an account.
#[filter]
pub struct AccountQuestion {
    /// The first day. The first day of the project, if none is given.
    pub from: Option<NaiveDate>,
    /// The last day. Today, if none is given.
    pub to: Option<NaiveDate>,
}

impl Card for ProjectSummary {}
impl Card for ProjectAccount {}

/// The reasons against an edit or a step of a project that other rows know.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: ProjectId,
    before: &ProjectForm,
    after: &ProjectForm,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = Vec::new();
    if entry::leads_back::<ProjectForm>(tx, id, (before, after), |it| it.parent_id).await? {
        reasons.push(CYCLE.reason().at("/parent_id"));
    }
    if after.is_completed_after(before) {
        let missing = targets_without_result(tx, id).await?;
        reasons.extend(missing.into_iter().map(|it| FACT_MISSING.reason().with("target_id", it)));
    }
    Ok(reasons)
}

/// The reasons against a target that is entered or edited under a project.
pub(super) async fn against_target(tx: &mut Tx<'_>, id: ProjectId) -> Result<Vec<Reason>, Failure> {
    let project = entry::found::<ProjectForm>(tx, id).await?;
    Ok(project.form.against_target().into_iter().collect())
}

/// The reason against a partner who is on record in the same role on the same days. Two who were before may stay.
pub(super) async fn against_partner(
    tx: &mut Tx<'_>,
    id: ProjectId,
    form: &ProjectPartnerForm,
    before: Option<&ProjectPartnerForm>,
) -> Result<Vec<Reason>, Failure> {
    let standing = partners::table
        .filter(partners::project_id.eq(bind(id)))
        .filter(partners::annulment_reason.is_null())
        .order(partners::id)
        .select(partners::id);
    let ids: Vec<ProjectPartnerId> = db!(tx, load, standing)?;
    let mut others = entry::those::<ProjectPartnerForm>(tx, ids).await?;
    if let Some(n) = others.iter().position(|it| Some(&it.form) == before) {
        others.swap_remove(n);
    }
    let against = |it: &ProjectPartnerForm| it.against_others(others.iter().map(|it| &it.form));
    let reason = against(form).filter(|_| before.and_then(against).is_none());
    Ok(reason.into_iter().collect())
}

/// Refuses an annulment, just saved, of a target of a project that is over, or of the only result of one where the project was completed.
pub(super) async fn must_keep_results(tx: &mut Tx<'_>, of: Subject) -> Result<(), Failure> {
    let target = match of.kind {
        SubjectKind::ProjectTarget => Some(of.id),
        SubjectKind::TargetResult => entry::found::<TargetResultForm>(tx, of.id.into()).await?.parent,
        _ => None,
    };
    let Some(target) = target else { return Ok(()) };
    let Some(id) = entry::found::<ProjectTargetForm>(tx, target.into()).await?.parent else { return Ok(()) };
    let project = entry::found::<ProjectForm>(tx, id.into()).await?.form;
    let reason = if of.kind == SubjectKind::ProjectTarget {
        project.against_target()
    } else if targets_without_result(tx, id.into()).await?.contains(&target.into()) {
        project.against_bare_target()
    } else {
        None
    };
    Ok(Refused::unless_empty(reason.into_iter().collect())?)
}

/// The reason against what would stand under a project of another organization, and would change its account. Partners may.
pub(super) async fn against_place(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (before, after): (Option<ProjectId>, Option<ProjectId>),
    pointer: &str,
) -> Result<Vec<Reason>, Failure> {
    let Some(project) = after.filter(|_| after != before) else { return Ok(Vec::new()) };
    // A project that is not there, a draft, or one that was annulled, is told as a dangling reference anyway.
    let shown = projects::table
        .filter(projects::id.eq(bind(project)))
        .filter(projects::state.ne(bind(ProjectState::Draft)))
        .filter(projects::annulment_reason.is_null())
        .select(projects::organization_id);
    let owner: Option<OrganizationId> = db!(tx, first, shown).optional()?;
    let partner = partners::table
        .filter(partners::project_id.eq(bind(project)))
        .filter(partners::organization_id.assume_not_null().eq(bind(organization)))
        .filter(partners::annulment_reason.is_null());
    let belongs =
        owner.is_none_or(|it| it == organization) || db!(tx, get_result, diesel::select(exists(partner)))?;
    // To an organization that is not there nothing belongs: that one is refused.
    let is_strange = !belongs && sees(tx, Subject::new(SubjectKind::Organization, organization)).await?;
    Ok(is_strange.then(|| REFERENCE.reason().at(pointer.to_owned())).into_iter().collect())
}

async fn targets_without_result(tx: &mut Tx<'_>, id: ProjectId) -> Result<Vec<ProjectTargetId>, Failure> {
    let theirs = results::table
        .filter(results::project_target_id.eq(targets::id))
        .filter(results::annulment_reason.is_null());
    let bare = targets::table
        .filter(targets::project_id.eq(bind(id)))
        .filter(targets::annulment_reason.is_null())
        .filter(not(exists(theirs)))
        .order(targets::id)
        .select(targets::id);
    Ok(db!(tx, load, bare)?)
}

/// The number of projects that an organization has carried out. A part of another project of the organization counts with it.
pub async fn summary(tx: &mut Tx<'_>, asked: &ProjectQuestion) -> Result<ProjectSummary, Failure> {
    let Some(organization) = asked.organization_id else {
        return Err(Refused::from(domain::base::text::MISSING.reason().at("/organization_id")).into());
    };
    let is_there = is_found(entry::found::<OrganizationForm>(tx, organization).await)?;
    if !is_there || !tx.scope().answers_for(organization) {
        return Err(dangling("/organization_id"));
    }
    let carried_out = [ProjectState::Running, ProjectState::Completed];
    let theirs = projects::table
        .filter(projects::organization_id.eq(bind(organization)))
        .filter(projects::state.eq_any(any_of(&carried_out)))
        .filter(projects::annulment_reason.is_null())
        .order((projects::starts_on, projects::id))
        .select((projects::id, projects::parent_id, projects::starts_on));
    let all: Vec<(ProjectId, Option<ProjectId>, NaiveDate)> = db!(tx, load, theirs)?;
    let ids: HashSet<ProjectId> = all.iter().map(|it| it.0).collect();
    let is_since = |day: NaiveDate| asked.since.is_none_or(|since| day >= since);
    let whole = all.iter().filter(|(_, parent, day)| {
        let is_part = parent.is_some_and(|it| ids.contains(&it));
        !is_part && is_since(*day)
    });
    Ok(ProjectSummary { implemented: i64::try_from(whole.count()).unwrap_or(i64::MAX) })
}

/// The account of a project that the caller sees, with all that stands under it.
pub async fn account(
    tx: &mut Tx<'_>,
    id: ProjectId,
    asked: &AccountQuestion,
) -> Result<ProjectAccount, Failure> {
    let project = entry::card::<ProjectForm>(tx, id).await?.form;
    let to = asked.to.unwrap_or_else(|| tx.today());
    must_have_days(asked.from, to)?;
    let from = asked.from.unwrap_or(project.starts_on).min(to);
    let all = with_parts(tx, id).await?;
    let events = held::of_projects(tx, &all, (from, to)).await?;
    let table = AttendanceTable::of((from, to), events, None);
    let inside = tx.scope_of(Right::ReadPartnershipInside);
    let is_inside = inside.answers_for(project.organization_id);
    // The contributions to a part are those of its own organization, which may be a partner.
    let owners = projects::table
        .filter(projects::id.eq_any(binds(&all)))
        .select((projects::id, projects::organization_id));
    let owners: Vec<(ProjectId, OrganizationId)> = db!(tx, load, owners)?;
    let own: Vec<ProjectId> = owners.iter().filter(|it| inside.answers_for(it.1)).map(|it| it.0).collect();
    let money = if is_inside { Some(money(tx, &own, (from, to)).await?) } else { None };
    let (key_points, key_points_done) = key_points(tx, id).await?;
    Ok(ProjectAccount {
        project_id: id,
        title: project.title,
        state: project.state,
        from,
        to,
        targets: targets_of(tx, id, to).await?,
        key_points,
        key_points_done,
        partners: partners_of(tx, &all).await?,
        events_held: i64::try_from(table.rows.len()).unwrap_or(i64::MAX),
        events_planned: planned(tx, &all, (from, to)).await?,
        people: table.sum,
        without_number: table.without_number,
        money,
    })
}

/// A project with all that stands under it, drafts left out.
async fn with_parts(tx: &mut Tx<'_>, id: ProjectId) -> Result<Vec<ProjectId>, Failure> {
    let (mut all, mut level) = (vec![id], vec![id]);
    while !level.is_empty() {
        let under = projects::table
            .filter(projects::parent_id.assume_not_null().eq_any(binds(&level)))
            .filter(projects::state.ne(bind(ProjectState::Draft)))
            .filter(projects::annulment_reason.is_null())
            .order(projects::id)
            .select(projects::id);
        level = db!(tx, load, under)?;
        all.extend(level.iter().copied());
    }
    Ok(all)
}

async fn targets_of(tx: &mut Tx<'_>, id: ProjectId, to: NaiveDate) -> Result<Vec<TargetAccount>, Failure> {
    let standing = targets::table
        .filter(targets::project_id.eq(bind(id)))
        .filter(targets::annulment_reason.is_null())
        .order(targets::id)
        .select(targets::id);
    let ids: Vec<ProjectTargetId> = db!(tx, load, standing)?;
    let told = results::table
        .filter(results::project_target_id.eq_any(binds(&ids)))
        .filter(results::annulment_reason.is_null())
        .filter(results::measured_on.le(to))
        .order((results::measured_on, results::id))
        .select((results::project_target_id, results::id));
    let rows: Vec<(ProjectTargetId, TargetResultId)> = db!(tx, load, told)?;
    let latest: HashMap<ProjectTargetId, TargetResultId> = rows.into_iter().collect();
    let values = entry::those::<TargetResultForm>(tx, latest.values().copied().collect()).await?;
    let values: HashMap<TargetResultId, TargetResultForm> =
        values.into_iter().map(|it| (it.id, it.form)).collect();
    let forms = entry::those::<ProjectTargetForm>(tx, ids.clone()).await?;
    let mut forms: HashMap<ProjectTargetId, ProjectTargetForm> =
        forms.into_iter().map(|it| (it.id, it.form)).collect();
    let account = |id: &ProjectTargetId| {
        let form = forms.remove(id)?;
        let result = latest.get(id).and_then(|it| values.get(it));
        Some(TargetAccount {
            target_id: *id,
            title: form.title,
            unit: form.unit,
            plan: form.plan,
            baseline: form.baseline,
            value: result.map(|it| it.value),
            measured_on: result.map(|it| it.measured_on),
        })
    };
    Ok(ids.iter().filter_map(account).collect())
}

/// The tasks that follow from a project, and those of them that are done.
async fn key_points(tx: &mut Tx<'_>, id: ProjectId) -> Result<(i64, i64), Failure> {
    let theirs = tasks::table
        .filter(tasks::source_id.eq(bind(Some(Uuid::from(id)))))
        .filter(tasks::source_kind.eq(bind(Some(SubjectKind::Project))))
        .filter(tasks::state.ne(bind(TaskState::Cancelled)))
        .group_by(tasks::state)
        .select((tasks::state, count_star()));
    let counts: Vec<(TaskState, i64)> = db!(tx, load, theirs)?;
    let done = counts.iter().filter(|it| it.0 == TaskState::Done).map(|it| it.1).sum();
    Ok((counts.iter().map(|it| it.1).sum(), done))
}

/// The number of partners. One in several roles, or in several parts of the project, is one.
async fn partners_of(tx: &mut Tx<'_>, all: &[ProjectId]) -> Result<i64, Failure> {
    let theirs = partners::table
        .filter(partners::project_id.eq_any(binds(all)))
        .filter(partners::annulment_reason.is_null())
        .select((partners::organization_id, partners::council_id));
    let rows: Vec<(Option<OrganizationId>, Option<CouncilId>)> = db!(tx, load, theirs)?;
    let named = |(organization, council): (Option<OrganizationId>, Option<CouncilId>)| {
        organization.map(Uuid::from).or(council.map(Uuid::from))
    };
    let each: HashSet<Uuid> = rows.into_iter().filter_map(named).collect();
    i64::try_from(each.len()).map_err(Failure::broken)
}

async fn planned(
    tx: &mut Tx<'_>,
    all: &[ProjectId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<i64, Failure> {
    let ahead = events::table
        .filter(events::project_id.assume_not_null().eq_any(binds(all)))
        .filter(events::state.eq(bind(EventState::Planned)))
        .filter(events::annulment_reason.is_null())
        .filter(events::starts_on.between(from, to))
        .select(count_star());
    Ok(db!(tx, first, ahead)?)
}

/// The money given to these projects. Things with an estimated value are not added.
async fn money(
    tx: &mut Tx<'_>,
    all: &[ProjectId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Money, Failure> {
    let given = contributions::table
        .filter(contributions::project_id.eq_any(binds(all)))
        .filter(contributions::kind.eq(bind(ContributionKind::Money)))
        .filter(contributions::annulment_reason.is_null())
        .filter(contributions::given_on.between(from, to))
        .select(contributions::value.assume_not_null());
    let values: Vec<Money> = db!(tx, load, given)?;
    Ok(Money::of_kopecks(values.iter().map(Money::kopecks).fold(0, i64::saturating_add)))
}
