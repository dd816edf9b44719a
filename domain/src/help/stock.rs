//! Stock of an organization: things for urgent aid, and each movement of them (003 L53).
//!
//! A balance is never entered: movements alone change it. A movement stays as it was booked; another one corrects it.
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{EmergencyAidId, OrganizationId, StockItemId, StockMovementId};
use crate::base::kept::kept;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Title;
use crate::base::word::{Begin, only_sent, sent, words};
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shape::{entry, form};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use validator::{Validate, ValidationError};

rules! {
    OUT_OF_STOCK = "emergency_aid.out_of_stock", State, ours, "На складе столько нет: учтённое дважды не выдают.", "The stock does not hold that much: what is counted is never given twice.";
    IN_FUTURE = "stock_movement.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
    UNIT_FIXED = "stock_item.unit_fixed", Content, ours, "Единица запаса не меняется: остаток посчитан в ней.", "The unit of a stock item stays: its balance is counted in it.";
}

words! {
    /// The kind of urgent aid (442-ФЗ ст. 21).
    UrgentAidKind in "aid-kinds-urgent" {
        FoodKit = "food_kit", "продуктовый набор", "food kit";
        HotMeal = "hot_meal", "горячее питание", "hot meal";
        Clothing = "clothing", "одежда, обувь, предметы первой необходимости", "clothing";
        TemporaryHousing = "temporary_housing", "временное жильё", "temporary housing";
        Legal = "legal", "юридическая помощь", "legal aid";
        Psychological = "psychological", "экстренная психологическая помощь", "psychological aid";
        Travel = "travel", "проезд", "travel";
        Other = "other", "иное", "other";
    }

    /// The direction of a movement of stock.
    StockDirection in "stock-directions" {
        In = "in", "приход", "in";
        Out = "out", "расход", "out";
    }

    /// The reason for a movement of stock.
    StockReason in "stock-reasons" {
        Donation = "donation", "пожертвование", "donation";
        Purchase = "purchase", "закупка", "purchase";
        HandedOver = "handed_over", "передано другой организации", "handed over to another organization";
        WrittenOff = "written_off", "списание", "written off";
        Count = "count", "пересчёт", "count";
        Aid = "aid", "срочная помощь", "urgent aid", by system;
        AidCancelled = "aid_cancelled", "срочная помощь отменена", "urgent aid cancelled", by system;
    }
}

impl UrgentAidKind {
    /// Whether somebody learns of the aid to whom these parts of a case are granted: legal and psychological aid need their own parts.
    pub fn is_told_to(self, parts: &[CasePart]) -> bool {
        let part = match self {
            Self::Legal => Some(CasePart::Law),
            Self::Psychological => Some(CasePart::Health),
            _ => None,
        };
        part.is_none_or(|it| parts.contains(&it))
    }
}

sent! { SentStockReason of StockReason; }

impl StockReason {
    /// Whether movements for this reason go in that direction.
    fn suits(self, direction: StockDirection) -> bool {
        match self {
            Self::Donation | Self::Purchase | Self::AidCancelled => direction == StockDirection::In,
            Self::HandedOver | Self::WrittenOff | Self::Aid => direction == StockDirection::Out,
            Self::Count => true,
        }
    }
}

/// The quantity that a stock holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StockBalance(pub i64);

kept! { Long: StockBalance => |it| it.0, |it| Ok(StockBalance(it)); }

impl Begin for StockBalance {
    const BEGINNING: Self = Self(0);
}
impl utoipa::PartialSchema for StockBalance {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .description(Some("The quantity in stock: all that came in without all that went out."))
            .minimum(Some(0))
            .maximum(Some(9_007_199_254_740_991_i64))
            .examples([serde_json::json!(9)])
            .into()
    }
}
impl utoipa::ToSchema for StockBalance {}

/// A stock item as it is entered and edited, whole.
#[entry(StockItem: StockItemId, at "stock-items", named "stock item" "stock items", tag "help", read ReadServices, edit EditServices, under Organization "organizations", entering AddStockItem, by name)]
#[schema(example = json!({"name": "Продуктовый набор", "kind": "food_kit", "unit": "набор"}))]
pub struct StockItemForm {
    /// Name.
    pub name: Title,
    /// The kind of aid for which it is kept.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: UrgentAidKind,
    /// The unit in which it is counted. It stays as it was entered.
    #[fixed(UNIT_FIXED)]
    pub unit: Title,
    /// The quantity in stock, which movements change.
    #[state]
    pub balance: StockBalance,
}

