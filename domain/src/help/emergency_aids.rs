//! Urgent aid: what an organization gives at once, without a programme or a contract (442-ФЗ ст. 21; 003 L53).
//!
//! A gift is to a beneficiary, or to somebody who is described and not on record. An item counted in a stock leaves it in the same
//! transaction, and a cancellation brings it back.
//!
//! Invariant: what is counted in a stock is given once, and comes back once.
use super::stock::{Moved, Stock, StockMovementForm, StockReason, UrgentAidKind};
use crate::accompaniment::cases::{Case, Open};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::entry::correction;
use crate::base::id::{
    BeneficiaryId, CaseId, EmergencyAidId, FileId, OrganizationId, StayId, StockItemId, StockMovementId,
};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Note, OrderNumber, REFERENCE, Title, repeats};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    ACT_MISSING = "delivery.act_missing", Content, "442-ФЗ ст. 21", "Срочную услугу подтверждает акт с подписью получателя.", "An urgent service has its act with the recipient's signature.";
    IN_FUTURE = "emergency_aid.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
    CASE_UNSUITED = "emergency_aid.case_unsuited", Content, ours, "Это случай другого получателя или другой организации.", "The case is of another beneficiary or of another organization.";
    STAY_UNSUITED = "emergency_aid.stay_unsuited", Content, ours, "Это проживание другого получателя или в другой организации.", "The stay is of another beneficiary, or in another organization.";
    CANCELLED = "emergency_aid.cancelled", State, ours, "Запись о срочной помощи отменена.", "The urgent aid is cancelled.";
}

words! {
    /// The state of urgent aid.
    EmergencyAidState in "emergency-aid-states" {
        Recorded = "recorded", "записано", "recorded";
        Cancelled = "cancelled", "отменено", "cancelled";
    }
}

/// A thing that is given: from a stock, or not counted.
#[form]
#[derive(Eq)]
#[validate(schema(function = "item_is_whole"))]
#[schema(example = json!({"stock_item_id": "01980000-0000-7000-8000-000000000059", "quantity": 1}))]
pub struct AidItem {
    /// The stock item of the organization that gives. A thing without one is not counted.
    pub stock_item_id: Option<StockItemId>,
    /// The thing in words, where it is not counted.
    pub name: Option<Title>,
    /// The quantity, 1 to 1 000 000.
    #[within(1..=1_000_000)]
    pub quantity: i32,
    /// The unit of what is not counted.
    pub unit: Option<Title>,
}

fn item_is_whole(it: &AidItem) -> Result<(), ValidationError> {
    let is_counted = it.stock_item_id.is_some();
    all_hold([
        lack(!is_counted && it.name.is_none(), &["name", "stock_item_id"]),
        clash(is_counted && it.name.is_some(), &["name", "stock_item_id"]),
        clash(is_counted && it.unit.is_some(), &["unit", "stock_item_id"]),
    ])
}

/// The act of an urgent service.
#[form]
#[derive(Eq)]
#[schema(example = json!({"number": "17", "signed_by_recipient": true}))]
pub struct AidAct {
    /// The number.
    pub number: OrderNumber,
    /// Whether the recipient has signed it.
    pub signed_by_recipient: bool,
    /// The signed act.
    pub file_id: Option<FileId>,
}

/// An order to record urgent aid that was given.
#[form]
#[validate(schema(function = "aid_is_whole"))]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "food_kit", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "given_on": "2026-02-20", "items": [{"stock_item_id": "01980000-0000-7000-8000-000000000059", "quantity": 1}], "act": {"number": "17", "signed_by_recipient": true}}))]
pub struct EmergencyAidForm {
    /// The organization that gives.
    pub organization_id: OrganizationId,
    /// The kind of aid.
    pub kind: UrgentAidKind,
    /// The recipient. Required without a description.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// A description of a recipient who is not on record.
    pub described: Option<Note>,
    /// The case of the recipient in the organization that gives. Without it, the case counts that is open there and was on the day.
    pub case_id: Option<CaseId>,
    /// The stay of the recipient, where the aid is temporary housing in a facility of the organization.
    pub stay_id: Option<StayId>,
    /// The day: today or earlier.
    pub given_on: NaiveDate,
    /// The things that were given, each stock item once.
    #[at_most(10)]
    pub items: Vec<AidItem>,
    /// The act, which the recipient has signed.
    pub act: Option<AidAct>,
    /// The result in words.
    pub result: Option<Note>,
}

