//! Plans that wait for the approval of the caller.
use super::cards::PlanCard;
use super::plan::{self, Row as PlanRow};
use super::seen::{Ward, serving};
use super::versions::Row;
use crate::accompaniment::plan_forms;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, plan_versions, plans};
use crate::scope::{among, within};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::PlanApprover;
use domain::accompaniment::plans::*;
use domain::base::access::{Right, Scope};
use domain::base::action::Judged;
use domain::base::id::*;

/// Submitted versions of one way that are looked through at most.
const LOOKED_THROUGH: i64 = 500;
/// Submitted versions whose beneficiaries are read at once.
const AT_ONCE: usize = 50;

/// The way by which an approver with a scope comes to the plans.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Plans of the institutions of the scope.
    Institutions,
    /// Plans of beneficiaries in the territories of the scope, or in the whole region.
    Territories,
    /// The person's own plans.
    Own,
}

/// Open plans with a version that waits for the caller, who may approve it in person now: the longest waiting first. A paper that staff may
/// record for somebody else waits for nobody.
pub(crate) async fn to_approve(tx: &mut Tx<'_>, window: &Window) -> Result<Page<PlanCard>, Failure> {
    let scope = tx.scope_of(Right::ApprovePlans);
    let mut submitted: Vec<(Row, PlanRow)> = Vec::new();
    for way in ways(&scope) {
        submitted.extend(submitted_by(tx, way, &scope).await?);
    }
    if submitted.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    submitted.sort_by_key(|it| (it.0.submitted_on, it.0.id));
    submitted.dedup_by_key(|it| it.0.id);
    let editions: Vec<PlanFormId> = submitted.iter().map(|it| it.0.form_id).collect();
    let forms = plan_forms::of_versions(tx, &editions).await?;
    submitted.retain(|(version, plan)| {
        let form = forms.get(&version.form_id);
        let turn = form.and_then(|it| it.layout.approvers.get(version.approvals.0.len()));
        turn.is_some_and(|it| may_have(tx, *it, &scope, plan.organization_id))
    });
    let mut rows: Vec<(PlanRow, PlanStanding)> = Vec::new();
    while !submitted.is_empty() && !window.is_full(rows.len()) {
        let rest = submitted.split_off(submitted.len().min(AT_ONCE));
        let of: Vec<BeneficiaryId> = submitted.iter().map(|it| it.1.beneficiary_id).collect();
        let wards = Ward::of_each(tx, &of).await?;
        for (version, plan) in std::mem::replace(&mut submitted, rest) {
            if window.is_full(rows.len()) {
                break;
            }
            let known = forms.get(&version.form_id).zip(wards.get(&plan.beneficiary_id));
            let Some((form, ward)) = known else { continue };
            let by = plan.standing(tx, ward);
            let sees = ward.sees(&scope, plan.kind, plan.organization_id);
            if !sees || !by.eyes.read(&form.layout, version.state) {
                continue;
            }
            // The turn is told by the form and the approvals; the text stays sealed.
            let whole = version.whole(&plan.whole(tx)?.open()?, form, &PlanText::default());
            let facts = VersionFacts { age_years: ward.age_years(tx.today()), in_force: None };
            if whole.submitted()?.waits_for(&by, &facts) {
                rows.push((plan, by));
            }
        }
    }
    let page = window.page(rows, |it| Place::id(it.0.id));
    Ok(Page { items: plan::shown(tx, page.items, Judged::State).await?, next: page.next })
}

fn ways(scope: &Scope) -> Vec<Way> {
    let all = [
        (!scope.organizations.is_empty(), Way::Institutions),
        (scope.everything || !scope.territories.is_empty(), Way::Territories),
        (!scope.beneficiaries.is_empty(), Way::Own),
    ];
    all.into_iter().filter_map(|(is_open, way)| is_open.then_some(way)).collect()
}

/// Whether the caller with that scope may have the turn at all in a plan of that institution. A person and a representative take it by age.
/// It reads nothing.
fn may_have(tx: &Tx<'_>, turn: PlanApprover, scope: &Scope, of: OrganizationId) -> bool {
    match turn {
        PlanApprover::Specialist | PlanApprover::UnitHead | PlanApprover::Director => {
            tx.caller().is_some_and(|it| serving(it, of).contains(&turn))
        }
        PlanApprover::Guardianship => scope.everything || !scope.territories.is_empty(),
        PlanApprover::Person | PlanApprover::Representative => !scope.beneficiaries.is_empty(),
        PlanApprover::Consilium | PlanApprover::Commission => false,
    }
}

/// The submitted versions of open plans, the longest waiting first.
async fn submitted_by(tx: &mut Tx<'_>, way: Way, scope: &Scope) -> Result<Vec<(Row, PlanRow)>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        // The index of submitted versions has these conditions.
        let mut all = plan_versions::table
            .inner_join(plans::table)
            .filter(plan_versions::submitted_on.assume_not_null().le(today))
            .filter(plan_versions::adopted_on.is_null())
            .filter(plan_versions::return_reason.is_null())
            .filter(plans::ended_on.is_null())
            .select((Row::as_select(), PlanRow::as_select()))
            .order((plan_versions::submitted_on.asc(), plan_versions::id.asc()))
            .limit(LOOKED_THROUGH)
            .into_boxed();
        match way {
            Way::Institutions => all = all.filter(among(plans::organization_id, &scope.organizations)),
            Way::Territories if scope.everything => {}
            Way::Territories => {
                let there = beneficiaries::table
                    .filter(within(beneficiaries::territory, &scope.territories))
                    .select(beneficiaries::id);
                all = all.filter(plans::beneficiary_id.eq_any(there));
            }
            Way::Own => all = all.filter(plans::beneficiary_id.eq_any(binds(&scope.beneficiaries))),
        }
        all
    })?)
}
