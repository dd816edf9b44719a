//! Services that organizations of the partnership offer: a directory that every account reads (003 L53). One that is offered no more
//! leaves the list by its last day.
use super::service_standards::ServiceKind;
use crate::base::id::{OrganizationId, ServiceOfferId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Note, Oktmo, Phone, Title};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    AGES = "service_offer.ages", Content, ours, "Наибольший возраст меньше наименьшего.", "The greatest age is less than the least one.";
    ENDS_EARLY = "service_offer.ends_early", Content, ours, "Услугу прекращают оказывать не раньше, чем начинают.", "A service does not end before it begins.";
}

/// A service that an organization offers, as it is entered and edited, whole.
#[entry(ServiceOffer: ServiceOfferId, at "service-offers", named "service offer" "service offers", tag "help", read ReadOrganizations, edit EditUnits, by name, until ends_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "name": "Консультация юриста", "kind": "legal", "description": "Помогаем с жильём и алиментами.", "phone": "+73954131522", "opening_hours": "по средам с 10 до 13", "age_from": 14, "free": true, "territory": "25655000", "starts_on": "2026-01-12"}))]
pub struct ServiceOfferForm {
    /// The organization that offers the service.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// Name.
    pub name: Title,
    /// The kind of the service.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: ServiceKind,
    /// A description.
    pub description: Option<Note>,
    /// The telephone for questions.
    pub phone: Option<Phone>,
    /// The address of the service, if it is another one than that of the organization.
    pub address: Option<Title>,
    /// The days and hours, in words.
    pub opening_hours: Option<Title>,
    /// The least age of those who get it, in years.
    #[within(0..=120)]
    pub age_from: Option<i32>,
    /// The greatest age of those who get it, in years.
    #[within(0..=120)]
    pub age_to: Option<i32>,
    /// Whether it costs nothing.
    pub free: bool,
    /// The territory in which it is offered.
    #[beginning("Only in this territory, by its code or the beginning of one.", 2..=11, "25655")]
    #[place = "Only those for this place: offered in it, in a territory that holds it, or in one of its settlements. The cards of people in need and of requests for help tell the code."]
    pub territory: Oktmo,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if it is known.
    pub ends_on: Option<NaiveDate>,
}

impl ServiceOfferForm {
    fn judge(&self, _: ServiceOfferId, _: Option<&Self>) -> Vec<Reason> {
        let ages = self.age_from.zip(self.age_to).is_some_and(|(from, to)| to < from);
        let days = self.ends_on.is_some_and(|it| it < self.starts_on);
        let ages = ages.then(|| AGES.reason().at("/age_to"));
        ages.into_iter().chain(days.then(|| ENDS_EARLY.reason().at("/ends_on"))).collect()
    }
}
