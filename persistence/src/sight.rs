//! What a caller can see: asked before answering 403 instead of 404, and before an order may refer to something.
use crate::annexes;
use crate::case_problems;
use crate::cases;
use crate::documents;
use crate::failure::Failure;
use crate::group_meetings;
use crate::jobs;
use crate::joint_activities;
use crate::matching;
use crate::meetings;
use crate::mentors::{self, applications, courses, removals, trainings};
use crate::mentorships;
use crate::municipalities;
use crate::organizations;
use crate::people;
use crate::programs;
use crate::reports;
use crate::requests;
use crate::surveys;
use crate::tx::Tx;
use crate::users;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId, OrganizationId};
use domain::base::refusal::Refused;
use uuid::Uuid;

/// The right by which a kind of thing is read.
pub fn right_to_see(kind: SubjectKind) -> Option<Right> {
    match kind {
        SubjectKind::Organization | SubjectKind::Unit | SubjectKind::Municipality => {
            Some(Right::ReadOrganizations)
        }
        SubjectKind::User | SubjectKind::ApiKey => Some(Right::ReadUsers),
        SubjectKind::Person | SubjectKind::Family | SubjectKind::Representative => Some(Right::ReadPeople),
        SubjectKind::Beneficiary => Some(Right::ReadBeneficiaries),
        SubjectKind::Case | SubjectKind::CaseProblem => Some(Right::ReadCases),
        SubjectKind::Program | SubjectKind::Edition => Some(Right::ReadPrograms),
        SubjectKind::Annex => Some(Right::ReadAnnexes),
        SubjectKind::File => Some(Right::ReadFiles),
        SubjectKind::Course => Some(Right::ReadCourses),
        SubjectKind::Application => Some(Right::ReadApplications),
        SubjectKind::Mentor | SubjectKind::Training => Some(Right::ReadMentors),
        SubjectKind::RemovalGround => Some(Right::ReadRemovals),
        SubjectKind::JointActivity => Some(Right::ReadJointActivities),
        SubjectKind::Choice => Some(Right::ReadChoices),
        SubjectKind::Veto => Some(Right::ReadVetoes),
        SubjectKind::MatchingRules => Some(Right::ReadPrograms),
        SubjectKind::MatchingRound => Some(Right::ReadMatching),
        SubjectKind::Mentorship => Some(Right::ReadMentorships),
        SubjectKind::Meeting | SubjectKind::GroupMeeting | SubjectKind::Request => Some(Right::ReadMeetings),
        SubjectKind::Survey | SubjectKind::Report => Some(Right::ReadReports),
        SubjectKind::Job => Some(Right::UseAccount),
        _ => None,
    }
}

/// The kind of thing that a collection of the API holds.
pub fn kind_of(collection: &str) -> Option<SubjectKind> {
    Some(match collection {
        "organizations" => SubjectKind::Organization,
        "municipalities" => SubjectKind::Municipality,
        "units" => SubjectKind::Unit,
        "users" => SubjectKind::User,
        "api-keys" => SubjectKind::ApiKey,
        "people" => SubjectKind::Person,
        "families" => SubjectKind::Family,
        "beneficiaries" => SubjectKind::Beneficiary,
        "representatives" => SubjectKind::Representative,
        "cases" => SubjectKind::Case,
        "case-problems" => SubjectKind::CaseProblem,
        "programs" => SubjectKind::Program,
        "editions" => SubjectKind::Edition,
        "annexes" => SubjectKind::Annex,
        "files" => SubjectKind::File,
        "mentor-applications" => SubjectKind::Application,
        "training-courses" => SubjectKind::Course,
        "mentors" => SubjectKind::Mentor,
        "removal-grounds" => SubjectKind::RemovalGround,
        "trainings" => SubjectKind::Training,
        "joint-activities" => SubjectKind::JointActivity,
        "choices" => SubjectKind::Choice,
        "vetoes" => SubjectKind::Veto,
        "matching-rules" => SubjectKind::MatchingRules,
        "matching-rounds" => SubjectKind::MatchingRound,
        "mentorships" => SubjectKind::Mentorship,
        "meetings" => SubjectKind::Meeting,
        "surveys" => SubjectKind::Survey,
        "reports" => SubjectKind::Report,
        "requests" => SubjectKind::Request,
        "group-meetings" => SubjectKind::GroupMeeting,
        "jobs" => SubjectKind::Job,
        _ => return None,
    })
}

/// Whether the caller can see that thing at all.
pub async fn sees(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    let Some(right) = right_to_see(subject.kind) else { return Ok(false) };
    let before = tx.look_by(right);
    let seen = reaches(tx, subject).await;
    tx.look_again(before);
    seen
}

