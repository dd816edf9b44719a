//! Entries: the list of all of them. What serves every entry is called with this list.
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
