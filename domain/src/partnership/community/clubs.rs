//! Clubs of mentors, of care leavers, of families (000 L60, 004 L34). One that has closed leaves the list by its last day.
use crate::base::id::{ClubId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Note, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    CLOSES_EARLY = "club.closes_early", Content, ours, "Клуб закрывается не раньше, чем открылся.", "A club does not close before it has opened.";
    KIND_FIXED = "club.kind_fixed", Content, ours, "Вид клуба не меняется: по нему в клуб вступали.", "The kind of a club stays: its members joined by it.";
    OWNER_FIXED = "club.owner_fixed", Content, ours, "Клуб не переходит другой организации.", "A club does not pass to another organization.";
}

words! {
    /// The kind of a club.
    ClubKind in "club-kinds" {
        Mentors = "mentors", "клуб наставников", "club of mentors";
        CareLeavers = "care_leavers", "клуб выпускников", "club of care leavers";
        Families = "families", "семейный клуб", "club of families";
        Social = "social", "социальный клуб", "social club";
        Other = "other", "иной клуб", "other club";
    }
}

/// A club as it is entered and edited, whole. Its meetings are events.
#[entry(Club: ClubId, at "clubs", named "club" "clubs", tag "partnership", read ReadPartnership, edit EditPartnership, by name, until closed_on, annul, judged)]
#[schema(example = json!({"name": "Семейный клуб «Очаг»", "kind": "families", "organization_id": "01980000-0000-7000-8000-000000000001", "host_id": "01980000-0000-7000-8000-000000000001", "opened_on": "2015-09-01", "meets": "по субботам в 12 часов", "about": "Встречи замещающих семей."}))]
pub struct ClubForm {
    /// Name.
    pub name: Title,
    /// The kind of the club. It stays as it was entered.
    #[told]
    #[filter = "Only of these kinds."]
    #[fixed(KIND_FIXED)]
    pub kind: ClubKind,
    /// The organization that keeps the club. It stays as it was entered.
    #[owner]
    #[filter = "Only of this organization."]
    #[fixed(OWNER_FIXED)]
    pub organization_id: OrganizationId,
    /// The organization on whose base the club meets.
    #[filter = "Only on the base of this organization."]
    pub host_id: OrganizationId,
    /// The first day.
    pub opened_on: NaiveDate,
    /// The last day, if the club has closed.
    pub closed_on: Option<NaiveDate>,
    /// The days and hours of its meetings, in words.
    pub meets: Option<Title>,
    /// A description.
    pub about: Option<Note>,
}

impl ClubForm {
    fn judge(&self, _: ClubId, _: Option<&Self>) -> Vec<Reason> {
        let early = self.closed_on.is_some_and(|it| it < self.opened_on);
        early.then(|| CLOSES_EARLY.reason().at("/closed_on")).into_iter().collect()
    }
    /// Whether the club is open on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opened_on <= day && self.closed_on.is_none_or(|it| day <= it)
    }
}
