//! The opening of a case: all that it asks, whether an order, a transfer or a referral begins it.
use super::{must_serve, opening_facts, save_opened};
use crate::engine::failure::Failure;
use crate::people::register::must_be_on_it;
use crate::people::{lives_of, must_be_no_relative, one_person};
use crate::region::organizations::must_work;
use crate::sight::{all_of, must_be_own, must_reach, must_refer};
use crate::tx::Tx;
use domain::accompaniment::cases::grounds::CaseOpeningFacts;
use domain::accompaniment::cases::{CaseOpening, Open};
use domain::base::change::SubjectKind;
use domain::base::id::CaseId;

/// Refuses an opening that names what the caller does not reach. The organization is one of the caller's and is not closed, and the
/// specialist in charge has a role there. No specialist is refused for an organization that is none of the caller's.
pub async fn must_be_within_reach(tx: &mut Tx<'_>, order: &CaseOpening) -> Result<(), Failure> {
    let (of, specialist) = (order.organization_id, order.specialist_user_id);
    let own = must_be_own(tx, of, "/organization_id").await;
    let serves = match &own {
        Ok(()) => must_serve(tx, specialist, of).await,
        Err(_) => must_refer(tx, SubjectKind::User, specialist, "/specialist_user_id").await,
    };
    all_of([
        must_reach(tx, SubjectKind::Beneficiary, order.beneficiary_id, "/beneficiary_id").await,
        own,
        must_work(tx, of, "/organization_id").await,
        serves,
    ])
}

/// Opens a case for a beneficiary whom the organization may accompany. A case that it continues is one that the caller sees, under any
/// record of the person.
pub async fn open(tx: &mut Tx<'_>, order: &CaseOpening) -> Result<CaseId, Failure> {
    if order.continues_id.is_none() {
        one_person::beginning_on(tx, order.beneficiary_id, Some("/beneficiary_id")).await?;
    }
    must_serve(tx, order.specialist_user_id, order.organization_id).await?;
    let facts = opening_facts(tx, order).await?;
    open_by(tx, order, &facts).await
}

/// The same with facts that are known already, and a specialist who serves there: a case that is handed over is continued in the
/// transaction that closes it.
pub(crate) async fn open_by(
    tx: &mut Tx<'_>,
    order: &CaseOpening,
    facts: &CaseOpeningFacts,
) -> Result<CaseId, Failure> {
    let (of, specialist) = (order.beneficiary_id, order.specialist_user_id);
    let lives = lives_of(tx, of).await?;
    all_of([
        must_be_on_it(tx, of, "/beneficiary_id").await,
        must_be_no_relative(tx, specialist, of, "/specialist_user_id").await,
        lives.must_go_on("/beneficiary_id").map_err(Failure::from),
    ])?;
    let begun = Open::begin(tx.mint(), order, facts, tx.today());
    let case = lives.judge(order.days(), begun)?;
    let id = case.value().id;
    save_opened(tx, case).await?;
    Ok(id)
}
