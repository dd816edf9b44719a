//! Failures of work in a transaction.
use diesel::result::{DatabaseErrorKind as Kind, Error};
use domain::base::change::Subject;
use domain::base::refusal::{Refused, Rule};

/// The reason for which a transaction failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The thing is missing, or this caller may not see it. The answer does not tell which.
    #[error("not found")]
    NotFound(Option<Subject>),
    /// Somebody else changed the row first.
    #[error("changed by somebody else, now at version {current}")]
    Stale {
        /// The current version of the row.
        current: i64,
    },
    /// A rule refused the order.
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    /// Two transactions crossed. The same work may succeed when it is repeated.
    #[error("crossed with another transaction: {0}")]
    Crossed(String),
    /// Another runner holds the job. The work is rolled back and its runner stops.
    #[error("the lease of the job is lost")]
    LeaseLost,
    /// The data of the read are not remembered, and computing it takes long: it must run off the worker threads.
    #[error("the read must run off the worker threads")]
    Apart,
    /// The queue of writes is full. The client may try again later.
    #[error("the write queue is full")]
    Busy,
    /// The database cannot be reached.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// No answer came to a commit. The work may be done or not.
    #[error("the outcome of a commit is unknown: {0}")]
    OutcomeUnknown(String),
    /// The installation is not as this program needs it: an operator has to act before it can start.
    #[error("{0}")]
    Stops(String),
    /// The region with that code was made with another master key.
    #[error("region '{0}' was made with another master key")]
    OtherKey(String),
    /// A sealed value does not open: it is damaged, moved, or of another key.
    #[error("{0}")]
    Unsealed(String),
    /// A fault of the program.
    #[error("broken: {0}")]
    Broken(String),
}

impl Failure {
    /// A fault of the program, with words for the log.
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, info) = &error else {
            return match error {
                Error::NotFound => Self::NotFound(None),
                Error::BrokenTransactionManager => {
                    Self::Unavailable("connection lost inside a transaction".into())
                }
                other => Self::broken(other),
            };
        };
        let message = info.message();
        match kind {
            Kind::UniqueViolation => taken(&constraint(info.constraint_name(), message)),
            Kind::ForeignKeyViolation => domain::base::text::REFERENCE.refuse().into(),
            Kind::SerializationFailure => Self::Crossed(message.to_owned()),
            Kind::ClosedConnection | Kind::UnableToSendCommand => Self::Unavailable(message.to_owned()),
            _ if is_crossing(message) => Self::Crossed(message.to_owned()),
            _ if is_outage(message) => Self::Unavailable(message.to_owned()),
            _ => Self::broken(error),
        }
    }
}

/// Whether the message is about a crossing. SQLITE_BUSY and PostgreSQL's deadlock have no error kind of their own. A check that has crossed
/// may be kept for the end of an order: PostgreSQL then refuses the next statement.
fn is_crossing(message: &str) -> bool {
    ["database is locked", "deadlock detected", "current transaction is aborted"]
        .iter()
        .any(|it| message.contains(it))
}

/// Whether the message is about an outage: a full disk, a stopping server, a killed session.
fn is_outage(message: &str) -> bool {
    [
        "disk is full",
        "No space left",
        "terminating connection",
        "canceling statement due to",
        "connection closed",
        "the database system is",
        "disk I/O error",
        "unable to open database",
    ]
    .iter()
    .any(|it| message.contains(it))
}

/// The name of the violated constraint. PostgreSQL names the constraint, SQLite only the columns. Unique indexes are
/// named `<table>_<columns>_key`, so `UNIQUE constraint failed: people.snils_key` becomes `people_snils_key_key`.
fn constraint(name: Option<&str>, message: &str) -> String {
    if let Some(name) = name {
        return name.to_owned();
    }
    let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") else { return message.to_owned() };
    if let Some(index) = columns.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let table = columns.split('.').next().unwrap_or_default();
    let names = columns.split(", ").map(|it| it.rsplit('.').next().unwrap_or_default());
    names.fold(table.to_owned(), |all, it| all + "_" + it) + "_key"
}

