//! The parties of a task: its institution, the one to whom it may be given, and the account that may control it.
//!
//! Accounts of other institutions are hidden from most who give tasks. So the refusal is the same for a foreign account, for a
//! closed one and for none. A member of the team of a case gets a task about it, also from another organization: that account reads of the
//! case what a consent or the law opens. A whole organization is asked by a referral.
use super::seen::Charges;
use crate::accompaniment::team;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, grants, mentors, mentorships, representatives, tasks, units, users};
use crate::people::life_of;
use crate::region::files::entrust_each;
use crate::region::organizations::must_be_open;
use crate::sight::{all_of, apart, dangling, must_refer, must_refer_each, reaches};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::{CASE_NOT_OPEN, CaseState};
use domain::accompaniment::tasks::{ASSIGNEE, Assignee, AssigneeKind, Parties, TaskForm, TaskSource};
use domain::base::access::{Right, Scope};
use domain::base::change::SubjectKind;
use domain::base::id::{
    CaseId, FileId, MentorId, OrganizationId, PersonId, RepresentativeId, TaskId, UnitId, UserId,
};
use domain::base::refusal::Refused;
use uuid::Uuid;

const POINTER: &str = "/assignee/id";

fn not_assignable(pointer: &str) -> Failure {
    Refused::from(ASSIGNEE.reason().at(pointer)).into()
}

/// The parties of a new task, and what stands against them: a case, an assignee or a controller that the caller may not name.
pub async fn parties(tx: &mut Tx<'_>, order: &TaskForm) -> Result<(Parties, Result<(), Failure>), Failure> {
    let organization = match (order.case_id, order.source, &order.assignee) {
        (Some(case), ..) => of_case(tx, case).await.map(Some),
        (None, Some(source), _) => of_source(tx, source).await.map(Some),
        (None, None, Some(assignee)) => of_assignee(tx, assignee).await,
        (None, None, None) => Ok(None),
    };
    let others = order.co_organization_ids.as_slice();
    let others = must_refer_each(tx, SubjectKind::Organization, others, "/co_organization_ids").await;
    // Without the institution nothing more can be asked of the parties.
    let organization_id = match organization {
        Ok(it) => it,
        Err(refused) => {
            let nobody = Parties { organization_id: None, assignee_person_id: None, first_on: None };
            return Ok((nobody, all_of([Err(refused), others])));
        }
    };
    let signs = tx.scope_of(Right::SignAgreements);
    let bound = organization_id.and_then(|it| order.against_binding(it, signs.answers_for(it)));
    let bound = Refused::unless_empty(bound.into_iter().collect()).map_err(Failure::from);
    let goes_on = match order.source {
        Some(it) => tx.above().must_go_on(tx, it.subject()).await,
        None => Ok(None),
    };
    // Of papers that are refused no day is known.
    let open = match &goes_on {
        Ok(first_on) => must_be_open(tx, &order.named(*first_on, tx.today())).await,
        Err(_) => Ok(()),
    };
    let assignee = match &order.assignee {
        // A child, a mentor or a relative is told to another organization by a referral alone.
        Some(it) if order.source.is_some() && it.kind.may_lack_account() => {
            Err(not_assignable("/assignee/kind"))
        }
        Some(it) if order.source.is_some() && it.kind == AssigneeKind::Organization => {
            let id: Uuid = it.id.into();
            must_refer(tx, SubjectKind::Organization, Some(id), POINTER).await.map(|()| None)
        }
        Some(it) => person_of(tx, it, (organization_id, order.case_id)).await,
        None => Ok(None),
    };
    let controller = order.controller_user_id;
    let controls = match serves(tx, controller, organization_id).await? {
        true => Ok(()),
        false => Err(dangling("/controller_user_id")),
    };
    let (person, assignee) = apart(assignee);
    let (first_on, goes_on) = apart(goes_on);
    let checks = all_of([assignee, controls, others, open, bound, goes_on]);
    let (assignee_person_id, first_on) = (person.flatten(), first_on.flatten());
    Ok((Parties { organization_id, assignee_person_id, first_on }, checks))
}

