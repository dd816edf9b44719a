//! The watch over a world's tables on SQLite. Triggers note each changed row beside what must explain it, and a world ends with the
//! question whether a fact of the same transaction does.
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// The tables with the facts that explain a change of a row: the kind of the subject, and the column with its id. One is enough.
const EXPLAINED: &[(&str, &[(&str, &str)])] = &[
    ("access_requests", &[("access_request", "id")]),
    ("register_entries", &[("register_entry", "id")]),
    ("register_merges", &[("register_merge", "id")]),
    ("register_candidates", &[("register_candidate", "id")]),
    ("register_scans", &[("register_scan", "id")]),
    ("register_searches", &[("register_search", "id")]),
    ("annexes", &[("annex", "id")]),
    ("api_keys", &[("api_key", "id")]),
    ("beneficiaries", &[("beneficiary", "id")]),
    ("beneficiary_profiles", &[("beneficiary", "beneficiary_id")]),
    ("case_problem_changes", &[("case_problem", "problem_id")]),
    ("case_problems", &[("case_problem", "id")]),
    ("case_reviews", &[("case", "case_id")]),
    ("cases", &[("case", "id")]),
    ("choices", &[("choice", "id")]),
    ("chosen", &[("choice", "choice_id")]),
    ("consents", &[("mentorship", "mentorship_id")]),
    ("personal_consents", &[("consent", "id")]),
    ("consent_signatures", &[("consent", "consent_id")]),
    ("editions", &[("edition", "id")]),
    ("extensions", &[("mentorship", "mentorship_id")]),
    ("families", &[("family", "id")]),
    ("family_members", &[("family", "family_id")]),
    ("file_chunks", &[("file", "file_id")]),
    ("files", &[("file", "id")]),
    ("grants", &[("user", "user_id")]),
    ("group_meetings", &[("group_meeting", "id")]),
    ("homework_reports", &[("meeting", "meeting_id")]),
    ("jobs", &[("job", "id")]),
    ("joint_activities", &[("joint_activity", "id")]),
    ("joint_activity_beneficiaries", &[("joint_activity", "activity_id")]),
    ("joint_activity_mentors", &[("joint_activity", "activity_id")]),
    ("matching_adjustments", &[("matching_round", "round_id")]),
    ("matching_left_out", &[("matching_round", "round_id")]),
    ("matching_needs", &[("beneficiary", "beneficiary_id")]),
    ("matching_proposals", &[("matching_round", "round_id"), ("mentorship", "mentorship_id")]),
    ("matching_rounds", &[("matching_round", "id")]),
    ("matching_rules", &[("matching_rules", "id")]),
    ("meeting_ratings", &[("meeting", "meeting_id")]),
    ("meetings", &[("meeting", "id")]),
    ("mentor_applications", &[("mentor_application", "id")]),
    ("mentor_profiles", &[("mentor", "mentor_id")]),
    ("mentor_reports", &[("mentor_report", "id")]),
    ("mentors", &[("mentor", "id")]),
    ("mentorships", &[("mentorship", "id")]),
    ("municipalities", &[("municipality", "id")]),
    ("one_time_passwords", &[("user", "user_id")]),
    ("organizations", &[("organization", "id")]),
    ("participations", &[("group_meeting", "group_meeting_id")]),
    ("pauses", &[("mentorship", "mentorship_id")]),
    ("people", &[("person", "id")]),
    ("programs", &[("program", "id")]),
    ("removal_grounds", &[("removal_ground", "id")]),
    ("removals", &[("mentor", "mentor_id")]),
    ("replacements", &[("mentorship", "mentorship_id")]),
    ("representatives", &[("representative", "id")]),
    ("requests", &[("mentorship_request", "id")]),
    ("sessions", &[("session", "id"), ("user", "user_id")]),
    ("specialist_answers", &[("mentorship", "mentorship_id")]),
    ("successions", &[("mentorship", "mentorship_id")]),
    ("surveys", &[("survey", "id")]),
    ("assessments", &[("assessment", "id")]),
    ("career_activities", &[("career_activity", "id")]),
    ("life_periods", &[("life_period", "id")]),
    ("living_enrolments", &[("living_enrolment", "id")]),
    ("living_programmes", &[("living_programme", "id")]),
    ("scales", &[("scale", "id")]),
    ("snapshots", &[("snapshot", "id")]),
    ("stock_items", &[("stock_item", "id")]),
    ("projects", &[("project", "id")]),
    ("project_partners", &[("project_partner", "id")]),
    ("project_contributions", &[("project_contribution", "id")]),
    ("project_targets", &[("project_target", "id")]),
    ("target_results", &[("target_result", "id")]),
    ("events", &[("event", "id")]),
    ("event_audiences", &[("event", "event_id")]),
    ("event_organizers", &[("event", "event_id")]),
    ("event_attendances", &[("event_attendance", "id")]),
    ("event_participants", &[("event_participant", "id")]),
    ("volunteer_work", &[("volunteer_work", "id")]),
    ("ideas", &[("idea", "id")]),
    ("stock_movements", &[("stock_movement", "id")]),
    ("emergency_aids", &[("emergency_aid", "id")]),
    ("document_assistance", &[("document_assistance", "id")]),
    ("case_contacts", &[("case_contact", "id")]),
    ("training_courses", &[("training_course", "id")]),
    ("needs", &[("need", "id")]),
    ("service_standards", &[("service_standard", "id")]),
    ("service_deliveries", &[("service_delivery", "id")]),
    ("delivery_contributions", &[("service_delivery", "delivery_id")]),
    ("case_team_members", &[("case_team_member", "id")]),
    ("case_contributions", &[("case_contact", "contact_id")]),
    ("case_transfers", &[("case_transfer", "id")]),
    ("facilities", &[("facility", "id")]),
    ("house_rules", &[("house_rules", "id")]),
    ("rooms", &[("room", "id")]),
    ("beds", &[("bed", "id")]),
    ("bed_blocks", &[("bed_block", "id")]),
    ("stays", &[("stay", "id")]),
    ("clubs", &[("club", "id")]),
    ("volunteer_groups", &[("volunteer_group", "id")]),
    ("community_members", &[("club_member", "id"), ("volunteer_group_member", "id")]),
    ("practices", &[("practice", "id")]),
    ("replications", &[("replication", "id")]),
    ("publications", &[("publication", "id")]),
    ("nominations", &[("nomination", "id")]),
    ("success_stories", &[("success_story", "id")]),
    ("specialist_trainings", &[("specialist_training", "id")]),
    ("place_requests", &[("place_request", "id")]),
    ("service_offers", &[("service_offer", "id")]),
    ("intake_requests", &[("intake_request", "id")]),
    ("referrals", &[("referral", "id")]),
    ("consilia", &[("consilium", "id")]),
    ("consilium_items", &[("consilium_item", "id"), ("consilium", "consilium_id")]),
    ("monthly_records", &[("monthly_record", "id")]),
    ("consilium_dissents", &[("consilium_item", "item_id")]),
    ("plan_forms", &[("plan_form", "id")]),
    ("plans", &[("plan", "id")]),
    ("plan_versions", &[("plan_version", "id")]),
    ("plan_results", &[("plan_version", "version_id")]),
    ("task_steps", &[("task", "task_id")]),
    ("task_addressees", &[("task", "task_id")]),
    ("task_answers", &[("task", "task_id")]),
    ("councils", &[("council", "id")]),
    ("council_members", &[("council_member", "id")]),
    ("council_meetings", &[("council_meeting", "id")]),
    ("council_meeting_files", &[("council_meeting", "meeting_id")]),
    ("decisions", &[("decision", "id")]),
    ("tasks", &[("task", "id")]),
    ("crises", &[("crisis", "id")]),
    ("crisis_organizations", &[("crisis", "crisis_id")]),
    ("crisis_concerned", &[("crisis", "crisis_id")]),
    ("crisis_calls", &[("crisis", "crisis_id")]),
    ("crisis_actions", &[("crisis", "crisis_id")]),
    ("crisis_notices", &[("crisis", "crisis_id")]),
    ("crisis_courses", &[("crisis", "crisis_id")]),
    ("crisis_findings", &[("crisis", "crisis_id")]),
    ("emergency_contacts", &[("emergency_contact", "id")]),
    ("terms", &[("term", "id")]),
    ("accompaniment_rules", &[("accompaniment_rules", "id")]),
    ("working_days", &[("working_day", "id")]),
    ("trainings", &[("training", "id")]),
    ("units", &[("unit", "id")]),
    ("specialists", &[("specialist", "id")]),
    ("agreements", &[("agreement", "id")]),
    ("action_packages", &[("action_package", "id")]),
    ("measures", &[("measure", "id")]),
    ("action_plans", &[("action_plan", "id")]),
    ("agreement_parties", &[("agreement", "agreement_id")]),
    ("agreement_files", &[("agreement", "agreement_id")]),
    ("legal_acts", &[("legal_act", "id")]),
    ("funding_programs", &[("funding_program", "id")]),
    ("coordinator_appointments", &[("coordinator_appointment", "id")]),
    ("partner_interactions", &[("partner_interaction", "id")]),
    ("users", &[("user", "id")]),
    ("vetoes", &[("veto", "id")]),
    ("waits", &[("beneficiary", "beneficiary_id")]),
];

