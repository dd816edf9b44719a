//! The tables of agreements, and of what organizations have beside them.
use super::{files, organizations};
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    agreements (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, title -> DbText, subject -> DbText, sphere -> DbText,
        partnership_level -> DbText, parties -> DbJson, audiences -> DbJson, activities -> DbJson, territory -> Nullable<DbText>,
        program_id -> Nullable<DbUuid>, project_ids -> DbJson, act_ids -> DbJson, number -> Nullable<DbText>,
        signed_on -> Nullable<Date>, starts_on -> Nullable<Date>, ends_on -> Nullable<Date>, file_id -> Nullable<DbUuid>,
        extensions -> DbJson, ended_on -> Nullable<Date>, termination -> Nullable<DbJson>, annulment_reason -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use crate::engine::column::*;
    agreement_parties (organization_id, agreement_id) { organization_id -> DbUuid, agreement_id -> DbUuid, }
}
table! { use crate::engine::column::*;
    agreement_files (file_id, agreement_id) { file_id -> DbUuid, agreement_id -> DbUuid, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    funding_programs (id) { id -> DbUuid, parent_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    specialists (id) {
        id -> DbUuid, organization_id -> DbUuid, unit_id -> Nullable<DbUuid>, direct_support -> Bool, starts_on -> Date,
        ends_on -> Nullable<Date>, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    service_offers (id) {
        id -> DbUuid, organization_id -> DbUuid, name -> DbText, kind -> DbText, phone -> Nullable<DbText>,
        opening_hours -> Nullable<DbText>, free -> Bool, starts_on -> Date, ends_on -> Nullable<Date>,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    measures (id) { id -> DbUuid, action_package_id -> DbUuid, annulment_reason -> Nullable<DbText>, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    clubs (id) {
        id -> DbUuid, kind -> DbText, host_id -> DbUuid, opened_on -> Date, closed_on -> Nullable<Date>,
        annulment_reason -> Nullable<DbText>,
    }
}
allow_tables_to_appear_in_same_query!(agreements, agreement_parties);
allow_tables_to_appear_in_same_query!(agreement_files, agreement_parties);
allow_tables_to_appear_in_same_query!(agreement_files, files);
allow_tables_to_appear_in_same_query!(agreement_parties, files);
allow_tables_to_appear_in_same_query!(clubs, organizations);
allow_tables_to_appear_in_same_query!(specialists, organizations);
