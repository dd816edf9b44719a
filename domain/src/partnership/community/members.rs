//! The people in clubs and in groups of volunteers (000 L60; 003 L60–66).
//!
//! Staff of the organization enters them; mentors and mentees join a club themselves. A club of mentors takes those whose approval as a
//! mentor is in force, a club of care leavers takes care leavers. A minor joins a group of volunteers with a consent of the ledger, or on a
//! signed paper where the person is no beneficiary. Somebody whose consent has ended stays on record, and gets no new work. A record made by
//! mistake is annulled: the person was never there, and is counted nowhere. No fact tells of whom a group is made.
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::entry::{ANNULLED, Annulment};
use crate::base::id::{ClubId, CommunityMemberId, FileId, OrganizationId, PersonId, VolunteerGroupId};
use crate::base::moment::age_years;
use crate::base::refusal::{Reason, Refused, broken, rules};
use crate::base::text::Note;
use crate::base::word::words;
use crate::partnership::community::volunteer_groups::{VOLUNTEER_FROM_YEARS, VolunteerConsent};
use crate::people::{IN_FUTURE, Life, Lives, is_minor};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    TWICE = "community_member.twice", State, ours, "Этот человек здесь уже состоит.", "The person is a member already.";
    CLOSED = "community_member.closed", State, ours, "В этот день клуб или отряд не действует.", "The club or the group does not exist on that day.";
    LEFT = "community_member.left", State, ours, "Этот человек уже вышел.", "The person has left already.";
    LEAVES_EARLY = "community_member.leaves_early", Content, ours, "Выходят не раньше, чем вступили.", "Nobody leaves before the day of joining.";
    CLUB_KIND = "club_member.kind", State, "000 L60", "В клуб наставников вступает наставник с действующим допуском, в клуб выпускников — выпускник.", "A club of mentors takes mentors whose approval is in force, a club of care leavers takes care leavers.";
    TOO_YOUNG = "volunteer_group_member.too_young", Content, ours, "В отряд вступают с 14 лет.", "One joins a group of volunteers from the age of 14.";
    NO_CONSENT = "volunteer_group_member.no_consent", State, "003 L62", "Нет согласия законного представителя на добровольчество несовершеннолетнего.", "There is no consent to the volunteering of the minor.";
}

words! {
    /// The role of a member of a club or of a group of volunteers.
    CommunityRole in "community-roles" {
        Leader = "leader", "руководитель", "leader";
        Active = "active", "актив", "active";
        Member = "member", "участник", "member";
    }
}

facts! {
    /// Somebody joined a club.
    ClubJoined = "club_member.joined",
        "Вступление в клуб[: {role}]",
        "Somebody joined the club[: {role}]"
        about ClubMember (CommunityMemberId) {
        /// The club.
        club_id: ClubId,
        /// The role.
        role: CommunityRole,
    }
    /// Somebody left a club.
    ClubLeft = "club_member.left",
        "Выход из клуба",
        "Somebody left the club"
        about ClubMember (CommunityMemberId) {}
    /// The record of a member of a club was annulled.
    ClubMemberAnnulled = "club_member.annulled",
        "Запись о члене клуба аннулирована",
        "The record of a member of the club was annulled"
        about ClubMember (CommunityMemberId) {}
    /// Somebody joined a group of volunteers.
    VolunteerGroupJoined = "volunteer_group_member.joined",
        "Вступление в отряд[: {role}]",
        "Somebody joined the group[: {role}]"
        about VolunteerGroupMember (CommunityMemberId) {
        /// The group.
        volunteer_group_id: VolunteerGroupId,
        /// The role.
        role: CommunityRole,
    }
    /// Somebody left a group of volunteers.
    VolunteerGroupLeft = "volunteer_group_member.left",
        "Выход из отряда",
        "Somebody left the group"
        about VolunteerGroupMember (CommunityMemberId) {}
    /// The record of a member of a group of volunteers was annulled.
    VolunteerGroupMemberAnnulled = "volunteer_group_member.annulled",
        "Запись о члене отряда аннулирована",
        "The record of a member of the group was annulled"
        about VolunteerGroupMember (CommunityMemberId) {}
}

