//! Accompaniment as its sides see it: the person, and the mentor and the tutor of a running mentorship.
//!
//! It is a union of lists, each under its own right and scope. Of cases it tells only who accompanies; the person learns the stage and
//! the words for them too. A side learns nothing of health, law, documents, contacts and consilia. After the end of the pair there is
//! nothing. The person, and the mentor and the tutor, are sides under every record of the person.
use super::assessments::{self, AssessmentCard, AssessmentFilter};
use super::consilia::{ConsiliumInvitation, invitations};
use super::living::enrolments::{self, LivingEnrolmentCard, LivingEnrolmentFilter};
use super::monthly_records::{self, MonthForPerson};
use super::plans::{self, PlanCard, PlanFilter, Ward};
use super::tasks::{self, TaskCard, TaskFilter};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::Window;
use crate::engine::schema::{cases, users};
use crate::people::one_person;
use crate::region::users::work_phone;
use crate::sight::first_rows;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::cases::grounds::CaseStage;
use domain::accompaniment::plans::PlanState;
use domain::accompaniment::tasks::{MyTasks, TaskState};
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, UserId};
use domain::base::text::Phone;
use shape::card;

/// An organization that accompanies a beneficiary, as a side sees it.
#[card]
pub struct Accompanying {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The name of that account.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub specialist_user_name: Option<String>,
    /// The work telephone of the specialist in charge.
    pub specialist_phone: Option<Phone>,
    /// The stage. Only the person sees it.
    pub stage: Option<CaseStage>,
    /// The first day of accompaniment. Only the person sees it.
    pub opened_on: Option<NaiveDate>,
}

/// The accompaniment of a beneficiary, as a side sees it.
#[card]
pub struct Accompaniment {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The organizations that accompany: all of them for the person, that of the mentorship for its mentor and tutor.
    #[schema(max_items = 50)]
    pub accompanied_by: Vec<Accompanying>,
    /// Open plans, each with the sections for this side: `GET /beneficiaries/{id}/plans`.
    #[schema(max_items = 50)]
    pub plans: Vec<PlanCard>,
    /// Open and reported tasks about the beneficiary that are given to the caller: `GET /tasks?mine=assignee`.
    #[schema(max_items = 50)]
    pub tasks: Vec<TaskCard>,
    /// Assessments: a mentor's own ones; the person's own ones and the results of others: `GET /beneficiaries/{id}/assessments`.
    #[schema(max_items = 50)]
    pub assessments: Vec<AssessmentCard>,
    /// Programmes of independent living in which the person takes part. Only the person sees them.
    #[schema(max_items = 50)]
    pub living_enrolments: Option<Vec<LivingEnrolmentCard>>,
    /// Invitations of the caller to planned consilia about the beneficiary.
    #[schema(max_items = 50)]
    pub invitations: Vec<ConsiliumInvitation>,
    /// The words for the person of signed months, the latest first. Only the person sees them.
    #[schema(max_items = 12)]
    pub months: Option<Vec<MonthForPerson>>,
}

impl Card for Accompaniment {
    fn personal(&self) -> Vec<Subject> {
        let mut all = vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)];
        all.extend(self.plans.iter().flat_map(Card::personal));
        all.extend(self.tasks.iter().flat_map(Card::personal));
        all.extend(self.assessments.iter().flat_map(Card::personal));
        all.extend(self.living_enrolments.iter().flatten().flat_map(Card::personal));
        all
    }
}

/// A side of the accompaniment of a beneficiary.
enum Side {
    /// The person.
    Person,
    /// The mentor or the tutor of running mentorships in these organizations.
    Pair(Vec<OrganizationId>),
}

