//! Tables of projects, events and their participants.
use super::beneficiaries;
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    legal_acts (id) { id -> DbUuid, file_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    projects (id) {
        id -> DbUuid, organization_id -> DbUuid, parent_id -> Nullable<DbUuid>, starts_on -> Date, state -> DbText,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    project_partners (id) {
        id -> DbUuid, project_id -> DbUuid, organization_id -> Nullable<DbUuid>, council_id -> Nullable<DbUuid>,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    project_contributions (id) {
        id -> DbUuid, project_id -> DbUuid, given_on -> Date, kind -> DbText, value -> Nullable<DbText>,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    project_targets (id) { id -> DbUuid, project_id -> DbUuid, annulment_reason -> Nullable<DbText>, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    target_results (id) {
        id -> DbUuid, project_target_id -> DbUuid, measured_on -> Date, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    events (id) {
        id -> DbUuid, organization_id -> DbUuid, project_id -> Nullable<DbUuid>, starts_on -> Date, state -> DbText,
        held_on -> Nullable<Date>, annulment_reason -> Nullable<DbText>, council_id -> Nullable<DbUuid>,
        agreement_id -> Nullable<DbUuid>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    event_attendances (id) {
        id -> DbUuid, event_id -> DbUuid, corrects_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    volunteer_work (id) {
        id -> DbUuid, event_id -> DbUuid, person_id -> Nullable<DbUuid>, worked_on -> Date, minutes -> Integer, state -> DbText,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    event_organizers (event_id, organizer_id) { event_id -> DbUuid, organizer_id -> DbUuid, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    event_participants (id) {
        id -> DbUuid, version -> BigInt, event_id -> DbUuid, organization_id -> DbUuid, person_id -> DbUuid, audience -> DbText,
        role -> DbText, note -> Nullable<DbText>, state -> DbText, annulment_reason -> Nullable<DbText>, created_at -> DbMoment,
        updated_at -> DbMoment,
    }
}
allow_tables_to_appear_in_same_query!(project_targets, target_results);
allow_tables_to_appear_in_same_query!(volunteer_work, event_organizers);
allow_tables_to_appear_in_same_query!(volunteer_work, events);
allow_tables_to_appear_in_same_query!(event_participants, beneficiaries);
