//! The acceptance of a transfer: everything that moves with a case, in one transaction of the organization that takes it over.
//!
//! The former case closes, another goes on; its tasks, plans, the grants of other organizations and the named mentorships follow, and so does
//! the responsibility for the beneficiary. Histories stay where they were made.
use crate::accompaniment::{cases, plans, tasks, team, transfers};
use crate::engine::failure::Failure;
use crate::mentorships;
use crate::people;
use crate::sight::all_of;
use crate::tx::{HandedOver, Tx};
use domain::accompaniment::cases::grounds::CaseOpeningFacts;
use domain::accompaniment::cases::{Case, CaseAssignment, Closed};
use domain::accompaniment::tasks::Heir;
use domain::accompaniment::transfers::{Proposed, TransferAcceptance};
use domain::base::access::Scope;
use domain::base::id::{CaseId, OrganizationId, UserId};
use domain::people::consents::CasePart;
use domain::people::{Beneficiary, BeneficiaryForm, BeneficiaryKind, Engagement};

/// Carries out the acceptance of a transfer.
pub async fn accept(tx: &mut Tx<'_>, it: Proposed, order: &TransferAcceptance) -> Result<(), Failure> {
    let (from, to) = (it.from_organization_id, it.form.to_organization_id);
    // The caller does not see what is handed over: it is read as both organizations read it.
    let lent = Scope { organizations: vec![from, to], ..tx.scope().clone() };
    let before = tx.use_scope(lent);
    let done = moved(tx, it, order).await;
    tx.restore_scope(before);
    done
}

async fn moved(tx: &mut Tx<'_>, it: Proposed, order: &TransferAcceptance) -> Result<(), Failure> {
    let (from, to, case_id) = (it.from_organization_id, it.form.to_organization_id, it.case_id);
    let (mentorships, parts) = (it.form.mentorship_ids.clone(), it.form.parts.clone());
    let old = cases::found(tx, case_id).await?.open()?;
    let of = old.beneficiary_id;
    let facts = transfers::facts_today(tx, of, &it).await?;
    let closed = old.hand_over(tx.today());
    let follows = people::must_be_no_relative(tx, order.tutor_user_id, of, "/tutor_user_id").await;
    let person = people::beneficiary(tx, of).await?;
    let is_family = person.form.kind == BeneficiaryKind::Family;
    let next = continuation(tx, closed.value(), (to, is_family), order, follows).await?;
    let accepted = it.accept(next, &facts, tx.today())?;
    transfers::save_settled(tx, accepted).await?;
    let by: UserId = tx.caller().map_or(order.specialist_user_id, |it| it.user);
    let heir = Heir {
        case_id: next,
        organization_id: to,
        specialist_user_id: order.specialist_user_id,
        controller_user_id: by,
    };
    tasks::pass_on(tx, case_id, &heir).await?;
    team::renew_with_case(tx, (case_id, next), to).await?;
    plans::pass_on(tx, (case_id, next), (of, from, to)).await?;
    cases::pass_on_reviews(tx, case_id, next).await?;
    if parts.contains(&CasePart::Life) {
        cases::pass_on_contract(tx, case_id, next).await?;
    }
    tx.above().case_passed_on(tx, &HandedOver { from: case_id, to: next, parts }).await?;
    for id in mentorships {
        mentorships::hand_over(tx, id, (from, to), order.tutor_user_id).await?;
    }
    cases::save_closed(tx, closed).await?;
    move_beneficiary(tx, person, from, to).await
}

/// The case that goes on: a new one, or the one that the organization had open already, under any record of the person. `follows` tells what
/// is wrong with the tutor.
async fn continuation(
    tx: &mut Tx<'_>,
    closed: &Closed,
    (to, is_family): (OrganizationId, bool),
    order: &TransferAcceptance,
    follows: Result<(), Failure>,
) -> Result<CaseId, Failure> {
    let of = closed.was.beneficiary_id;
    if let Some(open) = cases::open_in(tx, of, to).await? {
        let id = open.id;
        let specialist = Some(order.specialist_user_id);
        let relative = people::must_be_no_relative(tx, specialist, of, "/specialist_user_id").await;
        all_of([follows, relative])?;
        if let Some(continued) = open.clone().continuing(closed.was.id) {
            cases::save_continued(tx, continued).await?;
        }
        let assignment = CaseAssignment { specialist_user_id: Some(order.specialist_user_id) };
        cases::save_assigned(tx, open.assign(&assignment)).await?;
        return Ok(id);
    }
    let opening = order.opening(closed, to, tx.today());
    let continued = Some(Case::Closed(closed.clone()));
    let facts = CaseOpeningFacts { is_family, continued, is_continued: false, other_records: Vec::new() };
    cases::open_by(tx, &opening, &facts, vec![follows]).await
}

/// Makes the organization responsible for the beneficiary, where the former one was.
async fn move_beneficiary(
    tx: &mut Tx<'_>,
    it: Beneficiary,
    from: OrganizationId,
    to: OrganizationId,
) -> Result<(), Failure> {
    if it.form.organization_id != from {
        return Ok(());
    }
    let form = BeneficiaryForm { organization_id: to, ..it.form.clone() };
    let moved = it.edit(&form, Engagement::default())?;
    people::save_beneficiary_edited(tx, moved).await
}
