//! The registry. Each kind of thing has a collection, the right to read it, and the function that finds it for a
//! caller.
use crate::accompaniment::living::{self, enrolments};
use crate::accompaniment::{
    assessments, case_problems, cases, consilia, monthly_records, plan_forms, plans, tasks, team, transfers,
};
use crate::corrections;
use crate::engine::failure::Failure;
use crate::entry;
use crate::help::places::{self, blocks};
use crate::help::{self, clashes, closings, crises, emergency_aids, intake_requests, referrals, stock};
use crate::help::{place_requests, stays};
use crate::matching::{self, joint_activities, publication, waits};
use crate::mentors::{self, applications, removals, trainings};
use crate::mentorships::{self, group_meetings, meetings, mentor_reports, requests, surveys};
use crate::partnership::{self, agreements, community, events};
use crate::partnership::{council_meetings, decisions};
use crate::people::{self, register};
use crate::region::{annexes, files, jobs, organizations, programs, users};
use crate::tx::{Asked, HandedOver, MergedSides, ObjectedPair, OpenInCase, Registry, ToldDay, Tx};
use chrono::NaiveDate;
use domain::accompaniment::monthly_records::MonthItem;
use domain::base::access::{Permission, Right};
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entry;
use domain::base::entry::correction::Recorded;
use domain::base::id::{BeneficiaryId, CaseId, ConsentId, MentorshipId, MonthItemId, PersonId, ProgramId};
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::base::text::Oktmo;
use domain::entries;
use domain::mentors::{Mentor, Removal};
use domain::mentorships::{MentorshipState, Pairing};
use domain::people::consents::CasePart;
use domain::people::register::merges::Clash;
use domain::people::{IN_FUTURE, Lives};
use domain::region::organizations::NamedOn;
use std::any::Any;
use uuid::Uuid;

// One row for each kind: the collection of the API, the kind, the right, the function that checks the reach, and the table where
// things of the kind have versions.
macro_rules! kinds {
    ($($collection:literal $kind:ident $right:ident $reaches:path $(, versions in $table:literal)?;)+) => {
        /// The right to read a kind of thing.
        pub fn right_to_see(kind: SubjectKind) -> Option<Right> {
            match kind { $(SubjectKind::$kind => Some(Right::$right),)+ other => right_of_entry(other) }
        }
        fn versioned_in(kind: SubjectKind) -> Option<&'static str> {
            match kind {
                $($(SubjectKind::$kind => Some($table),)?)+
                other => entries::ALL.iter().find(|it| it.kind == other).map(|it| it.table),
            }
        }
        /// Every collection of the API.
        pub fn collections() -> impl Iterator<Item = &'static str> {
            [$($collection),+].into_iter().chain(entries::ALL.iter().map(|it| it.at))
        }
        /// The kind of thing in a collection of the API.
        pub fn kind_of(collection: &str) -> Option<SubjectKind> {
            match collection { $($collection => Some(SubjectKind::$kind),)+ other => entries::ALL.iter().find(|it| it.at == other).map(|it| it.kind) }
        }
        async fn reaches(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
            match subject.kind { $(SubjectKind::$kind => $reaches(tx, subject.id.into()).await,)+ _ => reaches_entry(tx, subject).await }
        }
    };
}

