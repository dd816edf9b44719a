//! The access matrix: for each role, its rights and the rows that a right reaches.
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{BeneficiaryId, MentorId, OrganizationId, PersonId, ProgramId, UserId};
use crate::base::refusal::rules;
use crate::base::text::Oktmo;
use crate::base::word::words;
use serde::{Deserialize, Serialize};
use shape::form;
use utoipa::ToSchema;
use validator::Validate;

rules! {
    NOT_YOURS = "access.not_yours", Forbidden, ours, "Это действие другого участника.", "This step belongs to another participant.";
    OWN = "access.own", Forbidden, ours, "О себе решений не принимают.", "A person cannot decide about themselves.";
}

words! {
    /// The role of an account in the region's work.
    Role in "roles" {
        RegionAdmin = "region_admin", "администратор региона", "region administrator";
        Director = "director", "директор учреждения", "director of an institution";
        UnitHead = "unit_head", "заведующий отделением", "head of a unit";
        SupportSpecialist = "support_specialist", "специалист сопровождения", "support specialist";
        ProgramCoordinator = "program_coordinator", "координатор проекта", "program coordinator";
        Tutor = "tutor", "тьютор", "tutor";
        Mentor = "mentor", "наставник", "mentor";
        Mentee = "mentee", "подопечный", "mentee";
        GuardianshipOfficer = "guardianship_officer", "специалист органа опеки", "guardianship officer";
        Analyst = "analyst", "аналитик", "analyst";
        Integration = "integration", "информационная система", "integrated system";
    }
}

/// One right. The marker types in [`may`] carry it as an argument of a handler.
pub trait Permission: 'static {
    /// The right as a value.
    const RIGHT: Right;
}

// `tt` instead of `literal`: utoipa cannot read a captured literal. See `word::words`.
macro_rules! permissions {
    ($($name:ident $code:tt: $($role:ident)+;)+) => {
        /// A right. `GET /me` and the scopes of integration keys use these codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum Right { $(#[doc = $code] #[serde(rename = $code)] $name,)+ }
        impl $crate::base::telling::Telling for Right {
            const SHOWN: $crate::base::telling::Shown = $crate::base::telling::Shown::Plain;
        }
        impl Validate for Right {
            fn validate(&self) -> Result<(), validator::ValidationErrors> { Ok(()) }
        }
        impl Right {
            /// Every right.
            pub const ALL: &'static [Right] = &[$(Right::$name),+];
            /// The code of the right, such as `read_people`.
            pub fn code(self) -> &'static str { match self { $(Right::$name => $code),+ } }
            /// The roles that have the right.
            pub fn roles(self) -> &'static [Role] {
                use short::*;
                match self { $(Right::$name => { const ROLES: &[Role] = &[$($role),+]; ROLES })+ }
            }
        }
        /// Rights as types. A handler reaches the database only through `Guarded<may::X>` in its signature.
        pub mod may {
            use super::{Permission, Right};
            $(#[doc = $code] #[derive(Debug)] pub enum $name {}
              impl Permission for $name { const RIGHT: Right = Right::$name; })+
        }
    };
}

mod short {
    use super::Role;
    pub const A: Role = Role::RegionAdmin;
    pub const D: Role = Role::Director;
    pub const U: Role = Role::UnitHead;
    pub const S: Role = Role::SupportSpecialist;
    pub const C: Role = Role::ProgramCoordinator;
    pub const T: Role = Role::Tutor;
    pub const M: Role = Role::Mentor;
    pub const E: Role = Role::Mentee;
    pub const G: Role = Role::GuardianshipOfficer;
    pub const N: Role = Role::Analyst;
    pub const K: Role = Role::Integration;
}

