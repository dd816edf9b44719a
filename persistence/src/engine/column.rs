//! Column types of both engines. The SQL types are defined here, so that domain types become columns while the domain
//! does not depend on diesel.
use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::sqlite::{Sqlite, SqliteValue};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::*;
use domain::base::word::Word;
use serde::{Serialize, de::DeserializeOwned};
use std::io::Write;
use std::marker::PhantomData;
use uuid::Uuid;

/// `uuid` on PostgreSQL, 16 bytes on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct DbUuid;

/// `timestamptz` on PostgreSQL, microseconds since the epoch on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
pub struct DbMoment;

/// `jsonb` on PostgreSQL, text on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct DbJson;

/// Text: a word of a closed vocabulary, or a value that the domain has validated.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"))]
pub struct DbText;

/// A value that goes into a query. Domain types cannot be diesel expressions, because both are foreign to this crate.
#[derive(Debug, Clone, Copy)]
pub struct Bind<ST, T>(T, PhantomData<ST>);

/// Wraps a value for a query: `column.eq(bind(value))`. It takes values and options of them, owned or borrowed.
pub fn bind<ST, T>(value: T) -> Bind<ST, T> {
    Bind(value, PhantomData)
}
/// Wraps a list of ids for a query: `column.eq_any(binds(&values))`. Each is asked for once: the rows of a page share an institution and a
/// program. The last id is repeated up to a power of two, so that there are few texts of the statement, and each stays prepared.
pub fn binds<I: Id>(values: &[I]) -> Vec<AnyId> {
    let mut all: Vec<AnyId> = values.iter().map(|it| AnyId((*it).into())).collect();
    all.sort_unstable();
    all.dedup();
    if let Some(last) = all.last().copied() {
        all.resize(all.len().next_power_of_two(), last);
    }
    all
}

/// Wraps the values that a filter asks for: `column.eq_any(any(&words))`.
pub fn any<W: Word + PartialEq>(of: &AnyOf<W>) -> Vec<AnyWord> {
    of.values().iter().map(|it| AnyWord(it.code())).collect()
}

/// The words that a filter asks for, to be read one by one; one `None` without a filter. An index has the rows of one word in their
/// order, and those of several words would all be sorted for a page ([`Window::first_of`](super::page::Window::first_of)).
pub fn each<W: Copy + PartialEq>(of: Option<&AnyOf<W>>) -> Vec<Option<W>> {
    of.map_or_else(|| vec![None], |it| it.values().iter().copied().map(Some).collect())
}

/// Wraps a list of words for a query: `column.eq_any(any_of(&kinds))`.
pub fn any_of<W: Word>(of: &[W]) -> Vec<AnyWord> {
    of.iter().map(|it| AnyWord(it.code())).collect()
}

/// A word in such a list.
#[derive(Debug, Clone, Copy, diesel::expression::AsExpression)]
#[diesel(sql_type = DbText)]
pub struct AnyWord(&'static str);
impl ToSql<DbText, Pg> for AnyWord {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<DbText, Sqlite> for AnyWord {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}

/// A text in such a list: `column.eq_any(texts)`.
#[derive(Debug, Clone, diesel::expression::AsExpression)]
#[diesel(sql_type = DbText)]
pub struct AnyText(pub String);
impl ToSql<DbText, Pg> for AnyText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<DbText, Sqlite> for AnyText {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_str());
        Ok(IsNull::No)
    }
}

/// An id in such a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, diesel::expression::AsExpression)]
#[diesel(sql_type = DbUuid)]
pub struct AnyId(Uuid);
impl From<AnyId> for Uuid {
    fn from(it: AnyId) -> Self {
        it.0
    }
}
impl From<Uuid> for AnyId {
    fn from(it: Uuid) -> Self {
        Self(it)
    }
}

impl<ST: SqlType + TypedExpressionType, T> Expression for Bind<ST, T> {
    type SqlType = ST;
}
impl<ST: QueryId, T> QueryId for Bind<ST, T> {
    type QueryId = Bind<ST::QueryId, ()>;
    const HAS_STATIC_QUERY_ID: bool = ST::HAS_STATIC_QUERY_ID;
}
impl<ST, T, DB> QueryFragment<DB> for Bind<ST, T>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> diesel::QueryResult<()> {
        pass.push_bind_param(&self.0)
    }
}
impl<ST, T, QS: ?Sized> AppearsOnTable<QS> for Bind<ST, T> where Self: Expression {}
impl<ST, T, QS: ?Sized> SelectableExpression<QS> for Bind<ST, T> where Self: AppearsOnTable<QS> {}
impl<ST, T, GB> ValidGrouping<GB> for Bind<ST, T> {
    type IsAggregate = is_aggregate::Never;
}