/// The institution of a case, which must be open and accompanied where the caller gives tasks.
async fn of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<OrganizationId, Failure> {
    must_refer(tx, SubjectKind::Case, Some(case), "/case_id").await?;
    let one = cases::table.find(bind(case)).select((cases::organization_id, cases::state));
    let (organization, state): (OrganizationId, CaseState) = db!(tx, first, one)?;
    if !tx.scope().answers_for(organization) {
        return Err(dangling("/case_id"));
    }
    match state {
        CaseState::Open => Ok(organization),
        CaseState::Closed => Err(Refused::from(CASE_NOT_OPEN.reason().at("/case_id")).into()),
    }
}

/// The institution of the caller to which a thing of the partnership belongs: there a task of it is given.
async fn of_source(tx: &mut Tx<'_>, it: TaskSource) -> Result<OrganizationId, Failure> {
    let edits = tx.scope_of(Right::EditPartnership);
    for own in tx.scope().organizations.clone() {
        if !edits.answers_for(own) {
            continue;
        }
        let somebody = tx.caller().map(|it| it.user);
        let narrow = Scope { organizations: vec![own], somebody, ..Scope::default() };
        let before = tx.use_scope(narrow);
        let found = reaches(tx, it.subject()).await;
        tx.restore_scope(before);
        if found? {
            return Ok(own);
        }
    }
    Err(dangling("/source/id"))
}

/// The institution of a task without a case: that of the assignee among those where the caller gives tasks, else the first of them.
async fn of_assignee(tx: &mut Tx<'_>, it: &Assignee) -> Result<Option<OrganizationId>, Failure> {
    let own = tx.scope().organizations.clone();
    let found: Option<OrganizationId> = match it.kind {
        AssigneeKind::Organization => Some(Uuid::from(it.id).into()),
        AssigneeKind::Unit => of_unit(tx, Uuid::from(it.id).into()).await?,
        AssigneeKind::User if !own.is_empty() => {
            let theirs = grants::table.filter(grants::user_id.eq(bind(it.id)));
            let there = theirs.filter(grants::organization_id.assume_not_null().eq_any(binds(&own)));
            let there = there.order(grants::n).select(grants::organization_id.assume_not_null());
            db!(tx, first, there).optional()?
        }
        _ => None,
    };
    Ok(found.filter(|it| own.contains(it)).or_else(|| own.first().copied()))
}

async fn of_unit(tx: &mut Tx<'_>, id: UnitId) -> Result<Option<OrganizationId>, Failure> {
    let one = units::table.find(bind(id)).select(units::organization_id);
    Ok(db!(tx, first, one).optional()?)
}

/// The person of an assignee to whom the caller may give a task of that institution. A mentor gets one about a case while a mentorship with
/// its person runs, and a representative while the authority lasts.
async fn person_of(
    tx: &mut Tx<'_>,
    it: &Assignee,
    (of, case): (Option<OrganizationId>, Option<CaseId>),
) -> Result<Option<PersonId>, Failure> {
    let id: Uuid = it.id.into();
    let person: PersonId = match it.kind {
        AssigneeKind::User => {
            must_get(tx, id.into(), (of, case), POINTER).await?;
            return Ok(None);
        }
        AssigneeKind::Organization => {
            must_refer(tx, SubjectKind::Organization, Some(id), POINTER).await?;
            let is_own = of.is_some_and(|of| Uuid::from(of) == id);
            return if is_own { Ok(None) } else { Err(not_assignable(POINTER)) };
        }
        AssigneeKind::Unit => {
            must_refer(tx, SubjectKind::Unit, Some(id), POINTER).await?;
            let is_own = of.is_some() && of_unit(tx, id.into()).await? == of;
            return if is_own { Ok(None) } else { Err(not_assignable(POINTER)) };
        }
        AssigneeKind::Mentor => {
            must_refer(tx, SubjectKind::Mentor, Some(id), POINTER).await?;
            let one = mentors::table.find(bind(MentorId::from(id)));
            db!(tx, first, one.select(mentors::person_id))?
        }
        AssigneeKind::Person => {
            must_refer(tx, SubjectKind::Person, Some(id), POINTER).await?;
            id.into()
        }
        AssigneeKind::Representative => {
            must_refer(tx, SubjectKind::Representative, Some(id), POINTER).await?;
            let one = representatives::table.find(bind(RepresentativeId::from(id)));
            db!(tx, first, one.select(representatives::person_id))?
        }
    };
    life_of(tx, person).await?.must_go_on(POINTER)?;
    let charges = Charges::of(tx, Some(person)).await?;
    if charges.hold(*it, case) { Ok(Some(person)) } else { Err(not_assignable(POINTER)) }
}