/// Whether the right of this transaction reaches that thing: asked at the entrance, before the body of an order is read.
pub async fn reaches(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
    match subject.kind {
        SubjectKind::Organization => organizations::sees(tx, subject.id.into()).await,
        SubjectKind::Unit => organizations::sees_unit(tx, subject.id.into()).await,
        SubjectKind::Municipality => municipalities::sees(tx, subject.id.into()).await,
        SubjectKind::User => users::sees(tx, subject.id.into()).await,
        SubjectKind::ApiKey => users::sees_key(tx, subject.id.into()).await,
        SubjectKind::Person => people::sees_person(tx, subject.id.into()).await,
        SubjectKind::Family => people::sees_family(tx, subject.id.into()).await,
        SubjectKind::Beneficiary => people::sees_beneficiary(tx, subject.id.into()).await,
        SubjectKind::Representative => people::sees_representative(tx, subject.id.into()).await,
        SubjectKind::Case => cases::sees(tx, subject.id.into()).await,
        SubjectKind::CaseProblem => case_problems::sees(tx, subject.id.into()).await,
        SubjectKind::Program => programs::sees(tx, subject.id.into()).await,
        SubjectKind::Edition => programs::sees_edition(tx, subject.id.into()).await,
        SubjectKind::Annex => annexes::sees(tx, subject.id.into()).await,
        SubjectKind::File => documents::sees(tx, subject.id.into()).await,
        SubjectKind::Course => courses::sees(tx, subject.id.into()).await,
        SubjectKind::Application => applications::sees(tx, subject.id.into()).await,
        SubjectKind::Mentor => mentors::sees(tx, subject.id.into()).await,
        SubjectKind::RemovalGround => removals::sees_ground(tx, subject.id.into()).await,
        SubjectKind::Training => trainings::sees(tx, subject.id.into()).await,
        SubjectKind::JointActivity => joint_activities::sees(tx, subject.id.into()).await,
        SubjectKind::Choice => joint_activities::choices::sees(tx, subject.id.into()).await,
        SubjectKind::Veto => joint_activities::vetoes::sees(tx, subject.id.into()).await,
        SubjectKind::MatchingRules => matching::rules::sees(tx, subject.id.into()).await,
        SubjectKind::MatchingRound => matching::rounds::sees(tx, subject.id.into()).await,
        SubjectKind::Mentorship => mentorships::sees(tx, subject.id.into()).await,
        SubjectKind::Meeting => meetings::sees(tx, subject.id.into()).await,
        SubjectKind::Survey => surveys::sees(tx, subject.id.into()).await,
        SubjectKind::Report => reports::sees(tx, subject.id.into()).await,
        SubjectKind::Request => requests::sees(tx, subject.id.into()).await,
        SubjectKind::GroupMeeting => group_meetings::sees(tx, subject.id.into()).await,
        SubjectKind::Job => jobs::sees(tx, subject.id.into()).await,
        _ => Ok(false),
    }
}

/// Whether a read found what it looked for.
pub(crate) fn is_seen<T>(found: Result<T, Failure>) -> Result<bool, Failure> {
    match found {
        Ok(_) => Ok(true),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Refuses as «not found» what the caller cannot see.
pub async fn must_see(tx: &mut Tx<'_>, subject: Subject) -> Result<(), Failure> {
    if sees(tx, subject).await? { Ok(()) } else { Err(Failure::NotFound(Some(subject))) }
}

/// Refuses an order that refers to something the caller cannot see, in the words for something that is not there.
pub async fn must_refer(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: Option<impl Into<Uuid>>,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    if sees(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order about something that the right of this transaction does not reach, though another right of the caller
/// may: whoever knows somebody as a mentor does not open a case for them as a director.
pub async fn must_reach(
    tx: &mut Tx<'_>,
    kind: SubjectKind,
    id: impl Into<Uuid>,
    pointer: &str,
) -> Result<(), Failure> {
    if reaches(tx, Subject::new(kind, id)).await? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Refuses an order that makes an institution responsible which the right of this transaction does not reach.
pub async fn must_be_own(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    pointer: &str,
) -> Result<(), Failure> {
    let scope = tx.scope();
    if !scope.everything && !scope.organizations.contains(&organization) {
        return Err(dangling(pointer));
    }
    must_refer(tx, SubjectKind::Organization, Some(organization), pointer).await
}

/// The refusal of a reference to what is not there or not the caller's to see.
pub(crate) fn dangling(pointer: &str) -> Failure {
    Refused::from(domain::base::text::REFERENCE.reason().at(pointer)).into()
}

/// What the caller takes part in as a mentor or a beneficiary. Whoever is of the staff too is told nothing of these by matching and
/// vetoes: what stands between two people, and how either chose, is not for either of them.
pub(crate) struct Own {
    pub(crate) mentor: Option<MentorId>,
    pub(crate) beneficiaries: Vec<BeneficiaryId>,
}

impl Own {
    pub(crate) fn of(tx: &Tx<'_>) -> Self {
        let mentor = tx.caller().and_then(|it| it.mentor);
        let beneficiaries = tx.caller().map(|it| it.beneficiaries.to_vec());
        Self { mentor, beneficiaries: beneficiaries.unwrap_or_default() }
    }
    pub(crate) fn is_of(&self, beneficiary: BeneficiaryId, mentor: MentorId) -> bool {
        self.is_mentor(mentor) || self.is(beneficiary)
    }
    pub(crate) fn is_mentor(&self, mentor: MentorId) -> bool {
        self.mentor == Some(mentor)
    }
    pub(crate) fn is(&self, beneficiary: BeneficiaryId) -> bool {
        self.beneficiaries.contains(&beneficiary)
    }
}
