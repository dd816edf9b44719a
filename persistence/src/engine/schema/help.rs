//! The tables of help: needs, services, referrals, urgent aid and crises.
use super::register::person_records;
use super::{beneficiaries, cases, family_members, grants, people, users};
use diesel::{allow_tables_to_appear_in_same_query, table};

table! { use diesel::sql_types::*; use crate::engine::column::*;
    stock_items (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, balance -> BigInt, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    stock_movements (id) {
        id -> DbUuid, stock_item_id -> DbUuid, organization_id -> DbUuid, direction -> DbText, quantity -> Integer, reason -> DbText,
        partner -> Nullable<DbText>, partner_organization_id -> Nullable<DbUuid>, emergency_aid_id -> Nullable<DbUuid>,
        moved_on -> Date, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    emergency_aids (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, kind -> DbText, beneficiary_id -> Nullable<DbUuid>,
        described -> Nullable<DbText>, case_id -> Nullable<DbUuid>, stay_id -> Nullable<DbUuid>, given_on -> Date, items -> DbText,
        act_number -> DbText,
        act_file_id -> Nullable<DbUuid>, result -> Nullable<DbText>, state -> DbText, cancellation_reason -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    document_assistance (id) {
        id -> DbUuid, case_id -> DbUuid, kind -> DbText, noticed_on -> Date, state -> DbText, issued_on -> Nullable<Date>,
        received_on -> Nullable<Date>, annulment_reason -> Nullable<DbText>, organization_id -> Nullable<DbUuid>,
        due_on -> Nullable<Date>, valid_until -> Nullable<Date>,
    }
}
allow_tables_to_appear_in_same_query!(emergency_aids, beneficiaries);
diesel::joinable!(document_assistance -> cases (case_id));
allow_tables_to_appear_in_same_query!(document_assistance, cases);

diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    intake_requests (id) {
        id -> DbUuid, version -> BigInt, source -> DbText, person_id -> Nullable<DbUuid>, described -> Nullable<DbText>,
        territory -> DbText, urgency -> DbText, danger_to_child -> Bool, text -> DbText, reporter -> Nullable<DbText>,
        made_by -> DbUuid, received_on -> Date, state -> DbText, organization_id -> Nullable<DbUuid>,
        directed_to_id -> Nullable<DbUuid>, decided_on -> Nullable<Date>, checked_on -> Nullable<Date>,
        handlings -> Nullable<DbText>, case_id -> Nullable<DbUuid>, beneficiary_id -> Nullable<DbUuid>, duplicate_of_id -> Nullable<DbUuid>,
        concerned_user_id -> Nullable<DbUuid>, concerned_person_id -> Nullable<DbUuid>,
        concerned_organization_id -> Nullable<DbUuid>, call_minutes -> Nullable<Integer>, called_level -> Integer,
        next_call_at -> Nullable<DbMoment>, counted_from -> Nullable<DbMoment>, district -> DbText, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    referrals (id) {
        id -> DbUuid, version -> BigInt, case_id -> DbUuid, from_organization_id -> DbUuid, to_organization_id -> DbUuid,
        need_ids -> DbJson, reason -> DbText, urgency -> DbText, parts -> DbJson, consent_id -> Nullable<DbUuid>,
        legal_ground -> Nullable<DbText>, ground_file_id -> Nullable<DbUuid>, domains -> DbJson, sex -> Nullable<DbText>,
        age_group -> Nullable<DbText>, territory -> DbText, category -> DbText, answer_until -> Date, state -> DbText,
        accepted_on -> Nullable<Date>, specialist_user_id -> Nullable<DbUuid>, settled_on -> Nullable<Date>, answered_on -> Nullable<Date>,
        answer_reason -> Nullable<DbText>, result -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}

table! { use diesel::sql_types::*; use crate::engine::column::*;
    crises (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, organization_id -> DbUuid, place -> DbText, kind -> DbText,
        urgency -> DbText, words -> DbText, happened_at -> Nullable<DbMoment>, danger_to_child -> Bool, concerns -> DbText,
        concerned_user_id -> Nullable<DbUuid>, concerned_person_id -> Nullable<DbUuid>, severity -> DbText, ack_minutes -> Integer,
        acknowledge_by -> DbMoment, called_level -> Integer, next_call_at -> Nullable<DbMoment>, state -> DbText, reported_by -> DbUuid, reported_at -> DbMoment,
        acknowledged_by -> Nullable<DbUuid>, acknowledged_at -> Nullable<DbMoment>, is_own -> Bool,
        first_action_at -> Nullable<DbMoment>, survey_due_on -> Nullable<Date>, surveyed_on -> Nullable<Date>,
        survey_result -> Nullable<DbText>, outcome -> Nullable<DbText>, end_note -> Nullable<DbText>, ended_at -> Nullable<DbMoment>,
        updated_at -> DbMoment,
    }
}
table! { use crate::engine::column::*; crisis_organizations (organization_id, crisis_id) { organization_id -> DbUuid, crisis_id -> DbUuid, } }
table! { use crate::engine::column::*; crisis_concerned (crisis_id, party_id) { crisis_id -> DbUuid, party_id -> DbUuid, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    crisis_calls (crisis_id, level, user_id) {
        crisis_id -> DbUuid, level -> Integer, user_id -> DbUuid, due_at -> DbMoment, called_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    crisis_actions (id) {
        id -> DbUuid, crisis_id -> DbUuid, kind -> DbText, measure -> Nullable<DbText>, acted_at -> DbMoment, reached -> Bool,
        text -> DbText, made_by -> DbUuid, recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    crisis_notices (id) {
        id -> DbUuid, crisis_id -> DbUuid, addressee -> DbText, way -> DbText, noticed_at -> DbMoment, number -> Nullable<DbText>,
        answer -> Nullable<DbText>, made_by -> Nullable<DbUuid>, recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    emergency_contacts (id) {
        id -> DbUuid, name -> DbText, kind -> DbText, phone -> DbText, annulment_reason -> Nullable<DbText>,
    }
}
// One row for each crisis: a table of one name has no more columns than a statement reads.
table! { use diesel::sql_types::*; use crate::engine::column::*;
    crisis_courses (crisis_id) {
        crisis_id -> DbUuid, counted_from -> DbMoment, action_minutes -> Integer, is_acted -> Bool,
        first_acknowledged_at -> Nullable<DbMoment>, notice_due_at -> Nullable<DbMoment>, follow_up_by -> Nullable<DbUuid>,
        follow_up_due_on -> Nullable<Date>, followed_up_on -> Nullable<Date>, follow_up_result -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    crisis_findings (id) {
        id -> DbUuid, crisis_id -> DbUuid, kind -> Nullable<DbText>, danger_to_child -> Bool, concerns -> Nullable<DbText>,
        concerned_user_id -> Nullable<DbUuid>, concerned_person_id -> Nullable<DbUuid>, made_by -> DbUuid, recorded_at -> DbMoment,
    }
}
table! { use crate::engine::column::*; crisis_territories (crisis_id) { crisis_id -> DbUuid, territory -> DbText, } }
diesel::joinable!(crisis_courses -> crises (crisis_id));
allow_tables_to_appear_in_same_query!(
    crises,
    crisis_courses,
    crisis_organizations,
    crisis_concerned,
    crisis_territories,
    crisis_calls
);
allow_tables_to_appear_in_same_query!(crises, beneficiaries);
allow_tables_to_appear_in_same_query!(crises, cases);
allow_tables_to_appear_in_same_query!(crisis_courses, cases);
allow_tables_to_appear_in_same_query!(crisis_courses, beneficiaries);
allow_tables_to_appear_in_same_query!(crises, person_records);
allow_tables_to_appear_in_same_query!(crisis_courses, person_records);
allow_tables_to_appear_in_same_query!(crises, grants);
allow_tables_to_appear_in_same_query!(crisis_courses, grants);
allow_tables_to_appear_in_same_query!(crises, users);
allow_tables_to_appear_in_same_query!(crisis_courses, users);
allow_tables_to_appear_in_same_query!(crises, people);
allow_tables_to_appear_in_same_query!(crisis_courses, people);
allow_tables_to_appear_in_same_query!(crises, family_members);
allow_tables_to_appear_in_same_query!(crisis_courses, family_members);
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    house_rules (id) {
        id -> DbUuid, facility_id -> DbUuid, effective_from -> Date, annulment_reason -> Nullable<DbText>,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    facilities (id) {
        id -> DbUuid, name -> DbText, kind -> DbText, organization_id -> DbUuid, territory -> DbText, opened_on -> Date,
        closed_on -> Nullable<Date>,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    rooms (id) { id -> DbUuid, facility_id -> DbUuid, }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    beds (id) { id -> DbUuid, room_id -> DbUuid, opened_on -> Date, closed_on -> Nullable<Date>, }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    bed_blocks (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, bed_id -> DbUuid, from_on -> Date, until_on -> Date,
        reason -> DbText, note -> Nullable<DbText>, ended_on -> Nullable<Date>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    stays (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, organization_id -> DbUuid, facility_id -> DbUuid,
        room_id -> DbUuid, bed_id -> DbUuid, from_on -> Date, until_on -> Date, purpose -> DbText, case_id -> Nullable<DbUuid>,
        order_number -> Nullable<DbText>, order_on -> Nullable<Date>, enrolment_id -> Nullable<DbUuid>,
        permission_file_id -> Nullable<DbUuid>, state -> DbText, held_until -> DbMoment, arrived_at -> Nullable<DbMoment>,
        house_rules_id -> Nullable<DbUuid>, rules_file_id -> Nullable<DbUuid>, ended_on -> Nullable<Date>,
        departure_reason -> Nullable<DbText>, note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    place_requests (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, organization_id -> DbUuid, facility_id -> Nullable<DbUuid>,
        kind -> Nullable<DbText>, from_on -> Date, nights -> Integer, urgency -> DbText, rank -> Integer,
        note -> Nullable<DbText>, state -> DbText, offered_bed_id -> Nullable<DbUuid>, offered_from_on -> Nullable<Date>,
        offered_until_on -> Nullable<Date>, offered_held_until -> Nullable<DbMoment>, offered_turn_at -> Nullable<DbMoment>, asked_turn_at -> Nullable<DbMoment>, stay_id -> Nullable<DbUuid>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    bed_nights (bed_id, night) {
        bed_id -> DbUuid, night -> Date, room_id -> DbUuid, facility_id -> DbUuid, beneficiary_id -> Nullable<DbUuid>,
        stay_id -> Nullable<DbUuid>, block_id -> Nullable<DbUuid>, request_id -> Nullable<DbUuid>, held_until -> Nullable<DbMoment>,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    bed_turns (bed_id) {
        bed_id -> DbUuid, turn_at -> DbMoment, search_turn_at -> Nullable<DbMoment>, search_rank -> Nullable<Integer>,
        search_id -> Nullable<DbUuid>, search_at -> Nullable<DbMoment>,
    }
}
diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    room_nights (room_id, night) { room_id -> DbUuid, night -> Date, sex -> DbText, age_group -> DbText, }
}
diesel::joinable!(beds -> rooms (room_id));
diesel::joinable!(rooms -> facilities (facility_id));
allow_tables_to_appear_in_same_query!(beds, facilities);
allow_tables_to_appear_in_same_query!(rooms, facilities);
diesel::joinable!(stays -> facilities (facility_id));
allow_tables_to_appear_in_same_query!(stays, facilities);
allow_tables_to_appear_in_same_query!(beds, rooms);
diesel::joinable!(bed_nights -> stays (stay_id));
allow_tables_to_appear_in_same_query!(bed_nights, stays);
allow_tables_to_appear_in_same_query!(stays, beneficiaries);
allow_tables_to_appear_in_same_query!(place_requests, beneficiaries);
table! { use diesel::sql_types::*; use crate::engine::column::*;
    needs (id) {
        id -> DbUuid, case_id -> DbUuid, organization_id -> DbUuid, noticed_on -> Date, urgency -> DbText,
        due_on -> Nullable<Date>, state -> DbText, unmet_reason -> Nullable<DbText>, ended_on -> Nullable<Date>,
        programme_number -> Nullable<DbText>, continues_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    service_standards (id) {
        id -> DbUuid, code -> DbText, effective_from -> Date, state -> DbText, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    service_deliveries (id) {
        id -> DbUuid, case_id -> DbUuid, standard_id -> DbUuid, delivered_on -> Date, volume -> Nullable<Integer>,
        minutes -> Nullable<Integer>, need_ids -> DbJson,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    delivery_contributions (delivery_id) {
        delivery_id -> DbUuid, membership_id -> Nullable<DbUuid>, referral_id -> Nullable<DbUuid>, organization_id -> DbUuid,
        entered_on -> Date,
    }
}
allow_tables_to_appear_in_same_query!(delivery_contributions, service_deliveries);
allow_tables_to_appear_in_same_query!(intake_requests, service_deliveries);
allow_tables_to_appear_in_same_query!(needs, cases);
allow_tables_to_appear_in_same_query!(needs, beneficiaries);