/// Makes a type readable from a column. The caller gives the conversion of the bytes.
macro_rules! readable {
    ($sql:ty: $($type:ty),+ $(,)?) => {$(
        impl<DB: Backend> Queryable<$sql, DB> for $type where $type: FromSql<$sql, DB> {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> { Ok(row) }
        }
    )+};
}

macro_rules! uuid_columns {
    ($($type:ty),+ $(,)?) => {
        $(impl ToSql<DbUuid, Pg> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(Uuid::from(*self).as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<DbUuid, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(Uuid::from(*self).as_bytes().to_vec());
                Ok(IsNull::No)
            }
        }
        impl FromSql<DbUuid, Pg> for $type {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Uuid::from_slice(value.as_bytes())?.into())
            }
        }
        impl FromSql<DbUuid, Sqlite> for $type {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Uuid::from_slice(value.read_blob())?.into())
            }
        })+
    };
}

macro_rules! text_columns {
    ($($type:ty: $write:expr, $read:expr;)+) => {
        $(impl ToSql<DbText, Pg> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let write: fn(&$type) -> &str = $write;
                out.write_all(write(self).as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<DbText, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let write: fn(&$type) -> &str = $write;
                out.set_value(write(self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<DbText, Pg> for $type {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let read: fn(&str) -> deserialize::Result<$type> = $read;
                read(std::str::from_utf8(value.as_bytes())?)
            }
        }
        impl FromSql<DbText, Sqlite> for $type {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                let read: fn(&str) -> deserialize::Result<$type> = $read;
                read(value.read_text())
            }
        })+
    };
}

macro_rules! ids { ($($type:ty),+ $(,)?) => {
    readable! { DbUuid: $($type),+ }
    uuid_columns! { $($type),+ }
}; }

macro_rules! judged_columns { ($($type:ty),+ $(,)?) => {
    readable! { DbText: $($type),+ }
    text_columns! { $($type: |it| it.as_str(), |it| Ok(it.to_owned().into());)+ }
}; }

macro_rules! word_columns { ($($type:ty),+ $(,)?) => {
    readable! { DbText: $($type),+ }
    text_columns! { $($type: |it| it.code(), read_word;)+ }
}; }

fn read_word<W: Word>(code: &str) -> deserialize::Result<W> {
    W::parse(code).ok_or_else(|| format!("'{code}' is no word of {}", W::CATALOGUE).into())
}

uuid_columns! { Uuid }
ids! {
    AnyId, AgreementId, LegalActId, FundingProgramId, ActionPackageId, MeasureId, SpecialistId, ServiceOfferId, RegisterEntryId, RegisterMergeId, RegisterCandidateId, RegisterScanId, RegisterSearchId, FacilityId, RoomId, BedId, BedBlockId, StayId, PlaceRequestId, HouseRulesId, CrisisId, CrisisActionId, CrisisNoticeId, CrisisFindingId, OrganizationId, UnitId, UserId, ApiKeyId, PersonId, FamilyId, BeneficiaryId, RepresentativeId,
    CaseId, ProgramId, EditionId, FileId, ApplicationId, CourseId, MentorId, TrainingId, MentorshipId,
    ConsentId, MeetingId, ExtensionId, PauseId, RemovalId, RemovalGroundId, FactId, SessionId,
    GroupMeetingId, RequestId, AnnexId, CaseProblemId, CaseReviewId, CaseContactId, TaskId, TeamMemberId, CaseTransferId, ConsiliumId, ConsiliumItemId, AssigneeId, SurveyId, MentorReportId,
    PlanFormId, PlanId, PlanVersionId, PlanResultId, MunicipalityId, JointActivityId, ChoiceId, VetoId, MatchingRulesId, MatchingRoundId, MatchingProposalId, JobId, AccessRequestId,
    ProjectId, ProjectPartnerId, ProjectTargetId, TargetResultId, EventId, EventAttendanceId, EventParticipantId,
    ClubId, CommunityMemberId, VolunteerGroupId, NominationId, SuccessStoryId,
    StockItemId, StockMovementId, EmergencyAidId, DocumentAssistanceId,
    CouncilId, CouncilMemberId, CouncilMeetingId, DecisionId, TaskSourceId,
    ReferralId, IntakeRequestId, NeedId, ServiceStandardId, ServiceDeliveryId, MonthlyRecordId, ScaleId, AssessmentId, LivingProgrammeId, LivingEnrolmentId, MonthItemId,
}
judged_columns! {
    Name, Title, Note, Code, OrderNumber, Login, Snils, Inn, Ogrn, Oktmo, Phone, Email, DocumentSeries, DocumentNumber, Link, Money,
}
text_columns! { String: |it| it.as_str(), |it| Ok(it.to_owned()); }
word_columns! {
    domain::base::change::SubjectKind,
    domain::base::access::Role,
    domain::region::organizations::OrganizationKind,
    domain::region::organizations::LegalForm, domain::region::organizations::UnitKind,
    domain::help::service_standards::ServiceKind,
    domain::partnership::agreements::AgreementSphere,
    domain::partnership::words::PartnershipLevel,
    domain::partnership::community::clubs::ClubKind,
    domain::partnership::words::Audience,
    domain::partnership::projects::ProjectState,
    domain::partnership::projects::contributions::ContributionKind,
    domain::partnership::events::EventState,
    domain::partnership::events::participants::ParticipantState,
    domain::partnership::events::participants::ParticipantRole,
    domain::partnership::events::volunteer_work::VolunteerWorkState,
    domain::region::files::FilePurpose,
    domain::region::files::MediaType,
    domain::mentors::ApplicationState, domain::mentors::RejectionReason,
    domain::mentorships::MentorshipState,
    domain::mentorships::CompletionReason,
    domain::mentorships::TerminationGround,
    domain::mentorships::ReplacementGround,
    domain::mentorships::PauseReason,
    domain::mentors::RemovalGroundState,
    domain::mentorships::Party, domain::mentorships::AnsweringParty,
    domain::mentorships::DeclineReason,
    domain::people::consents::Signatory,
    domain::people::consents::ConsentPurpose,
    domain::mentorships::meetings::MeetingState,
    domain::mentorships::meetings::MeetingMethod,
    domain::mentorships::meetings::AidKind,
    domain::mentorships::meetings::TopicSetBy,
    domain::mentorships::meetings::MissedBy,
    domain::mentorships::requests::RequestKind,
    domain::mentorships::requests::RequestState,
    domain::mentorships::group_meetings::GroupMeetingState,
    domain::mentorships::group_meetings::GroupPurpose,
    domain::mentorships::group_meetings::GameTopic,
    domain::matching::joint_activities::vetoes::VetoSide,
    domain::matching::joint_activities::vetoes::VetoReason,
    domain::mentorships::meetings::CancellationReason,
    domain::matching::RoundKind,
    domain::matching::RoundState,
    domain::matching::AdjustmentKind,
    domain::matching::ProposalOrigin,
    domain::matching::ProposalState,
    domain::matching::LeftOutReason,
    domain::region::annexes::AnnexKind,
    domain::accompaniment::case_problems::CaseProblemState,
    domain::accompaniment::consilia::ConsiliumKind,
    domain::accompaniment::consilia::SittingForm,
    domain::accompaniment::consilia::ConsiliumState,
    domain::accompaniment::consilia::ItemState,
    domain::accompaniment::transfers::TransferReason,
    domain::accompaniment::transfers::TransferState,
    domain::accompaniment::transfers::AnswerReason,
    domain::help::needs::NeedState, domain::help::needs::UnmetReason,
    domain::help::service_standards::StandardState, domain::help::needs::NeedUrgency,
    domain::help::places::FacilityKind, domain::help::places::rooms::SexRule,
    domain::help::places::rooms::AgeRule, domain::help::places::blocks::BlockReason,
    domain::help::stays::StayState, domain::help::stays::StayPurpose,
    domain::help::stays::DepartureReason, domain::help::place_requests::PlaceRequestState,
    domain::help::referrals::AgeGroup, domain::help::referrals::ReferralState,
    domain::help::intake_requests::IntakeState, domain::help::intake_requests::IntakeSource,
    domain::accompaniment::plan_forms::PlanKind,
    domain::accompaniment::plans::PlanEndReason,
    domain::accompaniment::plans::PlanVersionState,
    domain::accompaniment::plans::PlanProgress,
    domain::accompaniment::team::TeamRole,
    domain::accompaniment::team::GrantLevel,
    domain::accompaniment::team::TeamEndReason,
    domain::accompaniment::tasks::TaskKind,
    domain::accompaniment::tasks::TaskState,
    domain::accompaniment::tasks::AssigneeKind,
    domain::accompaniment::tasks::TaskPriority,
    domain::accompaniment::tasks::TaskCancellationReason,
    domain::accompaniment::tasks::TaskStep,
    domain::partnership::council_meetings::CouncilMeetingState,
    domain::partnership::decisions::DecisionState,
    domain::accompaniment::tasks::ReportPeriod,
    domain::accompaniment::tasks::TaskAnswerKind,
    domain::help::stock::UrgentAidKind,
    domain::help::stock::StockDirection,
    domain::help::stock::StockReason,
    domain::help::emergency_aids::EmergencyAidState,
    domain::help::documents::PersonalDocument,
    domain::help::documents::DocumentState,
    domain::partnership::community::members::CommunityRole,
    domain::partnership::community::nominations::NominationState,
    domain::partnership::community::success_stories::StoryState,
    domain::people::HardshipCause,
    domain::people::Sex,
    domain::people::FamilyRole,
    domain::people::BeneficiaryKind,
    domain::people::BeneficiaryCategory,
    domain::people::Origin,
    domain::people::RepresentativeBasis,
    domain::accompaniment::cases::CaseState,
    domain::accompaniment::cases::CaseClosingReason,
    domain::accompaniment::cases::grounds::CaseKind,
    domain::accompaniment::cases::grounds::CaseStage,
    domain::accompaniment::cases::reviews::ReviewKind,
    domain::accompaniment::cases::reviews::ReviewOutcome,
    domain::accompaniment::cases::reviews::ContinuationGround,
    domain::accompaniment::snapshots::InTouch,
    domain::accompaniment::scales::ScaleKind,
    domain::accompaniment::scales::Rater,
    domain::accompaniment::assessments::AssessmentPoint,
    domain::accompaniment::living::enrolments::EnrolmentEndReason,
    domain::people::access_requests::AccessRequestState,
    domain::people::register::RegisterState,
    domain::people::register::RegisterRemovalReason,
    domain::people::register::candidates::RegisterCandidateState,
    domain::people::register::scans::RegisterScanState,
    domain::people::register::searches::RegisterSearchPurpose,
    domain::help::crises::CrisisPlace, domain::help::crises::CrisisKind,
    domain::help::crises::CrisisConcern, domain::help::crises::CrisisSeverity,
    domain::help::crises::CrisisState, domain::help::crises::EmergencyAction,
    domain::help::crises::UrgentMeasure, domain::help::crises::NoticeAddressee,
    domain::help::crises::NoticeWay, domain::help::crises::CrisisOutcome,
    domain::help::crises::contacts::EmergencyContactKind,
    domain::region::jobs::JobKind,
    domain::region::jobs::JobLane, domain::region::jobs::JobState, domain::region::terms::TermKind,
}

const PG_EPOCH_MICROS: i64 = 946_684_800_000_000; // 2000-01-01

fn moment(micros: i64) -> deserialize::Result<Moment> {
    Moment::from_micros(micros).ok_or_else(|| "an instant beyond the calendar".into())
}
readable! { DbMoment: Moment }
impl ToSql<DbMoment, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.micros() - PG_EPOCH_MICROS).to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<DbMoment, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl FromSql<DbMoment, Pg> for Moment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        moment(i64::from_be_bytes(value.as_bytes().try_into()?) + PG_EPOCH_MICROS)
    }
}
impl FromSql<DbMoment, Sqlite> for Moment {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        moment(value.read_long())
    }
}

