//! Typed identifiers. The id of a mentor cannot be passed where the id of a beneficiary is expected.
use crate::base::change::SubjectKind;
use crate::base::telling::{Shown, Telling};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

/// The traits that every identifier implements, so that storage and routing handle all of them in one way.
pub trait Id: Copy + fmt::Display + From<Uuid> + Into<Uuid> {}
impl Id for Uuid {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $(of $kind:ident)? = $example:literal),* $(,)?) => {
        /// The types of identifiers, each with the kind of thing that it names.
        const KINDS: &[(&str, Option<SubjectKind>)] = &[$((stringify!($name), [$(Some(SubjectKind::$kind),)? None][0])),*];
        $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        // An id tells its type when it is written, so that the name of its row can stand beside it.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_newtype_struct(stringify!($name), &self.0)
            }
        }
        impl Telling for $name {
            const SHOWN: Shown = Shown::Id(stringify!($name));
        }

        impl Id for $name {}
        impl From<Uuid> for $name { fn from(it: Uuid) -> Self { Self(it) } }
        impl From<$name> for Uuid { fn from(it: $name) -> Self { it.0 } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::base::written::id(text).map(Self).ok_or("not an id")
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> { uuid_schema($example) }
        }
        impl utoipa::ToSchema for $name {}
        crate::base::kept::kept! { Uuid: $name => |it| Uuid::from(*it), |it| Ok(it.into()); }
        // Any UUID is valid here. Storage checks that a row with this id exists.
        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), validator::ValidationErrors> { Ok(()) }
        }
    )*};
}

/// The kind of thing that identifiers of this type name.
pub fn kind_of(type_name: &str) -> Option<SubjectKind> {
    KINDS.iter().find(|it| it.0 == type_name).and_then(|it| it.1)
}

/// An id written as an identifier of that type, where the type is data.
#[derive(Debug, Clone, Copy)]
pub struct Typed(pub &'static str, pub Uuid);

impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_newtype_struct(self.0, &self.1)
    }
}

fn uuid_schema(example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .description(Some("Identifier, UUIDv7."))
        .examples([serde_json::json!(example)])
        .into()
}

