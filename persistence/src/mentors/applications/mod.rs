//! Applications of candidates in the database.
mod actions;
mod deadlines;
mod deaths;
mod saving;
mod screening;

pub use deadlines::date;
pub(crate) use deaths::end_by_death;
pub use saving::*;
pub use screening::{ScreeningSummary, candidate, checklist, screening};

use actions::{action_facts, actions};

use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{mentor_applications, people};
use crate::people::Human;
use crate::region::annexes;
use crate::scope::{Way, among};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::decree::Decree;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{ApplicationGrouping, ListOrder};
use domain::base::id::{ApplicationId, MentorId, OrganizationId, PersonId, ProgramId, UserId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Note, OrderNumber, REFERENCE};
use domain::mentors::{
    Application, ApplicationDocument, ApplicationForm, ApplicationState, Approved, Assessment,
    AssessmentForm, Decision, DecisionKind, Draft, Questionnaire, Rejected, RejectionReason, Statement,
    Submitted, UnderReview, Withdrawn,
};
use domain::region::annexes::Annex;
use shape::{card, filter};

/// A candidate's application as every endpoint returns it.
#[card]
pub struct ApplicationCard {
    /// The id of the application.
    pub id: ApplicationId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the application.
    pub state: ApplicationState,
    /// Orders that this caller may send to the application now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The candidate of the application.
    pub person_id: PersonId,
    /// The candidate's family name, given name, patronymic.
    #[schema(max_length = 310, example = "Морозова Алёна Сергеевна")]
    pub person_name: String,
    /// The institution that decides on the application.
    pub organization_id: OrganizationId,
    /// The organization that the candidate represents.
    pub ngo_id: Option<OrganizationId>,
    /// The program in which the candidate wants to be a mentor.
    pub program_id: ProgramId,
    /// The statement of the candidate (annex 1).
    pub statement: Option<Statement>,
    /// The questionnaire of the candidate (annex 2).
    pub questionnaire: Option<Questionnaire>,
    /// The documents that the candidate brought.
    #[schema(max_items = 20)]
    pub documents: Vec<ApplicationDocument>,
    /// The day on which the candidate submitted the application.
    pub submitted_on: Option<NaiveDate>,
    /// The candidate's note to the reviewers.
    pub submission_note: Option<Note>,
    /// The last day for a decision, by the edition of the program in force on the day of submission.
    pub decide_by: Option<NaiveDate>,
    /// The institution's assessment of the requirements for a mentor (002 §2.2.1). Only staff see it, never the
    /// candidate.
    pub assessment: Option<AssessmentForm>,
    /// The day on which the review was opened.
    pub review_opened_on: Option<NaiveDate>,
    /// The account that opened the review; shown to staff who consider the application.
    pub reviewer_user_id: Option<UserId>,
    /// Whether the institution has the application and has not decided it.
    pub awaits_decision: bool,
    /// The screening of today in short, of an application that awaits a decision. It is shown to staff who may screen it.
    pub screening: Option<ScreeningSummary>,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// The decision of the institution.
    pub decision: Option<Decision>,
    /// The mentor entry that an approval created.
    pub mentor_id: Option<MentorId>,
    /// The day on which the candidate withdrew the application, or on which the candidate's death was recorded.
    pub withdrawn_on: Option<NaiveDate>,
    /// The candidate's reason for the withdrawal, if given.
    pub withdrawal_reason: Option<Note>,
    /// The moment at which the draft was created.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { ApplicationCard in "mentor-applications" about Application; }

/// Filters of the list of applications.
#[filter]
pub struct ApplicationFilter {
    /// Only applications in this state.
    pub state: Option<AnyOf<ApplicationState>>,
    /// Only applications that this institution decides.
    pub organization_id: Option<OrganizationId>,
    /// Only applications for this program.
    pub program_id: Option<ProgramId>,
    /// `true`: only applications that wait for a decision and are past their last day for it. `false`: only all
    /// others.
    #[param(value_type = Option<bool>, example = true)]
    pub overdue: Option<bool>,
    /// Only applications of this person.
    pub person_id: Option<PersonId>,
    /// `true`: only applications that the institution has and has not decided. `false`: only all others.
    pub awaits_decision: Option<bool>,
    /// `true`: only applications of the caller: as the candidate, or as the account that opened the review. `false`: only all
    /// others.
    pub mine: Option<bool>,
    /// Only applications whose review this account opened, and never the caller's own.
    pub specialist_id: Option<UserId>,
    /// The order by the moment of the draft; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mentor_applications)]
struct Row {
    id: ApplicationId,
    version: i64,
    state: ApplicationState,
    person_id: PersonId,
    organization_id: OrganizationId,
    ngo_id: Option<OrganizationId>,
    program_id: ProgramId,
    statement: Option<String>,
    questionnaire: Option<String>,
    documents: Json<Vec<ApplicationDocument>>,
    submission_note: Option<String>,
    submitted_on: Option<NaiveDate>,
    review_opened_on: Option<NaiveDate>,
    decided_on: Option<NaiveDate>,
    rejection_reason: Option<RejectionReason>,
    decision_note: Option<String>,
    order_number: Option<OrderNumber>,
    order_date: Option<NaiveDate>,
    mentor_id: Option<MentorId>,
    withdrawn_on: Option<NaiveDate>,
    withdrawal_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    assessment: Option<String>,
    decide_by: Option<NaiveDate>,
    reviewer_user_id: Option<UserId>,
}

/// The visible applications: those to the institutions and programs of the scope, and the caller's own. Every query
/// begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = mentor_applications::table.inner_join(people::table).into_boxed();
        if !$scope.everything {
            all = all.filter(
                among(mentor_applications::organization_id, &$scope.organizations)
                    .or_by(among(mentor_applications::program_id, &$scope.programs))
                    .or_by(among(mentor_applications::person_id, $scope.person.as_slice())),
            );
        }
        all
    }};
}

