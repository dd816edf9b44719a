//! The opening of a case: all that it asks, whether an order, a transfer or a referral begins it.
use super::{must_serve, opening_facts, save_opened};
use crate::engine::failure::Failure;
use crate::people::register::must_be_on_it;
use crate::people::{lives_of, must_be_no_relative, one_person};
use crate::tx::Tx;
use domain::accompaniment::cases::grounds::CaseOpeningFacts;
use domain::accompaniment::cases::{CaseOpening, Open};
use domain::base::id::CaseId;

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
    must_be_on_it(tx, of, "/beneficiary_id").await?;
    must_be_no_relative(tx, specialist, of, "/specialist_user_id").await?;
    let lives = lives_of(tx, of).await?;
    lives.must_go_on("/beneficiary_id")?;
    let begun = Open::begin(tx.mint(), order, facts, tx.today());
    let case = lives.judge([("/opened_on", order.opened_on)], begun)?;
    let id = case.value().id;
    save_opened(tx, case).await?;
    Ok(id)
}
