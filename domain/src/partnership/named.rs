//! The organizations that entries of the partnership name, and the day for which each does. As a rule, it is the first day of what the entry
//! tells of. An event that was held has the day of the holding, and a training its last day. Clubs, groups of volunteers and councils that go
//! on newly name an organization for the present day.
//!
//! A thing that an organization only keeps on record has no such day: acts, funding programmes, practices, publications, nominations,
//! stories. An author of a project has devised it before its first day, and a measure has two days. Numbers of people have the day
//! of their event.
use super::action_packages::ActionPackageForm;
use super::action_plans::ActionPlanForm;
use super::community::clubs::ClubForm;
use super::community::practices::ReplicationForm;
use super::community::specialist_trainings::SpecialistTrainingForm;
use super::community::volunteer_groups::VolunteerGroupForm;
use super::coordinator_appointments::CoordinatorAppointmentForm;
use super::councils::CouncilForm;
use super::councils::members::CouncilMemberForm;
use super::events::EventForm;
use super::ideas::IdeaForm;
use super::partner_interactions::PartnerInteractionForm;
use super::projects::ProjectForm;
use super::projects::contributions::ProjectContributionForm;
use super::projects::partners::ProjectPartnerForm;
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use std::any::Any;

const OWN: &str = "/organization_id";

/// The organizations that an entry names, with the day, where it was `before` a change. None for an entry that names none for a day.
pub fn named(form: &dyn Any, before: Option<&dyn Any>) -> Option<NamedOn> {
    let all = of_councils(form).or_else(|| of_projects(form));
    let all = all.or_else(|| of_community(form)).or_else(|| of_work(form))?;
    let is_holding = event(form).zip(before.and_then(event)).is_some_and(|(it, was)| it.is_held_after(was));
    // The order of the holding has the day alone.
    Some(if is_holding { all.by_day("/held_on") } else { all })
}

fn event(form: &dyn Any) -> Option<&EventForm> {
    form.downcast_ref()
}

fn of_councils(form: &dyn Any) -> Option<NamedOn> {
    if let Some(it) = form.downcast_ref::<CouncilForm>() {
        // Where nobody knows since when it is there, only the present day can be asked.
        let since = it.founded_on.unwrap_or(NaiveDate::MIN);
        return Some(NamedOn::on(since).lasting(it.closed_on).one(it.organization_id, OWN));
    }
    if let Some(it) = form.downcast_ref::<CouncilMemberForm>() {
        return Some(NamedOn::on(it.from_on).one(it.organization_id, OWN));
    }
    let it = form.downcast_ref::<CoordinatorAppointmentForm>()?;
    let named = NamedOn::on(it.starts_on).one(it.authority_id, "/authority_id");
    Some(named.one(it.organization_id, OWN))
}

fn of_projects(form: &dyn Any) -> Option<NamedOn> {
    if let Some(it) = form.downcast_ref::<ProjectForm>() {
        return Some(NamedOn::on(it.starts_on).one(it.organization_id, OWN));
    }
    if let Some(it) = form.downcast_ref::<ProjectPartnerForm>() {
        return Some(NamedOn::on(it.starts_on).one(it.organization_id, OWN));
    }
    if let Some(it) = form.downcast_ref::<ProjectContributionForm>() {
        return Some(NamedOn::on(it.given_on).one(it.organization_id, OWN));
    }
    let it = event(form)?;
    let named = NamedOn::on(it.first_day()).one(it.organization_id, OWN);
    let named = named.each(&it.co_organizer_ids, "/co_organizer_ids");
    let named = named.each(&it.information_partner_ids, "/information_partner_ids");
    Some(named.one(it.host_id, "/host_id"))
}

