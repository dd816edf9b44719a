//! Members of consilia who are not of the organization that holds them: the accounts that may be one, and the invitations that they
//! read.
//!
//! Somebody from outside is near the cases of the organization already. An invitation opens nothing more of a case.
use super::Row as ConsiliumRow;
use super::items::Row;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, case_team_members as team, cases, consilia, consilium_items as items, grants, mentors,
    mentorships, users,
};
use crate::people::one_person;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::consilia::*;
use domain::base::access::Role;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Title;
use shape::card;
use std::collections::HashSet;

/// Invitations that are shown at once, the latest of them.
const LATEST: i64 = 50;

/// An invitation of the caller to a planned consilium about a case. It tells nothing of what is decided.
#[card]
pub struct ConsiliumInvitation {
    /// The organization that holds the consilium.
    pub organization_id: OrganizationId,
    /// The planned time.
    pub planned_at: Moment,
    /// The form of the sitting.
    pub form: SittingForm,
    /// The place.
    pub place: Option<Title>,
    /// The role of the caller.
    pub role: ConsiliumRole,
    /// The kind of the item. Told to a member of the team who reads the part `records` of the case.
    pub kind: Option<ConsiliumKind>,
    /// The question. Told to a member of the team who reads the part `records` of the case.
    pub question: Option<Title>,
}

/// The invitations of the caller to planned consilia about these cases, the latest first.
pub(in crate::accompaniment) async fn invitations(
    tx: &mut Tx<'_>,
    of: &[CaseId],
    tells_question: bool,
) -> Result<Vec<ConsiliumInvitation>, Failure> {
    tx.begin_list();
    let Some(user) = tx.caller().map(|it| it.user) else { return Ok(Vec::new()) };
    let planned = items::table
        .inner_join(consilia::table.on(consilia::id.eq(items::consilium_id)))
        .filter(items::case_id.eq_any(binds(of)))
        .filter(items::state.ne(bind(ItemState::Postponed)))
        .filter(consilia::state.eq(bind(ConsiliumState::Planned)))
        .order(items::id.desc())
        .limit(LATEST);
    let rows: Vec<(Row, ConsiliumRow)> =
        db!(tx, load, planned.select((Row::as_select(), ConsiliumRow::as_select())))?;
    let invitation = |(item, consilium): (Row, ConsiliumRow)| {
        let ConsiliumForm { organization_id, planned_at, form, place, members } = consilium.planned(tx)?.form;
        let Some(own) = members.into_iter().find(|it| it.user_id == Some(user)) else { return Ok(None) };
        let asked = if tells_question { Some(item.whole(tx)?.form) } else { None };
        let (kind, question) = asked.map(|it| (it.kind, it.question)).unzip();
        let role = own.role;
        Ok(Some(ConsiliumInvitation { organization_id, planned_at, form, place, role, kind, question }))
    };
    let all: Vec<Option<ConsiliumInvitation>> = tx.readable(rows.into_iter().map(invitation))?;
    Ok(all.into_iter().flatten().collect())
}

/// The running mentorships of an organization. The rules of a consilium need no more of them.
macro_rules! running {
    ($of:expr) => {
        mentorships::table
            .filter(mentorships::organization_id.eq(bind($of)))
            .filter(mentorships::starts_on.is_not_null())
            .filter(mentorships::ended_on.is_null())
    };
}

/// Those of the active accounts that are near the cases of an organization without serving it: by the team of an open case, by a running
/// mentorship, by guardianship, or as the person of an open case.
pub(super) async fn near(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    accounts: &[UserId],
) -> Result<Vec<UserId>, Failure> {
    let active = users::table.filter(users::id.eq_any(binds(accounts))).filter(users::active.eq(true));
    let active: Vec<(UserId, Option<PersonId>)> =
        db!(tx, load, active.select((users::id, users::person_id)))?;
    let mut near: HashSet<UserId> = in_teams(tx, of, accounts).await?.into_iter().collect();
    let tutors = running!(of).filter(mentorships::tutor_user_id.assume_not_null().eq_any(binds(accounts)));
    let tutors: Vec<Option<UserId>> = db!(tx, load, tutors.select(mentorships::tutor_user_id))?;
    near.extend(tutors.into_iter().flatten());
    let guardians = grants::table.filter(grants::user_id.eq_any(binds(accounts)));
    let guardians = guardians.filter(grants::role.eq(bind(Role::GuardianshipOfficer)));
    let guardians: Vec<UserId> = db!(tx, load, guardians.select(grants::user_id))?;
    near.extend(guardians);
    let persons: Vec<PersonId> = active.iter().filter_map(|it| it.1).collect();
    let involved = involved(tx, of, &persons).await?;
    let is_near = |it: &&(UserId, Option<PersonId>)| {
        near.contains(&it.0) || it.1.is_some_and(|person| involved.contains(&person))
    };
    Ok(active.iter().filter(is_near).map(|it| it.0).collect())
}

/// Those of the accounts that are in the team of an open case today, for an organization that they serve.
async fn in_teams(tx: &mut Tx<'_>, of: OrganizationId, accounts: &[UserId]) -> Result<Vec<UserId>, Failure> {
    let today = tx.today();
    let theirs = team::table
        .inner_join(cases::table.on(cases::id.eq(team::case_id)))
        .inner_join(grants::table.on(grants::user_id.eq(team::user_id)))
        .filter(grants::organization_id.assume_not_null().eq(team::organization_id.assume_not_null()))
        .filter(team::user_id.eq_any(binds(accounts)))
        .filter(team::ended_on.is_null())
        .filter(team::until_on.is_null().or(team::until_on.ge(today)))
        .filter(cases::organization_id.eq(bind(of)))
        .filter(cases::state.eq(bind(CaseState::Open)));
    Ok(db!(tx, load, theirs.select(team::user_id))?)
}

/// Those of the people who are mentors of running mentorships of the organization, or whom it accompanies under any record.
async fn involved(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    persons: &[PersonId],
) -> Result<HashSet<PersonId>, Failure> {
    let theirs = running!(of).inner_join(mentors::table).filter(mentors::person_id.eq_any(binds(persons)));
    let theirs: Vec<PersonId> = db!(tx, load, theirs.select(mentors::person_id))?;
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq_any(binds(persons)))
        .select((beneficiaries::id, beneficiaries::person_id.assume_not_null()));
    let own: Vec<(BeneficiaryId, PersonId)> = db!(tx, load, own)?;
    let ids: Vec<BeneficiaryId> = own.iter().map(|it| it.0).collect();
    let records = one_person::by_record(tx, &ids).await?;
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records.keys().copied().collect::<Vec<_>>())))
        .filter(cases::organization_id.eq(bind(of)))
        .filter(cases::state.eq(bind(CaseState::Open)));
    let open: Vec<BeneficiaryId> = match own.is_empty() {
        true => Vec::new(),
        false => db!(tx, load, open.select(cases::beneficiary_id))?,
    };
    let with_case: HashSet<BeneficiaryId> =
        open.iter().filter_map(|it| records.get(it)).flatten().copied().collect();
    let accompanied = own.into_iter().filter(|it| with_case.contains(&it.0)).map(|it| it.1);
    Ok(theirs.into_iter().chain(accompanied).collect())
}
