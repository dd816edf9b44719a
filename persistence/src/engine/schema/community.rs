//! The tables of the community that more than the form of an entry reads.
use super::beneficiaries;
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    community_members (id) {
        id -> DbUuid, version -> BigInt, club_id -> Nullable<DbUuid>, volunteer_group_id -> Nullable<DbUuid>, organization_id -> DbUuid,
        person_id -> DbUuid, role -> DbText, joined_on -> Date, left_on -> Nullable<Date>, reason -> Nullable<DbText>,
        consent_file_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    nominations (id) {
        id -> DbUuid, person_id -> Nullable<DbUuid>, beneficiary_id -> Nullable<DbUuid>, state -> DbText,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    success_stories (id) {
        id -> DbUuid, person_id -> Nullable<DbUuid>, state -> DbText, annulment_reason -> Nullable<DbText>,
    }
}
allow_tables_to_appear_in_same_query!(community_members, beneficiaries);