/// The side on which the caller is. Not found: a caller on none, a child too young for an own word, and a pair that has ended.
async fn side(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Side, Failure> {
    let ward = Ward::of(tx, id).await?.ok_or(Failure::NotFound(None))?;
    let scope = tx.scope();
    if scope.beneficiaries.contains(&id) {
        return if ward.is_old_enough { Ok(Side::Person) } else { Err(Failure::NotFound(None)) };
    }
    let own: Vec<OrganizationId> = ward.paired_by(scope).collect();
    if own.is_empty() { Err(Failure::NotFound(None)) } else { Ok(Side::Pair(own)) }
}

type CaseLine = (CaseId, OrganizationId, Option<UserId>, CaseStage, NaiveDate);

/// The accompaniment of a beneficiary, as the caller's side sees it.
pub async fn accompaniment(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Accompaniment, Failure> {
    let side = side(tx, id).await?;
    let records = one_person::of(tx, id).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .order(cases::id)
        .select((
            cases::id,
            cases::organization_id,
            cases::specialist_user_id,
            cases::stage,
            cases::opened_on,
        ));
    let mut lines: Vec<CaseLine> = db!(tx, load, open)?;
    if let Side::Pair(organizations) = &side {
        lines.retain(|it| organizations.contains(&it.1));
    }
    let is_person = matches!(side, Side::Person);
    let mut accompanied_by = Vec::with_capacity(lines.len());
    let mut tasks = Vec::new();
    for line in &lines {
        accompanied_by.push(accompanying(tx, line, is_person).await?);
        tasks.extend(tasks_of(tx, line.0).await?);
    }
    let ids: Vec<CaseId> = lines.iter().map(|it| it.0).collect();
    Ok(Accompaniment {
        beneficiary_id: id,
        invitations: invitations(tx, &ids, false).await?,
        accompanied_by,
        plans: plans_of(tx, id).await?,
        tasks,
        assessments: assessments_of(tx, id).await?,
        living_enrolments: if is_person { Some(enrolments_of(tx, id).await?) } else { None },
        months: if is_person { Some(months_of(tx, id).await?) } else { None },
    })
}

async fn accompanying(
    tx: &mut Tx<'_>,
    (_, organization_id, specialist, stage, opened_on): &CaseLine,
    is_person: bool,
) -> Result<Accompanying, Failure> {
    let found: Option<(String, Option<String>)> = match specialist {
        Some(it) => {
            let one = users::table.find(bind(*it)).select((users::name, users::work_phone));
            db!(tx, first, one).optional()?
        }
        None => None,
    };
    let (name, sealed) = found.unzip();
    let specialist_phone = match specialist {
        Some(it) => work_phone(tx, *it, sealed.flatten().as_deref())?,
        None => None,
    };
    Ok(Accompanying {
        organization_id: *organization_id,
        specialist_user_id: *specialist,
        specialist_user_name: name,
        specialist_phone,
        stage: is_person.then_some(*stage),
        opened_on: is_person.then_some(*opened_on),
    })
}

/// The words for the person, of closed cases too.
async fn months_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<MonthForPerson>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let all = cases::table.filter(cases::beneficiary_id.eq_any(binds(&records)));
    let all = all.order(cases::id).select(cases::id);
    let ids: Vec<CaseId> = db!(tx, load, all)?;
    monthly_records::for_person(tx, &ids).await
}

async fn plans_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<PlanCard>, Failure> {
    let filter = PlanFilter { state: Some(AnyOf::from_iter([PlanState::Open])), ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| plans::of_beneficiary(tx, of, &filter, window).await;
    Ok(first_rows(tx, Right::ReadPlans, list).await?.unwrap_or_default())
}

async fn tasks_of(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<TaskCard>, Failure> {
    let state = Some(AnyOf::from_iter([TaskState::Open, TaskState::Reported]));
    let mine = Some(MyTasks::Assignee);
    let filter = TaskFilter { state, mine, case_id: Some(case), ..Default::default() };
    let list = async |tx: &mut Tx<'_>, window: &Window| tasks::list(tx, &filter, window).await;
    Ok(first_rows(tx, Right::ReadTasks, list).await?.unwrap_or_default())
}

async fn assessments_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<AssessmentCard>, Failure> {
    let every = AssessmentFilter::default();
    let list = async |tx: &mut Tx<'_>, window: &Window| assessments::list(tx, of, &every, window).await;
    Ok(first_rows(tx, Right::ReadAssessments, list).await?.unwrap_or_default())
}

async fn enrolments_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<LivingEnrolmentCard>, Failure> {
    let every = LivingEnrolmentFilter::default();
    let list = async |tx: &mut Tx<'_>, window: &Window| enrolments::list(tx, of, &every, window).await;
    Ok(first_rows(tx, Right::ReadLiving, list).await?.unwrap_or_default())
}
