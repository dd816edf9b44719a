//! The tables of assessments and of independent living.
use super::beneficiaries;
use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    scales (id) {
        id -> DbUuid, code -> DbText, kind -> DbText, effective_from -> Date, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    assessments (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, scale_id -> DbUuid, rater -> DbText, point -> DbText,
        assessed_on -> Date, answers -> DbText, conclusion -> Nullable<DbText>, scores -> Nullable<DbJson>,
        annulment_reason -> Nullable<DbText>, made_by -> DbUuid, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    living_programmes (id) {
        id -> DbUuid, organization_id -> Nullable<DbUuid>, number -> Integer, effective_from -> Date, name -> DbText,
        regional_id -> Nullable<DbUuid>, form -> DbJson, modules -> DbJson, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    living_enrolments (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, programme_id -> DbUuid, starts_on -> Date,
        planned_end_on -> Nullable<Date>, results -> DbText, ended_on -> Nullable<Date>, end_reason -> Nullable<DbText>,
        end_note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    career_activities (id) {
        id -> DbUuid, beneficiary_id -> DbUuid, held_on -> Date, annulment_reason -> Nullable<DbText>,
    }
}

joinable!(assessments -> scales (scale_id));
allow_tables_to_appear_in_same_query!(assessments, scales);
joinable!(living_enrolments -> beneficiaries (beneficiary_id));
allow_tables_to_appear_in_same_query!(living_enrolments, beneficiaries);