fn of_community(form: &dyn Any) -> Option<NamedOn> {
    if let Some(it) = form.downcast_ref::<ClubForm>() {
        let named = NamedOn::on(it.opened_on).lasting(it.closed_on).one(it.organization_id, OWN);
        return Some(named.one(it.host_id, "/host_id"));
    }
    if let Some(it) = form.downcast_ref::<VolunteerGroupForm>() {
        let named = NamedOn::on(it.formed_on).lasting(it.disbanded_on).one(it.organization_id, OWN);
        return Some(named.one(it.source_organization_id, "/source_organization_id"));
    }
    if let Some(it) = form.downcast_ref::<ReplicationForm>() {
        return Some(NamedOn::on(it.started_on).one(it.adopter_id, "/adopter_id"));
    }
    let it = form.downcast_ref::<SpecialistTrainingForm>()?;
    Some(NamedOn::on(it.ended_on).one(it.organization_id, OWN))
}

fn of_work(form: &dyn Any) -> Option<NamedOn> {
    if let Some(it) = form.downcast_ref::<PartnerInteractionForm>() {
        let named = NamedOn::on(it.held_on).one(it.organization_id, OWN);
        return Some(named.one(it.partner_id, "/partner_id"));
    }
    if let Some(it) = form.downcast_ref::<ActionPackageForm>() {
        return Some(NamedOn::on(it.starts_on).one(it.organization_id, OWN));
    }
    if let Some(it) = form.downcast_ref::<ActionPlanForm>() {
        return Some(NamedOn::on(it.starts_on).one(it.organization_id, OWN));
    }
    let it = form.downcast_ref::<IdeaForm>()?;
    Some(NamedOn::on(it.noticed_on).one(it.organization_id, OWN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partnership::events::EventState;
    use crate::partnership::legal_acts::LegalActForm;

    fn pointers(form: &dyn Any) -> Option<Vec<String>> {
        named(form, None).map(|it| it.organizations.into_iter().map(|it| it.1).collect())
    }

    #[test]
    fn an_entry_names_organizations_for_the_day_of_what_it_tells_of() {
        let event: EventForm = crate::examples::of();
        let told = named(&event, None).unwrap();
        assert_eq!(told.day, event.starts_on);
        assert_eq!(pointers(&event).unwrap(), ["/organization_id", "/co_organizer_ids/0"]);
        let appointment: CoordinatorAppointmentForm = crate::examples::of();
        assert_eq!(pointers(&appointment).unwrap(), ["/authority_id", "/organization_id"]);
        let interaction: PartnerInteractionForm = crate::examples::of();
        assert_eq!(pointers(&interaction).unwrap(), ["/organization_id", "/partner_id"]);
        let kept: LegalActForm = crate::examples::of();
        assert_eq!(named(&kept, None), None);
    }

    #[test]
    fn an_event_names_organizations_for_the_day_of_its_holding_and_the_order_by_that_day_alone() {
        let planned: EventForm = crate::examples::of();
        let held_on = planned.starts_on.succ_opt();
        let held = EventForm { state: EventState::Held, held_on, ..planned.clone() };
        let told = |before: &EventForm| named(&held, Some(before)).unwrap();
        assert_eq!(Some(told(&planned).day), held_on);
        let places = |it: NamedOn| it.organizations.into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(places(told(&planned)), ["/held_on"], "one organization, alone and with others");
        let edited = places(told(&held));
        assert_eq!(edited, ["/organization_id", "/co_organizer_ids/0"], "an edit names it itself");
    }

    #[test]
    fn a_club_a_group_and_a_council_last_until_their_last_day() {
        let club: ClubForm = crate::examples::of();
        let told = named(&club, None).unwrap();
        assert_eq!((told.day, told.until), (club.opened_on, None));
        let closed_on = club.opened_on.succ_opt();
        assert_eq!(named(&ClubForm { closed_on, ..club }, None).unwrap().until, closed_on);
        let group: VolunteerGroupForm = crate::examples::of();
        let told = named(&group, None).unwrap();
        assert_eq!((told.day, told.until), (group.formed_on, None));
        let council = CouncilForm { founded_on: None, ..crate::examples::of() };
        let told = named(&council, None).unwrap();
        assert_eq!((told.day, told.until), (NaiveDate::MIN, None), "nobody knows since when it is there");
    }
}
