//! The ways by which a caller sees tasks. The giver, the controller and the assignee see a task. So do the director and the heads of
//! its institution, who give it to another account, and those who see its case. A task of the partnership is seen by all staff of its
//! institution, of the organizations that work on it, and of those to whose class it is addressed. Nobody else sees a task. An account
//! that has left the institution of a task sees it no more. A member of the team of a case from another organization sees the own tasks
//! about it while something of the case is opened to that account. A tutor sees the own tasks of an institution while they follow a pair of
//! it that has not ended. A mentor sees the own tasks about a case while a mentorship with its person runs. A representative sees the own
//! ones while the authority lasts.
use super::Row;
use super::accounts::{addressed, heads};
use crate::accompaniment::team;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, mentors, mentorships, representatives, tasks};
use crate::people::one_person;
use crate::scope::within;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::tasks::{Addressed, Assignee, AssigneeKind, MyTasks, TaskState};
use domain::base::access::{Right, Role, Scope};
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, PersonId, RepresentativeId, TaskId, UserId};
use domain::base::text::Oktmo;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// A way to see tasks. Each is an index in the order of days.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// Every task.
    All,
    /// Those given by an account, in these institutions or in none.
    GivenBy(UserId, Vec<OrganizationId>),
    /// Those controlled by an account, in these institutions or in none.
    ControlledBy(UserId, Vec<OrganizationId>),
    /// Those of an account as assignee, in these institutions or in none.
    OfAccount(Uuid, Vec<OrganizationId>),
    /// Those of an account as assignee about cases of other institutions on whose teams it is.
    OfMember(Uuid, Vec<CaseId>),
    /// Those of an account or an organization as assignee.
    Of(Uuid),
    /// Those of a person as assignee, also as a mentor or a representative with these charges.
    OfPerson(PersonId, Charges),
    /// Those of the units of an institution.
    OfUnits(OrganizationId),
    /// Those of an institution.
    In(OrganizationId),
    /// Those of an institution about its cases and about the partnership, which all its staff sees.
    OpenIn(OrganizationId),
    /// Those that concern organizations of the caller besides an assignee, by their addresses.
    Addressed(Vec<String>),
    /// Those of them that this organization has not answered.
    ToAnswer(Vec<String>, OrganizationId),
    /// Those about cases of beneficiaries in these territories.
    Guarded(Vec<Oktmo>),
}

/// The charges of somebody as a mentor and as a representative. What has ended today is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Charges {
    /// The cases of those with whom a mentorship runs, under any record.
    pub(super) mentored: Vec<CaseId>,
    /// The authorities that last today.
    pub(super) authorities: Vec<RepresentativeId>,
}