/// An order to enter a member of a club.
#[form]
#[schema(example = json!({"club_id": "01980000-0000-7000-8000-000000000090", "person_id": "01980000-0000-7000-8000-000000000005", "role": "member", "joined_on": "2026-02-20"}))]
pub struct ClubMemberForm {
    /// The club, of an organization of the caller.
    pub club_id: ClubId,
    /// The person.
    pub person_id: PersonId,
    /// The role.
    pub role: CommunityRole,
    /// The first day, today or earlier.
    pub joined_on: NaiveDate,
}

/// An order to join a club oneself, from today on.
#[form]
#[schema(example = json!({"club_id": "01980000-0000-7000-8000-000000000090"}))]
pub struct ClubJoining {
    /// The club.
    pub club_id: ClubId,
}

/// An order to enter a member of a group of volunteers.
#[form]
#[schema(example = json!({"volunteer_group_id": "01980000-0000-7000-8000-000000000092", "person_id": "01980000-0000-7000-8000-000000000005", "role": "member", "joined_on": "2026-02-20"}))]
pub struct VolunteerGroupMemberForm {
    /// The group, of an organization of the caller.
    pub volunteer_group_id: VolunteerGroupId,
    /// The person. A minor has a consent of the ledger to volunteering, or has signed a paper.
    pub person_id: PersonId,
    /// The role.
    pub role: CommunityRole,
    /// The first day, today or earlier.
    pub joined_on: NaiveDate,
    /// The signed consent of a minor who is no beneficiary: the ledger has only those of beneficiaries.
    pub consent_file_id: Option<FileId>,
}

/// An order to record that a member has left.
#[form]
#[schema(example = json!({"left_on": "2026-03-01", "reason": "Переехал в другой город."}))]
pub struct CommunityLeaving {
    /// The last day, today or earlier.
    pub left_on: NaiveDate,
    /// The reason in words.
    pub reason: Option<Note>,
}

/// An order to leave a club oneself. Today is the last day.
#[form]
#[schema(example = json!({}))]
pub struct ClubWithdrawal {}

/// The club or the group in which somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Community {
    /// A club.
    Club(ClubId),
    /// A group of volunteers.
    VolunteerGroup(VolunteerGroupId),
}

/// A membership.
#[derive(Debug, Clone, PartialEq)]
pub struct CommunityMember {
    /// Its id.
    pub id: CommunityMemberId,
    /// The club or the group.
    pub of: Community,
    /// The organization that keeps it.
    pub organization_id: OrganizationId,
    /// The person.
    pub person_id: PersonId,
    /// The role.
    pub role: CommunityRole,
    /// The first day.
    pub joined_on: NaiveDate,
    /// The last day, after the person has left.
    pub left_on: Option<NaiveDate>,
    /// The reason of the leaving.
    pub reason: Option<Note>,
    /// The signed paper by which a minor who is no beneficiary has consented to volunteering.
    pub consent_file_id: Option<FileId>,
    /// The annulment of the record.
    pub annulment: Option<Annulment>,
}

/// The stored data that a joining needs.
#[derive(Debug, Clone)]
pub struct JoiningFacts {
    /// The first day of the club or the group.
    pub exists_from: NaiveDate,
    /// Its last day.
    pub exists_until: Option<NaiveDate>,
    /// Whether the person is a member on the day of joining or later.
    pub is_member: bool,
    /// Whether the kind of the club takes the person on that day.
    pub is_taken: bool,
    /// The life of the person.
    pub life: Life,
    /// The consent to volunteering, on that day and today.
    pub consent: VolunteerConsent,
    /// The present day.
    pub today: NaiveDate,
}