// A region_admin · D director · U unit_head · S support_specialist · C program_coordinator · T tutor
// M mentor · E mentee · G guardianship_officer · N analyst · K integration (limited to the rights that its key lists)
permissions! {
    UseAccount            "use_account":             A D U S C T M E G N K;
    ChangePassword        "change_password":         A D U S C T M E G N K;
    ReadOrganizations     "read_organizations":      A D U S C T M E G N K;
    ManageOrganizations   "manage_organizations":    A               ;
    EditUnits             "edit_units":              A D             ;
    ReadUsers             "read_users":              A D U           ;
    ManageUsers           "manage_users":            A               ;
    ReadPeople            "read_people":             A D U S C     G K;
    EditPeople            "edit_people":             A D U S C       K;
    RequestAccess         "request_access":            D U S             ;
    DecideAccess          "decide_access":             D U              ;
    ReadAccessRequests    "read_access_requests":    A D U S            ;
    ReadRegister          "read_register":           A D U S       G K;
    SearchRegister        "search_register":         A D U S       G  ;
    ManageRegister        "manage_register":         A D U            ;
    ReadSnils             "read_snils":                D U S       G K;
    ReadBeneficiaries     "read_beneficiaries":      A D U S C T M E G K;
    EditBeneficiaries     "edit_beneficiaries":      A D U S         K;
    ReadConsents          "read_consents":           A D U S         E G  ;
    GiveConsents          "give_consents":             D U S         E G  ;
    ReadCases             "read_cases":              A D U S       G K;
    EditCases             "edit_cases":                D U S         K;
    ReadAssessments       "read_assessments":        A D U S     M E G K;
    MakeAssessments       "make_assessments":          D U S     M E    ;
    ReadLiving            "read_living":             A D U S       E G K;
    EditLiving            "edit_living":               D U S         K;
    EditLivingProgrammes  "edit_living_programmes":  A D U              ;
    ManageAccompaniment   "manage_accompaniment":    A                  ;
    ManageTeam            "manage_team":               D U S            ;
    TransferCase          "transfer_case":             D U              ;
    ReadConsilia          "read_consilia":           A D U S         G  ;
    EditConsilia          "edit_consilia":             D U S            ;
    CloseConsilium        "close_consilium":           D U              ;
    ReadAccompaniment     "read_accompaniment":              T M E      ;
    ReadMonthlyRecords    "read_monthly_records":    A D U S         G  ;
    EditMonthlyRecords    "edit_monthly_records":      D U S            ;
    ReadServices          "read_services":           A D U S       G K;
    ReadOwnHelp           "read_own_help":                       E G  ;
    EditServices          "edit_services":             D U S         K;
    ReadIntake            "read_intake":             A D U S C T M   G K;
    MakeIntake            "make_intake":             A D U S C T M   G K;
    DecideIntake          "decide_intake":             D U S            ;
    SendReferrals         "send_referrals":            D U S            ;
    AnswerReferrals       "answer_referrals":          D U S            ;
    ReadPlaces            "read_places":             A D U S       G K;
    ManagePlaces          "manage_places":             D U              ;
    BookPlaces            "book_places":               D U S            ;
    SignalCrisis          "signal_crisis":           A D U S C T M E G K;
    ReadCrises            "read_crises":             A D U S C T M E G  ;
    HandleCrises          "handle_crises":           A D U S            ;
    OverseeCases          "oversee_cases":                           G  ;
    ReadPartnership       "read_partnership":        A D U S C T M E G N K;
    EditPartnership       "edit_partnership":        A D U S         K;
    ReadPartnershipInside "read_partnership_inside": A D U S         K;
    EditPartnershipInside "edit_partnership_inside":   D U S         K;
    SignAgreements        "sign_agreements":         A D               ;
    ManageCouncils        "manage_councils":         A D               ;
    RunCouncils           "run_councils":            A D U S           ;
    ReadParticipants      "read_participants":       A D U S   M E G   ;
    EditParticipants      "edit_participants":         D U S         K ;
    EndorseParticipants   "endorse_participants":      D U S           ;
    JoinCommunity         "join_community":                M E         ;
    Publish               "publish":                 A D               ;
    ReadFigures           "read_figures":            A D U           G N;
    ReadTasks             "read_tasks":              A D U S C T M E G K;
    GiveTasks             "give_tasks":                D U S C          ;
    ReportTasks           "report_tasks":              D U S C T M E G  ;
    ReadPlans             "read_plans":              A D U S   T M E G K;
    EditPlans             "edit_plans":                D U S   T M E    ;
    ApprovePlans          "approve_plans":             D U S       E G  ;
    ReadPlanForms         "read_plan_forms":         A D U S C T M E G N K;
    ManagePlanForms       "manage_plan_forms":       A               ;
    ReadPrograms          "read_programs":           A D U S C T M E G N K;
    ManagePrograms        "manage_programs":         A               ;
    ReadAnnexes           "read_annexes":            A D U S C T M E G N K;
    ManageAnnexes         "manage_annexes":          A               ;
    ReadFiles             "read_files":              A D U S C T M E G K;
    UploadFiles           "upload_files":            A D U S C T M E G K;
    ReadApplications      "read_applications":       A D U S C   M   K;
    EditApplications      "edit_applications":         D U S C   M   K;
    ScreenApplications    "screen_applications":     A D U S C   M   ;
    AssessApplications    "assess_applications":       D U S C       ;
    DecideApplications    "decide_applications":       D             ;
    ReadCourses           "read_courses":            A D U S C T M G N K;
    ManageCourses         "manage_courses":          A       C       ;
    ReadMentors           "read_mentors":            A D U S C T M G K;
    EditMentors           "edit_mentors":              D U   C       ;
    ReadRemovals          "read_removals":           A D U S C       ;
    OpenRemovalGround     "open_removal_ground":       D U S C       ;
    RemoveMentor          "remove_mentor":             D             ;
    RecordTraining        "record_training":           D U S C       K;
    ReadMentorships       "read_mentorships":        A D U S C T M E G K;
    ProposeMentorship     "propose_mentorship":        D U S C       ;
    AcceptMentorship      "accept_mentorship":         D U S C   M E ;
    ConsentMentorship     "consent_mentorship":        D U S       E G;
    ConfirmMentorship     "confirm_mentorship":        D U           ;
    ExtendMentorship      "extend_mentorship":         D U           ;
    PauseMentorship       "pause_mentorship":          D U S         ;
    ReplaceMentor         "replace_mentor":            D U S         ;
    WithdrawAgreement     "withdraw_agreement":        D U S     M E G;
    TerminateMentorship   "terminate_mentorship":      D U S     M   ;
    ReadMeetings          "read_meetings":           A D U S C T M E G K;
    EditMeetings          "edit_meetings":             D U S   T M   K;
    AnnulRecords          "annul_records":           A D U S C           ;
    ReportHomework        "report_homework":           D U S   T M E ;
    RateMeeting           "rate_meeting":              D U S   T M E ;
    MakeRequest           "make_request":              D U S     M E ;
    AnswerRequest         "answer_request":            D U S C T         ;
    ReadReports           "read_reports":            A D U S C T M   G K;
    ReadMentorProfiles    "read_mentor_profiles":    A D U S C   M   G K;
    EditMentorProfiles    "edit_mentor_profiles":      D U S C   M     K;
    ReadBeneficiaryProfiles "read_beneficiary_profiles": A D U S C     E G K;
    EditBeneficiaryProfiles "edit_beneficiary_profiles":   D U S       E   K;
    ReadNeeds             "read_needs":              A D U S C       G K;
    EditNeeds             "edit_needs":                D U S           K;
    ReadJointActivities   "read_joint_activities":   A D U S C   M E    ;
    EditJointActivities   "edit_joint_activities":     D U S C          ;
    ReadChoices           "read_choices":            A D U S C   M E    ;
    MakeChoice            "make_choice":               D U S C   M E    ;
    ReadVetoes            "read_vetoes":             A D U S C          ;
    MakeVeto              "make_veto":                 D U S C          ;
    ReadMatching          "read_matching":           A D U S C       G  ;
    RunMatching           "run_matching":              D U S C          ;
    ReadHistory           "read_history":            A D U S C   M E G ;
}

