//! The organizations that entries of help name, and the day for which each does. Facilities and offers that go on newly name an organization
//! for the present day, a delivery for the day on which it was given.
use super::places::FacilityForm;
use super::service_deliveries::ServiceDeliveryForm;
use super::service_offers::ServiceOfferForm;
use crate::region::organizations::NamedOn;
use std::any::Any;

const OWN: &str = "/organization_id";

/// The organizations that an entry names, with the day. None for an entry that names none for a day.
pub fn named(form: &dyn Any) -> Option<NamedOn> {
    if let Some(it) = form.downcast_ref::<FacilityForm>() {
        // A facility tells the first day on which it is open no more.
        let last = it.closed_on.map(|it| it.pred_opt().unwrap_or(it));
        return Some(NamedOn::on(it.opened_on).lasting(last).one(it.organization_id, OWN));
    }
    if let Some(it) = form.downcast_ref::<ServiceOfferForm>() {
        return Some(NamedOn::on(it.starts_on).lasting(it.ends_on).one(it.organization_id, OWN));
    }
    let it = form.downcast_ref::<ServiceDeliveryForm>()?;
    Some(NamedOn::on(it.delivered_on).one(it.provider_organization_id, "/provider_organization_id"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help::needs::NeedForm;
    use chrono::NaiveDate;

    fn days(form: &dyn Any, before: Option<&dyn Any>, today: &str) -> Vec<String> {
        let (now, was) = (named(form).unwrap(), before.and_then(named));
        let new = now.new_beside(was.as_ref(), today.parse().unwrap());
        new.into_iter().map(|(_, pointer, day)| format!("{pointer} {day}")).collect()
    }

    #[test]
    fn a_facility_and_an_offer_that_go_on_name_their_organization_for_the_present_day() {
        let (today, none) = ("2026-03-02", Vec::<String>::new());
        let offer: ServiceOfferForm = crate::examples::of();
        assert_eq!(days(&offer, None, today), ["/organization_id 2026-03-02"]);
        assert_eq!(days(&offer, Some(&offer), today), none, "it is named already");
        let over = ServiceOfferForm { ends_on: Some(offer.starts_on), ..offer.clone() };
        assert_eq!(days(&over, Some(&offer), today), none, "an end is entered at any time");
        assert_eq!(days(&offer, Some(&over), today), ["/organization_id 2026-03-02"], "it goes on again");
        let house: FacilityForm = crate::examples::of();
        assert_eq!(days(&house, None, today), ["/organization_id 2026-03-02"]);
        let until: Option<NaiveDate> = Some(today.parse().unwrap());
        let closed = FacilityForm { closed_on: until, ..house.clone() };
        let opened = format!("/organization_id {}", house.opened_on);
        assert_eq!(days(&closed, None, today), [opened], "today is the first day without it");
    }

    #[test]
    fn a_delivery_names_its_provider_for_its_day_and_a_need_names_nobody() {
        let delivery: ServiceDeliveryForm = crate::examples::of();
        let day = delivery.delivered_on;
        assert_eq!(days(&delivery, None, "2026-03-02"), [format!("/provider_organization_id {day}")]);
        let by_name = ServiceDeliveryForm { provider_organization_id: None, ..delivery };
        assert_eq!(days(&by_name, None, "2026-03-02"), Vec::<String>::new());
        assert_eq!(named(&crate::examples::of::<NeedForm>()), None);
    }
}
