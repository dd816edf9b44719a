//! Saving crises: a new one, and its steps.
use super::chain::Around;
use super::{ACTION_TEXT, END_NOTE, NOTICE_ANSWER, Row, SURVEY_RESULT, WORDS, Words, clock};
use crate::accompaniment::{rules, tasks};
use crate::engine::column::{AnyId, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    cases, crises, crisis_actions, crisis_calls, crisis_concerned, crisis_notices, crisis_organizations,
};
use crate::region::users::serves;
use crate::tx::Tx;
use chrono::Days;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::tasks::{
    Assignee, AssigneeKind, Open as OpenTask, Parties, TaskForm, TaskKind, TaskPriority,
};
use domain::base::access::Role;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, CrisisId, CrisisNoticeId, OrganizationId, UserId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::help::crises::{
    Acted, Call, CrisisSeverity, CrisisState, Moved, New, NoticeAddressee, NoticeWay, Noticed, Signal,
    Surveyed,
};
use uuid::Uuid;

/// Saves a new crisis with the accounts that are called at once. Guardianship of the territory is told of danger to a child by the
/// program itself.
pub async fn save_reported(tx: &mut Tx<'_>, change: Changed<New>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (signal, form, now) = (&it.signal, it.form, tx.now());
    let words = Words { text: form.text, reach_me: form.reach_me };
    let taken = it.is_taken_up.then_some(it.facts.by);
    let state = if it.is_taken_up { CrisisState::Acknowledged } else { CrisisState::Reported };
    let next_call_at = it.chain.next_after(now).filter(|_| !it.is_taken_up);
    let head = (
        crises::id.eq(bind(signal.id)),
        crises::version.eq(1),
        crises::beneficiary_id.eq(bind(signal.beneficiary_id)),
        crises::organization_id.eq(bind(signal.organization_id)),
        crises::severity.eq(bind(signal.severity)),
        crises::ack_minutes.eq(signal.ack_minutes),
        crises::acknowledge_by.eq(bind(signal.acknowledge_by())),
        crises::called_level.eq(signal.called_level),
        crises::next_call_at.eq(bind(next_call_at)),
        crises::state.eq(bind(state)),
        crises::reported_by.eq(bind(it.facts.by)),
        crises::reported_at.eq(bind(now)),
        crises::acknowledged_by.eq(bind(taken)),
        crises::acknowledged_at.eq(bind(taken.map(|_| now))),
        crises::is_own.eq(it.is_taken_up),
        crises::survey_due_on.eq(it.is_danger.then_some(it.facts.survey_due_on)),
        crises::updated_at.eq(bind(now)),
    );
    let told = (
        crises::place.eq(bind(form.place)),
        crises::kind.eq(bind(form.kind)),
        crises::urgency.eq(bind(form.urgency)),
        crises::words.eq(bind(tx.core.keys.seal(WORDS, signal.id.into(), &words)?)),
        crises::happened_at.eq(bind(form.happened_at)),
        crises::danger_to_child.eq(form.danger_to_child),
        crises::concerns.eq(bind(form.concerns)),
        crises::concerned_user_id.eq(bind(form.concerned_user_id)),
        crises::concerned_person_id.eq(bind(form.concerned_person_id)),
    );
    let rows = db!(tx, execute, diesel::insert_into(crises::table).values((head, told)))?;
    tx.established(rows, records)?;
    for of in it.facts.organizations {
        save_organization(tx, signal.id, of).await?;
    }
    for party in it.facts.concerned {
        save_concerned(tx, signal.id, party).await?;
    }
    let called: Vec<Call> = it.chain.called(now).cloned().collect();
    save_calls(tx, signal.id, &called).await?;
    if it.is_danger { save_own_notice(tx, signal.id).await } else { Ok(()) }
}

async fn save_organization(tx: &mut Tx<'_>, id: CrisisId, of: OrganizationId) -> Result<(), Failure> {
    let row =
        (crisis_organizations::crisis_id.eq(bind(id)), crisis_organizations::organization_id.eq(bind(of)));
    db!(tx, execute, diesel::insert_into(crisis_organizations::table).values(row))?;
    Ok(())
}

async fn save_concerned(tx: &mut Tx<'_>, id: CrisisId, party: Uuid) -> Result<(), Failure> {
    let row = (crisis_concerned::crisis_id.eq(bind(id)), crisis_concerned::party_id.eq(AnyId::from(party)));
    db!(tx, execute, diesel::insert_into(crisis_concerned::table).values(row))?;
    Ok(())
}

/// Saves the accounts of levels that are called.
pub(super) async fn save_calls(tx: &mut Tx<'_>, id: CrisisId, calls: &[Call]) -> Result<(), Failure> {
    for (call, user) in calls.iter().flat_map(|call| call.users.iter().map(move |user| (call, *user))) {
        let row = (
            crisis_calls::crisis_id.eq(bind(id)),
            crisis_calls::level.eq(call.level),
            crisis_calls::user_id.eq(bind(user)),
            crisis_calls::due_at.eq(bind(call.since)),
            crisis_calls::called_at.eq(bind(tx.now())),
        );
        db!(tx, execute, diesel::insert_into(crisis_calls::table).values(row))?;
    }
    Ok(())
}