impl Right {
    /// Whether a key of an integration may list the right. A key never acts for the holder of the password.
    pub fn is_for_keys(self) -> bool {
        self.roles().contains(&Role::Integration) && self != Self::ChangePassword
    }
    /// Whether the right gives every row to each of its roles. This holds for directories, programs, annexes, courses, forms of plans and the
    /// open part of the partnership.
    pub fn is_open(self) -> bool {
        let directories = [Self::ReadOrganizations, Self::ReadPrograms, Self::ReadAnnexes, Self::ReadCourses];
        directories.contains(&self) || matches!(self, Self::ReadPlanForms | Self::ReadPartnership)
    }
}

/// A role given to an account, with the institution, program or territory in which it applies.
#[form]
#[validate(schema(function = "grant_is_whole"))]
#[schema(example = json!({"role": "support_specialist", "organization_id": "01980000-0000-7000-8000-000000000001"}))]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The institution. Required for a director, a head of a unit and a specialist; forbidden for other roles.
    pub organization_id: Option<OrganizationId>,
    /// The program. Required for a program coordinator; forbidden for other roles.
    pub program_id: Option<ProgramId>,
    /// The territory, by its ОКТМО code. One that ends with groups of zeros, such as `25655000`, is a whole district with all its places.
    /// Required for a guardianship officer; forbidden for other roles.
    pub territory: Option<Oktmo>,
}

