//! The stored data that the rules about items need: whom to hear, who is recused, and what the gates ask for.
use super::items::rows_about;
use super::{closing, facts_of_members};
use crate::accompaniment::living::enrolments;
use crate::accompaniment::{assessments, cases, plans, rules, tasks};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    cases as cases_table, consilium_items as items, mentor_reports, mentorships, users,
};
use crate::people::{
    kin_of, life_of_each, one_person, people_in, people_of, people_under_all_records, selves,
};
use crate::region::files::entrust_each;
use crate::sight::{all_of, dangling, must_be_own, must_refer, must_refer_each, sees};
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::{CaseClosing, Open};
use domain::accompaniment::consilia::gates::{at_finish, closes};
use domain::accompaniment::consilia::*;
use domain::accompaniment::living::enrolments::mandatory_open;
use domain::accompaniment::plans::{Submitted, VersionFacts};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{
    BeneficiaryId, CaseId, ConsiliumId, MentorReportId, OrganizationId, PersonId, UserId,
};
use domain::base::moment::born_by;
use domain::base::refusal::Reason;
use domain::people::{COMING_OF_AGE_YEARS, HEARD_FROM_YEARS};

/// The days within which a snapshot counts for the move to monitoring (004 L78).
const FRESH_SNAPSHOT: Days = Days::new(30);

/// The day, the zone and the rules by which a sitting is judged.
pub async fn room(tx: &mut Tx<'_>) -> Result<Room, Failure> {
    Ok(Room { today: tx.today(), zone: tx.zone(), rules: rules::in_force(tx).await? })
}

/// The facts that rules judge of the members of a first plan, and the refusal of an organization that is none of the caller's. Its members are
/// then asked for nothing but whether the caller sees them.
pub async fn facts_of_planning(
    tx: &mut Tx<'_>,
    form: &ConsiliumForm,
) -> Result<(MemberFacts, Result<(), Failure>), Failure> {
    let of = form.organization_id;
    let own = must_be_own(tx, of, "/organization_id").await;
    if own.is_ok() {
        return Ok((facts_of_members(tx, of, form).await?, own));
    }
    let mut known = Vec::new();
    for user in form.members.iter().filter_map(|it| it.user_id) {
        if sees(tx, Subject::new(SubjectKind::User, user)).await? {
            known.push(user);
        }
    }
    Ok((MemberFacts { serving: known.clone(), leading: known, ..MemberFacts::default() }, own))
}

/// Whether the case is on the agenda of a consilium that is not over.
async fn is_on_agenda(tx: &mut Tx<'_>, case: CaseId) -> Result<bool, Failure> {
    let found = items::table.filter(items::agenda_case_id.assume_not_null().eq(bind(case)));
    Ok(db!(tx, get_result, diesel::select(exists(found)))?)
}

/// The open case that an item names. Beside one that the caller does not see, everything else that the caller does not see is told.
pub async fn case_of_item(tx: &mut Tx<'_>, form: &ItemForm) -> Result<Open, Failure> {
    let seen = must_refer(tx, SubjectKind::Case, Some(form.case_id), "/case_id").await;
    if seen.is_err() {
        all_of([
            seen,
            must_refer_each(tx, SubjectKind::File, &form.file_ids, "/file_ids").await,
            must_refer(tx, SubjectKind::User, form.speaker_user_id, "/speaker_user_id").await,
            must_refer_each(tx, SubjectKind::MentorReport, &form.report_ids, "/report_ids").await,
        ])?;
    }
    Ok(cases::found(tx, form.case_id).await?.open()?)
}

/// The checks of what an item refers to. Its documents are given to the organization.
pub async fn checks_of_item(tx: &mut Tx<'_>, form: &ItemForm, case: &Open) -> [Result<(), Failure>; 3] {
    let of = case.organization_id;
    let files = tasks::entrust(tx, &form.file_ids, Some(of)).await;
    let speaks = match form.speaker_user_id {
        Some(user) => tasks::must_be_assignable(tx, user, Some(of), "/speaker_user_id").await,
        None => Ok(()),
    };
    [files, speaks, must_be_reports_about(tx, &form.report_ids, case.beneficiary_id).await]
}

