//! The tables, as the migrations leave them.
use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! { use crate::column::*; schema_migrations (name) { name -> DbText, } }
table! { use diesel::sql_types::*; use crate::column::*;
    region (code) { code -> DbText, name -> DbText, territory -> DbText, time_zone -> DbText, created_at -> DbMoment, }
}
table! { journal (id) { id -> BigInt, last_seq -> BigInt, } }
table! { use diesel::sql_types::*; use crate::column::*;
    facts (id) {
        id -> DbUuid, seq -> Nullable<BigInt>, at -> DbMoment, actor_id -> Nullable<DbUuid>, request_id -> DbText,
        kind -> DbText, subject_kind -> DbText, subject_id -> DbUuid, body -> DbJson,
    }
}
table! { use crate::column::*;
    reads (id) { id -> DbUuid, at -> DbMoment, user_id -> DbUuid, request_id -> DbText, subject_kind -> DbText, subject_id -> DbUuid, }
}
table! { use diesel::sql_types::*; use crate::column::*;
    idempotency_keys (user_id, key) {
        user_id -> DbUuid, key -> DbText, fingerprint -> DbText, status -> Integer, answer -> DbText, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::column::*;
    organizations (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, name -> DbText, name_key -> DbText, parent_id -> Nullable<DbUuid>,
        territory -> DbText, inn -> Nullable<DbText>, ogrn -> Nullable<DbText>, ngo_register_number -> Nullable<DbText>,
        focus_areas -> DbJson, contacts -> DbJson, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::column::*;
    units (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, name -> DbText, head_user_id -> Nullable<DbUuid>,
        head_name -> Nullable<DbText>, description -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}

joinable!(units -> organizations (organization_id));

table! { use diesel::sql_types::*; use crate::column::*;
    users (id) {
        id -> DbUuid, version -> BigInt, login -> DbText, display_name -> DbText, person_id -> Nullable<DbUuid>, active -> Bool,
        password_hash -> DbText, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::column::*;
    grants (user_id, n) {
        user_id -> DbUuid, n -> Integer, role -> DbText, organization_id -> Nullable<DbUuid>, program_id -> Nullable<DbUuid>,
        territory -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::column::*;
    sessions (id) { id -> DbUuid, user_id -> DbUuid, is_open -> Bool, expires_at -> DbMoment, created_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::column::*;
    refresh_tokens (digest) {
        digest -> DbText, session_id -> DbUuid, issued_at -> DbMoment, rotated_at -> Nullable<DbMoment>, successor -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::column::*;
    api_keys (id) {
        id -> DbUuid, version -> BigInt, user_id -> DbUuid, name -> DbText, prefix -> DbText, digest -> DbText, rights -> DbJson,
        expires_on -> Date, is_revoked -> Bool, last_used_on -> Nullable<Date>, created_at -> DbMoment,
    }
}
joinable!(grants -> users (user_id));
joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(api_keys -> users (user_id));

allow_tables_to_appear_in_same_query!(
    facts,
    organizations,
    units,
    users,
    grants,
    sessions,
    refresh_tokens,
    api_keys,
);