ids! {
    /// An organization: an authority, an institution, an НКО, a business.
    OrganizationId of Organization = "01980000-0000-7000-8000-000000000001",
    /// A unit (отделение) of an organization.
    UnitId of Unit = "01980000-0000-7000-8000-000000000002",
    /// An account.
    UserId of User = "01980000-0000-7000-8000-000000000003",
    /// A key of an integration.
    ApiKeyId of ApiKey = "01980000-0000-7000-8000-000000000004",
    /// A person in the register.
    PersonId of Person = "01980000-0000-7000-8000-000000000005",
    /// A family in the register.
    FamilyId of Family = "01980000-0000-7000-8000-000000000006",
    /// A recipient of social services: a person or a family.
    BeneficiaryId of Beneficiary = "01980000-0000-7000-8000-000000000007",
    /// The authority of a person to act for a beneficiary.
    RepresentativeId of Representative = "01980000-0000-7000-8000-000000000008",
    /// A case of accompaniment.
    CaseId of Case = "01980000-0000-7000-8000-000000000009",
    /// A mentoring program.
    ProgramId of Program = "01980000-0000-7000-8000-00000000000a",
    /// An edition of a program: the regulation in force when a mentorship begins.
    EditionId of Edition = "01980000-0000-7000-8000-00000000000b",
    /// A stored file.
    FileId of File = "01980000-0000-7000-8000-00000000000c",
    /// A candidate's application to become a mentor.
    ApplicationId of Application = "01980000-0000-7000-8000-00000000000d",
    /// A training course for mentors.
    CourseId of Course = "01980000-0000-7000-8000-00000000000e",
    /// A mentor.
    MentorId of Mentor = "01980000-0000-7000-8000-00000000000f",
    /// A mentor's completion of a training course.
    TrainingId of Training = "01980000-0000-7000-8000-000000000010",
    /// A mentorship of one mentor and one beneficiary in one program.
    MentorshipId of Mentorship = "01980000-0000-7000-8000-000000000011",
    /// A consent of a beneficiary.
    ConsentId of Consent = "01980000-0000-7000-8000-000000000012",
    /// A meeting of a mentorship.
    MeetingId of Meeting = "01980000-0000-7000-8000-000000000013",
    /// An extension of the term of a mentorship.
    ExtensionId = "01980000-0000-7000-8000-000000000017",
    /// A pause of a mentorship.
    PauseId = "01980000-0000-7000-8000-000000000018",
    /// A removal (отстранение) of a mentor.
    RemovalId = "01980000-0000-7000-8000-000000000019",
    /// A ground for the removal of a mentor.
    RemovalGroundId of RemovalGround = "01980000-0000-7000-8000-00000000001a",
    /// An entry of the journal of facts.
    FactId = "01980000-0000-7000-8000-000000000014",
    /// A version of an annex of the regulation.
    AnnexId of Annex = "01980000-0000-7000-8000-000000000020",
    /// A problem of a case.
    CaseProblemId of CaseProblem = "01980000-0000-7000-8000-000000000021",
    /// A login session: all refresh tokens that come from one login.
    SessionId of Session = "01980000-0000-7000-8000-000000000015",
    /// A meeting of a group of mentorships.
    GroupMeetingId of GroupMeeting = "01980000-0000-7000-8000-00000000003a",
    /// A request of a side of a mentorship.
    RequestId of Request = "01980000-0000-7000-8000-000000000022",
    /// A survey of living conditions.
    SurveyId of Survey = "01980000-0000-7000-8000-000000000023",
    /// A report of a mentor.
    MentorReportId of MentorReport = "01980000-0000-7000-8000-000000000024",
    /// A municipality.
    MunicipalityId of Municipality = "01980000-0000-7000-8000-000000000030",
    /// A joint activity of mentors and beneficiaries.
    JointActivityId of JointActivity = "01980000-0000-7000-8000-000000000031",
    /// A choice of a participant after a joint activity.
    ChoiceId of Choice = "01980000-0000-7000-8000-000000000032",
    /// A veto against a pair.
    VetoId of Veto = "01980000-0000-7000-8000-000000000033",
    /// An edition of the rules of matching of a program.
    MatchingRulesId of MatchingRules = "01980000-0000-7000-8000-000000000034",
    /// A round of matching.
    MatchingRoundId of MatchingRound = "01980000-0000-7000-8000-000000000035",
    /// A mentorship that a round proposes.
    MatchingProposalId = "01980000-0000-7000-8000-000000000036",
    /// A request of an institution for the card of a person.
    AccessRequestId of AccessRequest = "01980000-0000-7000-8000-000000000038",
    /// A term that the region sets.
    TermId of Term = "01980000-0000-7000-8000-000000000039",
    /// A period of a beneficiary's life.
    LifePeriodId of LifePeriod = "01980000-0000-7000-8000-00000000003b",
    /// A snapshot of the life situation.
    SnapshotId of Snapshot = "01980000-0000-7000-8000-00000000003c",
    /// A contact of a specialist in a case.
    CaseContactId of CaseContact = "01980000-0000-7000-8000-00000000003d",
    /// A task (поручение).
    TaskId of Task = "01980000-0000-7000-8000-000000000041",
    /// The one to whom a task is given: an account, organization, unit, mentor, person or representative.
    AssigneeId = "01980000-0000-7000-8000-000000000003",
    /// A membership in the team of a case.
    TeamMemberId of TeamMember = "01980000-0000-7000-8000-000000000042",
    /// A transfer of a case to another organization.
    CaseTransferId of CaseTransfer = "01980000-0000-7000-8000-00000000004c",
    /// A consilium.
    ConsiliumId of Consilium = "01980000-0000-7000-8000-00000000004d",
    /// A case on the agenda of a consilium.
    ConsiliumItemId of ConsiliumItem = "01980000-0000-7000-8000-00000000004e",
    /// A thing of a month: a meeting, a contact, a task.
    MonthItemId = "01980000-0000-7000-8000-000000000052",
    /// An edition of the rules of accompaniment.
    AccompanimentRulesId of AccompanimentRules = "01980000-0000-7000-8000-000000000050",
    /// A day that works otherwise than its weekday tells.
    WorkingDayId of WorkingDay = "01980000-0000-7000-8000-000000000051",
    /// A monthly record of a case.
    MonthlyRecordId of MonthlyRecord = "01980000-0000-7000-8000-00000000004f",
    /// A completed review of a case.
    CaseReviewId = "01980000-0000-7000-8000-000000000043",
    /// An edition of a plan form.
    PlanFormId of PlanForm = "01980000-0000-7000-8000-00000000003e",
    /// A plan.
    PlanId of Plan = "01980000-0000-7000-8000-00000000003f",
    /// A version of a plan.
    PlanVersionId of PlanVersion = "01980000-0000-7000-8000-000000000040",
    /// A result of a plan.
    PlanResultId = "01980000-0000-7000-8000-000000000044",
    /// An edition of a scale.
    ScaleId of Scale = "01980000-0000-7000-8000-000000000046",
    /// An assessment of a beneficiary by a scale.
    AssessmentId of Assessment = "01980000-0000-7000-8000-000000000047",
    /// An edition of a programme of independent living.
    LivingProgrammeId of LivingProgramme = "01980000-0000-7000-8000-000000000048",
    /// An enrolment into a programme of independent living.
    LivingEnrolmentId of LivingEnrolment = "01980000-0000-7000-8000-000000000049",
    /// An encounter of a beneficiary with work.
    CareerActivityId of CareerActivity = "01980000-0000-7000-8000-00000000004a",
    /// A need of a person in a case.
    NeedId of Need = "01980000-0000-7000-8000-000000000053",
    /// An edition of a service standard.
    ServiceStandardId of ServiceStandard = "01980000-0000-7000-8000-000000000054",
    /// A delivery of a service in a case.
    ServiceDeliveryId of ServiceDelivery = "01980000-0000-7000-8000-000000000055",
    /// A referral of somebody to another organization.
    ReferralId of Referral = "01980000-0000-7000-8000-000000000056",
    /// A request for help that is to be checked.
    IntakeRequestId of IntakeRequest = "01980000-0000-7000-8000-000000000057",
    /// A service that an organization offers.
    ServiceOfferId of ServiceOffer = "01980000-0000-7000-8000-000000000058",
    /// A stock item of an organization.
    StockItemId of StockItem = "01980000-0000-7000-8000-000000000059",
    /// A movement of stock.
    StockMovementId of StockMovement = "01980000-0000-7000-8000-00000000005a",
    /// Urgent aid.
    EmergencyAidId of EmergencyAid = "01980000-0000-7000-8000-00000000005b",
    /// Help with a personal document.
    DocumentAssistanceId of DocumentAssistance = "01980000-0000-7000-8000-00000000005c",
    /// A facility with places to live.
    FacilityId of Facility = "01980000-0000-7000-8000-000000000061",
    /// A room of a facility.
    RoomId of Room = "01980000-0000-7000-8000-000000000062",
    /// A bed of a room.
    BedId of Bed = "01980000-0000-7000-8000-000000000063",
    /// A block of a bed.
    BedBlockId of BedBlock = "01980000-0000-7000-8000-000000000064",
    /// A stay in a bed.
    StayId of Stay = "01980000-0000-7000-8000-000000000065",
    /// A request for a place.
    PlaceRequestId of PlaceRequest = "01980000-0000-7000-8000-000000000066",
    /// An edition of house rules.
    HouseRulesId of HouseRules = "01980000-0000-7000-8000-000000000067",
    /// A crisis.
    CrisisId of Crisis = "01980000-0000-7000-8000-00000000005d",
    /// An action in a crisis.
    CrisisActionId = "01980000-0000-7000-8000-00000000005e",
    /// A notice about a crisis.
    CrisisNoticeId = "01980000-0000-7000-8000-00000000005f",
    /// A finding about a crisis.
    CrisisFindingId = "01980000-0000-7000-8000-00000000006c",
    /// An emergency contact of the region.
    EmergencyContactId of EmergencyContact = "01980000-0000-7000-8000-000000000060",
    /// An entry of the register.
    RegisterEntryId of RegisterEntry = "01980000-0000-7000-8000-000000000068",
    /// A merge of two entries of the register.
    RegisterMergeId of RegisterMerge = "01980000-0000-7000-8000-000000000069",
    /// A pair of entries of the register that may be one person.
    RegisterCandidateId of RegisterCandidate = "01980000-0000-7000-8000-00000000006a",
    /// A scan of the register for such pairs.
    RegisterScanId of RegisterScan = "01980000-0000-7000-8000-00000000006b",
    /// A search of the register.
    RegisterSearchId of RegisterSearch = "01980000-0000-7000-8000-000000000078",
    /// A club.
    ClubId of Club = "01980000-0000-7000-8000-000000000090",
    /// A membership in a club or in a group of volunteers.
    CommunityMemberId = "01980000-0000-7000-8000-000000000091",
    /// A group of volunteers.
    VolunteerGroupId of VolunteerGroup = "01980000-0000-7000-8000-000000000092",
    /// A practice.
    PracticeId of Practice = "01980000-0000-7000-8000-000000000093",
    /// A replication of a practice.
    ReplicationId of Replication = "01980000-0000-7000-8000-000000000094",
    /// A publication or a material.
    PublicationId of Publication = "01980000-0000-7000-8000-000000000095",
    /// A nomination for an award.
    NominationId of Nomination = "01980000-0000-7000-8000-000000000096",
    /// A success story.
    SuccessStoryId of SuccessStory = "01980000-0000-7000-8000-000000000097",
    /// A training of a specialist.
    SpecialistTrainingId of SpecialistTraining = "01980000-0000-7000-8000-000000000098",
    /// A council.
    CouncilId of Council = "01980000-0000-7000-8000-00000000006d",
    /// A member of a council.
    CouncilMemberId of CouncilMember = "01980000-0000-7000-8000-00000000006e",
    /// A meeting of a council.
    CouncilMeetingId of CouncilMeeting = "01980000-0000-7000-8000-00000000006f",
    /// A decision of a council.
    DecisionId of Decision = "01980000-0000-7000-8000-000000000070",
    /// The thing from which a task follows: a decision, a plan, a project, an idea or a unit.
    TaskSourceId = "01980000-0000-7000-8000-000000000070",
    /// An agreement of organizations and councils.
    AgreementId of Agreement = "01980000-0000-7000-8000-0000000000a0",
    /// A legal act.
    LegalActId of LegalAct = "01980000-0000-7000-8000-0000000000a1",
    /// A funding programme.
    FundingProgramId of FundingProgram = "01980000-0000-7000-8000-0000000000a2",
    /// An appointment of a coordinator.
    CoordinatorAppointmentId of CoordinatorAppointment = "01980000-0000-7000-8000-0000000000a3",
    /// An interaction with a partner.
    PartnerInteractionId of PartnerInteraction = "01980000-0000-7000-8000-0000000000a4",
    /// A package of measures.
    ActionPackageId of ActionPackage = "01980000-0000-7000-8000-0000000000a5",
    /// A measure of a package.
    MeasureId of Measure = "01980000-0000-7000-8000-0000000000a6",
    /// A plan of action.
    ActionPlanId of ActionPlan = "01980000-0000-7000-8000-0000000000a7",
    /// A specialist of an organization.
    SpecialistId of Specialist = "01980000-0000-7000-8000-0000000000a8",
    /// A project of the partnership.
    ProjectId of Project = "01980000-0000-7000-8000-000000000079",
    /// A partner of a project.
    ProjectPartnerId of ProjectPartner = "01980000-0000-7000-8000-00000000007a",
    /// A contribution to a project.
    ProjectContributionId of ProjectContribution = "01980000-0000-7000-8000-00000000007b",
    /// A target of a project.
    ProjectTargetId of ProjectTarget = "01980000-0000-7000-8000-00000000007c",
    /// A result of a target.
    TargetResultId of TargetResult = "01980000-0000-7000-8000-00000000007d",
    /// An event.
    EventId of Event = "01980000-0000-7000-8000-00000000007e",
    /// A version of the attendance of an event.
    EventAttendanceId of EventAttendance = "01980000-0000-7000-8000-00000000007f",
    /// A participant of an event.
    EventParticipantId of EventParticipant = "01980000-0000-7000-8000-000000000080",
    /// Hours of a volunteer.
    VolunteerWorkId of VolunteerWork = "01980000-0000-7000-8000-000000000081",
    /// An idea, or a problem that was found.
    IdeaId of Idea = "01980000-0000-7000-8000-000000000082",
    /// A background job that runs longer than its request.
    JobId of Job = "01980000-0000-7000-8000-000000000037",
}