fn aid_is_whole(it: &EmergencyAidForm) -> Result<(), ValidationError> {
    let (is_known, is_described) = (it.beneficiary_id.is_some(), it.described.is_some());
    let counted: Vec<StockItemId> = it.items.iter().filter_map(|it| it.stock_item_id).collect();
    all_hold([
        lack(!is_known && !is_described, &["beneficiary_id", "described"]),
        clash(is_known && is_described, &["described", "beneficiary_id"]),
        clash(!is_known && it.case_id.is_some(), &["case_id", "beneficiary_id"]),
        clash(!is_known && it.stay_id.is_some(), &["stay_id", "beneficiary_id"]),
        clash(it.stay_id.is_some() && it.kind != UrgentAidKind::TemporaryHousing, &["stay_id", "kind"]),
        clash(repeats(&counted), &["items"]),
    ])
}

/// An order to cancel urgent aid. A counted item goes back to the stock.
#[form]
#[schema(example = json!({"reason": "Набор не забрали."}))]
pub struct EmergencyAidCancellation {
    /// The reason.
    pub reason: Note,
}

facts! {
    /// Urgent aid was given.
    EmergencyAidGiven = "emergency_aid.given",
        "Оказана срочная помощь[: {kind}][, организация: {organization_id}]",
        "Urgent aid was given[: {kind}][, by {organization_id}]"
        about EmergencyAid (EmergencyAidId) {
        /// The organization that has given.
        organization_id: OrganizationId,
        /// The kind.
        kind: UrgentAidKind,
    }
    /// Urgent aid was cancelled.
    EmergencyAidCancelled = "emergency_aid.cancelled",
        "Запись о срочной помощи отменена[: {kind}]",
        "Urgent aid was cancelled[: {kind}]"
        about EmergencyAid (EmergencyAidId) {
        /// The kind.
        kind: UrgentAidKind,
    }
}

/// The stored data that the rules need.
#[derive(Debug, Clone, Default)]
pub struct AidFacts {
    /// Those of the named stock items that the organization keeps.
    pub stock: Vec<Stock>,
    /// The case, if the caller sees it.
    pub case: Option<Case>,
    /// The open case of the recipient in the organization that gives.
    pub open: Option<Open>,
    /// The beneficiary and the organization of the stay, if the caller sees it.
    pub stay: Option<(BeneficiaryId, OrganizationId)>,
    /// Other records of the recipient in the register.
    pub other_records: Vec<BeneficiaryId>,
}

/// Urgent aid that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its id.
    pub id: EmergencyAidId,
    /// The order.
    pub form: EmergencyAidForm,
    /// The act.
    pub act: AidAct,
    /// The case to which it belongs.
    pub case_id: Option<CaseId>,
}

/// Urgent aid that was cancelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Cancelled {
    /// Its id.
    pub id: EmergencyAidId,
    /// The reason.
    pub reason: Note,
}

/// Urgent aid in any state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmergencyAid {
    /// It counts.
    Recorded(Recorded),
    /// It was cancelled.
    Cancelled,
}

/// Urgent aid that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: EmergencyAidId,
    /// Its kind.
    pub kind: UrgentAidKind,
    /// The record, as the rules about corrections see it.
    pub record: correction::Recorded,
}

impl EmergencyAidForm {
    fn against_act(&self) -> Option<Reason> {
        match &self.act {
            None => Some(ACT_MISSING.reason().at("/act")),
            Some(it) if !it.signed_by_recipient => Some(ACT_MISSING.reason().at("/act/signed_by_recipient")),
            Some(_) => None,
        }
    }
    /// The reasons against the named case: of somebody else, or not open on the day.
    fn against_case(&self, case: &Case, facts: &AidFacts, today: NaiveDate) -> Vec<Reason> {
        let was = case.was();
        let is_of_another = self.beneficiary_id.is_some() && !self.is_to(was.beneficiary_id, facts);
        if is_of_another || was.organization_id != self.organization_id {
            return vec![CASE_UNSUITED.reason().at("/case_id")];
        }
        let is_to_come = self.given_on > today;
        let outside = if is_to_come { None } else { case.against_day(self.given_on, today) };
        outside.map(|it| it.at("/given_on")).into_iter().collect()
    }
    /// Whether the recipient is that person, under any record.
    fn is_to(&self, who: BeneficiaryId, facts: &AidFacts) -> bool {
        self.beneficiary_id.is_some_and(|it| it == who || facts.other_records.contains(&who))
    }
    /// The reason against the named stay: of somebody else, or elsewhere.
    fn against_stay(&self, (of, at): (BeneficiaryId, OrganizationId), facts: &AidFacts) -> Option<Reason> {
        let is_theirs = self.is_to(of, facts) && self.organization_id == at;
        (!is_theirs).then(|| STAY_UNSUITED.reason().at("/stay_id"))
    }
    /// The reasons against the counted things: of another stock, or more than it holds.
    fn against_items(&self, stock: &[Stock]) -> Vec<Reason> {
        let told = self.items.iter().enumerate().filter_map(|(place, it)| {
            let id = it.stock_item_id?;
            match stock.iter().find(|it| it.id == id) {
                None => Some(REFERENCE.reason().at(format!("/items/{place}/stock_item_id"))),
                Some(held) => {
                    held.against_taking(it.quantity).map(|it| it.at(format!("/items/{place}/quantity")))
                }
            }
        });
        told.collect()
    }
}

