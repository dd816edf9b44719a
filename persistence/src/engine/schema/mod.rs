//! The tables as diesel sees them, after all migrations.
mod accompaniment;
mod community;
mod councils;
mod foundation;
mod help;
mod matching;
mod partnership;
mod planning;
mod readiness;
mod register;
mod ventures;

pub(crate) use accompaniment::*;
pub(crate) use community::*;
pub(crate) use councils::*;
use diesel::{allow_tables_to_appear_in_same_query, joinable, table};
pub(crate) use foundation::*;
pub(crate) use help::*;
pub(crate) use matching::*;
pub(crate) use partnership::*;
pub(crate) use planning::*;
pub(crate) use readiness::*;
pub(crate) use register::*;
pub(crate) use ventures::*;

table! { use diesel::sql_types::*; use crate::engine::column::*;
    organizations (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, name -> DbText, name_key -> DbText, parent_id -> Nullable<DbUuid>,
        territory -> DbText, inn -> Nullable<DbText>, ogrn -> Nullable<DbText>, ngo_register_number -> Nullable<DbText>,
        focus_areas -> DbJson, contacts -> DbJson, created_at -> DbMoment, updated_at -> DbMoment, keeps_register -> Bool,
        target_groups -> DbJson, prevention_subject -> Bool, legal_form -> Nullable<DbText>, site -> Nullable<DbText>,
        closed_on -> Nullable<Date>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    users (id) {
        id -> DbUuid, version -> BigInt, login -> DbText, name -> DbText, person_id -> Nullable<DbUuid>, active -> Bool,
        password_hash -> DbText, created_at -> DbMoment, updated_at -> DbMoment, work_phone -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    grants (user_id, n) {
        user_id -> DbUuid, n -> Integer, role -> DbText, organization_id -> Nullable<DbUuid>, program_id -> Nullable<DbUuid>,
        territory -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    sessions (id) { id -> DbUuid, user_id -> DbUuid, is_open -> Bool, expires_at -> DbMoment, created_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    refresh_tokens (digest) {
        digest -> DbText, session_id -> DbUuid, issued_at -> DbMoment, rotated_at -> Nullable<DbMoment>, successor -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    api_keys (id) {
        id -> DbUuid, version -> BigInt, user_id -> DbUuid, name -> DbText, prefix -> DbText, digest -> DbText, rights -> DbJson,
        expires_on -> Date, is_revoked -> Bool, last_used_on -> Nullable<Date>, created_at -> DbMoment, organization_ids -> DbJson,
        program_ids -> DbJson, territories -> DbJson, ip_ranges -> DbJson,
    }
}
joinable!(grants -> users (user_id));
joinable!(sessions -> users (user_id));
joinable!(refresh_tokens -> sessions (session_id));
joinable!(api_keys -> users (user_id));
table! { use diesel::sql_types::*; use crate::engine::column::*;
    people (id) {
        id -> DbUuid, version -> BigInt, organization_id -> Nullable<DbUuid>, entered_by -> Nullable<DbUuid>, family_name -> DbText,
        given_name -> DbText, patronymic -> Nullable<DbText>, name_key -> DbText, birth_date -> Date, sex -> DbText,
        residence -> Nullable<DbText>, snils_key -> Nullable<DbText>, private -> DbText, died_on -> Nullable<Date>, death -> Nullable<DbText>,
        death_annulment -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use crate::engine::column::*; name_words (kind, word, name_key, id) { kind -> DbText, word -> DbText, name_key -> DbText, id -> DbUuid, } }
table! { use crate::engine::column::*; match_keys (key, person_id) { key -> DbUuid, person_id -> DbUuid, } }
table! { use diesel::sql_types::*; use crate::engine::column::*;
    families (id) {
        id -> DbUuid, version -> BigInt, organization_id -> Nullable<DbUuid>, entered_by -> Nullable<DbUuid>, name -> DbText,
        has_minor_children -> Bool, hardship_causes -> DbJson, risk_flags -> DbJson, primary_contact_id -> Nullable<DbUuid>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    family_members (family_id, n) { family_id -> DbUuid, n -> Integer, person_id -> DbUuid, role -> DbText, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    beneficiaries (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, person_id -> Nullable<DbUuid>, family_id -> Nullable<DbUuid>,
        category -> DbText, category_text -> Nullable<DbText>, origin -> Nullable<DbText>, disability -> Bool,
        organization_id -> DbUuid, guardianship_authority_id -> Nullable<DbUuid>, territory -> DbText,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    representatives (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, person_id -> DbUuid, basis -> DbText, document -> Nullable<DbText>,
        document_file_id -> Nullable<DbUuid>, valid_from -> Date, valid_until -> Nullable<Date>, created_at -> DbMoment,
        updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    cases (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, organization_id -> DbUuid, specialist_user_id -> Nullable<DbUuid>,
        opened_on -> Date, reason -> Nullable<DbText>, state -> DbText, closed_on -> Nullable<Date>,
        closing_reason -> Nullable<DbText>, closing_note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
        kind -> DbText, stage -> DbText, stage_since -> Nullable<Date>, unit_id -> Nullable<DbUuid>,
        legal_bases -> Nullable<DbText>, continues_id -> Nullable<DbUuid>, closing_file_id -> Nullable<DbUuid>,
        stage_left -> Nullable<DbText>, months_from -> Nullable<Date>, born_on -> Nullable<Date>,
        handed_contract_until -> Nullable<Date>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_contacts (id) {
        id -> DbUuid, case_id -> DbUuid, held_on -> Date, reached -> Bool, minutes -> Nullable<Integer>,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    snapshots (id) {
        id -> DbUuid, case_id -> DbUuid, taken_on -> Date, in_touch -> DbText, contract_until -> Nullable<Date>,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    access_requests (id) {
        id -> DbUuid, version -> BigInt, organization_id -> DbUuid, requested_by -> DbUuid, person_id -> Nullable<DbUuid>,
        reason -> DbText, state -> DbText, made_on -> Date, open_until -> Date, decided_by -> Nullable<DbUuid>,
        decided_on -> Nullable<Date>, decision_reason -> Nullable<DbText>, ends_on -> Nullable<Date>, created_at -> DbMoment,
        updated_at -> DbMoment,
    }
}
joinable!(family_members -> families (family_id));
joinable!(family_members -> people (person_id));
joinable!(beneficiaries -> people (person_id));
joinable!(beneficiaries -> families (family_id));
joinable!(representatives -> beneficiaries (beneficiary_id));
joinable!(representatives -> people (person_id));
joinable!(cases -> beneficiaries (beneficiary_id));

table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_problems (id) {
        id -> DbUuid, version -> BigInt, case_id -> DbUuid, cause -> Nullable<DbText>, text -> DbText, noticed_on -> Date,
        state -> DbText, changed_on -> Date, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    case_problem_changes (problem_id, n) {
        problem_id -> DbUuid, n -> Integer, state -> DbText, note -> Nullable<DbText>, changed_on -> Date,
        recorded_at -> DbMoment,
    }
}
joinable!(case_problems -> cases (case_id));
table! { use diesel::sql_types::*; use crate::engine::column::*;
    units (id) {
        id -> DbUuid, organization_id -> DbUuid, head_user_id -> Nullable<DbUuid>, name -> DbText, kind -> DbText, functions -> DbJson,
        annulment_reason -> Nullable<DbText>,
    }
}

table! { use diesel::sql_types::*; use crate::engine::column::*;
    programs (id) {
        id -> DbUuid, version -> BigInt, code -> DbText, name -> DbText, name_en -> Nullable<DbText>,
        description -> Nullable<DbText>, organization_id -> Nullable<DbUuid>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    editions (id) {
        id -> DbUuid, program_id -> DbUuid, number -> Integer, effective_from -> Date, form -> DbJson, created_at -> DbMoment,
    }
}
joinable!(editions -> programs (program_id));

table! { use diesel::sql_types::*; use crate::engine::column::*;
    annexes (id) {
        id -> DbUuid, kind -> DbText, number -> Integer, effective_from -> Date, form -> DbJson, created_at -> DbMoment,
    }
}

table! { use diesel::sql_types::*; use crate::engine::column::*;
    files (id) {
        id -> DbUuid, name -> DbText, purpose -> DbText, media_type -> DbText, size_bytes -> BigInt, sha256 -> DbText,
        uploaded_by -> DbUuid, organization_id -> Nullable<DbUuid>, created_at -> DbMoment, mentorship_id -> Nullable<DbUuid>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    file_chunks (file_id, n) { file_id -> DbUuid, n -> Integer, bytes -> Binary, }
}
joinable!(file_chunks -> files (file_id));

table! { use diesel::sql_types::*; use crate::engine::column::*;
    training_courses (id) {
        id -> DbUuid, version -> BigInt, code -> DbText, name -> DbText, hours -> Integer, valid_months -> Nullable<Integer>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    mentor_applications (id) {
        id -> DbUuid, version -> BigInt, state -> DbText, person_id -> DbUuid, organization_id -> DbUuid,
        ngo_id -> Nullable<DbUuid>, program_id -> DbUuid, statement -> Nullable<DbText>, questionnaire -> Nullable<DbText>,
        documents -> DbJson, submission_note -> Nullable<DbText>, submitted_on -> Nullable<Date>,
        review_opened_on -> Nullable<Date>, decided_on -> Nullable<Date>, rejection_reason -> Nullable<DbText>,
        decision_note -> Nullable<DbText>, order_number -> Nullable<DbText>, order_date -> Nullable<Date>,
        mentor_id -> Nullable<DbUuid>, withdrawn_on -> Nullable<Date>, withdrawal_reason -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment, assessment -> Nullable<DbText>, decide_by -> Nullable<Date>,
        reviewer_user_id -> Nullable<DbUuid>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    mentors (id) {
        id -> DbUuid, version -> BigInt, person_id -> DbUuid, organization_id -> DbUuid, ngo_id -> Nullable<DbUuid>,
        application_id -> DbUuid, approved_on -> Date, capacity -> Integer, backgrounds -> DbJson, documents -> DbJson,
        note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
        documents_valid_until -> Nullable<Date>, documents_edition_id -> Nullable<DbUuid>, qualified_risk_level -> Integer,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    trainings (id) {
        id -> DbUuid, mentor_id -> DbUuid, course_id -> DbUuid, completed_on -> Date, valid_until -> Nullable<Date>,
        certificate_number -> Nullable<DbText>, certificate_file_id -> Nullable<DbUuid>, annulment_reason -> Nullable<DbText>,
        created_at -> DbMoment,
    }
}
joinable!(mentor_applications -> programs (program_id));
joinable!(mentor_applications -> people (person_id));
joinable!(mentors -> people (person_id));
joinable!(mentors -> mentor_applications (application_id));
joinable!(trainings -> mentors (mentor_id));
joinable!(trainings -> training_courses (course_id));

table! { use diesel::sql_types::*; use crate::engine::column::*;
    mentorships (id) {
        id -> DbUuid, version -> BigInt, program_id -> DbUuid, edition_id -> DbUuid, organization_id -> DbUuid,
        beneficiary_id -> DbUuid, mentor_id -> DbUuid, tutor_user_id -> Nullable<DbUuid>, state -> DbText, proposed_on -> Date,
        planned_starts_on -> Date, planned_ends_on -> Nullable<Date>, lapses_after -> Date,
        mentor_accepted_on -> Nullable<Date>, mentor_file_id -> Nullable<DbUuid>,
        recipient_accepted_on -> Nullable<Date>, recipient_file_id -> Nullable<DbUuid>,
        starts_on -> Nullable<Date>, ends_on -> Nullable<Date>, order_number -> Nullable<DbText>, order_date -> Nullable<Date>,
        ended_on -> Nullable<Date>, completion_reason -> Nullable<DbText>, termination_ground -> Nullable<DbText>,
        termination_order_number -> Nullable<DbText>, termination_order_date -> Nullable<Date>, declined_by -> Nullable<DbText>,
        decline_reason -> Nullable<DbText>, ending_file_id -> Nullable<DbUuid>, words -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    consents (id) {
        id -> DbUuid, mentorship_id -> DbUuid, signatory -> DbText, person_id -> DbUuid, representative_id -> Nullable<DbUuid>,
        signed_on -> Date, file_id -> Nullable<DbUuid>, recorded_at -> DbMoment, withdrawn_on -> Nullable<Date>,
        covered_person_ids -> Nullable<DbJson>, primary_contact_id -> Nullable<DbUuid>, annex_id -> Nullable<DbUuid>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    personal_consents (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, purpose -> DbText, organization_ids -> DbJson, parts -> DbJson,
        data -> DbJson, channels -> DbJson, valid_until -> Date, withdrawn_on -> Nullable<Date>, withdrawn_by -> Nullable<DbUuid>,
        withdrawal_file_id -> Nullable<DbUuid>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    consent_signatures (consent_id, signatory) {
        consent_id -> DbUuid, signatory -> DbText, person_id -> DbUuid, representative_id -> Nullable<DbUuid>, signed_on -> Date,
        file_id -> Nullable<DbUuid>, recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    extensions (id) {
        id -> DbUuid, mentorship_id -> DbUuid, from_ends_on -> Date, ends_on -> Date, reason -> Nullable<DbText>,
        file_id -> Nullable<DbUuid>, order_number -> Nullable<DbText>, order_date -> Nullable<Date>, recorded_at -> DbMoment,
        annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    pauses (id) {
        id -> DbUuid, mentorship_id -> DbUuid, paused_on -> Date, reason -> DbText, until -> Nullable<Date>,
        note -> Nullable<DbText>, over_on -> Nullable<Date>, recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    replacements (mentorship_id) {
        mentorship_id -> DbUuid, ground -> DbText, absence_confirmed -> Bool,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    successions (mentorship_id) {
        mentorship_id -> DbUuid, replaces_id -> DbUuid,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    removals (id) {
        id -> DbUuid, mentor_id -> DbUuid, removed_on -> Date, order_number -> DbText, order_date -> Date,
        lifted_on -> Nullable<Date>, lifting_order_number -> Nullable<DbText>, lifting_order_date -> Nullable<Date>,
        recorded_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    removal_grounds (id) {
        id -> DbUuid, version -> BigInt, mentor_id -> DbUuid, state -> DbText, arisen_on -> Date, text -> DbText,
        file_id -> Nullable<DbUuid>, closed_on -> Nullable<Date>, closing_text -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    meetings (id) {
        id -> DbUuid, version -> BigInt, mentorship_id -> DbUuid, state -> DbText, at -> DbMoment, planned_at -> DbMoment,
        method -> DbText, directions -> DbJson, topic -> Nullable<DbText>, topic_set_by -> Nullable<DbText>,
        place -> Nullable<DbText>, online -> Bool, began_at -> Nullable<DbMoment>, minutes -> Nullable<Integer>,
        held_directions -> Nullable<DbJson>, held_topic -> Nullable<DbText>, notes -> Nullable<DbText>,
        homework -> Nullable<DbText>, missed_by -> Nullable<DbText>, cancellation_reason -> Nullable<DbText>,
        note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
        aid_kind -> Nullable<DbText>, risk_flags -> Nullable<DbJson>, specialist_present -> Nullable<Bool>,
        homework_due_on -> Nullable<Date>, request_id -> Nullable<DbUuid>, homework_done -> Nullable<Bool>,
        homework_result -> Nullable<DbText>, homework_told_on -> Nullable<Date>, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    #[sql_name = "contacts"]
    regularities (mentorship_id) { mentorship_id -> DbUuid, last_on -> Nullable<Date>, due_on -> Date, }
}
joinable!(regularities -> mentorships (mentorship_id));
table! { use diesel::sql_types::*; use crate::engine::column::*;
    group_meetings (id) {
        id -> DbUuid, version -> BigInt, state -> DbText, at -> DbMoment, planned_at -> DbMoment, method -> DbText,
        purpose -> DbText, led_by -> Nullable<DbUuid>, directions -> DbJson, topic -> DbText, place -> Nullable<DbText>,
        online -> Bool, game_topic -> Nullable<DbText>, skills -> DbJson, began_at -> Nullable<DbMoment>,
        minutes -> Nullable<Integer>, held_directions -> Nullable<DbJson>, held_topic -> Nullable<DbText>,
        reflection -> Nullable<DbText>, relationship_rating -> Nullable<Integer>, cancellation_reason -> Nullable<DbText>,
        note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment, annulment_reason -> Nullable<DbText>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    participations (group_meeting_id, mentorship_id) {
        group_meeting_id -> DbUuid, mentorship_id -> DbUuid, n -> Integer, attended -> Nullable<Bool>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    meeting_ratings (meeting_id, party) {
        meeting_id -> DbUuid, party -> DbText, score -> Integer, comment -> Nullable<DbText>, rated_on -> Date,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    homework_reports (meeting_id, n) {
        meeting_id -> DbUuid, n -> Integer, party -> Nullable<DbText>, done -> Bool, result -> Nullable<DbText>,
        reported_on -> Date, reported_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    surveys (id) {
        id -> DbUuid, mentorship_id -> DbUuid, meeting_id -> Nullable<DbUuid>, made_by -> DbUuid, visited_on -> Date,
        form -> DbText, annulment_reason -> Nullable<DbText>, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    mentor_reports (id) {
        id -> DbUuid, mentorship_id -> DbUuid, made_by -> DbUuid, period_from -> Date, period_to -> Date, form -> DbText,
        annulment_reason -> Nullable<DbText>, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    requests (id) {
        id -> DbUuid, version -> BigInt, mentorship_id -> DbUuid, party -> DbText, kind -> DbText, text -> Nullable<DbText>,
        on_paper_file_id -> Nullable<DbUuid>, state -> DbText, made_on -> Date, settled_on -> Nullable<Date>,
        meeting_id -> Nullable<DbUuid>, note -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
joinable!(participations -> group_meetings (group_meeting_id));
joinable!(participations -> mentorships (mentorship_id));
joinable!(mentorships -> mentors (mentor_id));
joinable!(consents -> mentorships (mentorship_id));
joinable!(successions -> mentorships (mentorship_id));
joinable!(specialist_answers -> mentorships (mentorship_id));
joinable!(meetings -> mentorships (mentorship_id));
joinable!(mentorships -> beneficiaries (beneficiary_id));

table! { use diesel::sql_types::*; use crate::engine::column::*;
    terms (id) { id -> DbUuid, version -> BigInt, kind -> DbText, effective_from -> Date, days -> Integer, annulment_reason -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    municipalities (id) {
        id -> DbUuid, version -> BigInt, code -> DbText, name -> DbText, name_key -> DbText, latitude_e6 -> Nullable<BigInt>, longitude_e6 -> Nullable<BigInt>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    jobs (id) {
        id -> DbUuid, version -> BigInt, kind -> DbText, subject_kind -> DbText, subject_id -> DbUuid, user_id -> DbUuid,
        request_id -> DbText, state -> DbText, progress_per_mille -> Integer, is_cancelling -> Bool, problem_code -> Nullable<DbText>,
        attempts -> Integer, runner -> Nullable<DbUuid>, lease_until -> Nullable<DbMoment>, ended_at -> Nullable<DbMoment>,
        created_at -> DbMoment, updated_at -> DbMoment, lane -> DbText,
    }
}
joinable!(waits -> beneficiaries (beneficiary_id));
joinable!(waiting -> beneficiaries (beneficiary_id));
joinable!(matching_proposals -> matching_rounds (round_id));
joinable!(joint_activity_mentors -> joint_activities (activity_id));
joinable!(joint_activity_beneficiaries -> joint_activities (activity_id));
joinable!(joint_activity_mentors -> mentors (mentor_id));
joinable!(joint_activity_beneficiaries -> beneficiaries (beneficiary_id));
joinable!(choices -> joint_activities (activity_id));
joinable!(chosen -> choices (choice_id));

allow_tables_to_appear_in_same_query!(
    access_requests,
    register_entries,
    register_merges,
    person_records,
    case_contacts,
    snapshots,
    municipalities,
    mentor_profiles,
    beneficiary_profiles,
    matching_needs,
    waits,
    waiting,
    joint_activities,
    joint_activity_mentors,
    joint_activity_beneficiaries,
    choices,
    chosen,
    vetoes,
    jobs,
    matching_rules,
    matching_rounds,
    matching_proposals,
    matching_left_out,
    matching_adjustments,
    specialist_answers,
    facts,
    organizations,
    users,
    grants,
    sessions,
    refresh_tokens,
    api_keys,
    people,
    name_words,
    match_keys,
    families,
    family_members,
    beneficiaries,
    representatives,
    cases,
    case_problems,
    case_problem_changes,
    case_team_members,
    case_transfers,
    consilia,
    consilium_items,
    consilium_dissents,
    monthly_records,
    case_reviews,
    tasks,
    task_steps,
    task_addressees,
    task_answers,
    decisions,
    council_meetings,
    units,
    programs,
    editions,
    annexes,
    files,
    legal_acts,
    file_chunks,
    training_courses,
    mentor_applications,
    mentors,
    trainings,
    mentorships,
    consents,
    personal_consents,
    consent_signatures,
    extensions,
    pauses,
    replacements,
    successions,
    removals,
    removal_grounds,
    meetings,
    regularities,
    group_meetings,
    participations,
    requests,
    meeting_ratings,
    homework_reports,
    surveys,
    mentor_reports,
);