/// The tables whose rows change without a fact, each with the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("schema_migrations", "the operator's steps of the schema"),
    ("region", "made with the region"),
    ("journal", "counts the facts themselves"),
    ("facts", "the facts themselves"),
    ("read_batches", "a journal of its own"),
    ("read_pages", "the same journal, sorted"),
    ("read_runs", "the same journal, sorted"),
    ("idempotency_keys", "answers kept for a repetition, forgotten after two days"),
    ("refresh_tokens", "follow each other inside a session, which has its facts"),
    ("name_words", "an index of names, made from rows that have facts"),
    ("match_keys", "keys by which people are compared, made from rows that have facts"),
    ("contacts", "counted from meetings and pauses, which have facts"),
    ("crisis_territories", "follow the territory of the beneficiary, which has facts"),
    ("bed_nights", "follow from stays, offers and blocks, which have facts"),
    ("bed_turns", "follow from nights that become free, which have facts"),
    ("room_nights", "counted from the nights of beds"),
    ("person_records", "follow from merges of the register, which have facts"),
    ("waiting", "counted from waits, mentorships, deaths and the register, which have facts"),
];

/// Columns that change without a fact, each with the reason.
const EXEMPT_COLUMNS: &[(&str, &str, &str)] = &[
    ("api_keys", "last_used_on", "noted once a day, by a read"),
    ("cases", "born_on", "follows the birth date of the person, whose edit has a fact"),
    ("crises", "next_call_at", "tells the clock when to look; the calls that it writes have facts"),
    ("intake_requests", "next_call_at", "tells the clock when to look; the levels that it calls have facts"),
    ("jobs", "version", "moves with the lease"),
    ("jobs", "state", "a job is taken up and given back; its end has a fact"),
    ("jobs", "progress_per_mille", "a sign of life"),
    ("jobs", "attempts", "counts the take-ups"),
    ("jobs", "runner", "the lease"),
    ("jobs", "lease_until", "the lease"),
    ("jobs", "updated_at", "moves with the lease"),
];

