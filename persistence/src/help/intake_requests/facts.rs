//! The data of other rows on which the receipt of a request and its decision rest.
use super::calling::Around;
use super::seeing::Concerned;
use crate::accompaniment::rules;
use crate::engine::column::{any_of, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, grants, intake_requests as requests, people, users};
use crate::help::staff::persons_of;
use crate::people::{life_of, lives_of, own_selves, people_under_all_records};
use crate::region::organizations::must_work;
use crate::sight::{all_of, must_refer};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::access::Role;
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, IntakeRequestId, OrganizationId, PersonId, UserId};
use domain::help::intake_requests::{
    DecisionFacts, IntakeDecision, IntakeRequestForm, IntakeState, Receipt, Waiting,
};
use domain::people::Lives;
use uuid::Uuid;

/// The facts of a receipt, and the checks that refuse to name what the caller does not see. The one whom it accuses need not be seen: of
/// somebody unseen and of nobody the answer is the same.
pub async fn receipt(
    tx: &mut Tx<'_>,
    order: &IntakeRequestForm,
) -> Result<(Receipt, [Result<(), Failure>; 2]), Failure> {
    let seen = must_refer(tx, SubjectKind::Person, order.person_id, "/person_id").await;
    // Of somebody unseen no death is told.
    let in_need = match order.person_id.filter(|_| seen.is_ok()) {
        Some(person) => life_of(tx, person).await?,
        None => Lives::default(),
    };
    let checks = [
        seen,
        must_refer(
            tx,
            SubjectKind::Organization,
            order.concerned_organization_id,
            "/concerned_organization_id",
        )
        .await,
    ];
    let (made_by, own) = (tx.author()?, own_selves(tx).await?);
    let user = known_account(tx, order.concerned_user_id).await?;
    let concerned_person_id = match user {
        Some(user) => persons_of(tx, &[user]).await?.pop(),
        None => known_person(tx, order.concerned_person_id).await?,
    };
    let concerned =
        Concerned { user, person: concerned_person_id, organization: order.concerned_organization_id };
    let names_itself = concerned.is(made_by, &own, &[]);
    let pointer = if user.is_some() { "/concerned_user_id" } else { "/concerned_person_id" };
    // The chain needs no id: it is made of the place.
    let id: IntakeRequestId = Uuid::nil().into();
    let waiting = Waiting {
        id,
        territory: order.territory.clone(),
        directed_to: None,
        concerns: order.concerned_organization_id,
    };
    let called = if order.danger_to_child { vec![waiting.clone()] } else { Vec::new() };
    let receipt = Receipt {
        made_by,
        own_pointer: names_itself.then_some(pointer),
        concerned_user_id: user,
        concerned_person_id,
        in_need,
        levels: Around::of(tx, &called).await?.levels(&waiting, &concerned),
        rules: rules::in_force(tx).await?,
    };
    Ok((receipt, checks))
}

/// The account, if there is one with that id.
async fn known_account(tx: &mut Tx<'_>, id: Option<UserId>) -> Result<Option<UserId>, Failure> {
    let Some(id) = id else { return Ok(None) };
    Ok(db!(tx, first, users::table.find(bind(id)).select(users::id)).optional()?)
}

/// The person, if there is one with that id.
async fn known_person(tx: &mut Tx<'_>, id: Option<PersonId>) -> Result<Option<PersonId>, Failure> {
    let Some(id) = id else { return Ok(None) };
    Ok(db!(tx, first, people::table.find(bind(id)).select(people::id)).optional()?)
}

/// Refuses a decision that refers to what the caller does not see.
pub async fn must_refer_of(tx: &mut Tx<'_>, order: &IntakeDecision) -> Result<(), Failure> {
    let checks = [
        must_refer(tx, SubjectKind::Case, order.case_id, "/case_id").await,
        must_refer(tx, SubjectKind::Beneficiary, order.beneficiary_id, "/beneficiary_id").await,
        must_refer(tx, SubjectKind::Organization, order.organization_id, "/organization_id").await,
        must_work(tx, order.organization_id, "/organization_id").await,
        must_refer(tx, SubjectKind::IntakeRequest, order.duplicate_of_id, "/duplicate_of_id").await,
    ];
    all_of(checks)
}

/// The facts that a decision of this organization rests on. Beside what the caller does not see they tell nothing against it.
pub async fn decision_facts(
    tx: &mut Tx<'_>,
    id: IntakeRequestId,
    by: OrganizationId,
    order: &IntakeDecision,
    refers: &Result<(), Failure>,
) -> Result<DecisionFacts, Failure> {
    if refers.is_err() {
        let (is_own_case, is_person, is_dead) = (true, true, false);
        return Ok(DecisionFacts { is_staffed: true, is_earlier: true, is_own_case, is_person, is_dead });
    }
    let (mut beneficiary, mut is_own_case) = (order.beneficiary_id, true);
    if let Some(case) = order.case_id {
        let one = cases::table.find(bind(case));
        let one = one.select((cases::beneficiary_id, cases::organization_id, cases::state));
        let (of, there, state): (BeneficiaryId, OrganizationId, CaseState) = db!(tx, first, one)?;
        beneficiary = Some(of);
        is_own_case = there == by && state == CaseState::Open;
    }
    let person: Option<PersonId> =
        db!(tx, first, requests::table.find(bind(id)).select(requests::person_id))?;
    Ok(DecisionFacts {
        is_own_case,
        is_person: match (person, beneficiary) {
            (Some(person), Some(of)) => people_under_all_records(tx, of).await?.contains(&person),
            _ => true,
        },
        is_dead: match beneficiary {
            Some(of) => lives_of(tx, of).await?.are_over(),
            None => false,
        },
        is_staffed: match order.organization_id {
            Some(there) => is_staffed(tx, there).await?,
            None => true,
        },
        is_earlier: match order.duplicate_of_id {
            Some(other) => other < id && !is_duplicate(tx, other).await?,
            None => true,
        },
    })
}

/// Whether an active account works on cases in the organization.
pub async fn is_staffed(tx: &mut Tx<'_>, there: OrganizationId) -> Result<bool, Failure> {
    let staff = any_of(&[Role::Director, Role::UnitHead, Role::SupportSpecialist]);
    let held = grants::table
        .inner_join(users::table)
        .filter(grants::organization_id.eq(bind(Some(there))))
        .filter(grants::role.eq_any(staff))
        .filter(users::active.eq(true));
    Ok(db!(tx, get_result, diesel::select(exists(held.select(grants::user_id))))?)
}

async fn is_duplicate(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<bool, Failure> {
    let state: IntakeState = db!(tx, first, requests::table.find(bind(id)).select(requests::state))?;
    Ok(state == IntakeState::Duplicate)
}