/// The notice of the program: guardianship of the territory sees the crisis from now on.
async fn save_own_notice(tx: &mut Tx<'_>, id: CrisisId) -> Result<(), Failure> {
    let notice: CrisisNoticeId = tx.mint();
    let row = (
        crisis_notices::id.eq(bind(notice)),
        crisis_notices::crisis_id.eq(bind(id)),
        crisis_notices::addressee.eq(bind(NoticeAddressee::Guardianship)),
        crisis_notices::way.eq(bind(NoticeWay::System)),
        crisis_notices::noticed_at.eq(bind(tx.now())),
        crisis_notices::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(crisis_notices::table).values(row))?;
    Ok(())
}

/// Updates a crisis in that state with its next version.
macro_rules! save {
    ($tx:expr, $id:expr, $was:expr, $records:expr, $set:expr) => {{
        let left = crises::table.filter(crises::id.eq(bind($id))).filter(crises::state.eq(bind($was)));
        let step = (crises::version.eq(crises::version + 1), crises::updated_at.eq(bind($tx.now())));
        let rows = db!($tx, execute, prepared(diesel::update(left).set((step, $set))))?;
        $tx.established(rows, $records)
    }};
}

/// Saves a step. A crisis that has left the state stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, now) = (it.signal.id, tx.now());
    if it.was == CrisisState::Reported {
        let row: Row = db!(tx, first, crises::table.find(bind(id)).select(Row::as_select()))?;
        clock::catch_up(tx, &row).await?;
    }
    let next_call_at: Option<Moment> = (it.state == CrisisState::Reported).then_some(now);
    let grade = (
        crises::severity.eq(bind(it.signal.severity)),
        crises::ack_minutes.eq(it.signal.ack_minutes),
        crises::called_level.eq(it.signal.called_level),
        crises::next_call_at.eq(bind(next_call_at)),
        crises::state.eq(bind(it.state)),
        crises::acknowledged_by.eq(bind(it.by)),
    );
    match (it.was, it.state) {
        (CrisisState::Reported, CrisisState::Acknowledged) => {
            let taken = (crises::acknowledged_at.eq(bind(Some(now))),);
            save!(tx, id, it.was, records, (grade, taken))?;
            save_joined(tx, &it.signal).await
        }
        (_, state) if state.is_unended() => save!(tx, id, it.was, records, grade),
        _ => {
            let end = (
                crises::outcome.eq(bind(it.outcome)),
                crises::end_note.eq(bind(tx.core.keys.seal_some(END_NOTE, id, it.note.as_ref())?)),
                crises::ended_at.eq(bind(Some(now))),
            );
            save!(tx, id, it.was, records, (grade, end))?;
            save_joined(tx, &it.signal).await
        }
    }
}

/// Organizations that have opened a case meanwhile see the crisis also after its end.
async fn save_joined(tx: &mut Tx<'_>, it: &Signal) -> Result<(), Failure> {
    let around = Around::of(tx, &[(it.beneficiary_id, it.organization_id)]).await?;
    for of in around.organizations(it.beneficiary_id) {
        let known = crisis_organizations::table
            .filter(crisis_organizations::organization_id.eq(bind(of)))
            .filter(crisis_organizations::crisis_id.eq(bind(it.id)));
        let is_known: bool =
            db!(tx, get_result, diesel::select(exists(known.select(crisis_organizations::crisis_id))))?;
        if !is_known {
            save_organization(tx, it.id, of).await?;
        }
    }
    Ok(())
}

/// Saves the end of a resolved crisis. After a grave one, the responsible account has to call an urgent consilium.
pub async fn save_resolved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (signal, by) = (change.value().signal.clone(), tx.caller().map(|it| it.user));
    save_moved(tx, change).await?;
    match (signal.severity, by) {
        (CrisisSeverity::Critical | CrisisSeverity::High, Some(by)) => follow_up(tx, &signal, by).await,
        _ => Ok(()),
    }
}

