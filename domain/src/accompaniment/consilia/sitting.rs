//! The states of a sitting, and the steps between them. A step consumes the state that it leaves.
use super::items::{Item, Room};
use super::*;
use crate::accompaniment::cases::OUTSIDE;
use crate::base::access::{NOT_YOURS, OWN};
use crate::base::change::{Changed, changed_fields};
use crate::base::id::UserId;
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::{Reason, Refused};
use chrono::{NaiveDate, TimeDelta};

/// A consilium that is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The id of the consilium.
    pub id: ConsiliumId,
    /// The plan.
    pub form: ConsiliumForm,
}

/// A consilium that was held and is not closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The consilium as planned.
    pub was: Planned,
    /// The record of the sitting.
    pub holding: ConsiliumHolding,
}

/// A closed consilium, which never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// The consilium as held.
    pub was: Held,
    /// The protocol.
    pub closing: ConsiliumClosing,
}

/// A consilium in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Consilium {
    /// The sitting is to come.
    Planned(Planned),
    /// The sitting took place; its protocol is not signed.
    Held(Held),
    /// The protocol is signed.
    Closed(Closed),
    /// The sitting did not take place.
    Cancelled(Planned),
}

/// A consilium that was cancelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The consilium as planned.
    pub was: Planned,
    /// The order.
    pub order: ConsiliumCancellation,
}

/// The accounts of the members, as the rules need them.
#[derive(Debug, Clone, Default)]
pub struct MemberFacts {
    /// Those of the named accounts that are active staff of the organization.
    pub serving: Vec<UserId>,
    /// Those of them that are directors or heads of units there.
    pub leading: Vec<UserId>,
    /// Those of the named accounts that are near its cases from outside: of a team, a running mentorship, guardianship, or the person.
    pub near: Vec<UserId>,
    /// Those of the named accounts that are kin of somebody on the agenda, or are one of them.
    pub kin: Vec<UserId>,
}

/// The caller's standing to a consilium.
#[derive(Debug, Clone, Copy, Default)]
pub struct Acting {
    /// The account of the caller.
    pub user: Option<UserId>,
    /// Whether the caller directs the organization.
    pub directs: bool,
    /// Whether the account of the chair is closed, leads there no more, or is kin of somebody on the agenda.
    pub chair_is_gone: bool,
    /// Whether the caller is kin of somebody on the agenda, or is one of them.
    pub is_kin: bool,
}

impl Acting {
    /// Refuses a caller who is not the chair, and one whose family is on the agenda. A director of the organization acts where the chair
    /// is gone.
    pub(super) fn must_chair(&self, form: &ConsiliumForm) -> Result<(), Refused> {
        if self.is_kin {
            return Err(OWN.refuse());
        }
        let is_chair = self.user.is_some() && form.chair().is_some_and(|it| it.user_id == self.user);
        let is_theirs = (is_chair && !self.chair_is_gone) || (self.chair_is_gone && self.directs);
        if is_theirs { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
}

impl ConsiliumForm {
    /// The chair.
    pub fn chair(&self) -> Option<&ConsiliumMember> {
        self.members.iter().find(|it| it.role == ConsiliumRole::Chair)
    }
    /// The number of the chair.
    pub fn chair_number(&self) -> Option<i32> {
        self.numbered().find(|(_, it)| it.role == ConsiliumRole::Chair).map(|(number, _)| number)
    }
    /// The member with that number; the first is 1.
    pub fn member(&self, number: i32) -> Option<&ConsiliumMember> {
        self.members.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }
    /// The members with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (i32, &ConsiliumMember)> {
        (1..).zip(&self.members)
    }
    fn against(&self, facts: &MemberFacts) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (n, it) in self.members.iter().enumerate() {
            let is_known = |user| facts.serving.contains(&user) || facts.near.contains(&user);
            if it.user_id.is_some_and(|user| !is_known(user)) {
                reasons.push(MEMBER.reason().at(format!("/members/{n}/user_id")));
            }
            let leads = it.user_id.is_some_and(|user| facts.leading.contains(&user));
            if it.role == ConsiliumRole::Chair && !leads {
                reasons.push(CHAIR.reason().at(format!("/members/{n}/user_id")));
            }
            let is_kin = it.user_id.is_some_and(|user| facts.kin.contains(&user));
            if it.role == ConsiliumRole::Chair && is_kin {
                reasons.push(CHAIR_KIN.reason().at(format!("/members/{n}/user_id")));
            }
        }
        reasons
    }
}

