//! Places to live: facilities with rooms and beds, their house rules, and beds that are out of use (004 L99, L120, L230).
//!
//! - this page: facilities and their house rules. [`rooms`]: rooms, beds and whom a room takes.
//! - [`nights`]: who may have which bed on which night. [`blocks`]: beds out of use.
//!
//! Invariant: a bed belongs to one room, a room to one facility, a facility to one organization, for ever.
pub mod blocks;
pub mod nights;
pub mod rooms;

use crate::base::id::{FacilityId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{BOTH, Note, Oktmo, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use std::ops::Range;
use validator::Validate;

rules! {
    OWNER_FIXED = "facility.owner_fixed", State, ours, "Место проживания не меняет организацию: закройте его и заведите новое.", "A facility stays with its organization: close it and enter another.";
    BED_IN_USE = "bed.in_use", State, ours, "На ночи, когда место закрыто, уже есть бронь, проживание или вывод из оборота.", "On nights on which the bed would not be open, there are stays, offers or blocks already.";
    ROOM_IN_USE = "room.in_use", State, ours, "В комнате есть проживающие или брони: её правила меняют, когда она свободна.", "People live in the room, or have booked it: its rules change while it is free.";
}

words! {
    /// The kind of a facility.
    FacilityKind in "facility-kinds" {
        SocialHotel = "social_hotel", "социальная гостиница", "social hotel";
        TrainingApartment = "training_apartment", "социальная (тренировочная) квартира", "training apartment";
        CrisisPlace = "crisis_place", "кризисное место", "crisis place";
    }

    /// Something that a facility has for the people who live there.
    Amenity in "amenities" {
        Kitchen = "kitchen", "кухня", "kitchen";
        Bathroom = "bathroom", "ванная", "bathroom";
        Toilet = "toilet", "туалет", "toilet";
        LivingRoom = "living_room", "гостиная", "living room";
        Study = "study", "учебное место", "study";
        Laundry = "laundry", "прачечная", "laundry";
    }
}

/// Nights of a stay at most, where the facility tells no other number (ours).
const MAX_NIGHTS: i32 = 180;
/// The ages for which a facility is, where it tells no others: from 14 until the day before 23.
const AGES: Range<i32> = 14..23;

/// A facility as it is entered and edited, whole.
#[entry(Facility: FacilityId, at "facilities", named "facility" "facilities", tag "places", read ReadPlaces, edit ManagePlaces, by name, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "social_hotel", "name": "Социальная гостиница", "address": "п. Усть-Ордынский, ул. Ленина, 10", "territory": "25655000", "amenities": ["kitchen", "bathroom"], "max_nights": 180, "age_from": 14, "age_below": 23, "opened_on": "2024-09-01"}))]
pub struct FacilityForm {
    /// The organization whose facility it is. It never changes.
    #[owner]
    #[fixed(OWNER_FIXED)]
    pub organization_id: OrganizationId,
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: FacilityKind,
    /// Name.
    pub name: Title,
    /// The address. It is shown to those who work with the facility alone.
    #[sealed]
    pub address: Option<Title>,
    /// The territory in which it stands.
    pub territory: Oktmo,
    /// The amenities.
    #[at_most(6)]
    pub amenities: Vec<Amenity>,
    /// Nights of a stay at most, all extensions together, 1 to 366. 180 if not given.
    #[within(1..=366)]
    pub max_nights: Option<i32>,
    /// The youngest age in full years that the facility takes without an order of the director, 0 to 120. 14 if not given.
    #[within(0..=120)]
    pub age_from: Option<i32>,
    /// The age in full years from which it takes nobody without such an order, 1 to 120. 23 if not given.
    #[within(1..=120)]
    pub age_below: Option<i32>,
    /// The first day on which it is open.
    #[told]
    pub opened_on: NaiveDate,
    /// The first day on which it is open no more.
    pub closed_on: Option<NaiveDate>,
}

impl FacilityForm {
    /// Nights of a stay at most.
    pub fn most_nights(&self) -> i32 {
        self.max_nights.unwrap_or(MAX_NIGHTS)
    }
    /// The ages for which the facility is.
    pub fn ages(&self) -> Range<i32> {
        self.age_from.unwrap_or(AGES.start)..self.age_below.unwrap_or(AGES.end)
    }
    fn judge(&self, _: FacilityId, _: Option<&Self>) -> Vec<Reason> {
        let nobody = self.ages().is_empty().then(|| BOTH.reason().at("/age_below").with("with", "/age_from"));
        nobody.into_iter().chain(against_closing(self.opened_on, self.closed_on)).collect()
    }
}

/// The reason against a day of closing that comes before the opening. Of what never opened, both days are the same.
pub(super) fn against_closing(opened_on: NaiveDate, closed_on: Option<NaiveDate>) -> Option<Reason> {
    let is_before = closed_on.is_some_and(|it| it < opened_on);
    is_before.then(|| BOTH.reason().at("/closed_on").with("with", "/opened_on"))
}

/// House rules of a facility as they are entered: an edition, which is never edited.
#[entry(HouseRules: HouseRulesId, at "house-rules", named "house rules edition" "house rules", tag "places", read ReadPlaces, edit ManagePlaces, under Facility "facilities", entering IssueHouseRules, called effective_from, by effective_from, once, annul)]
#[schema(example = json!({"effective_from": "2026-01-01", "text": "Тишина с 23 до 7 часов. Гости уходят до 22 часов."}))]
pub struct HouseRulesForm {
    /// The first day on which they are in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The rules.
    pub text: Note,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    fn pointers(form: &FacilityForm) -> Vec<String> {
        let all = form.against(uuid::Uuid::nil().into(), None);
        all.iter().filter_map(|it| it.pointer.clone()).collect()
    }

    #[test]
    fn a_facility_is_for_some_age_and_closes_after_it_has_opened() {
        let form: FacilityForm = crate::examples::of();
        assert_eq!(pointers(&form), Vec::<String>::new());
        let nobody =
            FacilityForm { age_from: Some(23), closed_on: form.opened_on.pred_opt(), ..form.clone() };
        assert_eq!(pointers(&nobody), ["/age_below", "/closed_on"]);
        let plain = FacilityForm { max_nights: None, age_from: None, age_below: None, ..form };
        assert_eq!((plain.most_nights(), plain.ages()), (180, 14..23));
    }
}