/// The notes of changes, and the facts that explain each kind of change. Each connection reads all triggers when it opens, so that they
/// say as little as they can.
const NOTES: &str = "CREATE TABLE watched (n INTEGER PRIMARY KEY, what TEXT, id, other_id, place INTEGER); \
    CREATE TABLE watched_for (what TEXT NOT NULL PRIMARY KEY, kind TEXT, other_kind TEXT); \
    CREATE TRIGGER watch_place AFTER INSERT ON watched BEGIN \
    UPDATE watched SET place = (SELECT last_seq FROM journal) WHERE n = NEW.n; END";

/// Puts the triggers into a region's file. A table that is told neither above nor below fails here.
pub fn install(file: &Path) {
    let conn = Connection::open(file).expect("a region's file");
    let tables =
        lines(&conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    conn.execute_batch(NOTES).expect("tables of notes");
    for table in tables.iter().filter(|it| EXEMPT.iter().all(|(exempt, _)| exempt != it)) {
        let explained = EXPLAINED.iter().find(|(it, _)| it == table);
        let (_, by) =
            explained.unwrap_or_else(|| panic!("say in watch.rs which fact explains a change of {table}"));
        conn.execute_batch(&triggers(&conn, table, by)).expect("triggers");
    }
    settle(&conn);
}

/// Forgets the changes that were noted so far.
pub fn forget(file: &Path) {
    let conn = Connection::open(file).expect("a region's file");
    conn.execute_batch("DELETE FROM watched").expect("no notes");
    settle(&conn);
}

/// Takes the watch away from a region.
pub fn take_away(conn: &Connection) {
    let triggers = lines(conn, "SELECT name FROM sqlite_master WHERE type = 'trigger'");
    let drop: String = triggers.iter().map(|it| format!("DROP TRIGGER {it};")).collect();
    let tables = "DROP TABLE IF EXISTS watched; DROP TABLE IF EXISTS watched_for";
    conn.execute_batch(&format!("BEGIN IMMEDIATE; {drop} {tables}; COMMIT")).expect("no watch");
}

/// Puts all into the file, which is copied without its log.
fn settle(conn: &Connection) {
    let busy: i64 =
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).expect("a checkpoint");
    assert_eq!(busy, 0, "the file lacks what others keep in its log");
}

