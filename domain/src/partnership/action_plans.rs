//! Plans of action: between authorities, of a year, of development, of a council (003 L7; 004 L176–179). Their items are tasks.
use crate::base::id::{ActionPackageId, ActionPlanId, CouncilId, LegalActId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::Title;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TERM = "action_plan.term", Content, ours, "План не заканчивается раньше, чем начинается.", "A plan does not end before it begins.";
}

words! {
    /// The kind of a plan of action.
    ActionPlanKind in "action-plan-kinds" {
        Interagency = "interagency", "план межведомственного взаимодействия", "inter-agency";
        Annual = "annual", "план действий на год", "annual";
        Development = "development", "программа развития", "development programme";
        Council = "council", "план работы совета", "council's plan";
    }
}

/// A plan of action as it is entered and edited, whole. Its items are tasks with the source `action_plan`.
#[entry(ActionPlan: ActionPlanId, at "action-plans", named "action plan" "action plans", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by starts_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "annual", "title": "План действий на 2015 год", "starts_on": "2015-01-01", "ends_on": "2027-12-31"}))]
pub struct ActionPlanForm {
    /// The organization that keeps the plan.
    #[owner]
    #[filter = "Only plans that this organization keeps."]
    pub organization_id: OrganizationId,
    /// The kind.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: ActionPlanKind,
    /// Title.
    pub title: Title,
    /// The package of measures that it carries out.
    #[filter = "Only plans of this package."]
    pub package_id: Option<ActionPackageId>,
    /// The council whose plan it is.
    #[filter = "Only plans of this council."]
    pub council_id: Option<CouncilId>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The legal act that has established it.
    pub act_id: Option<LegalActId>,
}

impl ActionPlanForm {
    fn judge(&self, _: ActionPlanId, _: Option<&Self>) -> Vec<Reason> {
        let is_turned = self.ends_on < self.starts_on;
        is_turned.then(|| TERM.reason().at("/ends_on")).into_iter().collect()
    }
}
