//! The tables of plans.
use super::*;
use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    plan_forms (id) {
        id -> DbUuid, kind -> DbText, number -> Integer, effective_from -> Date, layout -> DbJson, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    plans (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, beneficiary_id -> DbUuid, case_id -> Nullable<DbUuid>, owner_id -> DbUuid,
        organization_id -> DbUuid, opened_on -> Date, review_on -> Nullable<Date>, ended_on -> Nullable<Date>,
        end_reason -> Nullable<DbText>, end_note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    plan_versions (id) {
        id -> DbUuid, version -> BigInt, plan_id -> DbUuid, number -> Integer, form_id -> DbUuid, state -> DbText, text -> DbText,
        approvals -> DbJson, drafted_by -> Nullable<DbUuid>, submitted_by -> Nullable<DbUuid>, submitted_on -> Nullable<Date>,
        adopted_on -> Nullable<Date>, return_reason -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    plan_results (id) {
        id -> DbUuid, plan_id -> DbUuid, version_id -> DbUuid, key -> DbText, state -> DbText, happened_on -> Date,
        moved_to -> Nullable<Date>, note -> Nullable<DbText>, made_by -> Nullable<DbUuid>, created_at -> DbMoment,
    }
}
joinable!(plan_versions -> plans (plan_id));
allow_tables_to_appear_in_same_query!(plans, plan_versions);
allow_tables_to_appear_in_same_query!(plans, beneficiaries);
allow_tables_to_appear_in_same_query!(plan_versions, beneficiaries);
allow_tables_to_appear_in_same_query!(plans, plan_results);
