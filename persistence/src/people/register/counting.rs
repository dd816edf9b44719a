//! The people on the register, counted: a person once under all records, by the first of those that the caller sees.
use super::{merged, reach, visible};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::counts::{Counts, Unless};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, organizations, people, person_records, register_entries, register_merges,
};
use crate::scope::beneficiaries::visible_of;
use crate::tx::Tx;
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use domain::base::filters::order::RegisterGrouping;
use domain::base::id::OrganizationId;
use domain::people::register::RegisterState;
use domain::people::{BeneficiaryCategory, Origin};
use domain::region::organizations::OrganizationKind;
use shape::filter;

/// The question by which member people on the register are counted.
#[filter]
pub struct RegisterCountQuestion {
    /// The member by which people are counted: `category`, also if none is named.
    pub group_by: Option<RegisterGrouping>,
}

/// The people whom the caller sees on the register, counted by a member: entries in force. A keeper of the register counts those that are
/// merged into no other one. Other callers may see later records alone, and count one of each person. It is the one into which the others
/// are merged, or else the earliest that they see.
pub async fn counts(tx: &mut Tx<'_>, asked: &RegisterCountQuestion) -> Result<Counts, Failure> {
    let scope = reach(tx).await?;
    macro_rules! counted {
        ($member:expr, $Value:ty) => {{
            let groups: Vec<(Option<$Value>, i64)> = db!(tx, load, {
                let is_seen = register_entries::id.eq_any(visible!(scope).select(register_entries::id));
                let seen = visible!(scope).select(register_entries::beneficiary_id);
                let is_earlier = person_records::record_id.lt(register_entries::beneficiary_id);
                let before = person_records::table
                    .filter(person_records::beneficiary_id.eq(register_entries::beneficiary_id))
                    .filter(person_records::first_id.ne(register_entries::beneficiary_id))
                    .filter(person_records::record_id.eq(person_records::first_id).or(is_earlier))
                    .filter(person_records::record_id.eq_any(seen));
                // The first record stands for all of them: with it the person is removed.
                let removed = register_entries::table
                    .into_boxed()
                    .filter(register_entries::state.eq(bind(RegisterState::Removed)))
                    .select(register_entries::beneficiary_id);
                let gone = person_records::table
                    .filter(person_records::beneficiary_id.eq(register_entries::beneficiary_id))
                    .filter(person_records::first_id.eq_any(removed));
                register_entries::table
                    .inner_join(beneficiaries::table)
                    .inner_join(organizations::table.on(organizations::id.eq(beneficiaries::organization_id)))
                    .filter(register_entries::state.eq(bind(RegisterState::Active)))
                    .filter(Unless(!scope.everything, not(merged!())))
                    .filter(Unless(scope.everything, is_seen))
                    .filter(Unless(scope.everything, not(exists(before))))
                    .filter(Unless(scope.everything, not(exists(gone))))
                    .group_by($member)
                    .select(($member.nullable(), count_star()))
            })?;
            Counts::of(groups)
        }};
    }
    Ok(match asked.group_by.unwrap_or(RegisterGrouping::Category) {
        RegisterGrouping::Category => counted!(beneficiaries::category, BeneficiaryCategory),
        RegisterGrouping::Origin => counted!(beneficiaries::origin, Origin),
        RegisterGrouping::Organization => counted!(beneficiaries::organization_id, OrganizationId),
        RegisterGrouping::OrganizationKind => counted!(organizations::kind, OrganizationKind),
    })
}
