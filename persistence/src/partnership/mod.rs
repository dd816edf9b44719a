//! Partnership in the database: where more than the form of an entry is needed.
//!
//! - [`agreements`], [`council_meetings`], [`decisions`], [`events::participants`], [`community`]: resources with rules of their own.
//! - [`levels`], [`capacity`], [`directory`], [`council_activity`]: figures and directories that are computed at each read.
//! - this page: the rules about entries that need other rows, and what follows from a change of one.
//!
//! Invariant: counts of a sensitive audience below 5 are read by the owner only.
pub mod action_packages;
pub mod agreements;
pub mod capacity;
pub mod community;
pub mod council_activity;
pub mod council_meetings;
pub mod councils;
pub mod decisions;
pub mod directory;
pub mod events;
mod funding_programs;
mod ideas;
pub mod levels;
pub mod projects;

use crate::accompaniment::tasks;
use crate::engine::failure::Failure;
use crate::entry;
use crate::region::{organizations, specialists};
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::accompaniment::tasks::{TaskCancellationReason, TaskSourceKind};
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::{BeneficiaryId, PersonId};
use domain::base::refusal::Reason;
use domain::partnership::action_plans::ActionPlanForm;
use domain::partnership::community::publications::PublicationForm;
use domain::partnership::events::EventForm;
use domain::partnership::ideas::IdeaForm;
use domain::partnership::legal_acts::{AMENDS_ITSELF, LegalActForm};
use domain::partnership::partner_interactions::PartnerInteractionForm;
use domain::partnership::projects::targets::ProjectTargetForm;
use domain::partnership::projects::{NOT_RUNNING, ProjectForm};
use domain::people::IN_FUTURE;
use domain::region::organizations::UnitForm;
use std::any::Any;
use uuid::Uuid;

/// The reasons against an entry that need other rows, where it stands under no case.
pub(crate) async fn against_entry(
    tx: &mut Tx<'_>,
    under: Option<Subject>,
    form: &dyn Any,
    before: Option<&dyn Any>,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = match against_form(tx, under, form, before).await {
        Ok(reasons) => reasons,
        // A check that refuses by itself is told with the rest.
        Err(Failure::Refused(refused)) => refused.reasons().to_vec(),
        Err(failed) => return Err(failed),
    };
    reasons.extend(against_ahead(tx.today(), form, before));
    reasons.extend(community::against_days(tx, form, before).await?);
    Ok(reasons)
}

/// The reason against a day ahead of what has happened: an idea that was noticed, a publication that came out.
fn against_ahead(today: NaiveDate, form: &dyn Any, before: Option<&dyn Any>) -> Option<Reason> {
    let (day, was, pointer) = if let Some(it) = form.downcast_ref::<IdeaForm>() {
        let was = before.and_then(|it| it.downcast_ref::<IdeaForm>()).map(|it| it.noticed_on);
        (Some(it.noticed_on), was, "/noticed_on")
    } else {
        let it = form.downcast_ref::<PublicationForm>()?;
        let was = before.and_then(|it| it.downcast_ref::<PublicationForm>()).and_then(|it| it.published_on);
        (it.published_on, was, "/published_on")
    };
    let is_ahead = day != was && day.is_some_and(|it| it > today);
    is_ahead.then(|| IN_FUTURE.reason().at(pointer).with("today", today))
}

async fn against_form(
    tx: &mut Tx<'_>,
    under: Option<Subject>,
    form: &dyn Any,
    before: Option<&dyn Any>,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = form.downcast_ref() {
        // An edit is judged with the programme itself.
        return if before.is_none() {
            funding_programs::against(tx, None, form).await
        } else {
            Ok(Vec::new())
        };
    }
    if let Some(form) = form.downcast_ref::<PartnerInteractionForm>() {
        let is_ahead = form.held_on > tx.today();
        let ahead = is_ahead.then(|| IN_FUTURE.reason().at("/held_on").with("today", tx.today()));
        return Ok(ahead.into_iter().collect());
    }
    if let Some((council, form)) = under.filter(|it| it.kind == SubjectKind::Council).zip(form.downcast_ref())
    {
        let before = before.and_then(|it| it.downcast_ref());
        return councils::against_member(tx, council.id.into(), form, before).await;
    }
    if let Some(package) = under.filter(|it| it.kind == SubjectKind::ActionPackage) {
        return match before {
            None => action_packages::against_further(tx, package.id.into()).await,
            Some(_) => Ok(Vec::new()),
        };
    }
    if let Some(event) = under.filter(|it| it.kind == SubjectKind::Event) {
        return events::against_entry(tx, event.id.into(), form, before).await;
    }
    if let Some(project) = under.filter(|_| form.is::<ProjectTargetForm>()) {
        return projects::against_target(tx, project.id.into()).await;
    }
    if let Some((project, form)) = under.zip(form.downcast_ref()) {
        let before = before.and_then(|it| it.downcast_ref());
        return projects::against_partner(tx, project.id.into(), form, before).await;
    }
    if let Some(form) = form.downcast_ref::<ProjectForm>() {
        let was = before.and_then(|it| it.downcast_ref::<ProjectForm>()).and_then(|it| it.parent_id);
        return projects::against_place(tx, form.organization_id, (was, form.parent_id), "/parent_id").await;
    }
    if let Some(form) = form.downcast_ref::<EventForm>() {
        let before = before.and_then(|it| it.downcast_ref::<EventForm>());
        let (owner, was) = (form.organization_id, before.and_then(|it| it.project_id));
        let place = projects::against_place(tx, owner, (was, form.project_id), "/project_id").await?;
        return events::ties::against(tx, (form, before), place).await;
    }
    let organization = under.filter(|it| it.kind == SubjectKind::Organization);
    match (organization, form.downcast_ref()) {
        (Some(of), Some(form)) => specialists::against(tx, of.id.into(), form).await,
        _ => community::against_change(tx, before, form).await,
    }
}