/// Refuses reports that the caller does not see, that were annulled, or that are about somebody else. The mentorship may be of another
/// record of the person than the case.
async fn must_be_reports_about(
    tx: &mut Tx<'_>,
    ids: &[MentorReportId],
    of: BeneficiaryId,
) -> Result<(), Failure> {
    let records = one_person::of(tx, of).await?.records();
    let pair = mentor_reports::mentorship_id.eq(mentorships::id);
    let about = mentor_reports::table.inner_join(mentorships::table.on(pair));
    let about = about.filter(mentor_reports::id.eq_any(binds(ids)));
    let about = about.filter(mentorships::beneficiary_id.eq_any(binds(&records)));
    let about = about.filter(mentor_reports::annulment_reason.is_null());
    let found: Vec<MentorReportId> = match ids.is_empty() {
        true => Vec::new(),
        false => db!(tx, load, about.select(mentor_reports::id))?,
    };
    let mut checks = Vec::with_capacity(ids.len());
    for (n, it) in ids.iter().enumerate() {
        let at = format!("/report_ids/{n}");
        let seen = must_refer(tx, SubjectKind::MentorReport, Some(*it), &at).await;
        checks.push(if found.contains(it) { seen } else { seen.and(Err(dangling(&at))) });
    }
    all_of(checks)
}

/// A submitted version of a route, with the facts that its rules judge.
pub type NamedRoute = (Submitted, VersionFacts);

/// The version that a resolution names, if it is a submitted version of the route of the case.
pub async fn named_route(
    tx: &mut Tx<'_>,
    case: &Open,
    order: &ItemResolution,
) -> Result<Option<NamedRoute>, Failure> {
    match order.route_version_id {
        Some(id) => plans::submitted_route(tx, case.id, id).await,
        None => Ok(None),
    }
}

/// The checks of what a resolution refers to: those who are to act on its decisions, the document of a closing, and the
/// version of a route.
pub async fn checks_of_resolution(
    tx: &mut Tx<'_>,
    case: &Open,
    of: &Planned,
    (order, route): (&ItemResolution, Option<&NamedRoute>),
) -> [Result<(), Failure>; 3] {
    let acting = closing::must_be_assignable(tx, case.id, of, order).await;
    let file = order.finish.as_ref().and_then(|it| it.closing_file_id);
    let file = file.map(|it| (it, "/finish/closing_file_id"));
    let route = must_be_route(order, route);
    [acting, entrust_each(tx, file, case.organization_id).await, route]
}

/// Refuses a version that is no submitted version of the route of the case. One that awaits another approver first could not be adopted by
/// the closing.
fn must_be_route(order: &ItemResolution, route: Option<&NamedRoute>) -> Result<(), Failure> {
    if order.route_version_id.is_none() {
        return Ok(());
    }
    let Some((version, facts)) = route else { return Err(dangling("/route_version_id")) };
    if !order.votes.carry() {
        return Ok(());
    }
    let awaits = version.must_await_consilium(facts).map_err(Failure::from);
    awaits.map_err(|it| closing::repointed(it, |_| "/route_version_id".to_owned()))
}

/// The facts that rules judge when a case is put on the agenda: its organization, whether it is on one already, and whether the chair is
/// kin of those about whom it is.
pub async fn adding(
    tx: &mut Tx<'_>,
    case: &Open,
    form: &ConsiliumForm,
) -> Result<(OrganizationId, bool, bool), Failure> {
    let (_, recused, _) = kinship(tx, case, form).await?;
    let is_kin = form.chair_number().is_some_and(|number| recused.contains(&number));
    Ok((case.organization_id, is_on_agenda(tx, case.id).await?, is_kin))
}

