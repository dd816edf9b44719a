//! The accounts and organizations on which it depends whose step a task is.
use super::{Row, answers};
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{grants, organizations, users};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::tasks::{Addressed, AssigneeKind, Part, Standing};
use domain::base::access::{Caller, Right, Role};
use domain::base::id::{OrganizationId, PersonId, TaskId, UserId};
use domain::base::text::Oktmo;
use domain::region::organizations::OrganizationKind;
use std::collections::HashSet;
use uuid::Uuid;

/// The accounts on which it depends whose step a task of these rows is.
pub(super) struct Accounts {
    /// Open accounts of controllers, each with an institution of theirs.
    present: HashSet<(UserId, Option<OrganizationId>)>,
    /// People of assignees who have an open account.
    people: HashSet<PersonId>,
    /// Organizations that the caller heads, where a task is addressed to a class.
    headed: Vec<Addressed>,
    /// Those of them that have answered a task.
    answered: HashSet<(TaskId, OrganizationId)>,
}

impl Accounts {
    pub(super) async fn around(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Self, Failure> {
        let unsettled = || rows.iter().filter(|it| it.state.is_unsettled());
        let controllers: Vec<UserId> = unsettled().map(|it| it.controller_user_id).collect();
        let people: Vec<PersonId> = unsettled().filter_map(|it| it.assignee_person_id).collect();
        let mut present: Vec<(UserId, Option<OrganizationId>)> = Vec::new();
        let mut with_account: Vec<Option<PersonId>> = Vec::new();
        if !controllers.is_empty() {
            let theirs = grants::table.inner_join(users::table).filter(users::active.eq(true));
            let theirs = theirs.filter(grants::user_id.eq_any(binds(&controllers)));
            present = db!(tx, load, theirs.select((grants::user_id, grants::organization_id)))?;
        }
        if !people.is_empty() {
            let theirs = users::table.filter(users::person_id.assume_not_null().eq_any(binds(&people)));
            with_account = db!(tx, load, theirs.filter(users::active.eq(true)).select(users::person_id))?;
        }
        let people = with_account.into_iter().flatten().collect();
        let to_classes: Vec<TaskId> =
            rows.iter().filter(|it| it.addressee.0.is_some()).map(|it| it.id).collect();
        let (mut headed, mut answered) = (Vec::new(), HashSet::new());
        if !to_classes.is_empty() {
            let own = headed_by(tx, Right::ReportTasks);
            headed = addressed(tx, &own).await?;
            answered = answers::given(tx, &to_classes, &headed).await?;
        }
        Ok(Self { present: present.into_iter().collect(), people, headed, answered })
    }
    /// Whether the account of the controller is closed, or has left the institution.
    fn lack_controller(&self, it: &Row) -> bool {
        let user = it.controller_user_id;
        match it.organization_id {
            Some(of) => !self.present.contains(&(user, Some(of))),
            None => !self.present.iter().any(|(it, _)| *it == user),
        }
    }
    /// The caller's standing to a task.
    pub(super) fn standing(&self, tx: &Tx<'_>, it: &Row) -> Standing {
        let Some(caller) = tx.caller() else { return Standing::default() };
        let served = tx.scope_of(Right::ReportTasks).organizations;
        let serves = |organization: Uuid| served.iter().any(|it| Uuid::from(*it) == organization);
        let holds = |role| it.organization_id.is_some_and(|of| caller.holds_in(role, of));
        let (directs, heads) = (holds(Role::Director), holds(Role::UnitHead));
        let is_assignee = it.assignee().is_some()
            && match it.assignee_kind {
                AssigneeKind::User => Uuid::from(caller.user) == Uuid::from(it.assignee_id),
                AssigneeKind::Organization => serves(it.assignee_id.into()),
                AssigneeKind::Unit => directs || heads,
                AssigneeKind::Mentor | AssigneeKind::Person | AssigneeKind::Representative => {
                    caller.person.is_some() && caller.person == it.assignee_person_id
                }
            };
        let has_account = it.assignee_person_id.is_none_or(|person| self.people.contains(&person));
        let of_staff = it.organization_id.is_some_and(|of| serves(of.into()));
        let speaks = it.assignee_kind.may_lack_account() && !has_account && of_staff;
        let controller_is_gone = self.lack_controller(it);
        let of_class = |own: &&Addressed| it.addressee.0.as_ref().is_some_and(|class| class.has(own));
        let addressed: Vec<&Addressed> = self.headed.iter().filter(of_class).collect();
        let has_answered = addressed.iter().all(|own| self.answered.contains(&(it.id, own.id)));
        let parts = [
            (is_assignee, Part::Assignee),
            (speaks, Part::Spokesman),
            (caller.user == it.controller_user_id && !controller_is_gone, Part::Controller),
            (directs, Part::Director),
            (heads, Part::Head),
            (!addressed.is_empty(), Part::Addressee),
        ];
        let parts = parts.into_iter().filter_map(|(is_theirs, part)| is_theirs.then_some(part)).collect();
        Standing { user: Some(caller.user), parts, controller_is_gone, has_answered }
    }
}

/// The institutions that the caller heads, or a unit of which, among those that a right reaches.
pub(super) fn headed_by(tx: &Tx<'_>, right: Right) -> Vec<OrganizationId> {
    let Some(caller) = tx.caller() else { return Vec::new() };
    tx.scope_of(right).organizations.into_iter().filter(|it| heads(caller, *it)).collect()
}

/// Whether the caller heads the institution, or a unit of it.
pub(super) fn heads(caller: &Caller, of: OrganizationId) -> bool {
    caller.holds_in(Role::Director, of) || caller.holds_in(Role::UnitHead, of)
}

/// Organizations as classes know them.
pub(super) async fn addressed(tx: &mut Tx<'_>, ids: &[OrganizationId]) -> Result<Vec<Addressed>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let those = organizations::table.filter(organizations::id.eq_any(binds(ids)));
    let columns = (organizations::id, organizations::kind, organizations::territory);
    let rows: Vec<(OrganizationId, OrganizationKind, Oktmo)> = db!(tx, load, those.select(columns))?;
    Ok(rows.into_iter().map(|(id, kind, territory)| Addressed { id, kind, territory }).collect())
}