impl Planned {
    /// Plans a consilium.
    pub fn plan(
        id: ConsiliumId,
        form: &ConsiliumForm,
        facts: &MemberFacts,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.against(facts))?;
        let fact = ConsiliumPlanned { id, organization_id: form.organization_id };
        Ok(Changed::new(Self { id, form: form.clone() }, fact))
    }
    /// Replaces the plan.
    pub fn replan(self, form: &ConsiliumForm, facts: &MemberFacts) -> Result<Changed<Self>, Refused> {
        let mut reasons = form.against(facts);
        if form.organization_id != self.form.organization_id {
            reasons.push(ORGANIZATION_FIXED.reason().at("/organization_id"));
        }
        Refused::unless_empty(reasons)?;
        let fact = ConsiliumEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Records the sitting. Without its chair it did not take place. It decides about no case before the day on which that was opened;
    /// `opened_on` is the latest of these days.
    pub fn hold(
        self,
        order: &ConsiliumHolding,
        opened_on: Option<NaiveDate>,
        (now, zone): (Moment, Zone),
    ) -> Result<Changed<Held>, Refused> {
        let mut reasons = Vec::new();
        if let Some(first) = opened_on.filter(|it| zone.day(order.held_at) < *it) {
            reasons.push(OUTSIDE.reason().at("/held_at").with("opened_on", first));
        }
        if order.held_at > now {
            reasons.push(HELD_IN_FUTURE.reason().at("/held_at"));
        }
        let early = self.form.planned_at.plus(chrono::TimeDelta::days(-1));
        if order.held_at < early {
            reasons.push(HELD_EARLY.reason().at("/held_at"));
        }
        for (n, it) in order.present.iter().enumerate() {
            if self.form.member(*it).is_none() {
                reasons.push(PRESENT_UNKNOWN.reason().at(format!("/present/{n}")));
            }
        }
        let is_chair = |it: &i32| self.form.member(*it).is_some_and(|it| it.role == ConsiliumRole::Chair);
        if !order.present.iter().any(is_chair) {
            reasons.push(CHAIR_ABSENT.reason().at("/present"));
        }
        Refused::unless_empty(reasons)?;
        let fact = ConsiliumHeld { id: self.id, participants: order.present.len() };
        Ok(Changed::new(Held { was: self, holding: order.clone() }, fact))
    }
    /// Cancels the sitting.
    pub fn cancel(self, order: &ConsiliumCancellation) -> Changed<Settled> {
        let fact = ConsiliumCancelled { id: self.id };
        Changed::new(Settled { was: self, order: order.clone() }, fact)
    }
}

impl Held {
    /// Closes the consilium with its protocol. Each item of the agenda is resolved or postponed; `against` are the reasons that the gates
    /// of the resolved items found anew, each with the place of its item.
    pub fn close(
        self,
        order: &ConsiliumClosing,
        items: &[Item],
        against: Vec<Reason>,
        by: &Acting,
    ) -> Result<Changed<Closed>, Refused> {
        by.must_chair(&self.was.form)?;
        let mut reasons = Vec::new();
        if items.is_empty() {
            reasons.push(EMPTY.reason());
        }
        let open = items.iter().enumerate().filter(|(_, it)| it.state == ItemState::Open);
        reasons.extend(open.map(|(n, _)| ITEM_UNRESOLVED.reason().at(format!("/items/{n}"))));
        reasons.extend(against);
        Refused::unless_empty(reasons)?;
        let fact = ConsiliumClosed { id: self.was.id };
        Ok(Changed::new(Closed { was: self, closing: order.clone() }, fact))
    }
    /// The day of the sitting in the zone of the region.
    pub fn held_on(&self, zone: Zone) -> NaiveDate {
        zone.day(self.holding.held_at)
    }
    /// The reason against any dissent at the moment.
    pub(super) fn against_dissent(&self, room: &Room) -> Option<Reason> {
        let held_on = self.held_on(room.zone);
        let last =
            held_on.checked_add_signed(TimeDelta::days(room.rules.dissent_days.into())).unwrap_or(held_on);
        (room.today > last).then(|| DISSENT_LATE.reason().with("not_after", last))
    }
}

impl Consilium {
    /// The consilium, if it is planned; otherwise a refusal.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(it),
            _ => Err(NOT_PLANNED.refuse()),
        }
    }
    /// The consilium, if it was held and is not closed; otherwise a refusal.
    pub fn held(self) -> Result<Held, Refused> {
        match self {
            Self::Held(it) => Ok(it),
            _ => Err(NOT_HELD.refuse()),
        }
    }
    /// The sitting, also after the closing; otherwise a refusal.
    pub fn sat(self) -> Result<Held, Refused> {
        match self {
            Self::Held(it) | Self::Closed(Closed { was: it, .. }) => Ok(it),
            _ => Err(NOT_HELD.refuse()),
        }
    }
    /// Refuses a consilium that is closed or cancelled.
    pub fn must_not_be_over(&self) -> Result<(), Refused> {
        match self {
            Self::Planned(_) | Self::Held(_) => Ok(()),
            Self::Closed(_) | Self::Cancelled(_) => Err(NOT_PLANNED.refuse()),
        }
    }
    /// The plan.
    pub fn form(&self) -> &ConsiliumForm {
        match self {
            Self::Planned(it) | Self::Cancelled(it) => &it.form,
            Self::Held(it) | Self::Closed(Closed { was: it, .. }) => &it.was.form,
        }
    }
    /// The state as a word of the vocabulary.
    pub fn state(&self) -> ConsiliumState {
        match self {
            Self::Planned(_) => ConsiliumState::Planned,
            Self::Held(_) => ConsiliumState::Held,
            Self::Closed(_) => ConsiliumState::Closed,
            Self::Cancelled(_) => ConsiliumState::Cancelled,
        }
    }
}
