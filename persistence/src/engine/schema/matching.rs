//! The tables of matching.
use diesel::table;

table! { use diesel::sql_types::*; use crate::engine::column::*;
    mentor_profiles (mentor_id) { mentor_id -> DbUuid, version -> BigInt, form -> DbJson, updated_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    beneficiary_profiles (beneficiary_id) { beneficiary_id -> DbUuid, version -> BigInt, form -> DbJson, updated_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_needs (beneficiary_id) { beneficiary_id -> DbUuid, version -> BigInt, form -> DbText, updated_at -> DbMoment, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    waits (program_id, beneficiary_id) { program_id -> DbUuid, beneficiary_id -> DbUuid, since -> Date, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    waiting (program_id, beneficiary_id) { program_id -> DbUuid, beneficiary_id -> DbUuid, organization_id -> DbUuid, since -> Date, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    joint_activities (id) {
        id -> DbUuid, version -> BigInt, program_id -> DbUuid, organization_id -> DbUuid, name -> DbText, held_on -> Date,
        place -> Nullable<DbText>, created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use crate::engine::column::*; joint_activity_mentors (activity_id, mentor_id) { activity_id -> DbUuid, mentor_id -> DbUuid, } }
table! { use crate::engine::column::*;
    joint_activity_beneficiaries (activity_id, beneficiary_id) { activity_id -> DbUuid, beneficiary_id -> DbUuid, }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    choices (id) {
        id -> DbUuid, activity_id -> DbUuid, mentor_id -> Nullable<DbUuid>, beneficiary_id -> Nullable<DbUuid>, made_on -> Date,
        made_by -> DbUuid, on_paper_file_id -> Nullable<DbUuid>, superseded -> Bool, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    chosen (choice_id, mentor_id, beneficiary_id) {
        choice_id -> DbUuid, mentor_id -> DbUuid, beneficiary_id -> DbUuid, rank -> Nullable<Integer>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    vetoes (id) {
        id -> DbUuid, version -> BigInt, beneficiary_id -> DbUuid, mentor_id -> DbUuid, made_by_side -> DbText, reason -> DbText,
        note -> Nullable<DbText>, mentorship_id -> Nullable<DbUuid>, made_on -> Date, lifted_on -> Nullable<Date>,
        lifting_reason -> Nullable<DbText>,
        created_at -> DbMoment, updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_rules (id) {
        id -> DbUuid, program_id -> DbUuid, number -> Integer, effective_from -> Date, form -> DbJson, created_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_rounds (id) {
        id -> DbUuid, version -> BigInt, program_id -> DbUuid, edition_id -> DbUuid, organization_id -> Nullable<DbUuid>,
        territory -> Nullable<DbText>, kind -> DbText, state -> DbText, as_of -> Date, rules_id -> Nullable<DbUuid>, rules -> DbJson,
        previous_id -> Nullable<DbUuid>, job_id -> DbUuid, made_by -> DbUuid, run -> Integer, result -> Nullable<DbJson>,
        kept -> Nullable<DbText>, input_digest -> Nullable<DbText>, computed_at -> Nullable<DbMoment>, starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>, tutor_user_id -> Nullable<DbUuid>, published_at -> Nullable<DbMoment>, created_at -> DbMoment,
        updated_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_proposals (id) {
        id -> DbUuid, round_id -> DbUuid, run -> Integer, beneficiary_id -> DbUuid, mentor_id -> DbUuid, origin -> DbText,
        priority -> Integer, choice -> Integer, fit -> Integer, assessment -> DbText, state -> DbText,
        mentorship_id -> Nullable<DbUuid>, refusals -> Nullable<DbJson>,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_left_out (id) {
        id -> DbUuid, round_id -> DbUuid, beneficiary_id -> DbUuid, priority -> Integer, reason -> DbText, detail -> DbJson,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    matching_adjustments (round_id, beneficiary_id, mentor_id) {
        round_id -> DbUuid, beneficiary_id -> DbUuid, mentor_id -> DbUuid, kind -> DbText, made_by -> DbUuid, made_at -> DbMoment,
    }
}
table! { use diesel::sql_types::*; use crate::engine::column::*;
    specialist_answers (mentorship_id) { mentorship_id -> DbUuid, accepted_on -> Nullable<Date>, made_by -> Nullable<DbUuid>, }
}