/// The instant of the machine's clock. Nothing else in the program reads that clock; other code asks its transaction.
#[expect(clippy::disallowed_methods, reason = "the one clock that the others are made from")]
pub fn machine_clock() -> Moment {
    DateTime::<Utc>::from(std::time::SystemTime::now()).into()
}

/// A value stored as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T, DB: Backend> Queryable<DbJson, DB> for Json<T>
where
    Json<T>: FromSql<DbJson, DB>,
{
    type Row = Self;
    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<DbJson, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?; // the version byte of jsonb's wire format
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<DbJson, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned> FromSql<DbJson, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [1, text @ ..] => Ok(Json(serde_json::from_slice(text)?)),
            _ => Err("unknown version of jsonb".into()),
        }
    }
}
impl<T: DeserializeOwned> FromSql<DbJson, Sqlite> for Json<T> {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Json(serde_json::from_str(value.read_text())?))
    }
}

/// JSON as its text. Entries read and write it without a value between.
impl ToSql<DbJson, Pg> for String {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?; // the version byte of jsonb's wire format
        out.write_all(self.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<DbJson, Sqlite> for String {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_str());
        Ok(IsNull::No)
    }
}
impl FromSql<DbJson, Pg> for String {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [1, text @ ..] => Ok(std::str::from_utf8(text)?.to_owned()),
            _ => Err("unknown version of jsonb".into()),
        }
    }
}
impl FromSql<DbJson, Sqlite> for String {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(value.read_text().to_owned())
    }
}

impl<T: utoipa::PartialSchema> utoipa::PartialSchema for Json<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        T::schema()
    }
}
impl<T: utoipa::ToSchema> utoipa::ToSchema for Json<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }
    fn schemas(all: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        T::schemas(all);
    }
}
