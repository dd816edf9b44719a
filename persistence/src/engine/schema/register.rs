//! The tables of the register.
use super::beneficiaries;
use diesel::{joinable, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    register_entries (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, number -> BigInt, state -> DbText, removed_on -> Nullable<Date>,
        removal_reason -> Nullable<DbText>, note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    register_merges (id) {
        id -> DbUuid, version -> BigInt, entry_id -> DbUuid, other_entry_id -> DbUuid, beneficiary_id -> DbUuid,
        other_beneficiary_id -> DbUuid, reason -> DbText, merged_by -> DbUuid, merged_at -> DbMoment,
        reversal_reason -> Nullable<DbText>, reversed_by -> Nullable<DbUuid>, reversed_at -> Nullable<DbMoment>,
        updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    register_candidates (id) {
        id -> DbUuid, version -> BigInt, entry_id -> DbUuid, other_entry_id -> DbUuid, tenths_of_bits -> Integer,
        reasons -> DbJson, is_likely -> Bool, state -> DbText, reason -> Nullable<DbText>, created_at -> DbMoment,
        updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    register_scans (id) {
        id -> DbUuid, version -> BigInt, state -> DbText, job_id -> DbUuid, made_by -> DbUuid, entries -> Nullable<BigInt>,
        found -> Nullable<BigInt>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    register_searches (id) {
        id -> DbUuid, user_id -> DbUuid, purpose -> DbText, note -> Nullable<DbText>, found -> Integer, created_at -> DbMoment,
    }
}
table! { use crate::engine::column::*;
    person_records (beneficiary_id, record_id) { beneficiary_id -> DbUuid, record_id -> DbUuid, first_id -> DbUuid, }
}
joinable!(register_entries -> beneficiaries (beneficiary_id));
