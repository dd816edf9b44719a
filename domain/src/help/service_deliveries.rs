//! Deliveries of services in a case: what was given, by which standard and by whom (001 L24; 004 L292).
//!
//! Several organizations may deliver in one case. The one that accompanies enters all of it. A member of another one with the level
//! `contribute`, and the receiver of an accepted referral, enter their own. A delivery is never edited: one that was entered by mistake is
//! annulled by the organization that accompanies. An urgent service is no delivery: it is urgent aid, with its act.
use crate::base::id::{NeedId, OrganizationId, ServiceDeliveryId, ServiceStandardId};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{BOTH, MISSING, Note, REFERENCE, Title, repeated};
use crate::help::emergency_aids::ACT_MISSING;
use crate::help::service_standards::{NOT_IN_FORCE, ServiceKind, ServiceStandardForm};
use crate::people::BeneficiaryCategory;
use crate::region::organizations::OrganizationKind;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    PROVIDER = "delivery.provider", Content, "004 L292", "Стандарт не допускает таких исполнителей.", "The standard does not admit providers of this kind.";
    RECIPIENT = "delivery.recipient", State, "004 L193", "Возраст или категория получателя в этот день не те, для которых стандарт.", "The standard is for recipients of another age or category on that day.";
    NOT_OWN = "delivery.not_own", Content, ours, "Другая организация записывает только те услуги, которые оказала сама.", "Another organization records the services alone that it gave itself.";
    REPEATED = "delivery.need_repeated", Content, ours, "Потребность указана дважды.", "A need stands twice.";
}

/// A delivery of a service as it is entered. The organization that accompanies enters it, also for other providers.
#[entry(ServiceDelivery: ServiceDeliveryId, at "service-deliveries", named "service delivery" "service deliveries", tag "help", read ReadServices, edit EditServices, under Case "cases", called delivered_on, by delivered_on, entering RecordDelivery, once, annul, past, judged)]
#[schema(example = json!({"standard_id": "01980000-0000-7000-8000-000000000054", "provider_organization_id": "01980000-0000-7000-8000-000000000001", "delivered_on": "2026-02-25", "volume": 1, "minutes": 60, "need_ids": ["01980000-0000-7000-8000-000000000053"], "result": "Составил список документов для восстановления."}))]
pub struct ServiceDeliveryForm {
    /// The standard by which the service was given: the edition in force on that day.
    #[told]
    #[filter = "Only deliveries by this standard."]
    pub standard_id: ServiceStandardId,
    /// The organization that gave the service. A provider that has no record is told by name and kind.
    #[filter = "Only deliveries of this organization."]
    pub provider_organization_id: Option<OrganizationId>,
    /// The name of a provider without a record.
    pub provider_text: Option<Title>,
    /// The kind of that provider. Required with the name.
    pub provider_kind: Option<OrganizationKind>,
    /// The day of the delivery.
    #[told]
    pub delivered_on: NaiveDate,
    /// The volume, in units of the standard, 1 to 10 000.
    #[within(1..=10_000)]
    pub volume: Option<i32>,
    /// The minutes, 1 to 10 000.
    #[within(1..=10_000)]
    pub minutes: Option<i32>,
    /// Needs of the same case that the service answers, each once.
    #[at_most(5)]
    pub need_ids: Vec<NeedId>,
    /// The result in words.
    #[sealed]
    pub result: Option<Note>,
}

/// The recipient and the provider of a delivery, with the standard, as they are on record.
#[derive(Debug)]
pub struct DeliveryFacts<'a> {
    /// The edition of the standard.
    pub standard: &'a ServiceStandardForm,
    /// Whether the edition is annulled, or a later one was in force on that day.
    pub is_superseded: bool,
    /// The kind of the provider. `None`: the caller sees no such organization, which is refused as a reference.
    pub provider: Option<OrganizationKind>,
    /// The category of the recipient.
    pub category: BeneficiaryCategory,
    /// The birth date of the recipient. `None` for a family.
    pub born_on: Option<NaiveDate>,
}