fn missing(id: ApplicationId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Application, id)))
}

fn opened<T: serde::de::DeserializeOwned>(
    tx: &Tx<'_>,
    column: &str,
    id: ApplicationId,
    value: Option<&String>,
) -> Result<Option<T>, Failure> {
    let place = format!("mentor_applications.{column}");
    tx.core.keys.open_some(&place, id, value)
}

/// Whether the caller is one of the staff who consider the application.
fn is_staffs(tx: &Tx<'_>, it: &Row) -> bool {
    let scope = tx.scope_of(Right::ScreenApplications);
    scope.everything
        || scope.organizations.contains(&it.organization_id)
        || scope.programs.contains(&it.program_id)
}

fn shown(tx: &Tx<'_>, (it, human): (Row, Human)) -> Result<ApplicationCard, Failure> {
    let own = tx.caller().is_some_and(|caller| caller.person == Some(it.person_id));
    let kind = match it.state {
        ApplicationState::Approved => Some(DecisionKind::Approve),
        ApplicationState::Rejected => Some(DecisionKind::Reject),
        _ => None,
    };
    let note: Option<Note> = opened(tx, "decision_note", it.id, it.decision_note.as_ref())?;
    let decision = kind.map(|kind| Decision {
        kind,
        reason: it.rejection_reason,
        note,
        decree: Decree::of(it.order_number.clone(), it.order_date),
    });
    let is_considered = matches!(it.state, ApplicationState::Submitted | ApplicationState::UnderReview);
    let is_staffs = is_staffs(tx, &it) && !own;
    let assessment = match is_staffs {
        true => opened(tx, "assessment", it.id, it.assessment.as_ref())?,
        false => None,
    };
    let mut card = ApplicationCard {
        id: it.id,
        version: it.version,
        state: it.state,
        available_actions: Vec::new(),
        person_id: it.person_id,
        person_name: human.full_name(),
        organization_id: it.organization_id,
        ngo_id: it.ngo_id,
        program_id: it.program_id,
        statement: opened(tx, "statement", it.id, it.statement.as_ref())?,
        questionnaire: opened(tx, "questionnaire", it.id, it.questionnaire.as_ref())?,
        documents: it.documents.0,
        submitted_on: it.submitted_on,
        submission_note: opened(tx, "submission_note", it.id, it.submission_note.as_ref())?,
        decide_by: it.decide_by,
        assessment,
        review_opened_on: it.review_opened_on,
        reviewer_user_id: it.reviewer_user_id.filter(|_| is_staffs),
        awaits_decision: is_considered,
        screening: None,
        decided_on: it.decided_on,
        decision,
        mentor_id: it.mentor_id,
        withdrawn_on: it.withdrawn_on,
        withdrawal_reason: opened(tx, "withdrawal_reason", it.id, it.withdrawal_reason.as_ref())?,
        created_at: it.created_at,
        updated_at: it.updated_at,
    };
    card.available_actions = actions(tx, &card, None)?;
    Ok(card)
}