kinds! {
    "users"               User           ReadUsers           users::reaches, versions in "users";
    "api-keys"            ApiKey         ReadUsers           users::reaches_key, versions in "api_keys";
    "people"              Person         ReadPeople          people::reaches_person, versions in "people";
    "register-entries"    RegisterEntry  ReadRegister        register::reaches, versions in "register_entries";
    "register-merges"     RegisterMerge  ManageRegister      register::merges::reaches, versions in "register_merges";
    "register-candidates" RegisterCandidate ManageRegister   register::candidates::reaches, versions in "register_candidates";
    "register-scans"      RegisterScan   ManageRegister      register::scans::reaches, versions in "register_scans";
    "register-searches"   RegisterSearch SearchRegister      register::searches::reaches;
    "access-requests"     AccessRequest  ReadAccessRequests  people::reaches_access_request, versions in "access_requests";
    "families"            Family         ReadPeople          people::reaches_family, versions in "families";
    "beneficiaries"       Beneficiary    ReadBeneficiaries   people::reaches_beneficiary, versions in "beneficiaries";
    "representatives"     Representative ReadPeople          people::reaches_representative, versions in "representatives";
    "consents"            Consent        ReadConsents        people::reaches_consent, versions in "personal_consents";
    "cases"               Case           ReadCases           cases::reaches, versions in "cases";
    "case-problems"       CaseProblem    ReadCases           case_problems::reaches, versions in "case_problems";
    "consilia"            Consilium      ReadConsilia        consilia::reaches, versions in "consilia";
    "consilium-items"     ConsiliumItem  ReadConsilia        consilia::reaches_item, versions in "consilium_items";
    "case-transfers"      CaseTransfer   ReadCases           transfers::reaches, versions in "case_transfers";
    "case-team-members"   TeamMember     ReadCases           team::reaches, versions in "case_team_members";
    "referrals"           Referral       ReadServices        referrals::reaches, versions in "referrals";
    "intake-requests"     IntakeRequest  ReadIntake          intake_requests::reaches, versions in "intake_requests";
    "assessments"         Assessment     ReadAssessments     assessments::reaches, versions in "assessments";
    "living-programmes"   LivingProgramme ReadPrograms       living::reaches;
    "living-enrolments"   LivingEnrolment ReadLiving         enrolments::reaches, versions in "living_enrolments";
    "monthly-records"     MonthlyRecord  ReadMonthlyRecords  monthly_records::reaches, versions in "monthly_records";
    "stock-movements"     StockMovement  ReadServices        stock::reaches_movement;
    "emergency-aids"      EmergencyAid   ReadServices        emergency_aids::reaches, versions in "emergency_aids";
    "bed-blocks"          BedBlock       ReadPlaces          blocks::reaches, versions in "bed_blocks";
    "stays"               Stay           ReadPlaces          stays::reaches, versions in "stays";
    "place-requests"      PlaceRequest   ReadPlaces          place_requests::reaches, versions in "place_requests";
    "event-participants"  EventParticipant ReadParticipants  events::participants::reaches, versions in "event_participants";
    "agreements"          Agreement      ReadPartnership     agreements::reaches, versions in "agreements";
    "tasks"               Task           ReadTasks           tasks::reaches, versions in "tasks";
    "club-members"        ClubMember     ReadParticipants    community::reaches_club_member, versions in "community_members";
    "volunteer-group-members" VolunteerGroupMember ReadPartnershipInside community::reaches_group_member, versions in "community_members";
    "council-meetings"    CouncilMeeting ReadPartnership     council_meetings::reaches, versions in "council_meetings";
    "decisions"           Decision       ReadPartnership     decisions::reaches, versions in "decisions";
    "crises"              Crisis         ReadCrises          crises::reaches, versions in "crises";
    "plan-forms"          PlanForm       ReadPlanForms       plan_forms::reaches;
    "plans"               Plan           ReadPlans           plans::reaches, versions in "plans";
    "plan-versions"       PlanVersion    ReadPlans           plans::reaches_version, versions in "plan_versions";
    "programs"            Program        ReadPrograms        programs::reaches, versions in "programs";
    "editions"            Edition        ReadPrograms        programs::reaches_edition;
    "annexes"             Annex          ReadAnnexes         annexes::reaches;
    "files"               File           ReadFiles           files::reaches;
    "mentor-applications" Application    ReadApplications    applications::reaches, versions in "mentor_applications";
    "mentors"             Mentor         ReadMentors         mentors::reaches, versions in "mentors";
    "removal-grounds"     RemovalGround  ReadRemovals        removals::reaches_ground, versions in "removal_grounds";
    "trainings"           Training       ReadMentors         trainings::reaches;
    "joint-activities"    JointActivity  ReadJointActivities joint_activities::reaches, versions in "joint_activities";
    "choices"             Choice         ReadChoices         joint_activities::choices::reaches;
    "vetoes"              Veto           ReadVetoes          joint_activities::vetoes::reaches, versions in "vetoes";
    "matching-rules"      MatchingRules  ReadPrograms        matching::rules::reaches;
    "matching-rounds"     MatchingRound  ReadMatching        matching::rounds::reaches, versions in "matching_rounds";
    "mentorships"         Mentorship     ReadMentorships     mentorships::reaches, versions in "mentorships";
    "meetings"            Meeting        ReadMeetings        meetings::reaches, versions in "meetings";
    "surveys"             Survey         ReadReports         surveys::reaches;
    "mentor-reports"      MentorReport     ReadReports         mentor_reports::reaches;
    "requests"            Request        ReadMeetings        requests::reaches, versions in "requests";
    "group-meetings"      GroupMeeting   ReadMeetings        group_meetings::reaches, versions in "group_meetings";
    "jobs"                Job            UseAccount          jobs::reaches, versions in "jobs";
}

