//! The opening of a case: all that it asks, whether an order, a transfer or a referral begins it.
use super::{must_be_unit_of, must_serve, opening_facts, save_opened};
use crate::engine::failure::Failure;
use crate::people::register::must_be_on_it;
use crate::people::{lives_of, must_be_no_relative, one_person};
use crate::region::files::entrust_each;
use crate::region::organizations::must_work;
use crate::sight::{all_of, dangling, must_be_own, must_reach, must_refer, ruled_after};
use crate::tx::Tx;
use domain::accompaniment::cases::grounds::{CaseForm, CaseOpeningFacts};
use domain::accompaniment::cases::{CaseOpening, Open};
use domain::base::change::SubjectKind;
use domain::base::id::CaseId;

/// Opens a case by an order of the caller. The organization is one of the caller's and is not closed. The specialist in charge has a role
/// there, the unit is its own, and new documents are given to it. Neither a specialist nor a unit is refused for an organization that is none
/// of the caller's.
pub async fn open_by_order(tx: &mut Tx<'_>, order: &CaseOpening) -> Result<CaseId, Failure> {
    let (of, specialist, form) = (order.organization_id, order.specialist_user_id, order.form());
    let own = must_be_own(tx, of, "/organization_id").await;
    let here = own.is_ok().then_some(of);
    let serves = match here {
        Some(here) => must_serve(tx, specialist, here).await,
        None => must_refer(tx, SubjectKind::User, specialist, "/specialist_user_id").await,
    };
    let reached = must_reach(tx, SubjectKind::Beneficiary, order.beneficiary_id, "/beneficiary_id").await;
    let is_known = here.is_some() && reached.is_ok();
    let mut checks = vec![
        reached,
        own,
        must_work(tx, of, "/organization_id").await,
        serves,
        must_be_unit_of(tx, form.unit_id, here).await,
        entrust_each(tx, form.new_files(&CaseForm::default()), here).await,
    ];
    if is_known {
        return open(tx, order, checks).await;
    }
    checks.push(must_refer(tx, SubjectKind::Case, order.continues_id, "/continues_id").await);
    all_of(checks)?;
    Err(dangling("/organization_id"))
}

/// Opens a case for a beneficiary whom the organization may accompany. A case that it continues is one that the caller sees, under any
/// record of the person. `checks` tell what else is wrong with it.
pub(crate) async fn open(
    tx: &mut Tx<'_>,
    order: &CaseOpening,
    mut checks: Vec<Result<(), Failure>>,
) -> Result<CaseId, Failure> {
    if order.continues_id.is_none() {
        let first = one_person::beginning_on(tx, order.beneficiary_id, Some("/beneficiary_id")).await;
        checks.push(first.map(drop));
    }
    let facts = opening_facts(tx, order).await?;
    open_by(tx, order, &facts, checks).await
}

/// The same with facts that are known already: a case that is handed over is continued in the transaction that closes it. Nothing is told of
/// the kin of a specialist beside another refusal: the caller may not know that account.
pub(crate) async fn open_by(
    tx: &mut Tx<'_>,
    order: &CaseOpening,
    facts: &CaseOpeningFacts,
    mut checks: Vec<Result<(), Failure>>,
) -> Result<CaseId, Failure> {
    let of = order.beneficiary_id;
    let specialist = order.specialist_user_id.filter(|_| checks.iter().all(Result::is_ok));
    let lives = lives_of(tx, of).await?;
    checks.extend([
        must_be_on_it(tx, of, "/beneficiary_id").await,
        must_be_no_relative(tx, specialist, of, "/specialist_user_id").await,
        lives.must_go_on("/beneficiary_id").map_err(Failure::from),
    ]);
    let begun = Open::begin(tx.mint(), order, facts, tx.today());
    let case = ruled_after(checks, lives.judge(order.days(), begun))?;
    let id = case.value().id;
    save_opened(tx, case).await?;
    Ok(id)
}