/// Gives the task of an urgent consilium in the open case. A task is seen by the whole institution, so there is none after a crisis
/// that concerns somebody there.
async fn follow_up(tx: &mut Tx<'_>, it: &Signal, by: UserId) -> Result<(), Failure> {
    let of_it = crisis_concerned::table.filter(crisis_concerned::crisis_id.eq(bind(it.id)));
    let concerns_somebody: bool =
        db!(tx, get_result, diesel::select(exists(of_it.select(crisis_concerned::crisis_id))))?;
    if concerns_somebody {
        return Ok(());
    }
    let around = Around::of(tx, &[(it.beneficiary_id, it.organization_id)]).await?;
    let director = |of: OrganizationId| around.holding(Role::Director, &[of]).first().copied();
    // An administrator, or the head of another organization, leaves it to the director of the case.
    let (case, of, by) = match case_served_by(tx, it.beneficiary_id, by).await? {
        Some((case, of)) => (case, of, by),
        None => match around.first_case(it.beneficiary_id) {
            Some((case, of)) => (case, of, director(of).unwrap_or(by)),
            None => return Ok(()),
        },
    };
    let controller = director(of).unwrap_or(by);
    let days = Days::new(u64::try_from(rules::in_force(tx).await?.urgent_consilium_days).unwrap_or(0));
    let form = TaskForm {
        kind: TaskKind::CrisisFollowUp,
        title: Title::new("Провести экстренный консилиум"),
        note: None,
        case_id: Some(case),
        assignee: Assignee { kind: AssigneeKind::User, id: Uuid::from(by).into() },
        controller_user_id: controller,
        due_on: tx.today().checked_add_days(days).unwrap_or(tx.today()),
        priority: TaskPriority::Urgent,
    };
    let parties = Parties { organization_id: Some(of), assignee_person_id: None };
    let source = Subject::new(SubjectKind::Crisis, it.id);
    let given = OpenTask::follow(tx.mint(), &form, parties, source);
    tasks::save_given(tx, given).await
}

/// The first open case of a beneficiary in an organization that the account serves.
async fn case_served_by(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    by: UserId,
) -> Result<Option<(CaseId, OrganizationId)>, Failure> {
    let open = cases::table
        .filter(cases::beneficiary_id.eq(bind(of)))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .order(cases::id)
        .select((cases::id, cases::organization_id));
    let open: Vec<(CaseId, OrganizationId)> = db!(tx, load, open)?;
    for (case, organization) in open {
        if serves(tx, by, organization).await? {
            return Ok(Some((case, organization)));
        }
    }
    Ok(None)
}

/// Saves an emergency action.
pub async fn save_acted(tx: &mut Tx<'_>, change: Changed<Acted>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let at = it.form.at;
    let left = crises::table
        .filter(crises::id.eq(bind(it.crisis_id)))
        .filter(crises::state.eq(bind(CrisisState::Acknowledged)));
    let step = (crises::version.eq(crises::version + 1), crises::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(left).set(step)))?;
    tx.established(rows, records)?;
    let earlier =
        crises::first_action_at.is_null().or(crises::first_action_at.assume_not_null().gt(bind(at)));
    let first = crises::table.filter(crises::id.eq(bind(it.crisis_id))).filter(earlier);
    db!(tx, execute, prepared(diesel::update(first).set(crises::first_action_at.eq(bind(Some(at))))))?;
    let made_by = tx.author()?;
    let row = (
        crisis_actions::id.eq(bind(it.id)),
        crisis_actions::crisis_id.eq(bind(it.crisis_id)),
        crisis_actions::kind.eq(bind(it.form.kind)),
        crisis_actions::measure.eq(bind(it.form.measure)),
        crisis_actions::acted_at.eq(bind(at)),
        crisis_actions::reached.eq(it.form.reached),
        crisis_actions::text.eq(bind(tx.core.keys.seal(ACTION_TEXT, it.id.into(), &it.form.text)?)),
        crisis_actions::made_by.eq(bind(made_by)),
        crisis_actions::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(crisis_actions::table).values(row))?;
    Ok(())
}

/// Saves a notice to an authority.
pub async fn save_noticed(tx: &mut Tx<'_>, change: Changed<Noticed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let unended = crises::table.filter(crises::id.eq(bind(it.crisis_id))).filter(crises::ended_at.is_null());
    let step = (crises::version.eq(crises::version + 1), crises::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(unended).set(step)))?;
    tx.established(rows, records)?;
    let made_by = tx.author()?;
    let answer = tx.core.keys.seal_some(NOTICE_ANSWER, it.id, it.form.answer.as_ref())?;
    let row = (
        crisis_notices::id.eq(bind(it.id)),
        crisis_notices::crisis_id.eq(bind(it.crisis_id)),
        crisis_notices::addressee.eq(bind(it.form.to)),
        crisis_notices::way.eq(bind(it.form.how)),
        crisis_notices::noticed_at.eq(bind(it.form.at)),
        crisis_notices::number.eq(bind(it.form.number)),
        crisis_notices::answer.eq(bind(answer)),
        crisis_notices::made_by.eq(bind(Some(made_by))),
        crisis_notices::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(crisis_notices::table).values(row))?;
    Ok(())
}

/// Saves the survey of guardianship. One that is on record stays as it is.
pub async fn save_surveyed(tx: &mut Tx<'_>, change: Changed<Surveyed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let result = tx.core.keys.seal(SURVEY_RESULT, it.id.into(), &it.form.result)?;
    let set = (
        crises::version.eq(crises::version + 1),
        crises::surveyed_on.eq(Some(it.form.surveyed_on)),
        crises::survey_result.eq(bind(Some(result))),
        crises::updated_at.eq(bind(tx.now())),
    );
    let awaited = crises::table.filter(crises::id.eq(bind(it.id))).filter(crises::surveyed_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(awaited).set(set)))?;
    tx.established(rows, records)
}
