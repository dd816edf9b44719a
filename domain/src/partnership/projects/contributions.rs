//! Contributions to a project, in money and in kind (003 L29). Private givers have no name.
use crate::base::id::{OrganizationId, ProjectContributionId};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{BOTH, MISSING, Money, Note, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    MONEY = "contribution.money", Content, ours, "У денег — сумма, у остального — количество с единицей.", "Money has a value and no quantity; a quantity of anything else has a unit.";
}

words! {
    /// The kind of a contribution to a project.
    ContributionKind in "contribution-kinds" {
        Money = "money", "деньги", "money";
        Food = "food", "продукты", "food";
        Clothing = "clothing", "тёплые вещи, одежда", "clothing";
        Handmade = "handmade", "изделия своими руками", "handmade";
        Goods = "goods", "иное имущество", "goods";
        Premises = "premises", "помещение", "premises";
        Transport = "transport", "транспорт", "transport";
        Services = "services", "услуги", "services";
        Training = "training", "курсы, стажировка", "training";
        Information = "information", "информационная", "information";
    }
}

/// A contribution to a project as it is entered and edited, whole. Money and things are never added up.
#[entry(ProjectContribution: ProjectContributionId, at "project-contributions", named "project contribution" "project contributions", tag "partnership", read ReadPartnershipInside, edit EditPartnershipInside, under Project "projects", called given_on, by given_on, entering AddContribution, annul, past, judged)]
#[schema(example = json!({"given_on": "2016-02-20", "kind": "clothing", "organization_id": "01980000-0000-7000-8000-000000000001", "private_givers": true, "quantity": 40.5, "unit": "кг", "about": "Собрали на площадке «Антенна-7»."}))]
pub struct ProjectContributionForm {
    /// The day.
    pub given_on: NaiveDate,
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: ContributionKind,
    /// The organization that gave it.
    pub organization_id: Option<OrganizationId>,
    /// Whether private people gave it, alone or beside others. They have no name here.
    pub private_givers: bool,
    /// The quantity in the unit. Absent where nobody has counted.
    #[within(0.0..=1_000_000_000.0)]
    pub quantity: Option<f64>,
    /// The unit of the quantity.
    pub unit: Option<Title>,
    /// The value. Required for money; for anything else it is an estimate.
    pub value: Option<Money>,
    /// The contribution in words.
    pub about: Option<Note>,
}

impl ProjectContributionForm {
    fn judge(&self, _: ProjectContributionId, _: Option<&Self>) -> Vec<Reason> {
        let is_money = self.kind == ContributionKind::Money;
        broken([
            (is_money && self.value.is_none(), MONEY.reason().at("/value")),
            (is_money && self.quantity.is_some(), MONEY.reason().at("/quantity")),
            (self.quantity.is_some() && self.unit.is_none(), MONEY.reason().at("/unit")),
            (
                self.unit.is_some() && self.quantity.is_none(),
                BOTH.reason().at("/unit").with("with", "/quantity"),
            ),
            (self.organization_id.is_none() && !self.private_givers, MISSING.reason().at("/organization_id")),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    #[test]
    fn money_has_a_value_and_things_have_a_quantity_with_a_unit() {
        let form: ProjectContributionForm = crate::examples::of();
        let told = |it: &ProjectContributionForm| -> Vec<String> {
            let reasons = it.against(uuid::Uuid::nil().into(), None);
            reasons.iter().filter_map(|it| it.pointer.as_deref().map(str::to_owned)).collect()
        };
        assert_eq!(told(&form), Vec::<String>::new());
        let money = ProjectContributionForm { kind: ContributionKind::Money, ..form.clone() };
        assert_eq!(told(&money), ["/value", "/quantity"]);
        let bare = ProjectContributionForm {
            unit: None,
            private_givers: false,
            organization_id: None,
            ..form.clone()
        };
        assert_eq!(told(&bare), ["/unit", "/organization_id"]);
        let uncounted = ProjectContributionForm { quantity: None, unit: None, ..form };
        assert_eq!(told(&uncounted), Vec::<String>::new(), "what nobody has counted is not nothing");
    }
}
