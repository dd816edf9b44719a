//! The tables of cases' teams, transfers, reviews, consilia, monthly records and tasks.
use diesel::table;

table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_team_members (id) {
        id -> DbUuid, version -> BigInt, case_id -> DbUuid, user_id -> DbUuid, organization_id -> Nullable<DbUuid>, role -> DbText,
        parts -> DbJson, until_on -> Nullable<Date>, consent_id -> Nullable<DbUuid>, legal_ground -> Nullable<DbText>,
        ground_file_id -> Nullable<DbUuid>, since_on -> Date, ended_on -> Nullable<Date>, end_reason -> Nullable<DbText>,
        end_note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment, level -> DbText,
    }
}
table! { use crate::engine::column::*; case_contributions (contact_id) { contact_id -> DbUuid, membership_id -> DbUuid, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_reviews (id) {
        id -> DbUuid, case_id -> DbUuid, kind -> DbText, anchor_on -> Date, outcome -> DbText, note -> Nullable<DbText>,
        ground -> Nullable<DbText>, continue_until -> Nullable<Date>, completed_on -> Date, made_by -> DbUuid,
        created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_transfers (id) {
        id -> DbUuid, version -> BigInt, case_id -> DbUuid, from_organization_id -> DbUuid, to_organization_id -> DbUuid,
        reason -> DbText, parts -> DbJson, consent_id -> Nullable<DbUuid>, legal_ground -> Nullable<DbText>,
        ground_file_id -> Nullable<DbUuid>, wished_on -> Nullable<Date>, mentorship_ids -> DbJson, note -> Nullable<DbText>,
        answer_until -> Date, state -> DbText, settled_on -> Nullable<Date>, answer_reason -> Nullable<DbText>,
        answer_note -> Nullable<DbText>, next_case_id -> Nullable<DbUuid>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    consilia (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, planned_at -> DbMoment, form -> DbText, place -> Nullable<DbText>,
        members -> DbText, chair_user_id -> Nullable<DbUuid>, state -> DbText, held_at -> Nullable<DbMoment>, present -> DbJson,
        protocol_number -> Nullable<DbText>, protocol_year -> Nullable<Integer>, protocol_file_id -> Nullable<DbUuid>,
        closed_on -> Nullable<Date>, cancellation_note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    consilium_items (id) {
        id -> DbUuid, version -> BigInt, consilium_id -> DbUuid, n -> Integer, case_id -> DbUuid, agenda_case_id -> Nullable<DbUuid>,
        kind -> DbText, question -> DbText, speaker_user_id -> Nullable<DbUuid>, file_ids -> DbJson, report_ids -> DbJson, state -> DbText,
        resolution -> Nullable<DbText>, postponement -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    consilium_dissents (item_id, n) {
        item_id -> DbUuid, n -> Integer, member -> Integer, text -> DbText, made_by -> DbUuid, recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    monthly_records (id) {
        id -> DbUuid, version -> BigInt, case_id -> DbUuid, month_on -> Date, words -> DbText, content -> Nullable<DbText>,
        sha256 -> Nullable<DbText>, corrections -> Nullable<DbText>, signed_by -> Nullable<DbUuid>, signed_at -> Nullable<DbMoment>,
        signed_on -> Nullable<Date>, due_on -> Nullable<Date>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    accompaniment_rules (id) {
        id -> DbUuid, effective_from -> Date, quorum_percent -> Integer, quorum_people -> Integer, urgent_quorum_people -> Integer,
        dissent_days -> Integer, protocol_working_days -> Integer, task_postponements -> Integer, continuation_months -> Integer,
        team_months -> Integer, lost_contact_attempts -> Integer, lost_contact_days -> Integer,
        ack_minutes_critical -> Integer, ack_minutes_high -> Integer, ack_minutes_moderate -> Integer, ack_minutes_low -> Integer,
        first_action_minutes_critical -> Integer, first_action_minutes_high -> Integer,
        first_action_minutes_moderate -> Integer, first_action_minutes_low -> Integer,
        notice_hours -> Integer, guardianship_survey_working_days -> Integer, urgent_consilium_days -> Integer,
        reservation_hold_hours -> Integer, offer_hold_hours -> Integer,
        referral_answer_days -> Integer, intake_check_days -> Integer, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    working_days (id) { id -> DbUuid, day -> Date, is_working -> Bool, annulment_reason -> Nullable<DbText>, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    tasks (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, source_kind -> Nullable<DbText>, source_id -> Nullable<DbUuid>,
        case_id -> Nullable<DbUuid>, organization_id -> Nullable<DbUuid>, title -> DbText, note -> Nullable<DbText>,
        assignee_kind -> DbText, assignee_id -> DbUuid, assignee_person_id -> Nullable<DbUuid>, given_by -> DbUuid,
        controller_user_id -> DbUuid, due_on -> Date, priority -> DbText, postponed -> Integer, state -> DbText,
        reported_by -> Nullable<DbUuid>, reported_on -> Nullable<Date>, settled_on -> Nullable<Date>,
        cancellation_reason -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment, addressee -> DbJson,
        co_organization_ids -> DbJson, binding -> Bool, report_every -> Nullable<DbText>, report_from -> Nullable<Date>,
        needs_acceptance -> Bool,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    task_steps (task_id, n) {
        task_id -> DbUuid, n -> Integer, step -> DbText, text -> Nullable<DbText>, file_ids -> DbJson, due_on -> Date,
        made_by -> Nullable<DbUuid>, recorded_at -> DbMoment, share -> Nullable<Integer>,
    }
}
