//! Tasks over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::accompaniment::tasks::{
    Open, TaskAcceptance, TaskAnswer, TaskAssignment, TaskCancellation, TaskForm, TaskPostponement,
    TaskReport, TaskReturn,
};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::TaskId;
use persistence::accompaniment::rules;
use persistence::accompaniment::tasks::{self, TaskAnswerCard, TaskCard, TaskFilter};
use persistence::engine::counts::Counts;
use persistence::sight::ruled;

crate::http::page::pages! { TaskPage of TaskCard; TaskAnswerPage of TaskAnswerCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_tasks)
        .service(get_task_counts)
        .service(give_task)
        .service(get_task)
        .service(get_task_history);
    config.service(report_task).service(accept_task).service(return_task);
    config.service(answer_task).service(list_task_answers);
    config.service(postpone_task).service(assign_task).service(cancel_task);
}

/// List tasks
///
/// Tasks that the caller gave, controls or has to do, those of institutions that they head, and those of cases that they see. Tasks of
/// the partnership are seen by all staff of the institution that gave them, and of organizations that they concern.
#[utoipa::path(tag = "tasks", params(TaskFilter), responses((status = 200, body = TaskPage)))]
#[get("/tasks")]
async fn list_tasks(db: Guarded<may::ReadTasks>, query: Query<TaskFilter>) -> Result<Answer, Problem> {
    db.list(query, tasks::list).await
}

/// Count tasks
///
/// The number of tasks that the caller sees, by a member of theirs.
#[utoipa::path(tag = "tasks", params(tasks::TaskCountQuestion), responses((status = 200, body = Counts)))]
#[get("/tasks/counts")]
async fn get_task_counts(db: Guarded<may::ReadTasks>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: tasks::TaskCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| tasks::counts(tx, &asked).await).await
}

/// Give a task
///
/// Orders something to be done by a day. It is given to an open account of the institution or a tutor of its mentorships, to the
/// institution or its unit, or to a mentor, a person or a representative whom the caller sees. A task of a case belongs to the
/// institution that accompanies. A task with a source belongs to the institution of that thing; it may be given to any organization, or
/// be addressed to a class of them.
#[utoipa::path(tag = "tasks", request_body = TaskForm, responses((status = 201, body = TaskCard)))]
#[post("/tasks")]
async fn give_task(db: Guarded<may::GiveTasks>, order: Order<TaskForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (parties, checks) = tasks::parties(tx, &order).await?;
        let task = ruled(Open::give(tx.mint(), &order, parties, tx.today()), [checks])?;
        let id = task.value().given.id;
        tasks::save_given(tx, task).await?;
        tasks::card(tx, id).await
    })
    .await
}

/// Get a task
///
/// One task with the words of its steps, and the actions that the caller may take.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), responses((status = 200, body = TaskCard)))]
#[get("/tasks/{id}")]
async fn get_task(db: Guarded<may::ReadTasks>, id: Id<TaskId>) -> Result<Answer, Problem> {
    db.read(async |tx| tasks::card(tx, id.0).await).await
}

/// Report a task as done
///
/// The assignee tells the result; the staff of the institution does for somebody without an account. It then awaits the controller.
/// Where the controller is the assignee, the task is done.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskReport, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/report")]
async fn report_task(
    db: Guarded<may::ReportTasks>,
    id: Id<TaskId>,
    order: Order<TaskReport>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        let open = task.open()?;
        let given = tasks::entrust(tx, &order.file_ids, open.0.organization_id).await;
        tasks::save_moved(tx, ruled(open.report(&order, &by, tx.today()), [given])?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Answer a task
///
/// A director or a head of a unit answers for an organization of the class to which the task is addressed. Each organization answers once.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskAnswer, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/answers")]
async fn answer_task(
    db: Guarded<may::ReportTasks>,
    id: Id<TaskId>,
    order: Order<TaskAnswer>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by, of, is_answered) = tasks::load_answering(tx, id.0, &order).await?;
        tasks::save_answered(tx, task.open()?.answer(&order, &of, is_answered, &by)?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// List the answers to a task
///
/// The institution whose task it is reads what all organizations of the class have answered; others read their own answers.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), responses((status = 200, body = TaskAnswerPage)))]
#[get("/tasks/{id}/answers")]
async fn list_task_answers(
    db: Guarded<may::ReadTasks>,
    id: Id<TaskId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _: &NoFilter, window| tasks::answers(tx, id.0, window).await).await
}

/// Accept the result of a task
///
/// The controller finds that it is done. The director does where the controller's account is
/// closed or has left the institution, or where the controller has reported.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskAcceptance, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/acceptance")]
async fn accept_task(
    db: Guarded<may::GiveTasks>,
    id: Id<TaskId>,
    order: Order<TaskAcceptance>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        tasks::save_moved(tx, task.reported()?.accept(&order, &by)?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Return a task to its assignee
///
/// The controller finds that something is missing: the task is open again. The earlier report stays on record.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskReturn, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/return")]
async fn return_task(
    db: Guarded<may::GiveTasks>,
    id: Id<TaskId>,
    order: Order<TaskReturn>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        tasks::save_moved(tx, task.reported()?.send_back(&order, &by)?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Postpone a task
///
/// The controller gives an open task a later day, as often at most as the rules of accompaniment let.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskPostponement, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/postponements")]
async fn postpone_task(
    db: Guarded<may::GiveTasks>,
    id: Id<TaskId>,
    order: Order<TaskPostponement>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        let rules = rules::in_force(tx).await?;
        tasks::save_moved(tx, task.open()?.postpone(&order, &by, &rules, tx.today())?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Give a task to another account
///
/// The controller, the director or a head gives an open task to another account of the institution, for instance where the
/// assignee's is closed. A task about a case goes also to a member of its team from another organization.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskAssignment, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/assignment")]
async fn assign_task(
    db: Guarded<may::GiveTasks>,
    id: Id<TaskId>,
    order: Order<TaskAssignment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        let assigned = task.open()?.assign(&order, &by)?;
        let of = assigned.value().given.organization_id;
        tasks::must_take_over(tx, id.0, order.user_id, of).await?;
        tasks::save_moved(tx, assigned).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Cancel a task
///
/// The controller cancels a task that is not done. The tasks of a case that closes are cancelled with it.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskCancellation, responses((status = 200, body = TaskCard)))]
#[post("/tasks/{id}/cancellation")]
async fn cancel_task(
    db: Guarded<may::GiveTasks>,
    id: Id<TaskId>,
    order: Order<TaskCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (task, by) = tasks::load(tx, id.0).await?;
        tasks::save_moved(tx, task.cancel(&order, &by)?).await?;
        tasks::card(tx, id.0).await
    })
    .await
}

/// Get the history of a task
///
/// Changes of the task, the latest first.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/tasks/{id}/history")]
async fn get_task_history(
    db: Guarded<may::ReadHistory>,
    id: Id<TaskId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Task, id.0, query).await
}