fn grant_is_whole(it: &Grant) -> Result<(), validator::ValidationError> {
    let of_institution = matches!(it.role, Role::Director | Role::UnitHead | Role::SupportSpecialist);
    let of_program = it.role == Role::ProgramCoordinator;
    let of_territory = it.role == Role::GuardianshipOfficer;
    all_hold([
        lack(of_institution && it.organization_id.is_none(), &["organization_id", "role"]),
        clash(!of_institution && it.organization_id.is_some(), &["organization_id", "role"]),
        lack(of_program && it.program_id.is_none(), &["program_id", "role"]),
        clash(!of_program && it.program_id.is_some(), &["program_id", "role"]),
        lack(of_territory && it.territory.is_none(), &["territory", "role"]),
        clash(!of_territory && it.territory.is_some(), &["territory", "role"]),
    ])
}

/// The account that sends the request, with its present roles and rights.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub user: UserId,
    /// The roles of the account.
    pub grants: Vec<Grant>,
    /// The person to whom the account belongs, if that person is recorded.
    pub person: Option<PersonId>,
    /// The mentor record of that person, if there is one.
    pub mentor: Option<MentorId>,
    /// The beneficiary records of that person, also those that merges join.
    pub beneficiaries: Vec<BeneficiaryId>,
    /// The only rights of the caller: those that an integration key lists, or the change of the password where the login was
    /// by a one-time password. `None` for any other login, which has no such limit.
    pub only: Option<Vec<Right>>,
    /// The rows to which a key of an integration is narrowed.
    pub narrowing: Narrowing,
    /// The people whose cards other institutions have granted to the institutions of the caller.
    pub granted: Vec<PersonId>,
}

/// The rows to which a key of an integration is narrowed: those of any of these institutions, programs and territories. Without
/// any of them, the key reaches the whole region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// The institutions.
    pub organizations: Vec<OrganizationId>,
    /// The programs.
    pub programs: Vec<ProgramId>,
    /// The territories.
    pub territories: Vec<Oktmo>,
}

impl Narrowing {
    /// Whether the key reaches the whole region.
    pub fn is_none(&self) -> bool {
        self.organizations.is_empty() && self.programs.is_empty() && self.territories.is_empty()
    }
    /// Whether an open right gives every row all the same. A key of some institutions finds only them among the organizations, and
    /// likewise a key of some programs. A thing of the partnership belongs to
    /// organizations.
    fn leaves_open(&self, right: Right) -> bool {
        match right {
            Right::ReadOrganizations | Right::ReadPartnership => self.organizations.is_empty(),
            Right::ReadPrograms => self.programs.is_empty(),
            _ => true,
        }
    }
}