impl Charges {
    /// Those of a person.
    pub(super) async fn of(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Self, Failure> {
        let Some(person) = person else { return Ok(Self::default()) };
        let own = mentors::table.filter(mentors::person_id.eq(bind(person))).select(mentors::id);
        let running = mentorships::table
            .filter(mentorships::mentor_id.eq_any(own))
            .filter(mentorships::starts_on.is_not_null())
            .filter(mentorships::ended_on.is_null())
            .select(mentorships::beneficiary_id);
        let mentees: Vec<BeneficiaryId> = db!(tx, load, running)?;
        let mentored: Vec<CaseId> = match mentees.is_empty() {
            true => Vec::new(),
            false => {
                let of: Vec<BeneficiaryId> = one_person::by_record(tx, &mentees).await?.into_keys().collect();
                let theirs = cases::table.filter(cases::beneficiary_id.eq_any(binds(&of))).select(cases::id);
                db!(tx, load, theirs)?
            }
        };
        let today = tx.today();
        let theirs = representatives::table.filter(representatives::person_id.eq(bind(person))).select((
            representatives::id,
            representatives::valid_from,
            representatives::valid_until,
        ));
        let all: Vec<(RepresentativeId, NaiveDate, Option<NaiveDate>)> = db!(tx, load, theirs)?;
        let lasts = |it: &(RepresentativeId, NaiveDate, Option<NaiveDate>)| {
            it.1 <= today && it.2.is_none_or(|last| today <= last)
        };
        let authorities = all.into_iter().filter(lasts).map(|it| it.0).collect();
        Ok(Self { mentored, authorities })
    }
    /// Those of the caller, where one of these tasks asks for them.
    async fn around(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Self, Failure> {
        let person = tx.caller().and_then(|it| it.person);
        let is_asked = |it: &Row| {
            let is_charge = matches!(it.assignee_kind, AssigneeKind::Mentor | AssigneeKind::Representative);
            is_charge && it.assignee_person_id == person
        };
        Self::of(tx, person.filter(|_| rows.iter().any(is_asked))).await
    }
    /// Whether a task that is given to the person as this assignee, perhaps about a case, is theirs today.
    pub(super) fn hold(&self, it: Assignee, case: Option<CaseId>) -> bool {
        match it.kind {
            AssigneeKind::Mentor => case.is_none_or(|case| self.mentored.contains(&case)),
            AssigneeKind::Representative => self.authorities.contains(&Uuid::from(it.id).into()),
            _ => true,
        }
    }
}

/// A caller as one who sees tasks.
#[derive(Debug, Default)]
pub(super) struct Seen {
    everything: bool,
    user: Option<UserId>,
    person: Option<PersonId>,
    /// Institutions whose cases and whose own tasks the caller sees.
    organizations: Vec<OrganizationId>,
    /// Institutions that the caller heads, or a unit of which.
    headed: Vec<OrganizationId>,
    territories: Vec<Oktmo>,
    /// The addresses of these institutions.
    addresses: Vec<String>,
    /// Those of them that the caller heads, each with the addresses of the classes to which it belongs.
    classes: Vec<(OrganizationId, Vec<String>)>,
    /// Cases of other institutions about which the caller has tasks as a member of their teams.
    joined: Vec<CaseId>,
    /// Institutions of pairs that the caller follows as a tutor, who works for them without a role there.
    tutored: Vec<OrganizationId>,
    /// The charges of the caller as a mentor and as a representative.
    charges: Charges,
}

impl Seen {
    /// The caller with such a scope.
    pub(super) async fn by(tx: &mut Tx<'_>, scope: &Scope) -> Result<Self, Failure> {
        let own = addressed(tx, &scope.organizations).await?;
        let (joined, tutored) = (joined(tx).await?, tutored(tx).await?);
        let person = tx.caller().and_then(|it| it.person);
        let charges = Charges::of(tx, person).await?;
        Ok(Self { joined, tutored, charges, ..Self::of(tx, scope, &own) })
    }
    /// The caller with each of two rights, to tell which of them reaches which of these tasks. `joined` are the cases of [`joined`] and
    /// [`joined_among`].
    pub(super) async fn by_rights(
        tx: &mut Tx<'_>,
        rights: [Right; 2],
        rows: &[Row],
        joined: &[CaseId],
    ) -> Result<[(Right, Self); 2], Failure> {
        let scopes = rights.map(|it| (it, tx.scope_of(it)));
        let ids: BTreeSet<OrganizationId> =
            scopes.iter().flat_map(|(_, scope)| scope.organizations.iter().copied()).collect();
        let own = addressed_around(tx, rows, &ids.into_iter().collect::<Vec<_>>()).await?;
        let (tutored, charges) = (tutored(tx).await?, Charges::around(tx, rows).await?);
        let of = |scope: &Scope| {
            let (joined, tutored, charges) = (joined.to_vec(), tutored.clone(), charges.clone());
            Self { joined, tutored, charges, ..Self::of(tx, scope, &own) }
        };
        Ok(scopes.map(|(right, scope)| (right, of(&scope))))
    }
    /// The caller with the right of this transaction, to tell which of these tasks it reaches.
    async fn around(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Self, Failure> {
        let scope = tx.scope().clone();
        let own = addressed_around(tx, rows, &scope.organizations).await?;
        let (tutored, charges) = (tutored(tx).await?, Charges::around(tx, rows).await?);
        Ok(Self { tutored, charges, ..Self::of(tx, &scope, &own) })
    }
    /// The cases of other institutions about which the caller has tasks as a member of their teams.
    pub(super) fn joined(self) -> Vec<CaseId> {
        self.joined
    }
    /// The same, where the organizations of the scope, and perhaps more, are known as classes know them. A narrowed key brings nothing of
    /// the account itself.
    fn of(tx: &Tx<'_>, scope: &Scope, own: &[Addressed]) -> Self {
        let caller = tx.caller().filter(|_| !scope.is_nothing() && !scope.is_narrowed);
        let heads = |it: &OrganizationId| caller.is_some_and(|caller| heads(caller, *it));
        let headed: Vec<OrganizationId> = scope.organizations.iter().copied().filter(heads).collect();
        let answering = own.iter().filter(|it| headed.contains(&it.id));
        let classes = answering.map(|it| (it.id, it.classes())).collect();
        Self {
            everything: scope.everything,
            user: caller.map(|it| it.user),
            person: caller.and_then(|it| it.person),
            headed,
            organizations: scope.organizations.clone(),
            territories: scope.territories.clone(),
            addresses: own
                .iter()
                .filter(|it| scope.organizations.contains(&it.id))
                .flat_map(Addressed::addresses)
                .collect(),
            classes,
            joined: Vec::new(),
            tutored: Vec::new(),
            charges: Charges::default(),
        }
    }
    /// Whether the caller still works in the institution of a task. A task of a coordinator has none.
    fn is_here(&self, of: Option<OrganizationId>) -> bool {
        of.is_none_or(|it| self.organizations.contains(&it))
    }
    /// Whether the task is given to the account of the caller.
    fn is_assigned(&self, it: &Row) -> bool {
        self.user.is_some_and(|own| Uuid::from(own) == Uuid::from(it.assignee_id))
    }
    /// Whether the caller sees that task by any way but a territory.
    pub(super) fn has(&self, it: &Row) -> bool {
        let assignee: Uuid = it.assignee_id.into();
        let is_here = self.is_here(it.organization_id);
        let is_joined = it.case_id.is_some_and(|case| self.joined.contains(&case));
        let is_ordered = self.user.is_some_and(|own| own == it.given_by || own == it.controller_user_id);
        let is_followed = it.organization_id.is_some_and(|of| self.tutored.contains(&of));
        let is_to_do = (is_here || is_joined || is_followed) && self.is_assigned(it);
        let is_own = (is_here && is_ordered) || is_to_do;
        let is_given_to = self.person.is_some() && self.person == it.assignee_person_id;
        let as_assignee = Assignee { kind: it.assignee_kind, id: it.assignee_id };
        let is_person = is_given_to && self.charges.hold(as_assignee, it.case_id);
        let is_given = self.organizations.iter().any(|own| Uuid::from(*own) == assignee);
        let of_institution = it.organization_id.is_some_and(|of| {
            let is_open = it.case_id.is_some() || it.is_of_partnership();
            self.headed.contains(&of) || (is_open && self.organizations.contains(&of))
        });
        let addresses = it.addresses();
        let is_addressed = self.addresses.iter().any(|own| addresses.contains(own));
        self.everything || is_own || is_person || is_given || of_institution || is_addressed
    }
    /// Those of these tasks that the caller sees by any way. Teams and territories are asked at once for all that no other way shows.
    async fn reached(&self, tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashSet<TaskId>, Failure> {
        let unseen: Vec<&Row> = rows.iter().filter(|it| !self.has(it)).collect();
        let own = unseen.iter().filter(|it| self.is_assigned(it)).filter_map(|it| it.case_id);
        let opened = team::granting(tx, &own.collect::<Vec<_>>()).await?;
        let of: Vec<CaseId> = unseen.iter().filter_map(|it| it.case_id).collect();
        let guarded = guarded(tx, &of, &self.territories).await?;
        let is_lent = |it: &Row| {
            let is_opened = |case: CaseId| self.is_assigned(it) && opened.contains(&case);
            it.case_id.is_some_and(|case| is_opened(case) || guarded.contains(&case))
        };
        let hidden: HashSet<TaskId> = unseen.iter().filter(|it| !is_lent(it)).map(|it| it.id).collect();
        Ok(rows.iter().map(|it| it.id).filter(|it| !hidden.contains(it)).collect())
    }
    /// The ways to all tasks that the caller sees.
    pub(super) fn all(&self) -> Vec<Way> {
        if self.everything {
            return vec![Way::All];
        }
        let here = || self.organizations.clone();
        let own = self.user.into_iter();
        let own = own.flat_map(|it| [Way::GivenBy(it, here()), Way::ControlledBy(it, here())]);
        let mut all: Vec<Way> = own.collect();
        all.extend(self.assigned().into_iter().filter(|it| !matches!(it, Way::OfUnits(_))));
        all.extend(self.organizations.iter().map(|it| match self.headed.contains(it) {
            true => Way::In(*it),
            false => Way::OpenIn(*it),
        }));
        all.extend(self.addressed().map(Way::Addressed));
        all.extend(Some(&self.territories).filter(|it| !it.is_empty()).cloned().map(Way::Guarded));
        all
    }
    fn addressed(&self) -> Option<Vec<String>> {
        Some(self.addresses.clone()).filter(|it| !it.is_empty())
    }
    /// The ways to the tasks that an organization has to answer for which the caller answers.
    fn to_answer(&self) -> impl Iterator<Item = Way> {
        self.classes.iter().map(|(of, classes)| Way::ToAnswer(classes.clone(), *of))
    }
    /// The ways to the tasks that the caller has to do.
    fn assigned(&self) -> Vec<Way> {
        let there = [self.organizations.as_slice(), self.tutored.as_slice()].concat();
        let of_account = |it: UserId| Way::OfAccount(it.into(), there);
        let joined = self.user.filter(|_| !self.joined.is_empty());
        let joined = joined.map(|it| Way::OfMember(it.into(), self.joined.clone()));
        let own = self.user.map(of_account).into_iter().chain(joined);
        let given = self.organizations.iter().map(|it| Way::Of((*it).into()));
        let units = self.headed.iter().copied().map(Way::OfUnits);
        let person = self.person.map(|it| Way::OfPerson(it, self.charges.clone()));
        own.chain(person).chain(given).chain(units).collect()
    }
    /// The ways to the tasks in a state that a list asks for.
    pub(super) fn ways(&self, mine: Option<MyTasks>, state: TaskState) -> Vec<Way> {
        let here = || self.organizations.clone();
        let controlled = || self.user.map(|it| Way::ControlledBy(it, here())).into_iter().collect();
        match (mine, state) {
            (None, _) => self.all(),
            (Some(MyTasks::ToDo), TaskState::Open) => {
                self.assigned().into_iter().chain(self.to_answer()).collect()
            }
            (Some(MyTasks::Assignee), _) => {
                self.assigned().into_iter().chain(self.addressed().map(Way::Addressed)).collect()
            }
            (Some(MyTasks::Controller), _) | (Some(MyTasks::ToDo), TaskState::Reported) => controlled(),
            (Some(MyTasks::ToDo), TaskState::Done | TaskState::Cancelled) => Vec::new(),
        }
    }
}

/// Whether the right of this transaction reaches the task of this row.
pub(super) async fn is_seen(tx: &mut Tx<'_>, it: &Row) -> Result<bool, Failure> {
    let one = std::slice::from_ref(it);
    Ok(Seen::around(tx, one).await?.reached(tx, one).await?.contains(&it.id))
}

/// The institutions of mentorships that have not ended and that the caller follows. A former tutor works for none of them any more.
async fn tutored(tx: &mut Tx<'_>) -> Result<Vec<OrganizationId>, Failure> {
    let tutor = tx.caller().filter(|it| it.grants.iter().any(|it| it.role == Role::Tutor));
    let Some(user) = tutor.map(|it| it.user) else { return Ok(Vec::new()) };
    let followed = mentorships::table
        .filter(mentorships::tutor_user_id.eq(bind(Some(user))))
        .filter(mentorships::ended_on.is_null())
        .select(mentorships::organization_id)
        .distinct();
    Ok(db!(tx, load, followed)?)
}

/// Cases of other institutions about which the caller has tasks, as a member of their teams to whom something of them is opened today.
async fn joined(tx: &mut Tx<'_>) -> Result<Vec<CaseId>, Failure> {
    let Some(user) = tx.caller().map(|it| it.user) else { return Ok(Vec::new()) };
    let there = team::cases_joined(tx).await?;
    if there.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = tasks::table
        .filter(tasks::assignee_id.eq(bind(Uuid::from(user))))
        .filter(tasks::case_id.assume_not_null().eq_any(binds(&there)))
        .select(tasks::case_id.assume_not_null());
    let found: Vec<CaseId> = db!(tx, load, theirs)?;
    team::granting(tx, &found).await
}

/// Those of them about which the caller has one of these tasks.
pub(super) async fn joined_among(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Vec<CaseId>, Failure> {
    let Some(user) = tx.caller().map(|it| Uuid::from(it.user)) else { return Ok(Vec::new()) };
    let own = rows.iter().filter(|it| Uuid::from(it.assignee_id) == user);
    let mut cases: Vec<CaseId> = own.filter_map(|it| it.case_id).collect();
    if cases.is_empty() {
        return Ok(cases);
    }
    let there = team::cases_joined(tx).await?;
    cases.retain(|it| there.contains(it));
    team::granting(tx, &cases).await
}

/// The organizations as classes know them. It matters to tasks that have addresses.
async fn addressed_around(
    tx: &mut Tx<'_>,
    rows: &[Row],
    ids: &[OrganizationId],
) -> Result<Vec<Addressed>, Failure> {
    match rows.iter().all(|it| it.addresses().is_empty()) {
        true => Ok(Vec::new()),
        false => addressed(tx, ids).await,
    }
}

/// Those of the cases whose beneficiaries live in one of the territories.
async fn guarded(tx: &mut Tx<'_>, of: &[CaseId], territories: &[Oktmo]) -> Result<HashSet<CaseId>, Failure> {
    if of.is_empty() || territories.is_empty() {
        return Ok(HashSet::new());
    }
    let those = cases::table.inner_join(beneficiaries::table).filter(cases::id.eq_any(binds(of)));
    let there = those.filter(within(beneficiaries::territory, territories)).select(cases::id);
    let found: Vec<CaseId> = db!(tx, load, there)?;
    Ok(found.into_iter().collect())
}

/// Whether the right of this transaction reaches the task.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: TaskId) -> Result<bool, Failure> {
    crate::sight::is_found(super::row(tx, id).await)
}

/// The titles of those of the tasks that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[TaskId]) -> Result<Vec<(TaskId, String)>, Failure> {
    let some = tasks::table.filter(tasks::id.eq_any(binds(ids)));
    let rows: Vec<Row> = db!(tx, load, some.select(Row::as_select()))?;
    let seen = Seen::around(tx, &rows).await?;
    let reached = seen.reached(tx, &rows).await?;
    Ok(rows.into_iter().filter(|it| reached.contains(&it.id)).map(|it| (it.id, it.title.into())).collect())
}

/// The tasks of a way, as a boxed query.
macro_rules! of_way {
    ($way:expr) => {{
        use $crate::engine::column::any_of;
        use $crate::engine::column::{bind, binds};
        use $crate::engine::schema::{beneficiaries, cases, task_addressees, task_answers, tasks};
        // Of these addresses.
        let under = |it: &Vec<String>| {
            let those = it.iter().map(|it| AnyText(it.clone())).collect::<Vec<_>>();
            let there = task_addressees::table.filter(task_addressees::address.eq_any(those));
            tasks::id.eq_any(there.select(task_addressees::task_id))
        };
        // Of these institutions, and of none.
        let here = |it: &Vec<OrganizationId>| {
            let own = tasks::organization_id.assume_not_null().eq_any(binds(it));
            tasks::organization_id.is_null().or(own)
        };
        let all = tasks::table.into_boxed();
        match $way {
            Way::All => all,
            Way::GivenBy(it, own) => all.filter(tasks::given_by.eq(bind(*it))).filter(here(own)),
            Way::ControlledBy(it, own) => {
                all.filter(tasks::controller_user_id.eq(bind(*it))).filter(here(own))
            }
            Way::OfAccount(it, own) => all.filter(tasks::assignee_id.eq(bind(*it))).filter(here(own)),
            Way::OfMember(it, joined) => {
                let there = tasks::case_id.assume_not_null().eq_any(binds(joined));
                all.filter(tasks::assignee_id.eq(bind(*it)))
                    .filter(tasks::organization_id.is_null().or(there))
            }
            Way::Of(it) => all.filter(tasks::assignee_id.eq(bind(*it))),
            Way::OfPerson(it, charges) => {
                let of_mentor = tasks::assignee_kind.eq(bind(AssigneeKind::Mentor));
                let mentored = tasks::case_id.assume_not_null().eq_any(binds(&charges.mentored));
                let of_authority = tasks::assignee_kind.eq(bind(AssigneeKind::Representative));
                let lasting = tasks::assignee_id.eq_any(binds(&charges.authorities));
                all.filter(tasks::assignee_person_id.eq(bind(Some(*it))))
                    .filter(diesel::dsl::not(of_mentor).or(tasks::case_id.is_null()).or(mentored))
                    .filter(diesel::dsl::not(of_authority).or(lasting))
            }
            Way::OfUnits(it) => all
                .filter(tasks::organization_id.eq(bind(Some(*it))))
                .filter(tasks::assignee_kind.eq(bind(AssigneeKind::Unit))),
            Way::In(it) => all.filter(tasks::organization_id.eq(bind(Some(*it)))),
            Way::OpenIn(it) => {
                let of_partnership: Vec<SubjectKind> =
                    TaskSourceKind::ALL.iter().map(|it| it.subject()).collect();
                let is_open = tasks::source_kind.assume_not_null().eq_any(any_of(&of_partnership));
                all.filter(tasks::organization_id.eq(bind(Some(*it))))
                    .filter(tasks::case_id.is_not_null().or(is_open))
            }
            Way::Addressed(it) => all.filter(under(it)),
            Way::ToAnswer(it, own) => {
                let answered = task_answers::table
                    .filter(task_answers::task_id.eq(tasks::id))
                    .filter(task_answers::organization_id.eq(bind(*own)));
                all.filter(under(it)).filter(diesel::dsl::not(exists(answered)))
            }
            Way::Guarded(territories) => {
                let there = cases::table
                    .inner_join(beneficiaries::table)
                    .filter($crate::scope::within(beneficiaries::territory, territories))
                    .select(cases::id);
                all.filter(tasks::case_id.assume_not_null().eq_any(there))
            }
        }
    }};
}
pub(super) use of_way;