/// The people about whom a case is, the members, by number, who are kin of them, and whether the caller is.
async fn kinship(
    tx: &mut Tx<'_>,
    case: &Open,
    form: &ConsiliumForm,
) -> Result<(Vec<PersonId>, Vec<i32>, bool), Failure> {
    let people = people_under_all_records(tx, case.beneficiary_id).await?;
    let kin = kin_of(tx, people.clone()).await?;
    let named: Vec<UserId> = form.members.iter().filter_map(|it| it.user_id).collect();
    let accounts = persons_of(tx, &named).await?;
    let is_kin = |user: Option<UserId>| {
        user.is_some_and(|user| accounts.iter().any(|(it, person)| *it == user && kin.contains(person)))
    };
    let recused = form.numbered().filter(|(_, it)| is_kin(it.user_id)).map(|(number, _)| number).collect();
    let is_about_caller = tx.caller().and_then(|it| it.person).is_some_and(|it| kin.contains(&it));
    Ok((people, recused, is_about_caller))
}

/// The facts that rules judge when an item is resolved. Those are to be heard who were of the age on the day of the sitting: the people of
/// the record of the case, each once and under any record.
pub async fn item_facts(
    tx: &mut Tx<'_>,
    (case, item): (&Open, &Item),
    held: &Held,
    (order, route): (&ItemResolution, Option<&NamedRoute>),
) -> Result<(ItemFacts, Room), Failure> {
    let (mut people, recused, is_about_caller) = kinship(tx, case, &held.was.form).await?;
    let own = people_of(tx, case.beneficiary_id).await?;
    let mut to_hear = Vec::new();
    for it in heard_from(tx, &own, held.held_on(tx.zone())).await? {
        to_hear.push(selves(tx, it).await?);
    }
    people.extend(to_hear.iter().flatten());
    let gates = gates(tx, case, order, route).await?;
    let beside = item.beside(&items_about(tx, item).await?);
    let facts = ItemFacts { to_hear, people, recused, is_about_caller, beside, gates };
    Ok((facts, room(tx).await?))
}

/// The items of the agenda of this one about its case, in the order of the agenda.
async fn items_about(tx: &mut Tx<'_>, item: &Item) -> Result<Vec<Item>, Failure> {
    let rows = rows_about(tx, item.consilium_id, item.form.case_id).await?;
    rows.iter().map(|it| it.whole(tx)).collect()
}

/// Those of the accounts whose person is kin of somebody about whom an item of the agenda is, or is one of them. What was taken off the
/// agenda counts no more.
pub(super) async fn kin_on_agenda(
    tx: &mut Tx<'_>,
    of: ConsiliumId,
    accounts: &[UserId],
) -> Result<Vec<UserId>, Failure> {
    let accounts = persons_of(tx, accounts).await?;
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let agenda = items::table
        .inner_join(cases_table::table.on(cases_table::id.eq(items::case_id)))
        .filter(items::consilium_id.eq(bind(of)))
        .filter(items::state.ne(bind(ItemState::Postponed)));
    let agenda: Vec<BeneficiaryId> = db!(tx, load, agenda.select(cases_table::beneficiary_id))?;
    if agenda.is_empty() {
        return Ok(Vec::new());
    }
    let records: Vec<BeneficiaryId> = one_person::by_record(tx, &agenda).await?.into_keys().collect();
    let people = people_in(tx, &records).await?;
    let kin = kin_of(tx, people).await?;
    Ok(accounts.into_iter().filter(|it| kin.contains(&it.1)).map(|it| it.0).collect())
}

/// The day on which the last of the cases on the agenda was opened. What was taken off the agenda counts no more.
pub async fn last_opened_on(tx: &mut Tx<'_>, of: ConsiliumId) -> Result<Option<NaiveDate>, Failure> {
    let agenda = items::table
        .inner_join(cases_table::table.on(cases_table::id.eq(items::case_id)))
        .filter(items::consilium_id.eq(bind(of)))
        .filter(items::state.ne(bind(ItemState::Postponed)));
    let days: Vec<NaiveDate> = db!(tx, load, agenda.select(cases_table::opened_on))?;
    Ok(days.into_iter().max())
}

/// Those of the accounts that have a person, each with it.
async fn persons_of(tx: &mut Tx<'_>, accounts: &[UserId]) -> Result<Vec<(UserId, PersonId)>, Failure> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = users::table.filter(users::id.eq_any(binds(accounts)));
    let theirs = theirs.filter(users::person_id.is_not_null());
    Ok(db!(tx, load, theirs.select((users::id, users::person_id.assume_not_null())))?)
}