impl Caller {
    /// The rows that this caller reaches by the right. The scope is empty when no role or key of the caller gives the right.
    pub fn scope(&self, right: Right) -> Scope {
        if self.only.as_ref().is_some_and(|it| !it.contains(&right)) {
            return Scope::default();
        }
        let is_held = self.grants.iter().any(|it| right.roles().contains(&it.role));
        let everything = right.is_open() && is_held && self.narrowing.leaves_open(right);
        let is_narrowed = !self.narrowing.is_none();
        let mut scope = Scope { everything, own_mentor: self.mentor, is_narrowed, ..Scope::default() };
        for grant in self.grants.iter().filter(|it| right.roles().contains(&it.role)) {
            self.widen(&mut scope, grant);
        }
        if right == Right::ReadPeople && !scope.organizations.is_empty() {
            scope.granted.extend(&self.granted);
        }
        scope
    }
    /// The institutions in which the caller reads people, to which other institutions may grant cards.
    pub fn reads_people_in(&self) -> Vec<OrganizationId> {
        let roles = Right::ReadPeople.roles();
        self.grants.iter().filter(|it| roles.contains(&it.role)).filter_map(|it| it.organization_id).collect()
    }
    /// Whether the caller has the right over at least one possible row.
    pub fn may(&self, right: Right) -> bool {
        !self.scope(right).is_nothing()
    }
    /// Whether the caller logged in by a one-time password, which opens only the change of the password. No key is so
    /// limited, because no key can list that right.
    pub fn must_change_password(&self) -> bool {
        self.only.as_ref().is_some_and(|it| it.contains(&Right::ChangePassword))
    }
    /// Whether the caller has the role in any institution, program or territory.
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|it| it.role == role)
    }
    /// Whether the caller holds that role in that institution.
    pub fn holds_in(&self, role: Role, organization: OrganizationId) -> bool {
        self.grants.iter().any(|it| it.role == role && it.organization_id == Some(organization))
    }
    /// Whether the caller is the director of the institution.
    pub fn directs(&self, organization: OrganizationId) -> bool {
        self.holds_in(Role::Director, organization)
    }
    /// The institution to which a thing belongs that the caller brings: the first one of a role, or of a narrowed key.
    pub fn organization(&self) -> Option<OrganizationId> {
        let of_roles = self.grants.iter().find_map(|it| it.organization_id);
        of_roles.or_else(|| self.narrowing.organizations.first().copied())
    }
    fn widen(&self, scope: &mut Scope, grant: &Grant) {
        scope.somebody = Some(self.user);
        match grant.role {
            Role::RegionAdmin => scope.everything = true,
            Role::Integration if self.narrowing.is_none() => scope.everything = true,
            Role::Integration => {
                scope.organizations.extend(&self.narrowing.organizations);
                scope.programs.extend(&self.narrowing.programs);
                scope.territories.extend_from_slice(&self.narrowing.territories);
            }
            Role::Director | Role::UnitHead | Role::SupportSpecialist => {
                scope.organizations.extend(grant.organization_id)
            }
            Role::ProgramCoordinator => scope.programs.extend(grant.program_id),
            Role::GuardianshipOfficer => scope.territories.extend(grant.territory.clone()),
            Role::Tutor => scope.tutor = Some(self.user),
            Role::Mentor => {
                scope.person = self.person;
                scope.mentor = self.mentor;
            }
            Role::Mentee => scope.beneficiaries.extend(&self.beneficiaries),
            Role::Analyst => {}
        }
    }
}

/// The rows that a right reaches: the union of its parts. An empty scope reaches nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Every row of the region.
    pub everything: bool,
    /// The caller's account, set when any role gives the right. It opens the caller's own files and the lists open to
    /// everybody.
    pub somebody: Option<UserId>,
    /// Rows of these institutions.
    pub organizations: Vec<OrganizationId>,
    /// Rows of these programs.
    pub programs: Vec<ProgramId>,
    /// Rows of these territories.
    pub territories: Vec<Oktmo>,
    /// Mentorships assigned to this tutor.
    pub tutor: Option<UserId>,
    /// The caller's own rows as a person.
    pub person: Option<PersonId>,
    /// The caller's own rows as a mentor.
    pub mentor: Option<MentorId>,
    /// The caller's own rows as a beneficiary.
    pub beneficiaries: Vec<BeneficiaryId>,
    /// People whose cards were granted. Only the right to read people has them.
    pub granted: Vec<PersonId>,
    /// The caller's own mentor record, set for every right. Staff who are also mentors do not see data that is hidden from the
    /// mentor.
    pub own_mentor: Option<MentorId>,
    /// Whether the caller is a narrowed key. Another key of the same account may have been narrowed otherwise, so what the account
    /// brought counts only within the institutions of this one.
    pub is_narrowed: bool,
}

impl Scope {
    /// The scope of the whole region, for background work and the command line.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }
    /// Whether the right is over what that institution is responsible for.
    pub fn answers_for(&self, organization: OrganizationId) -> bool {
        self.everything || self.organizations.contains(&organization)
    }
    /// The territories of a guardianship officer. A key that is narrowed to a territory is none: people who live there are not its own.
    pub fn guarded(&self) -> &[Oktmo] {
        if self.is_narrowed { &[] } else { &self.territories }
    }
    /// Whether the scope reaches no row, because the caller does not have the right.
    pub fn is_nothing(&self) -> bool {
        !self.everything && self.somebody.is_none()
    }
}

#[cfg(test)]
mod tests;