/// An order to book a movement of stock.
#[form]
#[validate(schema(function = "movement_is_whole"))]
#[schema(example = json!({"stock_item_id": "01980000-0000-7000-8000-000000000059", "direction": "in", "quantity": 40, "reason": "donation", "partner": "Благотворительная организация «Каритас»", "moved_on": "2026-02-20"}))]
pub struct StockMovementForm {
    /// The stock item.
    pub stock_item_id: StockItemId,
    /// The direction.
    pub direction: StockDirection,
    /// The quantity in the unit of the item, 1 to 1 000 000.
    #[within(1..=1_000_000)]
    pub quantity: i32,
    /// The reason. Gifts of urgent aid book their movements by themselves.
    #[serde(deserialize_with = "only_sent")]
    #[schema(value_type = SentStockReason)]
    pub reason: StockReason,
    /// The one who gave or took it, in words.
    pub partner: Option<Title>,
    /// The organization that gave or took it.
    pub partner_organization_id: Option<OrganizationId>,
    /// The day: today or earlier.
    pub moved_on: NaiveDate,
}

fn movement_is_whole(it: &StockMovementForm) -> Result<(), ValidationError> {
    all_hold([
        clash(!it.reason.suits(it.direction), &["reason", "direction"]),
        clash(
            it.partner.is_some() && it.partner_organization_id.is_some(),
            &["partner", "partner_organization_id"],
        ),
    ])
}

facts! {
    /// A movement of stock was booked.
    StockMoved = "stock_movement.booked",
        "Записано движение запаса[: {direction}][, количество: {quantity}][, причина: {reason}]",
        "A movement of stock was booked[: {direction}][, quantity: {quantity}][, reason: {reason}]"
        about StockMovement (StockMovementId) {
        /// The stock item.
        stock_item_id: StockItemId,
        /// The direction.
        direction: StockDirection,
        /// The quantity.
        quantity: i32,
        /// The reason.
        reason: StockReason,
    }
    /// The balance of a stock item has changed.
    StockItemMoved = "stock_item.moved",
        "Запас изменился[: {direction}][, количество: {quantity}][, причина: {reason}]",
        "The stock has changed[: {direction}][, quantity: {quantity}][, reason: {reason}]"
        about StockItem (StockItemId) {
        /// The direction.
        direction: StockDirection,
        /// The quantity.
        quantity: i32,
        /// The reason.
        reason: StockReason,
    }
}

/// A stock item as rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// Its id.
    pub id: StockItemId,
    /// The organization that keeps it.
    pub organization_id: OrganizationId,
    /// The quantity in stock.
    pub balance: StockBalance,
}

/// A booked movement.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The id of the movement.
    pub id: StockMovementId,
    /// The stock item after the movement.
    pub stock: Stock,
    /// The movement.
    pub form: StockMovementForm,
    /// The urgent aid that has moved it.
    pub emergency_aid_id: Option<EmergencyAidId>,
}

impl Moved {
    /// The change of the balance.
    pub fn change(&self) -> i64 {
        self.form.change()
    }
}

impl StockMovementForm {
    /// A movement that an urgent aid brings about.
    pub(super) fn of_aid(
        (stock_item_id, quantity): (StockItemId, i32),
        reason: StockReason,
        moved_on: NaiveDate,
    ) -> Self {
        let direction =
            if reason.suits(StockDirection::In) { StockDirection::In } else { StockDirection::Out };
        let (partner, partner_organization_id) = (None, None);
        Self { stock_item_id, direction, quantity, reason, partner, partner_organization_id, moved_on }
    }
    fn change(&self) -> i64 {
        match self.direction {
            StockDirection::In => i64::from(self.quantity),
            StockDirection::Out => -i64::from(self.quantity),
        }
    }
}