/// Whether the right of this transaction reaches the application.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: ApplicationId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(
        tx,
        get_result,
        diesel::select(exists(visible!(scope).filter(mentor_applications::id.eq(bind(id)))))
    )?)
}

/// The card of one application.
pub async fn card(tx: &mut Tx<'_>, id: ApplicationId) -> Result<ApplicationCard, Failure> {
    let mut it = [found(tx, id).await?];
    screening::summarize(tx, &mut it).await?;
    let [mut it] = it;
    let facts = action_facts(tx, &it).await?;
    it.available_actions = actions(tx, &it, Some(&facts))?;
    Ok(it)
}

/// The names of the candidates of those of the given applications that the right of this transaction reaches.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[ApplicationId],
) -> Result<Vec<(ApplicationId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), mentor_applications::id.eq_any(binds(ids)));
    let found: Vec<(ApplicationId, Human)> =
        db!(tx, load, visible!(scope).filter(some).select((mentor_applications::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

/// The card of one application, not screened.
async fn found(tx: &mut Tx<'_>, id: ApplicationId) -> Result<ApplicationCard, Failure> {
    let scope = tx.scope().clone();
    let row: Option<(Row, Human)> = db!(
        tx,
        first,
        visible!(scope)
            .filter(mentor_applications::id.eq(bind(id)))
            .select((Row::as_select(), Human::as_select()))
    )
    .optional()?;
    shown(tx, row.ok_or_else(|| missing(id))?)
}

/// Condition on rows: the institution has the application and has not decided it.
macro_rules! is_considered {
    () => {
        mentor_applications::state
            .eq(bind(ApplicationState::Submitted))
            .or(mentor_applications::state.eq(bind(ApplicationState::UnderReview)))
    };
}
use is_considered;

/// Applications that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &ApplicationFilter,
    window: &Window,
) -> Result<Page<ApplicationCard>, Failure> {
    let mut rows: Vec<(Row, Human)> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, filter, state, window).await?);
    }
    let rows = window.first_of(rows, filter.sort == Some(ListOrder::EarliestFirst), |it| it.0.id);
    let mut page = window.page(rows, |it| Place::id(it.0.id));
    let mut items: Vec<ApplicationCard> = tx.readable(page.items.drain(..).map(|it| shown(tx, it)))?;
    screening::summarize(tx, &mut items).await?;
    Ok(Page { items, next: page.next })
}

