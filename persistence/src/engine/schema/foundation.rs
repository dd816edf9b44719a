//! The tables of a region and its journals.
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use crate::engine::column::*; schema_migrations (name) { name -> DbText, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    region (code) {
        code -> DbText, name -> DbText, territory -> DbText, time_zone -> DbText, created_at -> DbMoment,
        key_check -> Nullable<DbText>,
    }
}
table! { journal (id) { id -> BigInt, last_seq -> BigInt, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    facts (id) {
        id -> DbUuid, seq -> Nullable<BigInt>, at -> DbMoment, actor_id -> Nullable<DbUuid>, request_id -> DbText,
        kind -> DbText, subject_kind -> DbText, subject_id -> DbUuid, body -> DbJson, version -> Nullable<BigInt>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*; read_batches (id) { id -> DbUuid, disclosures -> Integer, last_at -> DbMoment, body -> Binary, } }
table! { use diesel::sql_types::*; use crate::engine::column::*; read_runs (id) { id -> DbUuid, disclosures -> Integer, last_at -> DbMoment, } }
table! { use crate::engine::column::*; read_pages (run_id, first_subject) { run_id -> DbUuid, first_subject -> DbUuid, body -> diesel::sql_types::Binary, } }
allow_tables_to_appear_in_same_query!(read_runs, read_pages);
table! { use diesel::sql_types::*; use crate::engine::column::*;
    idempotency_keys (user_id, key) {
        user_id -> DbUuid, key -> DbText, fingerprint -> DbText, status -> Integer, answer -> DbText, created_at -> DbMoment,
    }
}