/// Refuses to give a task of that institution to an account that is closed, has no role there and follows no mentorship of it.
pub async fn must_be_assignable(
    tx: &mut Tx<'_>,
    user: UserId,
    of: Option<OrganizationId>,
    pointer: &str,
) -> Result<(), Failure> {
    if serves(tx, user, of).await? || follows(tx, user, of).await? {
        Ok(())
    } else {
        Err(not_assignable(pointer))
    }
}

/// The same for a task about a case, if it is about one: a member of its team gets it too.
async fn must_get(
    tx: &mut Tx<'_>,
    user: UserId,
    (of, case): (Option<OrganizationId>, Option<CaseId>),
    pointer: &str,
) -> Result<(), Failure> {
    match case {
        Some(case) if team::works_on(tx, case, user).await? => Ok(()),
        _ => must_be_assignable(tx, user, of, pointer).await,
    }
}

/// Refuses to give a task of that institution over to an account that may not get it.
pub async fn must_take_over(
    tx: &mut Tx<'_>,
    id: TaskId,
    user: UserId,
    of: Option<OrganizationId>,
) -> Result<(), Failure> {
    let case: Option<CaseId> = db!(tx, first, tasks::table.find(bind(id)).select(tasks::case_id))?;
    must_get(tx, user, (of, case), "/user_id").await
}

/// Whether an open account has a role in the institution. Without one: whether it is the caller, or coordinates a program of theirs.
async fn serves(tx: &mut Tx<'_>, user: UserId, of: Option<OrganizationId>) -> Result<bool, Failure> {
    let programs = tx.scope().programs.clone();
    let is_caller = of.is_none() && tx.caller().is_some_and(|it| it.user == user);
    if is_caller {
        return Ok(true);
    }
    match of {
        Some(of) => crate::region::users::serves(tx, user, of).await,
        None if programs.is_empty() => Ok(false),
        None => {
            let open = users::table.find(bind(user)).filter(users::active.eq(true));
            let held = grants::table.filter(grants::user_id.eq(bind(user)));
            let there = held.filter(grants::program_id.assume_not_null().eq_any(binds(&programs)));
            Ok(db!(tx, get_result, diesel::select(exists(open.filter(exists(there)))))?)
        }
    }
}

/// Whether an open account is the tutor of a mentorship of the institution that has not ended.
async fn follows(tx: &mut Tx<'_>, user: UserId, of: Option<OrganizationId>) -> Result<bool, Failure> {
    let Some(of) = of else { return Ok(false) };
    let open = users::table.find(bind(user)).filter(users::active.eq(true));
    let followed = mentorships::table
        .filter(mentorships::tutor_user_id.eq(bind(Some(user))))
        .filter(mentorships::organization_id.eq(bind(of)))
        .filter(mentorships::ended_on.is_null());
    Ok(db!(tx, get_result, diesel::select(exists(open.filter(exists(followed)))))?)
}

/// Gives the files of a report to the institution whose task it is, so that its staff sees them. The caller must see them.
pub async fn entrust(
    tx: &mut Tx<'_>,
    file_ids: &[FileId],
    to: Option<OrganizationId>,
) -> Result<(), Failure> {
    let Some(to) = to else { return must_refer_each(tx, SubjectKind::File, file_ids, "/file_ids").await };
    let files = (0..).zip(file_ids).map(|(index, id)| (*id, format!("/file_ids/{index}")));
    entrust_each(tx, files, to).await
}
