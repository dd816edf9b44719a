//! The registry: each kind of thing with its collection, the right to read it, and the function that finds it for a caller.
use crate::accompaniment::{case_problems, cases};
use crate::engine::failure::Failure;
use crate::matching::{self, joint_activities, publication, waiting};
use crate::mentors::{self, applications, courses, removals, trainings};
use crate::mentorships::{self, group_meetings, meetings, mentor_reports, requests, surveys};
use crate::people;
use crate::region::{annexes, files, jobs, municipalities, organizations, programs, users};
use crate::tx::{Asked, ObjectedPair, Registry, Tx};
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::mentors::{Mentor, Removal};
use domain::mentorships::{MentorshipState, Pairing};

// A row a kind: collection of the API, kind, right, and the function that tells whether a caller reaches it.
macro_rules! kinds {
    ($($collection:literal $kind:ident $right:ident $sees:path;)+) => {
        /// The right by which a kind of thing is read.
        pub fn right_to_see(kind: SubjectKind) -> Option<Right> {
            match kind { $(SubjectKind::$kind => Some(Right::$right),)+ _ => None }
        }
        /// Every collection, in the order of the areas.
        pub const COLLECTIONS: &[&str] = &[$($collection),+];
        /// The kind of thing that a collection of the API holds.
        pub fn kind_of(collection: &str) -> Option<SubjectKind> {
            match collection { $($collection => Some(SubjectKind::$kind),)+ _ => None }
        }
        async fn reaches(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
            match subject.kind { $(SubjectKind::$kind => $sees(tx, subject.id.into()).await,)+ _ => Ok(false) }
        }
    };
}

kinds! {
    "organizations"       Organization   ReadOrganizations   organizations::sees;
    "units"               Unit           ReadOrganizations   organizations::sees_unit;
    "municipalities"      Municipality   ReadOrganizations   municipalities::sees;
    "users"               User           ReadUsers           users::sees;
    "api-keys"            ApiKey         ReadUsers           users::sees_key;
    "people"              Person         ReadPeople          people::sees_person;
    "families"            Family         ReadPeople          people::sees_family;
    "beneficiaries"       Beneficiary    ReadBeneficiaries   people::sees_beneficiary;
    "representatives"     Representative ReadPeople          people::sees_representative;
    "cases"               Case           ReadCases           cases::sees;
    "case-problems"       CaseProblem    ReadCases           case_problems::sees;
    "programs"            Program        ReadPrograms        programs::sees;
    "editions"            Edition        ReadPrograms        programs::sees_edition;
    "annexes"             Annex          ReadAnnexes         annexes::sees;
    "files"               File           ReadFiles           files::sees;
    "training-courses"    Course         ReadCourses         courses::sees;
    "mentor-applications" Application    ReadApplications    applications::sees;
    "mentors"             Mentor         ReadMentors         mentors::sees;
    "removal-grounds"     RemovalGround  ReadRemovals        removals::sees_ground;
    "trainings"           Training       ReadMentors         trainings::sees;
    "joint-activities"    JointActivity  ReadJointActivities joint_activities::sees;
    "choices"             Choice         ReadChoices         joint_activities::choices::sees;
    "vetoes"              Veto           ReadVetoes          joint_activities::vetoes::sees;
    "matching-rules"      MatchingRules  ReadPrograms        matching::rules::sees;
    "matching-rounds"     MatchingRound  ReadMatching        matching::rounds::sees;
    "mentorships"         Mentorship     ReadMentorships     mentorships::sees;
    "meetings"            Meeting        ReadMeetings        meetings::sees;
    "surveys"             Survey         ReadReports         surveys::sees;
    "reports"             Report         ReadReports         mentor_reports::sees;
    "requests"            Request        ReadMeetings        requests::sees;
    "group-meetings"      GroupMeeting   ReadMeetings        group_meetings::sees;
    "jobs"                Job            UseAccount          jobs::sees;
}

/// All areas, for those below that ask.
pub(crate) struct All;

impl Registry for All {
    fn right_to_see(&self, kind: SubjectKind) -> Option<Right> {
        right_to_see(kind)
    }
    fn reaches<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool> {
        Box::pin(reaches(tx, subject))
    }
    fn is_objected<'t>(&self, tx: &'t mut Tx<'_>, pair: ObjectedPair) -> Asked<'t, bool> {
        Box::pin(joint_activities::is_objected(tx, pair))
    }
    fn mentorship_ended<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        it: &'t Pairing,
        state: MentorshipState,
    ) -> Asked<'t, ()> {
        Box::pin(async move {
            match state {
                MentorshipState::Declined | MentorshipState::Lapsed => {
                    publication::offer_next(tx, it.id).await
                }
                MentorshipState::Replaced => {
                    waiting::wait_again(tx, it.beneficiary_id, it.program_id, it.proposed_on).await
                }
                _ => Ok(()),
            }
        })
    }
    fn mentor_removed<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        mentor: &'t Mentor,
        removal: &'t Removal,
    ) -> Asked<'t, ()> {
        Box::pin(mentorships::end_all_of(tx, mentor.id, removal))
    }
}