/// The reasons against an edit or a step of an entry that need other rows.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: Uuid,
    before: &dyn Any,
    after: &dyn Any,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = after.downcast_ref() {
        return funding_programs::against(tx, Some(id.into()), form).await;
    }
    if let (Some(before), Some(after)) = (before.downcast_ref(), after.downcast_ref()) {
        let acts = (before, after);
        let leads_back = entry::leads_back::<LegalActForm>(tx, id.into(), acts, |it| it.amends_id).await?;
        return Ok(leads_back.then(|| AMENDS_ITSELF.reason().at("/amends_id")).into_iter().collect());
    }
    if let (Some(before), Some(after)) = (before.downcast_ref(), after.downcast_ref()) {
        return projects::against_edit(tx, id.into(), before, after).await;
    }
    if let (Some(before), Some(after)) = (before.downcast_ref(), after.downcast_ref()) {
        return events::against_edit(tx, id.into(), before, after).await;
    }
    if let (Some(before), Some(after)) = (before.downcast_ref(), after.downcast_ref()) {
        return organizations::against_edit(tx, id.into(), before, after).await;
    }
    match (before.downcast_ref(), after.downcast_ref()) {
        (Some(before), Some(after)) => ideas::against_edit(tx, before, after).await,
        _ => Ok(Vec::new()),
    }
}

/// The reasons against what comes of a step of an entry: the numbers of an event that is held.
pub(crate) async fn against_step(
    tx: &mut Tx<'_>,
    of: Subject,
    order: &dyn Any,
) -> Result<Vec<Reason>, Failure> {
    match order.downcast_ref() {
        Some(order) => events::against_holding(tx, of.id.into(), order).await,
        None => Ok(Vec::new()),
    }
}

/// The first day of papers, a plan or a project, from which tasks follow. Refuses tasks of a thing that was annulled, or of a project that is
/// over.
pub(crate) async fn must_go_on(tx: &mut Tx<'_>, of: Subject) -> Result<Option<NaiveDate>, Failure> {
    match of.kind {
        SubjectKind::ActionPlan => {
            let plan = entry::found::<ActionPlanForm>(tx, of.id.into()).await?;
            plan.must_stand()?;
            return Ok(Some(plan.form.starts_on));
        }
        SubjectKind::Idea => entry::found::<IdeaForm>(tx, of.id.into()).await?.must_stand()?,
        SubjectKind::Unit => entry::found::<UnitForm>(tx, of.id.into()).await?.must_stand()?,
        SubjectKind::Project => {
            let project = entry::found::<ProjectForm>(tx, of.id.into()).await?;
            project.must_stand()?;
            if project.form.state.is_over() {
                return Err(NOT_RUNNING.refuse().into());
            }
            let planned = project.form.starts_on;
            return Ok(Some(project.form.started_on.map_or(planned, |it| it.min(planned))));
        }
        _ => {}
    }
    Ok(None)
}

/// Ends with the death of a person what goes on here: registrations for events to come, memberships, and what was told by a consent.
/// `people` is the person under all records, `over` are the beneficiaries whose lives are over with this one.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    over: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    events::participants::end_by_death(tx, people, died_on).await?;
    community::end_by_death(tx, people, died_on).await?;
    community::take_back_by_death(tx, over).await
}

/// Does what follows from a step or an edit of an entry. The tasks of an annulled thing end with it; seats that were added go to
/// those who wait. An annulment that a completed project forbids is refused.
pub(crate) async fn entry_changed(tx: &mut Tx<'_>, of: Subject, order: &dyn Any) -> Result<(), Failure> {
    if order.is::<Annulment>() {
        projects::must_keep_results(tx, of).await?;
        return match TaskSourceKind::of(of.kind) {
            Some(_) => tasks::end_with_source(tx, of, TaskCancellationReason::SourceAnnulled).await,
            None => Ok(()),
        };
    }
    if let Some(edited) = order.downcast_ref() {
        return events::participants::fill(tx, of.id.into(), edited).await;
    }
    match order.downcast_ref() {
        Some(order) => events::held(tx, of.id.into(), order).await,
        None => Ok(()),
    }
}
