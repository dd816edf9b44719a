//! Everything that a closed consilium sets in motion, in one transaction: stages move, accompaniment ends or goes on, decisions become
//! tasks. One item that fails refuses the whole closing.
use super::items::rows_of;
use super::judging::{closing_of, gates, kin_on_agenda, named_route};
use super::save_closed;
use crate::accompaniment::living::enrolments::{self, Preparation};
use crate::accompaniment::{cases, plans, rules, tasks};
use crate::engine::failure::Failure;
use crate::region::users::serves;
use crate::sight::{all_of, dangling};
use crate::tx::Tx;
use domain::accompaniment::cases::{Case, Open as OpenCase};
use domain::accompaniment::consilia::gates::closes;
use domain::accompaniment::consilia::*;
use domain::accompaniment::tasks::{Open as OpenTask, TaskForm, TaskKind};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{CaseId, ConsiliumId, UserId};
use domain::base::refusal::{Reason, Refused};
use domain::base::text::Note;

/// The agenda of a consilium, with the reasons that the gates find against it today. An item whose case was closed meanwhile is postponed
/// by that.
pub async fn against_closing(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<(Vec<Item>, Vec<Reason>), Failure> {
    let (mut agenda, mut reasons) = (Vec::new(), Vec::new());
    for (n, row) in rows_of(tx, id).await?.into_iter().enumerate() {
        let item = row.whole(tx)?;
        let item = match cases::found(tx, item.form.case_id).await? {
            Case::Closed(_) if item.state != ItemState::Postponed => off_agenda(tx, item).await?,
            Case::Open(case) => {
                for reason in against(tx, &case, &item).await? {
                    reasons.push(reason.at(format!("/items/{n}")));
                }
                item
            }
            Case::Closed(_) => item,
        };
        agenda.push(item);
    }
    Ok((agenda, reasons))
}

async fn against(tx: &mut Tx<'_>, case: &OpenCase, item: &Item) -> Result<Vec<Reason>, Failure> {
    let Some(order) = item.carried() else { return Ok(Vec::new()) };
    let route = named_route(tx, case, order).await?;
    let facts = gates(tx, case, order, route.as_ref()).await?;
    Ok(item.against_closing(&facts))
}

async fn off_agenda(tx: &mut Tx<'_>, item: Item) -> Result<Item, Failure> {
    let order = ItemPostponement {
        note: Note::new("Случай закрыт до решения консилиума.")
    };
    let postponed: Changed<Item> = item.postpone(&order)?;
    let it = postponed.value().clone();
    super::save_item(tx, postponed).await?;
    Ok(it)
}

/// Saves the closing, and carries out what the items decide.
pub async fn close(tx: &mut Tx<'_>, closed: Changed<Closed>, agenda: Vec<Item>) -> Result<(), Failure> {
    let of = closed.value().was.was.clone();
    save_closed(tx, closed).await?;
    let chair = controller(tx, &of).await?;
    let chair = chair.ok_or_else(|| Failure::broken("nobody closes the consilium"))?;
    for (n, item) in agenda.into_iter().enumerate() {
        let done = carry_out(tx, &item, chair).await;
        done.map_err(|it| repointed(it, |_| format!("/items/{n}")))?;
    }
    Ok(())
}

/// A refusal with each pointer put elsewhere.
pub(super) fn repointed(failure: Failure, to: impl Fn(&str) -> String) -> Failure {
    let Failure::Refused(refused) = failure else { return failure };
    let at = |it: &Reason| it.clone().at(to(it.pointer.as_deref().unwrap_or_default()));
    let reasons: Vec<Reason> = refused.reasons().iter().map(at).collect();
    Refused::unless_empty(reasons).err().unwrap_or(refused).into()
}

/// The account that controls the decisions: the chair, or the caller where the chair serves the organization no more, or has family on the
/// agenda.
async fn controller(tx: &mut Tx<'_>, of: &Planned) -> Result<Option<UserId>, Failure> {
    let acting = tx.caller().map(|it| it.user);
    let Some(chair) = of.form.chair().and_then(|it| it.user_id) else { return Ok(acting) };
    let controls = serves(tx, chair, of.form.organization_id).await?
        && kin_on_agenda(tx, of.id, &[chair]).await?.is_empty();
    Ok(if controls { Some(chair) } else { acting })
}

async fn carry_out(tx: &mut Tx<'_>, item: &Item, chair: UserId) -> Result<(), Failure> {
    let Some(order) = item.carried() else { return Ok(()) };
    let case = cases::found(tx, item.form.case_id).await?.open()?;
    // An item before it on the agenda may have moved the same case.
    Refused::unless_empty(against(tx, &case, item).await?)?;
    give_tasks(tx, item, order, chair).await?;
    adopt_route(tx, &case, order).await?;
    waive_modules(tx, &case, order).await?;
    if let Some(to) = order.to_stage {
        let moved = case.move_stage(to, tx.today());
        return cases::save_stage(tx, moved).await;
    }
    match &order.finish {
        Some(finish) if closes(finish) => {
            let Some(closing) = closing_of(finish, order) else { return Ok(()) };
            let facts = cases::closing_facts(tx, &case).await?;
            let closed = case.close_by_consilium(&closing, &facts, tx.today())?;
            cases::save_closed(tx, closed).await
        }
        Some(finish) => {
            let reviews = cases::reviews_of(tx, &case).await?;
            let Some(until) = finish.ground.zip(finish.continue_until) else { return Ok(()) };
            let by = (&reviews, &rules::in_force(tx).await?);
            let reviewed =
                case.continue_after_review(tx.mint(), until, order.note.clone(), by, tx.today())?;
            cases::save_reviewed(tx, reviewed).await
        }
        None => Ok(()),
    }
}

/// Adopts the version of the route. One that was returned or adopted since the resolution refuses the closing.
async fn adopt_route(tx: &mut Tx<'_>, case: &OpenCase, order: &ItemResolution) -> Result<(), Failure> {
    if order.route_version_id.is_none() {
        return Ok(());
    }
    let found = named_route(tx, case, order).await?;
    let (version, facts) = found.ok_or_else(|| dangling("/route_version_id"))?;
    let adopted = version.adopt(&facts, tx.today())?;
    plans::save_approved(tx, adopted).await
}

/// Waives mandatory modules in the enrolment that runs. Without one the waivers stay with the item.
async fn waive_modules(tx: &mut Tx<'_>, case: &OpenCase, order: &ItemResolution) -> Result<(), Failure> {
    if order.waivers.is_empty() {
        return Ok(());
    }
    let found = enrolments::preparation(tx, case.beneficiary_id, case.organization_id).await?;
    let Some(Preparation { programme, enrolment: Some(enrolment) }) = found else { return Ok(()) };
    match enrolment.waived(&programme, &order.waivers, tx.today())? {
        Some(waived) => enrolments::save_changed(tx, waived).await,
        None => Ok(()),
    }
}

/// Each decision becomes a task. The chair controls it.
async fn give_tasks(
    tx: &mut Tx<'_>,
    item: &Item,
    order: &ItemResolution,
    chair: UserId,
) -> Result<(), Failure> {
    let source = Subject::new(SubjectKind::ConsiliumItem, item.id);
    for it in &order.decisions {
        let form = task_of(it, item.form.case_id, chair);
        let (parties, checks) = tasks::parties(tx, &form).await?;
        checks?;
        let given = OpenTask::follow(tx.mint(), &form, parties, source, tx.today());
        tasks::save_given(tx, given).await?;
    }
    Ok(())
}

fn task_of(it: &ConsiliumDecision, case: CaseId, chair: UserId) -> TaskForm {
    let (kind, title) = (TaskKind::ConsiliumDecision, it.title.clone());
    let (note, case_id, priority) = (it.note.clone(), Some(case), it.priority);
    TaskForm { note, case_id, priority, ..TaskForm::plain(kind, title, it.assignee, chair, it.due_on) }
}

/// Refuses decisions that nobody could be given as a task.
pub(super) async fn must_be_assignable(
    tx: &mut Tx<'_>,
    case: CaseId,
    of: &Planned,
    order: &ItemResolution,
) -> Result<(), Failure> {
    if order.decisions.is_empty() {
        return Ok(());
    }
    let Some(chair) = controller(tx, of).await? else { return Ok(()) };
    let mut checks = Vec::new();
    for (n, it) in order.decisions.iter().enumerate() {
        let (_, found) = tasks::parties(tx, &task_of(it, case, chair)).await?;
        checks.push(found.map_err(|it| {
            repointed(it, |pointer| match pointer.starts_with("/assignee") {
                true => format!("/decisions/{n}{pointer}"),
                false => format!("/decisions/{n}"),
            })
        }));
    }
    all_of(checks)
}