impl CommunityMember {
    /// Lets somebody in.
    pub fn join(self, facts: &JoiningFacts) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(facts.against(&self))?;
        let Self { id, role, .. } = self;
        Ok(match self.of {
            Community::Club(club_id) => Changed::new(self, ClubJoined { id, club_id, role }),
            Community::VolunteerGroup(volunteer_group_id) => {
                Changed::new(self, VolunteerGroupJoined { id, volunteer_group_id, role })
            }
        })
    }
    /// Records that somebody has left.
    pub fn leave(self, order: &CommunityLeaving, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = self.against_leaving().into_iter().collect();
        if order.left_on > today {
            reasons.push(IN_FUTURE.reason().at("/left_on").with("today", today));
        }
        if order.left_on < self.joined_on {
            reasons.push(LEAVES_EARLY.reason().at("/left_on").with("joined_on", self.joined_on));
        }
        Refused::unless_empty(reasons)?;
        Ok(self.gone(order.left_on, order.reason.clone()))
    }
    /// Lets a member of a club leave by the own wish, today.
    pub fn withdraw(self, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(self.against_leaving().into_iter().collect())?;
        Ok(self.gone(today, None))
    }
    /// Ends with the death of the person: that day is the last one. `None`: the person has left already.
    pub fn end_by_death(self, died_on: NaiveDate) -> Option<Changed<Self>> {
        let last = died_on.max(self.joined_on);
        self.against_leaving().is_none().then(|| self.gone(last, None))
    }
    /// Annuls the record, also of somebody who has left. The person may be entered anew.
    pub fn annul(self, order: &Annulment) -> Result<Changed<Self>, Refused> {
        if self.annulment.is_some() {
            return Err(ANNULLED.refuse());
        }
        let (id, it) = (self.id, Self { annulment: Some(order.clone()), ..self });
        Ok(match it.of {
            Community::Club(_) => Changed::new(it, ClubMemberAnnulled { id }),
            Community::VolunteerGroup(_) => Changed::new(it, VolunteerGroupMemberAnnulled { id }),
        })
    }
    fn gone(self, left_on: NaiveDate, reason: Option<Note>) -> Changed<Self> {
        let (id, it) = (self.id, Self { left_on: Some(left_on), reason, ..self });
        match it.of {
            Community::Club(_) => Changed::new(it, ClubLeft { id }),
            Community::VolunteerGroup(_) => Changed::new(it, VolunteerGroupLeft { id }),
        }
    }
    fn against_leaving(&self) -> Option<Reason> {
        match &self.annulment {
            Some(_) => Some(ANNULLED.reason()),
            None => self.left_on.is_some().then(|| LEFT.reason()),
        }
    }
}

impl JoiningFacts {
    fn against(&self, it: &CommunityMember) -> Vec<Reason> {
        let (on, is_group) = (it.joined_on, matches!(it.of, Community::VolunteerGroup(_)));
        let age = age_years(self.life.born_on, on);
        // The ledger has no consents of the years before it: nobody asks for one of somebody who has come of age since.
        let has_consented = self.consent.is_given(it.consent_file_id);
        let unconsented = is_minor(self.life.born_on, self.today) && !has_consented;
        let young = || TOO_YOUNG.reason().at("/person_id").with("from_years", VOLUNTEER_FROM_YEARS);
        let days = against_day(Some((self.exists_from, self.exists_until)), on, self.today);
        let broken = broken([
            (self.is_member, TWICE.reason().at("/person_id")),
            (!is_group && !self.is_taken, CLUB_KIND.reason().at("/person_id")),
            (is_group && age < VOLUNTEER_FROM_YEARS, young()),
            (is_group && unconsented, NO_CONSENT.reason().at("/person_id")),
        ]);
        let lives = Lives(vec![self.life]).against([("/joined_on", on)]);
        days.into_iter().chain(broken).chain(lives).collect()
    }
}

/// The reasons against the day of a joining. `exists` has the first and the last day of the club or the group, if it is one that the caller may
/// name.
pub fn against_day(
    exists: Option<(NaiveDate, Option<NaiveDate>)>,
    on: NaiveDate,
    today: NaiveDate,
) -> Vec<Reason> {
    let is_there = exists.is_none_or(|(from, until)| from <= on && until.is_none_or(|last| on <= last));
    broken([
        (on > today, IN_FUTURE.reason().at("/joined_on").with("today", today)),
        (!is_there, CLOSED.reason().at("/joined_on")),
    ])
}

/// A membership as its caller sees it.
#[derive(Debug)]
pub struct CommunityMemberOffers<'a> {
    /// The membership.
    pub it: &'a CommunityMember,
    /// Whether it is the caller's own.
    pub is_own: bool,
}