/// Those of the people who lived on that day and were of the age to be heard. A death is asked under every record of each of them.
async fn heard_from(tx: &mut Tx<'_>, people: &[PersonId], on: NaiveDate) -> Result<Vec<PersonId>, Failure> {
    let of_age = born_by(on, HEARD_FROM_YEARS);
    let theirs = life_of_each(tx, people).await?.into_iter();
    let heard = theirs.filter(|(_, it)| it.born_on <= of_age && it.died_on.is_none_or(|day| day > on));
    Ok(heard.map(|it| it.0).collect())
}

/// The facts that the gates of an item judge today.
pub(super) async fn gates(
    tx: &mut Tx<'_>,
    case: &Open,
    order: &ItemResolution,
    route: Option<&NamedRoute>,
) -> Result<GateFacts, Failure> {
    let today = tx.today();
    let is_minor = is_minor(tx, case.beneficiary_id, today).await?;
    let basis = |until: Option<NaiveDate>| until.is_none_or(|it| it >= today);
    let fresh = today.checked_sub_days(FRESH_SNAPSHOT).unwrap_or(today);
    let snapshot_on = cases::last_snapshot_on(tx, case.id).await?;
    let goals_open = plans::route_goals_open(tx, case.id, route.map(|it| &it.0)).await?;
    let preparation = enrolments::preparation(tx, case.beneficiary_id, case.organization_id).await?;
    let (modules_open, against_waivers) = match &preparation {
        Some(it) => mandatory_open(&it.programme, it.enrolment.as_ref(), &order.waivers),
        None => (0, Vec::new()),
    };
    Ok(GateFacts {
        case: StagesFacts { kind: case.kind, stage: case.stage, left: case.stage_left, is_minor },
        is_ready: assessments::readiness_on(tx, case.beneficiary_id, today).await?.is_some(),
        has_route: goals_open.is_some(),
        modules_open: i64::try_from(modules_open).map_err(Failure::broken)?,
        against_waivers,
        has_basis: case.form.legal_bases.iter().any(|it| basis(it.valid_until)),
        has_fresh_snapshot: snapshot_on.is_some_and(|it| it >= fresh),
        goals_open: goals_open.unwrap_or(0),
        against_leaving: tx.above().against_leaving(tx, case.id).await?,
        against_finish: match &order.finish {
            Some(finish) => against_finish(tx, case, finish, order).await?,
            None => Vec::new(),
        },
    })
}

async fn is_minor(tx: &mut Tx<'_>, of: BeneficiaryId, today: NaiveDate) -> Result<bool, Failure> {
    let born = cases::born_on(tx, of).await?;
    Ok(born.is_some_and(|it| it > born_by(today, COMING_OF_AGE_YEARS)))
}

/// The reasons against the end or the continuation that an item names.
async fn against_finish(
    tx: &mut Tx<'_>,
    case: &Open,
    finish: &Finish,
    order: &ItemResolution,
) -> Result<Vec<Reason>, Failure> {
    let today = tx.today();
    if !closes(finish) {
        let reviews = cases::reviews_of(tx, case).await?;
        let rules = rules::in_force(tx).await?;
        return Ok(at_finish(reviews.against_continuing(finish.continue_until, &rules, today).err()));
    }
    let Some(closing) = closing_of(finish, order) else { return Ok(Vec::new()) };
    let facts = cases::closing_facts(tx, case).await?;
    Ok(at_finish(case.clone().close_by_consilium(&closing, &facts, today).err()))
}

/// The closing of a case that a final item orders.
pub(super) fn closing_of(finish: &Finish, order: &ItemResolution) -> Option<CaseClosing> {
    let (closed_on, reason) = finish.closed_on.zip(finish.closing_reason)?;
    let (note, file_id, end_open) = (order.note.clone(), finish.closing_file_id, finish.end_open);
    Some(CaseClosing { closed_on, reason, note, file_id, end_open })
}
