//! Entries: the list of all of them. Code that serves every entry is called with this list.
use crate::base::action::Offer;
use crate::base::change::SubjectKind;
use crate::base::entry::{About, Annulment, Entry, OfferedEntering, OfferedStep};

/// Calls a macro with the forms of all entries.
#[macro_export]
macro_rules! every_entry {
    ($then:ident!) => {
        $then! {
            $crate::region::organizations::OrganizationForm
            $crate::region::organizations::UnitForm
            $crate::region::specialists::SpecialistForm
            $crate::partnership::legal_acts::LegalActForm
            $crate::partnership::funding_programs::FundingProgramForm
            $crate::partnership::coordinator_appointments::CoordinatorAppointmentForm
            $crate::partnership::partner_interactions::PartnerInteractionForm
            $crate::partnership::action_packages::ActionPackageForm
            $crate::partnership::action_packages::MeasureForm
            $crate::partnership::action_plans::ActionPlanForm
            $crate::region::municipalities::MunicipalityForm
            $crate::region::terms::TermForm
            $crate::region::working_days::WorkingDayForm
            $crate::accompaniment::rules::AccompanimentRulesForm
            $crate::mentors::TrainingCourseForm
            $crate::accompaniment::life_periods::LifePeriodForm
            $crate::accompaniment::snapshots::SnapshotForm
            $crate::accompaniment::case_contacts::CaseContactForm
            $crate::accompaniment::scales::ScaleForm
            $crate::accompaniment::living::activities::CareerActivityForm
            $crate::help::service_standards::ServiceStandardForm
            $crate::help::needs::NeedForm
            $crate::help::service_deliveries::ServiceDeliveryForm
            $crate::help::crises::contacts::EmergencyContactForm
            $crate::help::places::FacilityForm
            $crate::help::places::HouseRulesForm
            $crate::help::places::rooms::RoomForm
            $crate::help::places::rooms::BedForm
            $crate::help::stock::StockItemForm
            $crate::help::documents::DocumentAssistanceForm
            $crate::help::service_offers::ServiceOfferForm
            $crate::partnership::councils::CouncilForm
            $crate::partnership::councils::members::CouncilMemberForm
            $crate::partnership::projects::ProjectForm
            $crate::partnership::projects::partners::ProjectPartnerForm
            $crate::partnership::projects::contributions::ProjectContributionForm
            $crate::partnership::projects::targets::ProjectTargetForm
            $crate::partnership::projects::targets::TargetResultForm
            $crate::partnership::events::EventForm
            $crate::partnership::events::attendance::EventAttendanceForm
            $crate::partnership::events::volunteer_work::VolunteerWorkForm
            $crate::partnership::ideas::IdeaForm
            $crate::partnership::community::clubs::ClubForm
            $crate::partnership::community::volunteer_groups::VolunteerGroupForm
            $crate::partnership::community::practices::PracticeForm
            $crate::partnership::community::practices::ReplicationForm
            $crate::partnership::community::publications::PublicationForm
            $crate::partnership::community::nominations::NominationForm
            $crate::partnership::community::success_stories::SuccessStoryForm
            $crate::partnership::community::specialist_trainings::SpecialistTrainingForm
        }
    };
}

macro_rules! abouts {
    ($($form:ty)+) => {
        /// The data of all entries.
        pub static ALL: &[&About] = &[$(<$form as Entry>::ABOUT),+];
    };
}
every_entry!(abouts!);

/// Calls a macro with the steps of entries: `Form => Order;` for each. Annulment is not among them: an entry asks for it by name.
#[macro_export]
macro_rules! every_step {
    ($then:ident!) => {
        $then! {
            $crate::help::service_standards::ServiceStandardForm => $crate::help::service_standards::StandardIntroduction;
            $crate::help::service_standards::ServiceStandardForm => $crate::help::service_standards::StandardRetirement;
            $crate::help::needs::NeedForm => $crate::help::needs::NeedStart;
            $crate::help::needs::NeedForm => $crate::help::needs::NeedResult;
            $crate::help::documents::DocumentAssistanceForm => $crate::help::documents::DocumentProgress;
            $crate::partnership::projects::ProjectForm => $crate::partnership::projects::ProjectStart;
            $crate::partnership::projects::ProjectForm => $crate::partnership::projects::ProjectCompletion;
            $crate::partnership::projects::ProjectForm => $crate::partnership::projects::ProjectStopping;
            $crate::partnership::events::EventForm => $crate::partnership::events::orders::EventHolding;
            $crate::partnership::events::EventForm => $crate::partnership::events::orders::EventCancellation;
            $crate::partnership::events::volunteer_work::VolunteerWorkForm => $crate::partnership::events::volunteer_work::VolunteerWorkConfirmation;
            $crate::partnership::events::volunteer_work::VolunteerWorkForm => $crate::partnership::events::volunteer_work::VolunteerWorkRejection;
            $crate::partnership::ideas::IdeaForm => $crate::partnership::ideas::IdeaReview;
            $crate::partnership::ideas::IdeaForm => $crate::partnership::ideas::IdeaAdoption;
            $crate::partnership::ideas::IdeaForm => $crate::partnership::ideas::IdeaRejection;
            $crate::partnership::community::nominations::NominationForm => $crate::partnership::community::nominations::NominationSending;
            $crate::partnership::community::nominations::NominationForm => $crate::partnership::community::nominations::NominationResult;
            $crate::partnership::community::nominations::NominationForm => $crate::partnership::community::nominations::NominationWithdrawal;
            $crate::partnership::community::success_stories::SuccessStoryForm => $crate::partnership::community::success_stories::StoryReadiness;
            $crate::partnership::community::success_stories::SuccessStoryForm => $crate::partnership::community::success_stories::StoryPublication;
            $crate::partnership::community::success_stories::SuccessStoryForm => $crate::partnership::community::success_stories::StoryWithdrawal;
        }
    };
}

macro_rules! annulments {
    ($($form:ty)+) => {
        static ANNULMENTS: &[OfferedStep] = &[$(OfferedStep::of::<$form, Annulment>()),+];
    };
}
every_entry!(annulments!);

macro_rules! enterings {
    ($($form:ty)+) => {
        static ENTERINGS: &[OfferedEntering] = &[$(OfferedEntering::of::<$form>()),+];
    };
}
every_entry!(enterings!);

macro_rules! steps {
    ($($form:ty => $step:ty;)*) => {
        static STEPS: &[OfferedStep] = &[$(OfferedStep::of::<$form, $step>()),*];
    };
}
every_step!(steps!);

/// The steps of an entry, as its cards offer them.
pub fn steps_of(about: &About) -> Vec<&'static OfferedStep> {
    STEPS.iter().chain(ANNULMENTS).filter(|it| it.is_of(about)).collect()
}

/// The entering of entries under a kind of thing, as its cards offer it.
pub fn entered_under(kind: SubjectKind) -> Vec<Offer> {
    ENTERINGS.iter().filter_map(|it| it.under(kind)).collect()
}
