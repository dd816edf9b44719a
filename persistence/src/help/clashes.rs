//! The things that one person has once and two records have both, and those that were begun under records since a moment. The register
//! asks for them before a merge and after a reversal.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::*;
use crate::tx::{MergedSides, Tx};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::plan_forms::PlanKind;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::help::place_requests::PlaceRequestState;
use domain::people::register::merges::Clash;
use uuid::Uuid;

/// Things of each kind that a reversal tells at most.
const EACH: i64 = 150;

/// The pairs of both sides with an equal key.
fn meeting<K: PartialEq, I: Into<Uuid>>(
    kind: SubjectKind,
    one: Vec<(K, I)>,
    other: Vec<(K, I)>,
) -> Vec<Clash> {
    let other: Vec<(K, Uuid)> = other.into_iter().map(|(key, id)| (key, id.into())).collect();
    let clash = |(key, id): (K, I)| {
        let twin = other.iter().find(|it| it.0 == key)?;
        Some(Clash { kind, id: id.into(), other_id: twin.1 })
    };
    one.into_iter().filter_map(clash).collect()
}

/// The same statement for each side, and the pairs that meet.
macro_rules! met {
    ($tx:expr, $sides:expr, $kind:ident, $key:ty, $id:ty, |$ids:ident| $query:expr) => {{
        let $ids = binds(&$sides.one);
        let one: Vec<($key, $id)> = db!($tx, load, $query)?;
        let $ids = binds(&$sides.other);
        let other: Vec<($key, $id)> = db!($tx, load, $query)?;
        meeting(SubjectKind::$kind, one, other)
    }};
}

/// Everything of both sides that one person has once.
pub(crate) async fn between(tx: &mut Tx<'_>, sides: &MergedSides) -> Result<Vec<Clash>, Failure> {
    let mut all = met!(tx, sides, Case, OrganizationId, CaseId, |ids| cases::table
        .filter(cases::beneficiary_id.eq_any(ids.clone()))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .select((cases::organization_id, cases::id)));
    all.extend(met!(tx, sides, Mentorship, ProgramId, MentorshipId, |ids| mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(ids.clone()))
        .filter(mentorships::ended_on.is_null())
        .select((mentorships::program_id, mentorships::id))));
    let mut plans_met = met!(tx, sides, Plan, PlanKind, PlanId, |ids| plans::table
        .filter(plans::beneficiary_id.eq_any(ids.clone()))
        .filter(plans::case_id.is_null())
        .filter(plans::ended_on.is_null())
        .select((plans::kind, plans::id)));
    all.append(&mut plans_met);
    all.extend(met!(tx, sides, LivingEnrolment, bool, LivingEnrolmentId, |ids| living_enrolments::table
        .filter(living_enrolments::beneficiary_id.eq_any(ids.clone()))
        .filter(living_enrolments::ended_on.is_null())
        .select((living_enrolments::ended_on.is_null(), living_enrolments::id))));
    all.extend(met!(tx, sides, PlaceRequest, OrganizationId, PlaceRequestId, |ids| place_requests::table
        .filter(place_requests::beneficiary_id.eq_any(ids.clone()))
        .filter(place_requests::state.eq(bind(PlaceRequestState::Waiting)))
        .select((place_requests::organization_id, place_requests::id))));
    all.extend(stays_between(tx, sides).await?);
    all.extend(accounts_between(tx, sides).await?);
    Ok(all)
}

/// Stays that share a night. Each pair of stays is told once. A night that is held no more is free.
async fn stays_between(tx: &mut Tx<'_>, sides: &MergedSides) -> Result<Vec<Clash>, Failure> {
    let now = tx.now();
    let mut all = met!(tx, sides, Stay, NaiveDate, StayId, |ids| bed_nights::table
        .filter(bed_nights::beneficiary_id.assume_not_null().eq_any(ids.clone()))
        .filter(bed_nights::stay_id.is_not_null())
        .filter(bed_nights::held_until.is_null().or(bed_nights::held_until.assume_not_null().gt(bind(now))))
        .select((bed_nights::night, bed_nights::stay_id.assume_not_null())));
    all.sort_by_key(|it| (it.id, it.other_id));
    all.dedup();
    Ok(all)
}

/// Accounts of both people that are open.
async fn accounts_between(tx: &mut Tx<'_>, sides: &MergedSides) -> Result<Vec<Clash>, Failure> {
    Ok(met!(tx, sides, User, bool, UserId, |ids| {
        let people = beneficiaries::table
            .filter(beneficiaries::id.eq_any(ids.clone()))
            .filter(beneficiaries::person_id.is_not_null())
            .select(beneficiaries::person_id.assume_not_null());
        users::table
            .filter(users::person_id.assume_not_null().eq_any(people))
            .filter(users::active.eq(true))
            .select((users::active, users::id))
    }))
}

/// Everything that was begun under these records after that id was made, until a moment: a reversal leaves it where it is.
pub(crate) async fn begun(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
    (after, until): (Uuid, Moment),
) -> Result<Vec<Subject>, Failure> {
    let mut all = Vec::new();
    macro_rules! begun_in {
        ($table:ident, $kind:ident, $id:ty) => {
            let new = $table::table
                .filter($table::beneficiary_id.eq_any(binds(of)))
                .filter($table::id.gt(bind(after)))
                .filter($table::created_at.le(bind(until)))
                .order($table::id)
                .limit(EACH)
                .select($table::id);
            let ids: Vec<$id> = db!(tx, load, new)?;
            all.extend(ids.into_iter().map(|it| Subject::new(SubjectKind::$kind, it)));
        };
    }
    begun_in!(cases, Case, CaseId);
    begun_in!(mentorships, Mentorship, MentorshipId);
    begun_in!(plans, Plan, PlanId);
    begun_in!(living_enrolments, LivingEnrolment, LivingEnrolmentId);
    begun_in!(stays, Stay, StayId);
    begun_in!(place_requests, PlaceRequest, PlaceRequestId);
    Ok(all)
}