/// The first visible applications in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    filter: &ApplicationFilter,
    state: Option<ApplicationState>,
    window: &Window,
) -> Result<Vec<(Row, Human)>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let user = tx.caller().map(|it| it.user);
    let person: Vec<PersonId> = tx.caller().and_then(|it| it.person).into_iter().collect();
    Ok(db!(tx, load, {
        let mut all = visible!(scope).select((Row::as_select(), Human::as_select())).limit(window.fetch());
        all = match filter.sort {
            Some(ListOrder::EarliestFirst) => all.order(mentor_applications::id.asc()),
            _ => all.order(mentor_applications::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match filter.sort {
                Some(ListOrder::EarliestFirst) => all.filter(mentor_applications::id.gt(bind(after))),
                _ => all.filter(mentor_applications::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(mentor_applications::state.eq(bind(state)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(mentor_applications::organization_id.eq(bind(organization)));
        }
        if let Some(program) = filter.program_id {
            all = all.filter(mentor_applications::program_id.eq(bind(program)));
        }
        if let Some(person) = filter.person_id {
            all = all.filter(mentor_applications::person_id.eq(bind(person)));
        }
        if let Some(overdue) = filter.overdue {
            let late = mentor_applications::decide_by.assume_not_null().lt(today);
            let is_late = mentor_applications::decide_by.is_not_null().and(late).and(is_considered!());
            all = if overdue { all.filter(is_late) } else { all.filter(diesel::dsl::not(is_late)) };
        }
        match filter.awaits_decision {
            Some(true) => all = all.filter(is_considered!()),
            Some(false) => all = all.filter(diesel::dsl::not(is_considered!())),
            None => {}
        }
        let reviewed = mentor_applications::reviewer_user_id
            .is_not_null()
            .and(mentor_applications::reviewer_user_id.assume_not_null().eq_any(binds(user.as_slice())));
        let own = mentor_applications::person_id.eq_any(binds(&person));
        match filter.mine {
            Some(true) => all = all.filter(reviewed.or(own)),
            Some(false) => all = all.filter(diesel::dsl::not(reviewed.or(own))),
            None => {}
        }
        if let Some(specialist) = filter.specialist_id {
            all = all
                .filter(mentor_applications::reviewer_user_id.eq(bind(Some(specialist))))
                .filter(mentor_applications::person_id.ne_all(binds(&person)));
        }
        all
    })?)
}

crate::engine::counts::counted! {
    mentor_applications, ApplicationCountQuestion of ApplicationGrouping {
        State: state as ApplicationState, Program: program_id as ProgramId,
        Organization: organization_id as OrganizationId
    },
    mentor_applications::table, |scope| visible!(scope)
}

/// The assessment of a candidate. A rule asks for it, so the caller's scope does not limit it.
pub async fn assessment(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<AssessmentForm>, Failure> {
    let one = mentor_applications::table.find(bind(id)).select(mentor_applications::assessment);
    let sealed: Option<String> = db!(tx, first, one)?;
    opened(tx, "assessment", id, sealed.as_ref())
}

/// Loads an application that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Application, Failure> {
    let it = found(tx, id).await?;
    tx.expect(it.version)?;
    whole(&it)
}

/// The application with what its state has.
fn whole(it: &ApplicationCard) -> Result<Application, Failure> {
    application(it)
        .ok_or_else(|| Failure::broken(format!("application {} lacks what its state needs", it.id)))
}

impl ApplicationCard {
    /// The form as the candidate has filled it in.
    fn form(&self) -> ApplicationForm {
        ApplicationForm {
            person_id: self.person_id,
            organization_id: self.organization_id,
            ngo_id: self.ngo_id,
            program_id: self.program_id,
            statement: self.statement.clone(),
            questionnaire: self.questionnaire.clone(),
            documents: self.documents.clone(),
        }
    }
    /// The assessment, as far as it is told to somebody who is this person.
    fn assessed(&self, own: Option<PersonId>) -> Assessment {
        match &self.assessment {
            _ if own == Some(self.person_id) => Assessment::Untold,
            Some(it) => Assessment::Given(it.clone()),
            None => Assessment::Missing,
        }
    }
}

/// The application as its state's type. None where the columns contradict the state; the table's CHECKs exclude that.
fn application(it: &ApplicationCard) -> Option<Application> {
    let id = it.id;
    let form = it.form();
    Some(match it.state {
        ApplicationState::Draft => Draft { id, form }.into(),
        ApplicationState::Submitted => {
            let (submitted_on, decide_by) = (it.submitted_on?, it.decide_by);
            Submitted { id, form, submitted_on, decide_by, note: it.submission_note.clone() }.into()
        }
        ApplicationState::UnderReview => {
            UnderReview { id, form, review_opened_on: it.review_opened_on? }.into()
        }
        ApplicationState::Approved => Approved {
            id,
            form,
            decision: it.decision.clone()?,
            decided_on: it.decided_on?,
            mentor_id: it.mentor_id?,
        }
        .into(),
        ApplicationState::Rejected => {
            Rejected { id, form, decision: it.decision.clone()?, decided_on: it.decided_on? }.into()
        }
        ApplicationState::Withdrawn => {
            Withdrawn { id, form, reason: it.withdrawal_reason.clone(), withdrawn_on: it.withdrawn_on? }
                .into()
        }
    })
}

/// The version of the questionnaire that the candidate filled in.
pub async fn annex(tx: &mut Tx<'_>, form: &ApplicationForm) -> Result<Option<Annex>, Failure> {
    match form.questionnaire.as_ref().and_then(|it| it.annex_id) {
        Some(id) => annexes::found(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// Refuses a form for an institution that this right does not reach: the caller could not see the result.
pub fn must_be_ours(tx: &Tx<'_>, form: &ApplicationForm) -> Result<(), Failure> {
    let scope = tx.scope();
    let ours = scope.everything
        || scope.organizations.contains(&form.organization_id)
        || scope.programs.contains(&form.program_id)
        || scope.person == Some(form.person_id);
    if ours { Ok(()) } else { Err(Refused::from(REFERENCE.reason().at("/organization_id")).into()) }
}
