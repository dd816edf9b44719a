//! Life: the days from birth to death. A day that an order tells lies within the life that it is about.
use super::{AFTER_DEATH, BEFORE_BIRTH, DEAD};
use crate::base::moment::age_years;
use crate::base::refusal::{Reason, Refused};
use chrono::NaiveDate;

/// The age in full years from which a child is heard (СК ст. 57).
pub const HEARD_FROM_YEARS: i32 = 10;
/// The age in full years from which a person signs for their own part, and reads what is written for them.
pub const SIGNS_FROM_YEARS: i32 = 14;
/// The age in full years at which a person comes of age.
pub const COMING_OF_AGE_YEARS: i32 = 18;
/// The age in full years at which the accompaniment of a care leaver is reviewed (004 L193).
pub const CLOSING_YEARS: i32 = 23;

/// Whether somebody is a minor on a day.
pub fn is_minor(born_on: NaiveDate, on: NaiveDate) -> bool {
    age_years(born_on, on) < COMING_OF_AGE_YEARS
}

/// The life of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// The day of birth.
    pub born_on: NaiveDate,
    /// The day of death; none for the living.
    pub died_on: Option<NaiveDate>,
}

/// The lives that a day is about: of a person, or of the members of a family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lives(pub Vec<Life>);

impl Lives {
    /// Whether one of them has died.
    pub fn has_death(&self) -> bool {
        self.0.iter().any(|it| it.died_on.is_some())
    }
    /// Whether one of them lives and is under 18.
    pub fn has_minors(&self, today: NaiveDate) -> bool {
        self.0.iter().any(|it| it.died_on.is_none() && is_minor(it.born_on, today))
    }
    /// Whether all of them have died. Nobody at all is not dead.
    pub fn are_over(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|it| it.died_on.is_some())
    }
    /// The day on which the last of them died. None while one of them lives.
    pub fn died_on(&self) -> Option<NaiveDate> {
        if self.are_over() { self.0.iter().filter_map(|it| it.died_on).max() } else { None }
    }
    /// The reasons against days on which none of them was born yet, or none of them lived any more.
    pub fn against(&self, days: impl IntoIterator<Item = (impl Into<String>, NaiveDate)>) -> Vec<Reason> {
        let born = self.0.iter().map(|it| it.born_on).min();
        let died = self.died_on();
        let mut reasons = Vec::new();
        for (pointer, day) in days {
            if born.is_some_and(|it| day < it) {
                reasons.push(BEFORE_BIRTH.reason().at(pointer));
            } else if died.is_some_and(|it| day > it) {
                reasons.push(AFTER_DEATH.reason().at(pointer));
            }
        }
        reasons
    }
    /// The reasons against days on which none of them was born yet.
    pub fn against_before_birth(
        &self,
        days: impl IntoIterator<Item = (impl Into<String>, NaiveDate)>,
    ) -> Vec<Reason> {
        let born = self.0.iter().map(|it| it.born_on).min();
        let early = days.into_iter().filter(|(_, day)| born.is_some_and(|it| *day < it));
        early.map(|(pointer, _)| BEFORE_BIRTH.reason().at(pointer)).collect()
    }
    /// The reason against beginning something new with the dead.
    pub fn against_going_on(&self) -> Option<Reason> {
        self.are_over().then(|| DEAD.reason())
    }
    /// Refuses to begin something new with the dead.
    pub fn must_go_on(&self, pointer: &str) -> Result<(), Refused> {
        match self.against_going_on() {
            Some(reason) => Err(reason.at(pointer).into()),
            None => Ok(()),
        }
    }
    /// The result of a rule, refused as well for the days that lie outside of these lives: all that is wrong is told at once.
    pub fn judge<T>(
        &self,
        days: impl IntoIterator<Item = (impl Into<String>, NaiveDate)>,
        ruled: Result<T, Refused>,
    ) -> Result<T, Refused> {
        let mut reasons = self.against(days);
        match ruled {
            Ok(it) => Refused::unless_empty(reasons).map(|()| it),
            Err(refused) => {
                reasons.extend(refused.reasons().iter().cloned());
                Err(Refused::unless_empty(reasons).err().unwrap_or(refused))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + TimeDelta::days(number)
    }
    fn life(born: i64, died: Option<i64>) -> Life {
        Life { born_on: day(born), died_on: died.map(day) }
    }

    #[test]
    fn a_family_lives_from_its_first_birth_to_its_last_death() {
        let lives = Lives(vec![life(0, Some(100)), life(50, None)]);
        assert!(lives.against([("/on", day(200))]).is_empty());
        assert_eq!(lives.against([("/on", day(-1))])[0].rule.code, "life.before_birth");
        assert!(lives.has_death() && !lives.are_over());
    }

    #[test]
    fn nobody_at_all_bounds_no_day() {
        assert!(Lives::default().against([("/on", day(0))]).is_empty());
        assert!(Lives::default().must_go_on("/person_id").is_ok());
    }

    #[test]
    fn a_wrong_day_is_told_beside_the_reasons_of_the_rule() {
        let lives = Lives(vec![life(0, None)]);
        let refused = lives.judge([("/on", day(-1))], Err::<(), _>(DEAD.refuse())).unwrap_err();
        let codes: Vec<&str> = refused.reasons().iter().map(|it| it.rule.code).collect();
        assert_eq!(codes, ["life.before_birth", "person.dead"]);
    }

    proptest! {
        #[test]
        fn a_day_is_accepted_exactly_within_the_life(on in -50i64..150, died in proptest::option::of(0i64..100)) {
            let lives = Lives(vec![life(0, died)]);
            let within = on >= 0 && died.is_none_or(|it| on <= it);
            prop_assert_eq!(lives.against([("/on", day(on))]).is_empty(), within);
            prop_assert_eq!(lives.must_go_on("/person_id").is_err(), died.is_some());
        }
    }
}
