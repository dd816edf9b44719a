//! Councils, as far as more than their forms is needed, and what tasks of the partnership have besides.
use super::files;
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    council_members (id) {
        id -> DbUuid, council_id -> DbUuid, user_id -> Nullable<DbUuid>, from_on -> Date, until_on -> Nullable<Date>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    #[sql_name = "councils"]
    council_days (id) { id -> DbUuid, closed_on -> Nullable<Date>, annulment_reason -> Nullable<DbText>, }
}
table! { use crate::engine::column::*;
    council_meeting_files (file_id, meeting_id) { file_id -> DbUuid, meeting_id -> DbUuid, council_id -> DbUuid, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    council_meetings (id) {
        id -> DbUuid, version -> BigInt, council_id -> DbUuid, organization_id -> DbUuid, state -> DbText, planned_at -> DbMoment,
        place -> Nullable<DbText>, online -> Bool, absentee -> Bool, agenda -> DbJson, began_at -> Nullable<DbMoment>,
        held_on -> Nullable<Date>, minutes -> Nullable<Integer>, seats -> DbJson, guests -> DbJson, decision_rules -> DbJson, number -> Nullable<DbText>,
        signed_on -> Nullable<Date>, chair_id -> Nullable<DbUuid>, protocol -> Nullable<DbText>, protocol_file_id -> Nullable<DbUuid>,
        cancellation_reason -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    decisions (id) {
        id -> DbUuid, version -> BigInt, council_id -> DbUuid, organization_id -> DbUuid, meeting_id -> Nullable<DbUuid>,
        number -> DbText, year -> Integer, adopted_on -> Date, title -> DbText, preamble -> Nullable<DbText>, items -> DbJson,
        signatory -> DbJson, act_ids -> DbJson, file_id -> Nullable<DbUuid>, state -> DbText, cancelled_by_id -> Nullable<DbUuid>,
        cancelled_on -> Nullable<Date>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use crate::engine::column::*; task_addressees (task_id, address) { task_id -> DbUuid, address -> DbText, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    task_answers (id) {
        id -> DbUuid, task_id -> DbUuid, organization_id -> DbUuid, answer -> DbText, text -> Nullable<DbText>,
        answered_by -> DbUuid, answered_on -> Date,
    }
}
allow_tables_to_appear_in_same_query!(council_days, council_meeting_files);
allow_tables_to_appear_in_same_query!(council_days, council_meetings);
allow_tables_to_appear_in_same_query!(council_days, council_members);
allow_tables_to_appear_in_same_query!(council_days, files);
allow_tables_to_appear_in_same_query!(council_meeting_files, council_meetings);
allow_tables_to_appear_in_same_query!(council_meeting_files, council_members);
allow_tables_to_appear_in_same_query!(council_meeting_files, files);
allow_tables_to_appear_in_same_query!(council_members, files);
