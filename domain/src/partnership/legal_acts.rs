//! Legal acts: laws, resolutions, orders and charters on which the work rests (001 L18; 004 L176–179).
use crate::base::id::{FileId, LegalActId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Link, OrderNumber, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    AMENDS_ITSELF = "legal_act.amends_itself", Content, ours, "Акт не изменяет сам себя.", "An act does not amend itself.";
    TERM = "legal_act.term", Content, ours, "Акт не утрачивает силу раньше, чем вступает в неё.", "An act does not lose force before it enters into force.";
}

words! {
    /// The kind of a legal act.
    ActKind in "act-kinds" {
        FederalLaw = "federal_law", "федеральный закон", "federal law";
        FederalResolution = "federal_resolution", "постановление Правительства РФ", "federal resolution";
        RegionalLaw = "regional_law", "закон региона", "regional law";
        RegionalResolution = "regional_resolution", "постановление правительства региона", "regional resolution";
        Framework = "framework", "рамочный межведомственный документ", "framework";
        Order = "order", "приказ", "order";
        Charter = "charter", "устав", "charter";
        Recommendation = "recommendation", "методические рекомендации", "recommendations";
        Other = "other", "иной", "other";
    }
}

/// A legal act as it is entered and edited, whole.
#[entry(LegalAct: LegalActId, at "legal-acts", named "legal act" "legal acts", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by adopted_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "federal_law", "number": "442-ФЗ", "adopted_on": "2013-12-28", "title": "Об основах социального обслуживания граждан в Российской Федерации", "valid_from": "2015-01-01"}))]
pub struct LegalActForm {
    /// The organization that keeps the act on record.
    #[owner]
    #[filter = "Only acts that this organization keeps."]
    pub organization_id: OrganizationId,
    /// The kind.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: ActKind,
    /// The number.
    pub number: Option<OrderNumber>,
    /// The day of the adoption.
    pub adopted_on: NaiveDate,
    /// Title.
    pub title: Title,
    /// The body that has adopted it.
    pub issuer: Option<Title>,
    /// The act that this one amends.
    #[filter = "Only acts that amend this one."]
    pub amends_id: Option<LegalActId>,
    /// The first day in force.
    pub valid_from: Option<NaiveDate>,
    /// The last day in force.
    pub valid_until: Option<NaiveDate>,
    /// The address of the text.
    pub link: Option<Link>,
    /// The file with the text.
    pub file_id: Option<FileId>,
}

impl LegalActForm {
    fn judge(&self, id: LegalActId, _: Option<&Self>) -> Vec<Reason> {
        let amends_itself = self.amends_id == Some(id);
        let is_turned = self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| until < from);
        let amends_itself = amends_itself.then(|| AMENDS_ITSELF.reason().at("/amends_id"));
        amends_itself.into_iter().chain(is_turned.then(|| TERM.reason().at("/valid_until"))).collect()
    }
}
