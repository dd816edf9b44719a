//! Reasons against an entry beside those of its own form: the things that it refers to, its days, and rules of higher areas.
use super::parent_of;
use crate::engine::failure::Failure;
use crate::sight::{self, must_be_own, must_refer_newly};
use crate::tx::{ToldDay, Tx};
use domain::base::action::Action;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::correction::Corrections;
use domain::base::entry::{ANNULLED, Entered, Entry, Order};
use domain::base::id::OrganizationId;
use domain::base::kept::Value;
use domain::base::refusal::Refused;
use std::any::Any;
use uuid::Uuid;

/// Whether that is the account of the caller. Everybody may name the own one, also who sees no accounts.
fn is_own_account(tx: &Tx<'_>, it: Subject) -> bool {
    tx.caller().is_some_and(|caller| Subject::new(SubjectKind::User, caller.user) == it)
}

/// The result of a rule, refused as well for what the form refers to, for its days and by rules of higher areas about other rows: all that
/// is wrong is told at once.
pub async fn judged<F: Entry, T>(
    tx: &mut Tx<'_>,
    parent: Option<Uuid>,
    form: &F,
    ruled: Result<T, Refused>,
) -> Result<T, Failure> {
    let checks = checks(tx, parent, (None, form)).await?;
    sight::ruled(ruled, checks)
}

/// The same for a step, which other rows may forbid: it would break what rests on the entry as it is. Told as well is what stands against
/// that which comes of the step.
pub async fn judged_step<F: Entry, T>(
    tx: &mut Tx<'_>,
    it: &Entered<F>,
    (form, order): (&F, &dyn Any),
    ruled: Result<T, Refused>,
) -> Result<T, Failure> {
    let mut checks = checks_of_change(tx, it, form).await?;
    let against = tx.above().against_step(tx, Subject::new(F::ABOUT.kind, it.id), order).await?;
    checks.push(Refused::unless_empty(against).map_err(Failure::from));
    sight::ruled(ruled, checks)
}

/// The same for an edit, which comes too late for what has been past for long.
pub async fn judged_edit<F: Entry, T>(
    tx: &mut Tx<'_>,
    (it, corrections): (&Entered<F>, &Corrections),
    form: &F,
    ruled: Result<T, Refused>,
) -> Result<T, Failure> {
    let mut checks = checks_of_change(tx, it, form).await?;
    checks.push(corrections.must_let(Action::Edit).map_err(Failure::from));
    sight::ruled(ruled, checks)
}

async fn checks_of_change<F: Entry>(
    tx: &mut Tx<'_>,
    it: &Entered<F>,
    form: &F,
) -> Result<Vec<Result<(), Failure>>, Failure> {
    let mut checks = checks(tx, it.parent, (Some(&it.form), form)).await?;
    let against = tx.above().against_edit(tx, it.id.into(), &it.form, form).await?;
    checks.push(Refused::unless_empty(against).map_err(Failure::from));
    Ok(checks)
}

/// The checks of a form. A reference that it had before a change is not asked again: the caller may not see the thing, and it may be
/// annulled since. Nothing new stands under a thing that was annulled.
async fn checks<F: Entry>(
    tx: &mut Tx<'_>,
    parent: Option<Uuid>,
    (before, form): (Option<&F>, &F),
) -> Result<Vec<Result<(), Failure>>, Failure> {
    let known: Vec<Subject> = before.iter().flat_map(|it| it.references()).map(|it| it.subject).collect();
    let mut checks = Vec::new();
    for it in form.references() {
        checks.push(if it.is_owner {
            must_be_own(tx, OrganizationId::from(it.subject.id), &it.pointer).await
        } else if known.contains(&it.subject) || is_own_account(tx, it.subject) {
            Ok(())
        } else {
            must_refer_newly(tx, it.subject, &it.pointer).await
        });
    }
    checks.push(must_lie_within(tx, parent, form).await);
    let under = F::ABOUT.parent.as_ref().zip(parent).map(|(it, id)| Subject::new(it.kind, id));
    if let Some(parent) = under.filter(|_| before.is_none())
        && tx.above().is_annulled(tx, parent).await?
    {
        checks.push(Err(ANNULLED.refuse().into()));
    }
    let before = before.map(|it| -> &dyn Any { it });
    let against = tx.above().against_entry(tx, under, form, before).await?;
    checks.push(Refused::unless_empty(against).map_err(Failure::from));
    Ok(checks)
}

/// Does what follows from a change of an entry that was just saved. The order is a step, or the form of an edit.
pub async fn changed<F: Entry>(tx: &mut Tx<'_>, id: F::Id, order: &dyn Any) -> Result<(), Failure> {
    tx.above().entry_changed(tx, Subject::new(F::ABOUT.kind, id), order).await
}

/// Refuses days outside of the lives and the case that the entry is about.
async fn must_lie_within<F: Entry>(tx: &mut Tx<'_>, parent: Option<Uuid>, form: &F) -> Result<(), Failure> {
    let Some(parent) = parent_of::<F>(parent) else { return Ok(()) };
    let told = F::ABOUT.members.iter().zip(form.values()).filter_map(|(it, value)| match value {
        Value::Day(Some(day)) => {
            Some(ToldDay { name: it.name, day, is_own: F::ABOUT.order == Order::Day(it.name) })
        }
        _ => None,
    });
    let days: Vec<ToldDay> = told.collect();
    if days.is_empty() {
        return Ok(());
    }
    Ok(Refused::unless_empty(tx.above().against_days(tx, parent, &days).await?)?)
}