impl Given {
    /// Records urgent aid.
    pub fn give(
        id: EmergencyAidId,
        form: &EmergencyAidForm,
        facts: &AidFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = form.against_act().into_iter().collect();
        if form.given_on > today {
            reasons.push(IN_FUTURE.reason().at("/given_on").with("today", today));
        }
        reasons.extend(facts.case.iter().flat_map(|it| form.against_case(it, facts, today)));
        reasons.extend(facts.stay.and_then(|it| form.against_stay(it, facts)));
        reasons.extend(form.against_items(&facts.stock));
        Refused::unless_empty(reasons)?;
        let Some(act) = form.act.clone() else { return Err(ACT_MISSING.refuse()) };
        let fact = EmergencyAidGiven { id, organization_id: form.organization_id, kind: form.kind };
        let open = facts.open.as_ref().filter(|it| it.opened_on <= form.given_on).map(|it| it.id);
        let case_id = form.case_id.or(open);
        Ok(Changed::new(Self { id, form: form.clone(), act, case_id }, fact))
    }
    /// The movement by which a given thing leaves its stock. None for what is not counted.
    pub fn taken(&self, it: &AidItem, stock: &[Stock], id: StockMovementId) -> Option<Changed<Moved>> {
        let held = *stock.iter().find(|held| Some(held.id) == it.stock_item_id)?;
        let form = StockMovementForm::of_aid((held.id, it.quantity), StockReason::Aid, self.form.given_on);
        Some(held.moved(id, form, Some(self.id)))
    }
}

impl EmergencyAid {
    /// Urgent aid that counts, if it is not cancelled. All rules refuse cancelled aid through this function.
    pub fn recorded(self) -> Result<Recorded, Refused> {
        match self {
            Self::Recorded(it) => Ok(it),
            Self::Cancelled => Err(CANCELLED.refuse()),
        }
    }
}

impl Recorded {
    /// Cancels it, within the term of corrections.
    pub fn cancel(
        self,
        order: &EmergencyAidCancellation,
        today: NaiveDate,
    ) -> Result<Changed<Cancelled>, Refused> {
        self.record.must_be_open(today)?;
        let fact = EmergencyAidCancelled { id: self.id, kind: self.kind };
        Ok(Changed::new(Cancelled { id: self.id, reason: order.reason.clone() }, fact))
    }
}

impl Cancelled {
    /// The movement by which a thing comes back to its stock.
    pub fn returned(
        &self,
        id: StockMovementId,
        (held, quantity): (Stock, i32),
        today: NaiveDate,
    ) -> Changed<Moved> {
        let form = StockMovementForm::of_aid((held.id, quantity), StockReason::AidCancelled, today);
        held.moved(id, form, Some(self.id))
    }
}