impl CommunityMemberOffers<'_> {
    /// The orders of a member of a club.
    pub const OF_CLUB: &'static [Offer] = &[
        Offer::step(Action::Leave, "leaving", Right::EditParticipants),
        Offer::step(Action::Withdraw, "withdrawal", Right::JoinCommunity),
        Offer::step(Action::Annul, "annulment", Right::EditParticipants),
    ];
    /// The orders of a member of a group of volunteers.
    pub const OF_GROUP: &'static [Offer] = &[
        Offer::step(Action::Leave, "leaving", Right::EditPartnershipInside),
        Offer::step(Action::Annul, "annulment", Right::EditPartnershipInside),
    ];
}

impl Offers for CommunityMemberOffers<'_> {
    fn at(&self) -> &'static str {
        match self.it.of {
            Community::Club(_) => "club-members",
            Community::VolunteerGroup(_) => "volunteer-group-members",
        }
    }
    fn offers(&self) -> Vec<Offer> {
        match self.it.of {
            Community::Club(_) => Self::OF_CLUB.to_vec(),
            Community::VolunteerGroup(_) => Self::OF_GROUP.to_vec(),
        }
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        let fits = match action {
            Action::Annul => self.it.annulment.is_none(),
            Action::Withdraw => self.is_own && self.it.against_leaving().is_none(),
            _ => self.it.against_leaving().is_none(),
        };
        fits.then(Verdict::default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn member(of: Community, joined_on: &str) -> CommunityMember {
        CommunityMember {
            id: Uuid::nil().into(),
            of,
            organization_id: Uuid::nil().into(),
            person_id: Uuid::nil().into(),
            role: CommunityRole::Member,
            joined_on: day(joined_on),
            left_on: None,
            reason: None,
            consent_file_id: None,
            annulment: None,
        }
    }
    fn club() -> Community {
        Community::Club(Uuid::nil().into())
    }
    fn group() -> Community {
        Community::VolunteerGroup(Uuid::nil().into())
    }
    fn facts(born: &str) -> JoiningFacts {
        JoiningFacts {
            exists_from: day("2015-09-01"),
            exists_until: None,
            is_member: false,
            is_taken: true,
            life: Life { born_on: day(born), died_on: None },
            consent: VolunteerConsent::default(),
            today: day("2026-03-02"),
        }
    }
    fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.map_or_else(|it| it.reasons().iter().map(|it| it.rule.code).collect(), |_| Vec::new())
    }

    #[test]
    fn a_club_asks_for_no_consent_and_a_group_of_volunteers_does_for_a_minor() {
        let minor = facts("2010-05-05");
        assert_eq!(codes(member(club(), "2026-03-01").join(&minor)), [""; 0]);
        let refused = member(group(), "2026-03-01").join(&minor);
        assert_eq!(codes(refused), ["volunteer_group_member.no_consent"]);
        let in_ledger = VolunteerConsent { is_in_ledger: true, has_records: true };
        let consented = JoiningFacts { consent: in_ledger, ..minor.clone() };
        assert_eq!(codes(member(group(), "2026-03-01").join(&consented)), [""; 0]);
        let on_paper =
            || CommunityMember { consent_file_id: Some(Uuid::nil().into()), ..member(group(), "2026-03-01") };
        assert_eq!(codes(on_paper().join(&minor)), [""; 0], "no beneficiary");
        let of_ledger = VolunteerConsent { is_in_ledger: false, has_records: true };
        let beneficiary = JoiningFacts { consent: of_ledger, ..minor };
        assert_eq!(codes(on_paper().join(&beneficiary)), ["volunteer_group_member.no_consent"]);
        assert_eq!(codes(member(group(), "2026-03-01").join(&facts("2008-03-01"))), [""; 0], "of age");
    }

    #[test]
    fn all_that_is_wrong_with_a_joining_is_told_at_once() {
        let wrong = JoiningFacts {
            is_member: true,
            is_taken: false,
            exists_until: Some(day("2020-01-01")),
            life: Life { born_on: day("2013-05-05"), died_on: Some(day("2021-01-01")) },
            ..facts("2013-05-05")
        };
        let told = [
            "life.in_future",
            "community_member.closed",
            "community_member.twice",
            "volunteer_group_member.too_young",
            "volunteer_group_member.no_consent",
            "life.after_death",
        ];
        assert_eq!(codes(member(group(), "2026-03-03").join(&wrong)), told);
        let told =
            ["community_member.closed", "community_member.twice", "club_member.kind", "life.after_death"];
        assert_eq!(codes(member(club(), "2026-03-01").join(&wrong)), told);
    }

    #[test]
    fn nobody_leaves_twice_ahead_or_before_the_joining() {
        let leaving = |on: &str| CommunityLeaving { left_on: day(on), reason: None };
        let today = day("2026-03-02");
        let it = || member(club(), "2026-02-01");
        assert_eq!(codes(it().leave(&leaving("2026-03-03"), today)), ["life.in_future"]);
        assert_eq!(codes(it().leave(&leaving("2026-01-31"), today)), ["community_member.leaves_early"]);
        let left = it().withdraw(today).unwrap().into_parts().0;
        assert_eq!(left.left_on, Some(today));
        assert_eq!(codes(left.clone().withdraw(today)), ["community_member.left"]);
        assert_eq!(codes(left.leave(&leaving("2026-03-01"), today)), ["community_member.left"]);
    }

    #[test]
    fn a_record_made_by_mistake_is_annulled_once_and_nobody_leaves_by_it() {
        use crate::base::action::{Judged, available};
        let (order, today): (Annulment, _) = (crate::examples::of(), day("2026-03-02"));
        let leaving = CommunityLeaving { left_on: today, reason: None };
        let told = |it: &CommunityMember| {
            let offers = CommunityMemberOffers { it, is_own: true };
            let all = available(&offers, "1", Judged::State, |_| true, |_| true);
            all.into_iter().map(|it| it.code).collect::<Vec<_>>()
        };
        for (of, kind) in [(club(), "club_member.annulled"), (group(), "volunteer_group_member.annulled")] {
            let it = member(of, "2026-02-01");
            let left = it.clone().leave(&leaving, today).unwrap().into_parts().0;
            assert_eq!(told(&left), [Action::Annul], "also of somebody who has left");
            let (annulled, facts) = it.annul(&order).unwrap().into_parts();
            assert_eq!(facts[0].kind, kind);
            assert!(told(&annulled).is_empty());
            assert_eq!(codes(annulled.clone().annul(&order)), ["entry.annulled"]);
            assert_eq!(codes(annulled.clone().withdraw(today)), ["entry.annulled"]);
            assert_eq!(codes(annulled.clone().leave(&leaving, today)), ["entry.annulled"]);
            assert!(annulled.end_by_death(today).is_none());
        }
    }

    #[test]
    fn a_death_is_the_last_day_of_a_membership_that_has_none_yet() {
        let it = || member(club(), "2026-02-01");
        let last =
            |it: CommunityMember, on: &str| it.end_by_death(day(on)).map(|it| it.into_parts().0.left_on);
        assert_eq!(last(it(), "2026-02-20"), Some(Some(day("2026-02-20"))));
        assert_eq!(last(it(), "2026-01-20"), Some(Some(day("2026-02-01"))), "entered too late");
        let left = it().withdraw(day("2026-02-10")).unwrap().into_parts().0;
        assert_eq!(last(left, "2026-02-20"), None);
    }

    proptest! {
        /// Nobody who is a minor today is let into a group of volunteers without a consent, on any day.
        #[test]
        fn no_minor_volunteers_without_a_consent(born in 0i64..12_000, on in 0i64..4_000, has_consented in any::<bool>()) {
            let zero = day("2015-09-01");
            let on = zero + chrono::TimeDelta::days(on);
            let birth_date = day("1990-01-01") + chrono::TimeDelta::days(born);
            let life = Life { born_on: birth_date, died_on: None };
            let consent = VolunteerConsent { is_in_ledger: has_consented, has_records: true };
            let it = JoiningFacts { life, consent, today: day("2026-12-31"), ..facts("2000-01-01") };
            let joined = CommunityMember { joined_on: on, ..member(group(), "2026-01-01") }.join(&it);
            let (age, age_today) = (age_years(birth_date, on), age_years(birth_date, it.today));
            prop_assert_eq!(joined.is_ok(), age >= 14 && (age_today >= 18 || has_consented));
        }
    }
}
