//! Decrees (приказы): the papers by which a director or an authority decides. One form and one rule for all orders.
use super::refusal::{Reason, rules};
use super::text::OrderNumber;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    IN_FUTURE = "decree.in_future", Content, ours, "Дата приказа не может быть в будущем.", "The date of a decree must not lie in the future.";
}

/// A decree (приказ): its number and its date.
#[form]
#[schema(example = json!({"number": "12-н", "date": "2026-02-20"}))]
pub struct Decree {
    /// The number of the decree.
    pub number: OrderNumber,
    /// The date of the decree, not in the future.
    pub date: NaiveDate,
}

impl Decree {
    /// The decree of a row that keeps both parts or none.
    pub fn of(number: Option<OrderNumber>, date: Option<NaiveDate>) -> Option<Self> {
        number.zip(date).map(|(number, date)| Self { number, date })
    }
    /// The parts as a row keeps them, both or none.
    pub fn parts(it: Option<Self>) -> (Option<OrderNumber>, Option<NaiveDate>) {
        it.map(|it| (it.number, it.date)).unzip()
    }
    /// The reason against a decree of a day that has not come.
    pub fn against(&self, today: NaiveDate) -> Option<Reason> {
        (self.date > today).then(|| IN_FUTURE.reason().at("/decree/date").with("not_after", today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_decree_is_of_today_or_of_the_past(days in -1000i64..1000) {
            let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
            let it = Decree { number: OrderNumber::new("1"), date: today + chrono::TimeDelta::days(days) };
            prop_assert_eq!(it.against(today).is_some(), days > 0);
        }
    }
}