// The kinds that have names, each with the function that tells the names of those rows that a scope reaches.
macro_rules! named {
    ($($kind:ident $names:path;)+) => {
        /// Whether rows of a kind have names. A name stands beside an id wherever the caller may see the row.
        pub fn has_names(kind: SubjectKind) -> bool {
            matches!(kind, $(SubjectKind::$kind)|+) || entries::ALL.iter().any(|it| it.kind == kind)
        }
        async fn names(tx: &mut Tx<'_>, kind: SubjectKind, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, Failure> {
            match kind {
                $(SubjectKind::$kind => {
                    let ids: Vec<_> = ids.into_iter().map(Into::into).collect();
                    let found = $names(tx, &ids).await?;
                    Ok(found.into_iter().map(|(id, name)| (id.into(), name)).collect())
                })+
                _ => names_of_entries(tx, kind, ids).await,
            }
        }
    };
}

named! {
    User           users::names;
    Person         people::person_names;
    Family         people::family_names;
    Beneficiary    people::beneficiary_names;
    Representative people::representative_names;
    Case           cases::names;
    LivingProgramme living::names;
    Program        programs::names;
    Edition        programs::edition_names;
    Annex          annexes::names;
    PlanForm       plan_forms::names;
    File           files::names;
    Application    applications::names;
    Mentor         mentors::names;
    JointActivity  joint_activities::names;
    MatchingRules  matching::rules::names;
    MatchingRound  matching::rounds::names;
    Mentorship     mentorships::names;
    Meeting        meetings::names;
    CouncilMeeting council_meetings::names;
    Decision       decisions::names;
    GroupMeeting   group_meetings::names;
    Agreement      agreements::names;
    Task           tasks::names;
    Consent        people::consent_names;
    RegisterEntry  register::names;
    CaseProblem    case_problems::names;
    Consilium      consilia::names;
    Plan           plans::names;
    PlanVersion    plans::version_names;
    Assessment     assessments::names;
    LivingEnrolment enrolments::names;
    IntakeRequest  intake_requests::names;
    EmergencyAid   emergency_aids::names;
    Stay           stays::names;
    Request        requests::names;
    Job            jobs::names;
}

