//! Entries: the list of all of them. What serves every entry is called with this list.
use crate::base::entry::{About, Entry};

/// Calls a macro with the forms of all entries.
#[macro_export]
macro_rules! every_entry {
    ($then:ident!) => {
        $then! {
            $crate::region::organizations::OrganizationForm
            $crate::region::organizations::UnitForm
            $crate::region::municipalities::MunicipalityForm
            $crate::mentors::TrainingCourseForm
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
        $then! {}
    };
}
