//! Saving crises: a new one, and its steps.
use super::chain::Around;
use super::{ACTION_TEXT, END_NOTE, NOTICE_ANSWER, WORDS, Words, clock, handled_by, notices, of, unscoped};
use crate::engine::column::{AnyId, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, crises, crisis_actions, crisis_calls, crisis_concerned, crisis_courses, crisis_notices,
    crisis_organizations, crisis_territories,
};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{BeneficiaryId, CrisisId, CrisisNoticeId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::text::Oktmo;
use domain::help::crises::{
    Acted, Call, CrisisState, EmergencyAction, Moved, New, NoticeAddressee, NoticeWay, Noticed, Signal,
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
    // Once it is taken up the chain counts the minutes for the first action, which the clock reckons at its next look.
    let next_call_at = if it.is_taken_up { Some(now) } else { it.chain.next_after(now) };
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
        crises::survey_due_on.eq(it.notice_due_at.map(|_| it.facts.survey_due_on)),
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
    save_course(tx, signal, taken.map(|_| now), it.notice_due_at).await?;
    save_territory(tx, signal).await?;
    it.warnings.into_iter().for_each(|it| tx.warn(it));
    for of in it.facts.organizations {
        save_organization(tx, signal.id, of).await?;
    }
    for party in it.facts.concerned {
        save_concerned(tx, signal.id, party).await?;
    }
    let called: Vec<Call> = it.chain.called(now).cloned().collect();
    save_calls(tx, signal.id, &called).await?;
    if it.notice_due_at.is_some() { save_own_notice(tx, signal.id).await } else { Ok(()) }
}

/// Saves how a new crisis goes on.
async fn save_course(
    tx: &mut Tx<'_>,
    it: &Signal,
    acknowledged_at: Option<Moment>,
    notice_due_at: Option<Moment>,
) -> Result<(), Failure> {
    let row = (
        crisis_courses::crisis_id.eq(bind(it.id)),
        crisis_courses::counted_from.eq(bind(it.counted_from)),
        crisis_courses::action_minutes.eq(it.action_minutes),
        crisis_courses::is_acted.eq(false),
        crisis_courses::first_acknowledged_at.eq(bind(acknowledged_at)),
        crisis_courses::notice_due_at.eq(bind(notice_due_at)),
    );
    db!(tx, execute, diesel::insert_into(crisis_courses::table).values(row))?;
    Ok(())
}

/// Saves the territory of a new crisis: that of the beneficiary.
async fn save_territory(tx: &mut Tx<'_>, it: &Signal) -> Result<(), Failure> {
    let one = beneficiaries::table.find(bind(it.beneficiary_id)).select(beneficiaries::territory);
    let territory: Oktmo = db!(tx, first, one)?;
    let row =
        (crisis_territories::crisis_id.eq(bind(it.id)), crisis_territories::territory.eq(bind(territory)));
    db!(tx, execute, diesel::insert_into(crisis_territories::table).values(row))?;
    Ok(())
}

/// Lets the crises of a beneficiary follow to the territory in which the beneficiary lives now.
pub(crate) async fn beneficiary_moved(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    territory: &Oktmo,
) -> Result<(), Failure> {
    let theirs = crises::table.filter(crises::beneficiary_id.eq(bind(of))).select(crises::id);
    let moved = crisis_territories::table.filter(crisis_territories::crisis_id.eq_any(theirs));
    let set = crisis_territories::territory.eq(bind(territory.clone()));
    db!(tx, execute, prepared(diesel::update(moved).set(set)))?;
    Ok(())
}

async fn save_organization(tx: &mut Tx<'_>, id: CrisisId, of: OrganizationId) -> Result<(), Failure> {
    let row =
        (crisis_organizations::crisis_id.eq(bind(id)), crisis_organizations::organization_id.eq(bind(of)));
    db!(tx, execute, diesel::insert_into(crisis_organizations::table).values(row))?;
    Ok(())
}

pub(super) async fn save_concerned(tx: &mut Tx<'_>, id: CrisisId, party: Uuid) -> Result<(), Failure> {
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
pub(super) async fn save_own_notice(tx: &mut Tx<'_>, id: CrisisId) -> Result<(), Failure> {
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
pub(super) use save;

/// Saves a step. A crisis that has left the state stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, now) = (it.signal.id, tx.now());
    let row = unscoped(tx, id).await?;
    clock::catch_up(tx, &row).await?;
    let next_call_at: Option<Moment> = it.state.is_unended().then_some(now);
    // Another one who has it has the minutes for the first action anew.
    let is_acted = row.course.is_acted && it.signal.counted_from == row.course.counted_from;
    let notice_due_at = row.course.notice_due_at.filter(|_| it.state.is_unended());
    let course = (
        crisis_courses::counted_from.eq(bind(it.signal.counted_from)),
        crisis_courses::action_minutes.eq(it.signal.action_minutes),
        crisis_courses::is_acted.eq(is_acted),
        crisis_courses::first_acknowledged_at
            .eq(bind(row.course.first_acknowledged_at.or(it.by.map(|_| now)))),
        crisis_courses::notice_due_at.eq(bind(notice_due_at)),
    );
    let own = crisis_courses::table.find(bind(id));
    db!(tx, execute, prepared(diesel::update(own).set(course)))?;
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

/// Saves an emergency action.
pub async fn save_acted(tx: &mut Tx<'_>, change: Changed<Acted>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let at = it.form.at;
    let row = unscoped(tx, it.crisis_id).await?;
    clock::catch_up(tx, &row).await?;
    let own = crisis_courses::table.find(bind(it.crisis_id));
    // A try that reached nobody leaves the minutes running.
    if it.form.reached || it.form.kind == EmergencyAction::UrgentAction {
        db!(tx, execute, prepared(diesel::update(own).set(crisis_courses::is_acted.eq(true))))?;
    }
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
    end_notice(tx, it.crisis_id).await
}

/// Ends the term of the notice of danger to a child, once every authority was told in writing.
async fn end_notice(tx: &mut Tx<'_>, id: CrisisId) -> Result<(), Failure> {
    let row = unscoped(tx, id).await?;
    let around = Around::rows(tx, &[&row]).await?;
    let told = notices(tx, &[id]).await?;
    if handled_by(&around.signal(&row), true, &[], of(&told, id)).missing().is_empty() {
        let own = crisis_courses::table.find(bind(id));
        let over = crisis_courses::notice_due_at.eq(bind(None::<Moment>));
        db!(tx, execute, prepared(diesel::update(own).set(over)))?;
    }
    Ok(())
}