/// The refusal of the rule behind a unique index. The index catches two requests that both passed the rule at the
/// same time.
fn taken(constraint: &str) -> Failure {
    if let Some((_, rule, member)) = UNIQUE.iter().find(|it| it.0 == constraint) {
        return if member.is_empty() { rule.refuse().into() } else { at(rule, member) };
    }
    let mut of_entries = domain::entries::ALL.iter().flat_map(|it| it.members);
    let found =
        of_entries.find_map(|it| it.unique.filter(|own| own.0 == constraint).map(|own| (it.name, own.1)));
    match found {
        Some((member, rule)) => at(rule, member),
        None => Failure::Crossed(format!("unique: {constraint}")),
    }
}

fn at(rule: &'static Rule, member: &str) -> Failure {
    Refused::from(rule.reason().at(format!("/{member}"))).into()
}

/// The unique indexes with their rules, and the member of the order that a rule is about. It is empty where the rule is about what
/// the address names.
static UNIQUE: &[(&str, &Rule, &str)] = &[
    (
        "event_participants_event_id_person_id_key",
        &domain::partnership::events::participants::ALREADY,
        "person_id",
    ),
    ("community_members_person_id_club_id_key", &domain::partnership::community::members::TWICE, "person_id"),
    (
        "community_members_person_id_volunteer_group_id_key",
        &domain::partnership::community::members::TWICE,
        "person_id",
    ),
    ("task_answers_task_id_organization_id_key", &domain::accompaniment::tasks::ANSWERED, "organization_id"),
    ("decisions_council_id_year_number_key", &domain::partnership::decisions::NUMBER_TAKEN, ""),
    ("users_login_key", &domain::region::users::LOGIN_TAKEN, "login"),
    ("programs_code_key", &domain::region::programs::CODE_TAKEN, "code"),
    ("mentor_applications_person_id_key", &domain::mentors::OPEN_ELSEWHERE, "person_id"),
    ("mentors_person_id_key", &domain::mentors::ALREADY_MENTOR, ""),
    ("mentorships_beneficiary_id_program_id_key", &domain::mentorships::ALREADY_IN_PROGRAM, ""),
    ("removals_mentor_id_key", &domain::mentors::REMOVED, ""),
    ("pauses_mentorship_id_key", &domain::mentorships::PAUSED, ""),
    ("meeting_ratings_meeting_id_party_key", &domain::mentorships::meetings::ALREADY_RATED, "party"),
    ("requests_mentorship_id_party_key", &domain::mentorships::requests::ALREADY_ASKED, "kind"),
    (
        "vetoes_beneficiary_id_mentor_id_made_by_side_key",
        &domain::matching::joint_activities::vetoes::STANDS,
        "made_by",
    ),
    ("family_members_family_id_person_id_key", &domain::people::MEMBER_TWICE, "members"),
    ("beneficiaries_person_id_key", &domain::people::BENEFICIARY_TAKEN, "person_id"),
    ("beneficiaries_family_id_key", &domain::people::BENEFICIARY_TAKEN, "family_id"),
    ("plans_owner_id_kind_key", &domain::accompaniment::plans::ALREADY_OPEN, "kind"),
    ("plan_versions_plan_id_key", &domain::accompaniment::plans::DRAFT_OPEN, ""),
    ("cases_continues_id_key", &domain::accompaniment::cases::grounds::CONTINUED_ALREADY, "continues_id"),
    ("case_reviews_case_id_kind_anchor_on_key", &domain::accompaniment::cases::reviews::COMPLETED, "kind"),
    ("consilium_items_agenda_case_id_key", &domain::accompaniment::consilia::ON_AGENDA, "case_id"),
    (
        "consilia_organization_id_protocol_year_protocol_number_key",
        &domain::accompaniment::consilia::PROTOCOL_TAKEN,
        "protocol_number",
    ),
    ("bed_nights_bed_id_night_key", &domain::help::places::nights::BED_TAKEN, "bed_id"),
    ("bed_nights_beneficiary_id_night_key", &domain::help::places::nights::ELSEWHERE, "bed_id"),
    (
        "place_requests_beneficiary_id_organization_id_key",
        &domain::help::place_requests::ALREADY,
        "beneficiary_id",
    ),
    ("case_transfers_case_id_key", &domain::accompaniment::cases::TRANSFER_PENDING, ""),
    ("referrals_case_id_to_organization_id_key", &domain::help::referrals::ALREADY, "to_organization_id"),
    ("living_enrolments_beneficiary_id_key", &domain::accompaniment::living::enrolments::ALREADY, ""),
    ("cases_beneficiary_id_organization_id_key", &domain::accompaniment::cases::CASE_TAKEN, "beneficiary_id"),
];
