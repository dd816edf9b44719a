//! Periods of figures, as a question names them.
use crate::base::refusal::Refused;
use crate::base::text::BOTH;
use chrono::NaiveDate;

/// Refuses a period that begins after its last day: its figures would be false zeros. Without a first day it has one by itself.
///
/// # Errors
/// The period is turned round.
pub fn must_have_days(from: Option<NaiveDate>, to: NaiveDate) -> Result<(), Refused> {
    let is_turned = from.is_some_and(|it| it > to);
    let reason = is_turned.then(|| BOTH.reason().at("/from"));
    Refused::unless_empty(reason.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_on_its_last_day_or_before_it() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let to = day("2015-12-31");
        assert!(must_have_days(None, to).is_ok() && must_have_days(Some(to), to).is_ok());
        let refused = must_have_days(Some(day("2016-01-01")), to).unwrap_err();
        let told = &refused.reasons()[0];
        assert_eq!((told.rule.code, told.pointer.as_deref()), ("field.combination", Some("/from")));
    }
}