/// Urgent aid as its caller sees it.
#[derive(Debug)]
pub struct EmergencyAidOffers {
    /// The urgent aid.
    pub it: EmergencyAid,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for EmergencyAidOffers {
    const AT: &'static str = "emergency-aids";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Cancel, "cancellation", Right::AnnulRecords)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match self.it {
            EmergencyAid::Recorded(it) if action == Action::Cancel => {
                Some(Verdict::default().unless(it.record.must_be_open(self.today)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stock::StockBalance;
    use super::*;

    fn codes(form: &EmergencyAidForm, facts: &AidFacts, today: NaiveDate) -> Vec<(&'static str, String)> {
        let given = Given::give(uuid::Uuid::nil().into(), form, facts, today);
        let told = |it: &Reason| (it.rule.code, it.pointer.clone().unwrap_or_default());
        given.err().iter().flat_map(|it| it.reasons()).map(told).collect()
    }
    fn kits(form: &EmergencyAidForm, balance: i64) -> AidFacts {
        let id = form.items[0].stock_item_id.unwrap();
        let stock = Stock { id, organization_id: form.organization_id, balance: StockBalance(balance) };
        AidFacts { stock: vec![stock], ..AidFacts::default() }
    }

    #[test]
    fn an_urgent_service_has_its_act_with_the_signature_of_the_recipient() {
        let form: EmergencyAidForm = crate::examples::of();
        let (facts, today) = (kits(&form, 1), form.given_on);
        assert_eq!(codes(&form, &facts, today), []);
        let without = EmergencyAidForm { act: None, ..form.clone() };
        assert_eq!(codes(&without, &facts, today), [("delivery.act_missing", "/act".to_owned())]);
        let act = form.act.clone().map(|it| AidAct { signed_by_recipient: false, ..it });
        let unsigned = EmergencyAidForm { act, ..form };
        assert_eq!(codes(&unsigned, &facts, today)[0].1, "/act/signed_by_recipient");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let form: EmergencyAidForm = crate::examples::of();
        let (early, mut form) = (form.given_on.pred_opt().unwrap(), form);
        let facts = kits(&form, 0);
        let other = AidItem { stock_item_id: Some(uuid::Uuid::max().into()), ..form.items[0].clone() };
        form.items.push(other);
        let told = codes(&form, &facts, early);
        let expected = [
            ("emergency_aid.in_future", "/given_on"),
            ("emergency_aid.out_of_stock", "/items/0/quantity"),
            ("field.reference", "/items/1/stock_item_id"),
        ];
        assert_eq!(told, expected.map(|it| (it.0, it.1.to_owned())));
    }

    #[test]
    fn what_was_counted_leaves_the_stock_and_comes_back() {
        let form: EmergencyAidForm = crate::examples::of();
        let (facts, id) = (kits(&form, 3), uuid::Uuid::nil());
        let given = Given::give(id.into(), &form, &facts, form.given_on).unwrap().into_parts().0;
        let taken = given.taken(&form.items[0], &facts.stock, id.into()).unwrap().into_parts().0;
        assert_eq!((taken.change(), taken.stock.balance), (-1, StockBalance(2)));
        let uncounted = AidItem { stock_item_id: None, ..form.items[0].clone() };
        assert!(given.taken(&uncounted, &facts.stock, id.into()).is_none());
        let order: EmergencyAidCancellation = crate::examples::of();
        let term = correction::CorrectionDays::default();
        let on = form.given_on;
        let record = correction::Recorded {
            on,
            is_annulled: false,
            is_about_caller: false,
            by_administrator: false,
            term,
        };
        let it = EmergencyAid::Recorded(Recorded { id: id.into(), kind: form.kind, record });
        let (recorded, late) = (it.recorded().unwrap(), on + chrono::TimeDelta::days(91));
        assert_eq!(recorded.cancel(&order, late).unwrap_err().reasons()[0].rule.code, "entry.term");
        assert!(EmergencyAidOffers { it, today: late }.judge(Action::Cancel).is_some());
        let cancelled = recorded.cancel(&order, on).unwrap().into_parts().0;
        let back = cancelled.returned(id.into(), (taken.stock, 1), form.given_on).into_parts().0;
        assert_eq!((back.change(), back.stock.balance), (1, StockBalance(3)));
        assert!(EmergencyAid::Cancelled.recorded().is_err());
        assert!(
            EmergencyAidOffers { it: EmergencyAid::Cancelled, today: on }.judge(Action::Cancel).is_none()
        );
    }

    #[test]
    fn a_gift_is_to_somebody_known_or_described() {
        use crate::base::clauses::reasons;
        let form: EmergencyAidForm = crate::examples::of();
        let told = |form: &EmergencyAidForm| {
            let all = form.validate().err().map(|it| reasons(&it)).unwrap_or_default();
            all.iter().map(|it| it.pointer.clone().unwrap_or_default()).collect::<Vec<_>>()
        };
        assert!(told(&form).is_empty());
        let described = Some(Note::new("Мужчина лет сорока, живёт на вокзале"));
        let both = EmergencyAidForm { described: described.clone(), ..form.clone() };
        assert_eq!(told(&both), ["/described"]);
        let nobody = EmergencyAidForm { beneficiary_id: None, ..form.clone() };
        assert_eq!(told(&nobody), ["/beneficiary_id"]);
        let homeless = EmergencyAidForm { beneficiary_id: None, described, ..form.clone() };
        assert!(told(&homeless).is_empty());
        let twice = [form.items[0].clone(), form.items[0].clone()].to_vec();
        assert_eq!(told(&EmergencyAidForm { items: twice, ..form.clone() }), ["/items"]);
        let stay_id = Some(uuid::Uuid::nil().into());
        let housed = EmergencyAidForm { stay_id, kind: UrgentAidKind::TemporaryHousing, ..form.clone() };
        assert_eq!(told(&housed), Vec::<String>::new());
        assert_eq!(told(&EmergencyAidForm { stay_id, ..form }), ["/stay_id"]);
    }
}