impl ServiceDeliveryForm {
    /// The reasons against the delivery by what is on record.
    pub fn against_facts(&self, facts: &DeliveryFacts<'_>) -> Vec<Reason> {
        let (standard, day) = (facts.standard, self.delivered_on);
        let is_urgent = standard.kind == ServiceKind::Urgent;
        broken([
            // Urgent aid alone has an act and takes its goods from the stock.
            (is_urgent, ACT_MISSING.reason().at("/standard_id")),
            (facts.is_superseded || !standard.is_in_force_on(day), NOT_IN_FORCE.reason().at("/standard_id")),
            (!standard.serves(facts.category, facts.born_on, day), RECIPIENT.reason().at("/standard_id")),
            (facts.provider.is_some_and(|it| !standard.admits(it)), PROVIDER.reason().at(self.provider_at())),
        ])
    }
    /// The reasons against a delivery that another organization records: it is its own, for needs of the case that it sees.
    pub fn against_contribution(&self, by: OrganizationId, told: &[NeedId]) -> Vec<Reason> {
        let is_own = self.provider_organization_id == Some(by);
        let foreign = (!is_own).then(|| NOT_OWN.reason().at("/provider_organization_id"));
        let hidden = self.need_ids.iter().enumerate().filter(|it| !told.contains(it.1));
        let hidden = hidden.map(|it| REFERENCE.reason().at(format!("/need_ids/{}", it.0)));
        foreign.into_iter().chain(hidden).collect()
    }
    /// The member that tells the provider.
    fn provider_at(&self) -> &'static str {
        if self.provider_organization_id.is_some() { "/provider_organization_id" } else { "/provider_kind" }
    }
    fn judge(&self, _: ServiceDeliveryId, _: Option<&Self>) -> Vec<Reason> {
        let (has_record, has_name) = (self.provider_organization_id.is_some(), self.provider_text.is_some());
        let has_kind = self.provider_kind.is_some();
        let both = |at: &str| BOTH.reason().at(at).with("with", "/provider_organization_id");
        let broken = broken([
            (!has_record && !has_name, MISSING.reason().at("/provider_organization_id")),
            (has_record && has_name, both("/provider_text")),
            (has_record && has_kind, both("/provider_kind")),
            (has_name && !has_kind, MISSING.reason().at("/provider_kind")),
        ]);
        let twice = repeated(&self.need_ids).map(|n| REPEATED.reason().at(format!("/need_ids/{n}")));
        broken.into_iter().chain(twice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::help::service_standards::StandardState;

    #[test]
    fn a_provider_is_on_record_or_told_by_name_and_kind() {
        let form: ServiceDeliveryForm = crate::examples::of();
        let told = |form: &ServiceDeliveryForm| -> Vec<String> {
            let all = form.against(uuid::Uuid::nil().into(), None);
            all.into_iter().map(|it| format!("{} {}", it.rule.code, it.pointer.unwrap_or_default())).collect()
        };
        assert_eq!(told(&form), Vec::<String>::new());
        let name = Some(Title::new("Фонд «Берег»"));
        let both = ServiceDeliveryForm { provider_text: name.clone(), ..form.clone() };
        assert_eq!(told(&both), ["field.combination /provider_text", "field.missing /provider_kind"]);
        let named = ServiceDeliveryForm {
            provider_organization_id: None,
            provider_kind: Some(OrganizationKind::Ngo),
            ..both
        };
        assert_eq!(told(&named), Vec::<String>::new());
        let nobody = ServiceDeliveryForm { provider_text: None, provider_kind: None, ..named };
        assert_eq!(told(&nobody), ["field.missing /provider_organization_id"]);
        let twice = ServiceDeliveryForm { need_ids: vec![form.need_ids[0]; 2], ..form };
        assert_eq!(told(&twice), ["delivery.need_repeated /need_ids/1"]);
    }

    #[test]
    fn another_organization_records_its_own_services_for_needs_that_it_sees() {
        let form: ServiceDeliveryForm = crate::examples::of();
        let (own, need) = (form.provider_organization_id.unwrap(), form.need_ids[0]);
        assert!(form.against_contribution(own, &[need]).is_empty());
        let told = form.against_contribution(uuid::Uuid::nil().into(), &[]);
        let codes: Vec<&str> = told.iter().map(|it| it.rule.code).collect();
        assert_eq!(codes, ["delivery.not_own", "field.reference"]);
        assert_eq!(told[1].pointer.as_deref(), Some("/need_ids/0"));
    }

    fn facts(standard: &ServiceStandardForm) -> DeliveryFacts<'_> {
        DeliveryFacts {
            standard,
            is_superseded: false,
            provider: Some(OrganizationKind::Ngo),
            category: BeneficiaryCategory::FormerCareAdult,
            born_on: NaiveDate::from_ymd_opt(2005, 5, 1),
        }
    }

    #[test]
    fn a_service_is_given_by_a_standard_in_force_to_whom_it_is_for_by_whom_it_admits() {
        let form: ServiceDeliveryForm = crate::examples::of();
        let codes = |facts: &DeliveryFacts<'_>| -> Vec<&'static str> {
            form.against_facts(facts).iter().map(|it| it.rule.code).collect()
        };
        let draft: ServiceStandardForm = crate::examples::of();
        assert_eq!(codes(&facts(&draft)), ["standard.not_in_force"]);
        let standard = ServiceStandardForm { state: StandardState::Active, ..draft };
        assert_eq!(codes(&facts(&standard)), Vec::<&str>::new());
        let wrong = DeliveryFacts {
            is_superseded: true,
            provider: Some(OrganizationKind::Business),
            born_on: None,
            ..facts(&standard)
        };
        assert_eq!(codes(&wrong), ["standard.not_in_force", "delivery.recipient", "delivery.provider"]);
        let urgent = ServiceStandardForm { kind: ServiceKind::Urgent, ..standard };
        assert_eq!(codes(&facts(&urgent)), ["delivery.act_missing"], "urgent aid is given with its act");
    }
}