impl Stock {
    /// The reason against taking so much out of it.
    pub(super) fn against_taking(&self, quantity: i32) -> Option<Reason> {
        let is_short = self.balance.0 < i64::from(quantity);
        is_short.then(|| OUT_OF_STOCK.reason().with("balance", self.balance.0))
    }
    /// Books a movement that somebody orders.
    pub fn book(
        self,
        id: StockMovementId,
        form: &StockMovementForm,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        let mut reasons = Vec::new();
        if form.moved_on > today {
            reasons.push(IN_FUTURE.reason().at("/moved_on").with("today", today));
        }
        if form.direction == StockDirection::Out {
            reasons.extend(self.against_taking(form.quantity).map(|it| it.at("/quantity")));
        }
        Refused::unless_empty(reasons)?;
        Ok(self.moved(id, form.clone(), None))
    }
    /// The change by a movement that is judged already.
    pub(super) fn moved(
        self,
        id: StockMovementId,
        form: StockMovementForm,
        emergency_aid_id: Option<EmergencyAidId>,
    ) -> Changed<Moved> {
        let (direction, quantity, reason) = (form.direction, form.quantity, form.reason);
        let balance = StockBalance(self.balance.0.saturating_add(form.change()));
        let stock = Self { balance, ..self };
        let of_item = StockItemMoved { id: self.id, direction, quantity, reason };
        let fact = StockMoved { id, stock_item_id: self.id, direction, quantity, reason };
        Changed::new(Moved { id, stock, form, emergency_aid_id }, fact).and(of_item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clauses::reasons;
    use crate::base::word::Word;
    use proptest::prelude::*;

    fn stock(balance: i64) -> Stock {
        let nil = uuid::Uuid::nil();
        Stock { id: nil.into(), organization_id: nil.into(), balance: StockBalance(balance) }
    }
    fn codes(it: Result<Changed<Moved>, Refused>) -> Vec<&'static str> {
        it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_movement_lies_in_the_past_and_takes_no_more_than_there_is() {
        let form: StockMovementForm = crate::examples::of();
        let (id, day) = (uuid::Uuid::nil().into(), form.moved_on);
        let came = stock(0).book(id, &form, day).unwrap().into_parts();
        assert_eq!((came.0.stock.balance, came.1.len()), (StockBalance(40), 2));
        let gone = StockMovementForm {
            direction: StockDirection::Out,
            reason: StockReason::WrittenOff,
            quantity: 41,
            ..form
        };
        let early = day.pred_opt().unwrap();
        assert_eq!(codes(stock(40).book(id, &gone, early)), [IN_FUTURE.code, OUT_OF_STOCK.code]);
        assert_eq!(codes(stock(41).book(id, &gone, day)), Vec::<&str>::new());
    }

    #[test]
    fn a_reason_goes_in_its_direction() {
        let form: StockMovementForm = crate::examples::of();
        for reason in StockReason::ALL.iter().copied() {
            let fits = |direction| {
                let told = StockMovementForm { direction, reason, ..form.clone() };
                told.validate().err().is_none_or(|it| reasons(&it).is_empty())
            };
            assert!(fits(StockDirection::In) || fits(StockDirection::Out), "{reason}");
            assert_eq!(
                fits(StockDirection::In) && fits(StockDirection::Out),
                reason == StockReason::Count,
                "{reason}"
            );
        }
    }

    proptest! {
        /// A balance is the sum of its movements, and never below nothing.
        #[test]
        fn a_balance_is_the_sum_of_what_was_booked(steps in proptest::collection::vec((any::<bool>(), 1..50_i32), 0..30)) {
            let form: StockMovementForm = crate::examples::of();
            let (mut it, mut sum) = (stock(0), 0_i64);
            for (is_in, quantity) in steps {
                let direction = if is_in { StockDirection::In } else { StockDirection::Out };
                let told = StockMovementForm { direction, quantity, reason: StockReason::Count, ..form.clone() };
                let change = told.change();
                match it.book(uuid::Uuid::nil().into(), &told, told.moved_on) {
                    Ok(moved) => {
                        it = moved.into_parts().0.stock;
                        sum += change;
                    }
                    Err(_) => prop_assert!(sum + change < 0),
                }
                prop_assert!(it.balance.0 == sum && sum >= 0);
            }
        }
    }
}