fn triggers(conn: &Connection, table: &str, by: &[(&str, &str)]) -> String {
    let columns = lines(conn, &format!("SELECT name FROM pragma_table_info('{table}')"));
    let is_exempt = |column: &str| EXEMPT_COLUMNS.iter().any(|it| it.0 == table && it.1 == column);
    let watched = columns.iter().filter(|it| !is_exempt(it));
    let changed: Vec<String> = watched.map(|it| format!("OLD.{it} IS NOT NEW.{it}")).collect();
    let (kind, id) = by[0];
    let other = by.get(1).map_or("NULL".to_owned(), |(kind, _)| format!("'{kind}'"));
    let told = |what: &str| format!("('{what} {table}', '{kind}', {other})");
    let note = |what: &str, row: &str| match by.get(1) {
        None => format!("BEGIN INSERT INTO watched (what, id) VALUES ('{what} {table}', {row}.{id}); END;"),
        Some((_, other)) => format!(
            "BEGIN INSERT INTO watched (what, id, other_id) VALUES ('{what} {table}', {row}.{id}, {row}.{other}); END;"
        ),
    };
    [
        format!(
            "INSERT INTO watched_for VALUES {}, {}, {};",
            told("insert into"),
            told("delete from"),
            told("update")
        ),
        format!("CREATE TRIGGER watch_{table}_in AFTER INSERT ON {table} {}", note("insert into", "NEW")),
        format!("CREATE TRIGGER watch_{table}_out AFTER DELETE ON {table} {}", note("delete from", "OLD")),
        format!(
            "CREATE TRIGGER watch_{table}_set AFTER UPDATE ON {table} WHEN {} {}",
            changed.join(" OR "),
            note("update", "NEW")
        ),
    ]
    .join("\n")
}

/// The changes that no fact of their transaction explains. None if the file is not watched.
pub fn unexplained(file: &Path) -> Vec<String> {
    let Ok(conn) = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
        return Vec::new();
    };
    let is_watched = conn.query_row("SELECT count(*) FROM watched", [], |row| row.get::<_, i64>(0));
    if is_watched.is_err() {
        return Vec::new();
    }
    // The facts of a transaction come last in it and have the next places.
    lines(
        &conn,
        "SELECT DISTINCT w.what || ', ' || t.kind || ', after place ' || w.place || ', before ' || \
            coalesce((SELECT f.kind FROM facts f WHERE f.seq = w.place + 1), 'nothing') \
         FROM watched w CROSS JOIN watched_for t ON t.what = w.what \
         WHERE NOT EXISTS (SELECT 1 FROM facts f JOIN facts first ON first.seq = w.place + 1 \
            WHERE f.seq > w.place AND f.request_id = first.request_id AND f.at = first.at \
            AND ((f.subject_kind = t.kind AND f.subject_id = w.id) OR (f.subject_kind = t.other_kind AND f.subject_id = w.other_id)))",
    )
}

/// The number of changes noted so far.
pub fn noted(file: &Path) -> usize {
    let conn = Connection::open(file).expect("a region's file");
    lines(&conn, "SELECT what FROM watched").len()
}

fn lines(conn: &Connection, sql: &str) -> Vec<String> {
    let mut query = conn.prepare(sql).unwrap_or_else(|it| panic!("{sql}: {it}"));
    query.query_map([], |row| row.get(0)).expect("rows").map(|it| it.expect("a text")).collect()
}