macro_rules! entries {
    ($($form:ty)+) => {
        async fn names_of_entries(tx: &mut Tx<'_>, kind: SubjectKind, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, Failure> {
            $(if <$form as Entry>::ABOUT.kind == kind { return entry::names::<$form>(tx, ids).await; })+
            Ok(Vec::new())
        }
        fn right_of_entry(kind: SubjectKind) -> Option<Right> {
            $(if <$form as Entry>::ABOUT.kind == kind { return Some(<<$form as Entry>::Read as Permission>::RIGHT); })+
            None
        }
        async fn is_annulled(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
            $(if <$form as Entry>::ABOUT.kind == subject.kind { return entry::is_annulled::<$form>(tx, subject.id.into()).await; })+
            match subject.kind {
                SubjectKind::Agreement => agreements::is_annulled(tx, subject.id.into()).await,
                _ => Ok(false),
            }
        }
        async fn reaches_entry(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Failure> {
            let mut is_seen = false;
            $(if <$form as Entry>::ABOUT.kind == subject.kind { is_seen = entry::sees::<$form>(tx, subject.id.into()).await?; })+
            // A co-organizer enters what stands under an event, and changes nothing of the event itself.
            if subject.kind == SubjectKind::Event && !is_seen {
                return events::is_run_by_caller(tx, subject.id.into()).await;
            }
            Ok(is_seen)
        }
    };
}
domain::every_entry!(entries!);

/// The organizations that an entry names, with the day, where it was `before` a change. None for an entry that names none for a day.
fn organizations_of(form: &dyn Any, before: Option<&dyn Any>) -> Option<NamedOn> {
    domain::help::named::named(form).or_else(|| domain::partnership::named::named(form, before))
}

/// The answers of all areas to the questions of lower areas.
pub(crate) struct All;

impl Registry for All {
    fn right_to_see(&self, kind: SubjectKind) -> Option<Right> {
        right_to_see(kind)
    }
    fn versioned_in(&self, kind: SubjectKind) -> Option<&'static str> {
        versioned_in(kind)
    }
    fn reaches<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool> {
        Box::pin(reaches(tx, subject))
    }
    fn is_annulled<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool> {
        Box::pin(is_annulled(tx, subject))
    }
    fn names<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        kind: SubjectKind,
        ids: Vec<Uuid>,
    ) -> Asked<'t, Vec<(Uuid, String)>> {
        Box::pin(names(tx, kind, ids))
    }
    fn against_choosing<'t>(&self, tx: &'t mut Tx<'_>, chooser: Subject) -> Asked<'t, Option<Reason>> {
        Box::pin(joint_activities::choices::against_choosing(tx, chooser))
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
                    waits::wait_again(tx, it.beneficiary_id, it.program_id, it.proposed_on).await
                }
                _ => Ok(()),
            }
        })
    }
    fn wait_changed<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        program: ProgramId,
        recipient: BeneficiaryId,
    ) -> Asked<'t, ()> {
        Box::pin(waits::count(tx, program, recipient))
    }
    /// A program knows a beneficiary, and not the record of their life.
    fn reaches_under<'t>(&self, tx: &'t mut Tx<'_>, parent: Subject) -> Asked<'t, bool> {
        Box::pin(async move {
            match parent.kind {
                SubjectKind::Beneficiary => people::is_answered_for(tx, parent.id.into()).await,
                SubjectKind::Event => events::is_run_by_caller(tx, parent.id.into()).await,
                _ => reaches(tx, parent).await,
            }
        })
    }
    fn against_days<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        under: Subject,
        days: &'t [ToldDay],
    ) -> Asked<'t, Vec<Reason>> {
        Box::pin(async move {
            let lives = match under.kind {
                SubjectKind::Beneficiary => people::lives_of(tx, under.id.into()).await?,
                SubjectKind::Case => return cases::against_days(tx, under.id.into(), days).await,
                SubjectKind::Project | SubjectKind::ProjectTarget | SubjectKind::Event => Lives::default(),
                _ => return Ok(Vec::new()),
            };
            let mut reasons = people::against_life(&lives, days);
            let to_come = days.iter().filter(|it| it.is_own && it.day > tx.today());
            reasons.extend(
                to_come.map(|it| IN_FUTURE.reason().at(format!("/{}", it.name)).with("today", tx.today())),
            );
            Ok(reasons)
        })
    }
    fn person_died<'t>(&self, tx: &'t mut Tx<'_>, person: PersonId, died_on: NaiveDate) -> Asked<'t, ()> {
        Box::pin(async move {
            let selves = people::selves(tx, person).await?;
            for it in &selves {
                users::close_by_death(tx, *it).await?;
            }
            // Mentorships first: a case lasts as long as the last of them.
            let over = people::beneficiaries_over(tx, &selves).await?;
            mentorships::end_by_death(tx, &selves, &over, died_on).await?;
            applications::end_by_death(tx, &selves).await?;
            enrolments::end_by_death(tx, &over, died_on).await?;
            plans::end_by_death(tx, &over, died_on).await?;
            let beds = stays::end_by_death(tx, &over, died_on).await?;
            place_requests::end_by_death(tx, &over).await?;
            place_requests::offer_each(tx, beds).await?;
            partnership::end_by_death(tx, &selves, &over, died_on).await?;
            cases::close_by_death(tx, &over, died_on).await?;
            waits::count_behind(tx, person).await
        })
    }
    fn person_lives_on<'t>(&self, tx: &'t mut Tx<'_>, person: PersonId) -> Asked<'t, ()> {
        Box::pin(waits::count_behind(tx, person))
    }
    fn void_consents<'t>(&self, tx: &'t mut Tx<'_>, of: &'t [BeneficiaryId]) -> Asked<'t, Vec<MentorshipId>> {
        Box::pin(mentorships::void_consents(tx, of))
    }
    fn life_plan_adopted<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        beneficiary: BeneficiaryId,
        within: (NaiveDate, NaiveDate),
    ) -> Asked<'t, Option<NaiveDate>> {
        Box::pin(plans::life_plan_adopted(tx, beneficiary, within))
    }
    fn against_entry<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        under: Option<Subject>,
        form: &'t dyn Any,
        before: Option<&'t dyn Any>,
    ) -> Asked<'t, Vec<Reason>> {
        Box::pin(async move {
            let mut reasons = match organizations_of(form, before) {
                Some(now) => {
                    let was = before.and_then(|it| organizations_of(it, None));
                    organizations::against_closed(tx, &now, was.as_ref()).await?
                }
                None => Vec::new(),
            };
            reasons.extend(match under.filter(|it| it.kind == SubjectKind::Case) {
                Some(case) => help::against_entry(tx, case.id.into(), form).await?,
                None => partnership::against_entry(tx, under, form, before).await?,
            });
            Ok(reasons)
        })
    }
    fn against_edit<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        id: Uuid,
        before: &'t dyn Any,
        after: &'t dyn Any,
    ) -> Asked<'t, Vec<Reason>> {
        Box::pin(async move {
            let mut reasons = partnership::against_edit(tx, id, before, after).await?;
            reasons.extend(places::against_edit(tx, id, before, after).await?);
            Ok(reasons)
        })
    }
    fn against_step<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        of: Subject,
        order: &'t dyn Any,
    ) -> Asked<'t, Vec<Reason>> {
        Box::pin(partnership::against_step(tx, of, order))
    }
    fn entry_changed<'t>(&self, tx: &'t mut Tx<'_>, of: Subject, order: &'t dyn Any) -> Asked<'t, ()> {
        Box::pin(partnership::entry_changed(tx, of, order))
    }
    fn must_go_on<'t>(&self, tx: &'t mut Tx<'_>, of: Subject) -> Asked<'t, Option<NaiveDate>> {
        Box::pin(partnership::must_go_on(tx, of))
    }
    fn recorded<'t>(&self, tx: &'t mut Tx<'_>, made_at: Moment, about: &'t [Subject]) -> Asked<'t, Recorded> {
        Box::pin(corrections::recorded(tx, made_at, about))
    }
    fn built_on<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        of: Subject,
        under: Option<Subject>,
    ) -> Asked<'t, Vec<Reason>> {
        Box::pin(corrections::built_on(tx, of, under))
    }
    fn clashes<'t>(&self, tx: &'t mut Tx<'_>, sides: &'t MergedSides) -> Asked<'t, Vec<Clash>> {
        Box::pin(clashes::between(tx, sides))
    }
    fn begun_under<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        of: &'t [BeneficiaryId],
        within: (Uuid, Moment),
    ) -> Asked<'t, Vec<Subject>> {
        Box::pin(clashes::begun(tx, of, within))
    }
    fn records_joined<'t>(&self, tx: &'t mut Tx<'_>, both: [BeneficiaryId; 2]) -> Asked<'t, ()> {
        Box::pin(async move { waits::count_anew(tx, &both).await })
    }
    fn register_changed<'t>(&self, tx: &'t mut Tx<'_>, of: BeneficiaryId) -> Asked<'t, ()> {
        Box::pin(async move { waits::count_anew(tx, &[of]).await })
    }
    fn open_in_case<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, OpenInCase> {
        Box::pin(closings::open(tx, case))
    }
    fn blocking_in_case<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, OpenInCase> {
        Box::pin(closings::blocking(tx, case))
    }
    fn against_transfer<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<Reason>> {
        Box::pin(closings::against_transfer(tx, case))
    }
    fn against_leaving<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<Reason>> {
        Box::pin(closings::against_leaving(tx, case))
    }
    fn beneficiary_moved<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        beneficiary: BeneficiaryId,
        territory: &'t Oktmo,
    ) -> Asked<'t, ()> {
        Box::pin(crises::beneficiary_moved(tx, beneficiary, territory))
    }
    fn case_closed<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId, closed_on: NaiveDate) -> Asked<'t, ()> {
        Box::pin(closings::ended(tx, case, closed_on))
    }
    fn case_passed_on<'t>(&self, tx: &'t mut Tx<'_>, it: &'t HandedOver) -> Asked<'t, ()> {
        Box::pin(closings::passed_on(tx, it))
    }
    fn month_items<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        case: CaseId,
        within: (NaiveDate, NaiveDate),
    ) -> Asked<'t, Vec<MonthItem>> {
        Box::pin(closings::month_items(tx, case, within))
    }
    fn crises_about_caller<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        among: &'t [MonthItemId],
    ) -> Asked<'t, Vec<MonthItemId>> {
        Box::pin(crises::about_caller(tx, among))
    }
    fn consent_withdrawn<'t>(&self, tx: &'t mut Tx<'_>, consent: ConsentId) -> Asked<'t, ()> {
        Box::pin(async move {
            team::end_by_withdrawal(tx, consent).await?;
            referrals::end_by_withdrawal(tx, consent).await?;
            community::take_back(tx, consent).await
        })
    }
    fn opened_parts<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<CasePart>> {
        Box::pin(referrals::opened(tx, case))
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
