//! Appointments of coordinators: an authority entrusts an organization with a program or a project (001 L42).
//!
//! An appointment gives no right: accounts get the role of a coordinator as before.
use crate::base::id::{CoordinatorAppointmentId, FileId, LegalActId, OrganizationId, ProgramId, ProjectId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{BOTH, MISSING};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TERM = "coordinator_appointment.term", Content, ours, "Назначение не заканчивается раньше, чем начинается.", "An appointment does not end before it begins.";
}

/// An appointment of a coordinator as it is entered and edited, whole.
#[entry(CoordinatorAppointment: CoordinatorAppointmentId, at "coordinator-appointments", named "coordinator appointment" "coordinator appointments", tag "partnership", read ReadPartnership, edit EditPartnership, called starts_on, by starts_on, until ends_on, annul, judged)]
#[schema(example = json!({"authority_id": "01980000-0000-7000-8000-000000000001", "organization_id": "01980000-0000-7000-8000-000000000002", "program_id": "01980000-0000-7000-8000-00000000000a", "starts_on": "2016-09-01"}))]
pub struct CoordinatorAppointmentForm {
    /// The authority that appoints.
    #[owner]
    #[filter = "Only appointments by this authority."]
    pub authority_id: OrganizationId,
    /// The organization that is appointed.
    #[filter = "Only appointments of this organization."]
    pub organization_id: OrganizationId,
    /// The mentoring program. It or the project is told.
    #[filter = "Only for this program."]
    pub program_id: Option<ProgramId>,
    /// The project.
    #[filter = "Only for this project."]
    pub project_id: Option<ProjectId>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if there is one.
    pub ends_on: Option<NaiveDate>,
    /// The legal act by which it was made.
    pub act_id: Option<LegalActId>,
    /// The file with the appointment.
    pub file_id: Option<FileId>,
}

impl CoordinatorAppointmentForm {
    fn judge(&self, _: CoordinatorAppointmentId, before: Option<&Self>) -> Vec<Reason> {
        let sides = |it: &Self| (it.authority_id, it.organization_id);
        let is_new = before.is_none_or(|it| sides(it) != sides(self));
        let of_itself = (is_new && self.authority_id == self.organization_id)
            .then(|| BOTH.reason().at("/organization_id").with("with", "/authority_id"));
        let is_of_nothing = self.program_id.is_none() && self.project_id.is_none();
        let is_turned = self.ends_on.is_some_and(|it| it < self.starts_on);
        let of_nothing =
            is_of_nothing.then(|| MISSING.reason().at("/program_id").with("with", "/project_id"));
        let of_nothing = of_itself.into_iter().chain(of_nothing);
        of_nothing.chain(is_turned.then(|| TERM.reason().at("/ends_on"))).collect()
    }
}
