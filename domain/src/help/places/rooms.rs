//! Rooms and beds, and the people whom a room takes for a night.
use super::against_closing;
use crate::base::id::BedId;
use crate::base::refusal::Reason;
use crate::base::text::Title;
use crate::base::word::words;
use crate::people::{COMING_OF_AGE_YEARS, Sex};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

words! {
    /// The sex of the people whom a room takes.
    SexRule in "sex-rules" {
        Male = "male", "мужская", "male";
        Female = "female", "женская", "female";
        ByFirst = "by_first", "по первому заселённому", "as the first";
        Any = "any", "любая", "any";
    }

    /// The age of the people whom a room takes.
    AgeRule in "age-rules" {
        Minors = "minors", "несовершеннолетние", "minors";
        Adults = "adults", "взрослые", "adults";
        ByFirst = "by_first", "по первому заселённому", "as the first";
        Any = "any", "любой возраст", "any";
    }
}

/// A room as it is entered and edited, whole.
#[entry(Room: RoomId, at "rooms", named "room" "rooms", tag "places", read ReadPlaces, edit ManagePlaces, under Facility "facilities", entering AddRoom, by name)]
#[schema(example = json!({"name": "Комната 1", "sex_rule": "by_first", "age_rule": "by_first"}))]
pub struct RoomForm {
    /// Name.
    pub name: Title,
    /// The sex of the people whom it takes. It changes while nobody lives there or has booked it.
    #[told]
    pub sex_rule: SexRule,
    /// The age of the people whom it takes. It changes while nobody lives there or has booked it.
    #[told]
    pub age_rule: AgeRule,
}

/// A bed as it is entered and edited, whole.
#[entry(Bed: BedId, at "beds", named "bed" "beds", tag "places", read ReadPlaces, edit ManagePlaces, under Room "rooms", entering AddBed, by name, judged)]
#[schema(example = json!({"name": "1-А", "opened_on": "2024-09-01"}))]
pub struct BedForm {
    /// The label.
    pub name: Title,
    /// The first day from which it is given out.
    #[told]
    pub opened_on: NaiveDate,
    /// The first night on which it is given out no more.
    pub closed_on: Option<NaiveDate>,
}

impl BedForm {
    fn judge(&self, _: BedId, _: Option<&Self>) -> Vec<Reason> {
        against_closing(self.opened_on, self.closed_on).into_iter().collect()
    }
}

/// The people whom a room takes on a night, once one of them has it: a sex or any, an age or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomGroup {
    /// The sex, or any.
    pub sex: SexRule,
    /// The age, or any.
    pub age: AgeRule,
}

impl RoomGroup {
    /// The group of a person in a room with these rules. The age is that of the first night, so a birthday moves nobody.
    pub fn of(rules: (SexRule, AgeRule), sex: Sex, age_years: i32) -> Self {
        let own_sex = match sex {
            Sex::Male => SexRule::Male,
            Sex::Female => SexRule::Female,
            Sex::Unknown => SexRule::ByFirst,
        };
        let own_age = if age_years < COMING_OF_AGE_YEARS { AgeRule::Minors } else { AgeRule::Adults };
        Self {
            sex: if rules.0 == SexRule::Any { SexRule::Any } else { own_sex },
            age: if rules.1 == AgeRule::Any { AgeRule::Any } else { own_age },
        }
    }
    /// Whether the sex of the person is not known, and the room asks for it.
    pub fn lacks_sex(self) -> bool {
        self.sex == SexRule::ByFirst
    }
    /// Whether a room with that rule takes a person of this group into an empty room.
    pub fn suits_sex(self, rule: SexRule) -> bool {
        matches!(rule, SexRule::Any | SexRule::ByFirst) || rule == self.sex
    }
    /// Whether a room with that rule takes a person of this age into an empty room.
    pub fn suits_age(self, rule: AgeRule) -> bool {
        matches!(rule, AgeRule::Any | AgeRule::ByFirst) || rule == self.age
    }
}
