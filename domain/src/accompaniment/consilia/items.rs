//! An item: a case on the agenda, its resolution, its postponement and the dissents.
use super::gates::GateFacts;
use super::sitting::{Acting, Held};
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::accompaniment::tasks::DUE_PAST;
use crate::base::access::{NOT_YOURS, OWN};
use crate::base::change::Changed;
use crate::base::id::PersonId;
use crate::base::moment::Zone;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::MISSING;
use chrono::NaiveDate;

/// The day, the zone and the rules by which a sitting is judged.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The present day.
    pub today: NaiveDate,
    /// The zone of the region.
    pub zone: Zone,
    /// The rules of that day.
    pub rules: AccompanimentRulesForm,
}

/// A case on the agenda of a consilium.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The id of the item.
    pub id: ConsiliumItemId,
    /// The consilium.
    pub consilium_id: ConsiliumId,
    /// The order that put it on the agenda.
    pub form: ItemForm,
    /// Its state.
    pub state: ItemState,
    /// The last resolution.
    pub resolution: Option<ItemResolution>,
    /// The reason for its postponement.
    pub postponement: Option<ItemPostponement>,
}

/// The stored data that the resolution of an item needs.
#[derive(Debug, Clone)]
pub struct ItemFacts {
    /// The people about whom the case is who were ten or older on the day of the sitting, each under all records.
    pub to_hear: Vec<Vec<PersonId>>,
    /// All people about whom the case is.
    pub people: Vec<PersonId>,
    /// The members, by number, who are kin of them, or are one of them: they neither count nor vote.
    pub recused: Vec<i32>,
    /// Whether the caller is one of them, or their kin.
    pub is_about_caller: bool,
    /// The other items of the agenda about the case.
    pub beside: Beside,
    /// The stored data that the gates need.
    pub gates: GateFacts,
}

/// The other items of an agenda about the case of an item, as far as they are carried. They are carried out in the order of the agenda.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// An item before it that closes the case.
    pub ended_by: Option<ConsiliumItemId>,
    /// An item after it that decides about the case.
    pub followed_by: Option<ConsiliumItemId>,
}

/// A dissent that was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Dissenting {
    /// The item.
    pub id: ConsiliumItemId,
    /// The order.
    pub order: Dissent,
}

impl Votes {
    /// Whether the votes carry the item. The chair decides a tie.
    pub fn carry(&self) -> bool {
        match self.in_favour.cmp(&self.against) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self.in_favour > 0 && self.chair_in_favour == Some(true),
            std::cmp::Ordering::Less => false,
        }
    }
    fn against(&self, voters: usize) -> Vec<Reason> {
        let cast = [self.in_favour, self.against, self.abstained].into_iter();
        let cast: usize = cast.filter_map(|it| usize::try_from(it).ok()).sum();
        let mut reasons = Vec::new();
        if cast > voters {
            reasons.push(VOTES.reason().at("/votes").with("voters", voters.to_string()));
        }
        if self.in_favour == self.against && self.chair_in_favour.is_none() {
            reasons.push(MISSING.reason().at("/votes/chair_in_favour"));
        }
        reasons
    }
}

impl Item {
    /// Puts a case on the agenda of a planned consilium.
    pub fn add(
        id: ConsiliumItemId,
        of: &sitting::Planned,
        form: &ItemForm,
        (accompanied_by, is_on_agenda, is_about_chair): (OrganizationId, bool, bool),
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = Vec::new();
        if is_about_chair {
            reasons.push(CHAIR_KIN.reason().at("/case_id"));
        }
        if accompanied_by != of.form.organization_id {
            reasons.push(CASE_FOREIGN.reason().at("/case_id"));
        }
        if is_on_agenda && form.kind != ConsiliumKind::Urgent {
            reasons.push(ON_AGENDA.reason().at("/case_id"));
        }
        Refused::unless_empty(reasons)?;
        let fact = ItemAdded { id, consilium_id: of.id, case_id: form.case_id, kind: form.kind };
        let (state, resolution, postponement) = (ItemState::Open, None, None);
        Ok(Changed::new(
            Self { id, consilium_id: of.id, form: form.clone(), state, resolution, postponement },
            fact,
        ))
    }
    /// Resolves the item. Until the consilium is closed it may be resolved again.
    pub fn resolve(
        self,
        order: &ItemResolution,
        held: &Held,
        facts: &ItemFacts,
        room: &Room,
    ) -> Result<Changed<Self>, Refused> {
        let open = self.open()?;
        if facts.is_about_caller {
            return Err(OWN.refuse());
        }
        let mut reasons = open.against_votes(order, held, facts, &room.rules);
        reasons.extend(order.against_hearing(facts));
        for (n, it) in order.decisions.iter().enumerate() {
            if it.due_on < room.today {
                let at = format!("/decisions/{n}/due_on");
                reasons.push(DUE_PAST.reason().at(at).with("today", room.today));
            }
        }
        let has_outcome =
            order.to_stage.is_some() || order.finish.is_some() || order.route_version_id.is_some();
        if !has_outcome && order.decisions.is_empty() {
            reasons.push(NO_DECISION.reason());
        }
        reasons.extend(order.against_end(&facts.beside));
        reasons.extend(gates::against(open.form.kind, order, &facts.gates));
        Refused::unless_empty(reasons)?;
        let fact = ItemResolved { id: open.id };
        let resolution = Some(order.clone());
        Ok(Changed::new(Self { state: ItemState::Resolved, resolution, ..open }, fact))
    }
    /// Takes the item off the agenda.
    pub fn postpone(self, order: &ItemPostponement) -> Result<Changed<Self>, Refused> {
        let open = self.open()?;
        let fact = ItemPostponed { id: open.id };
        let postponement = Some(order.clone());
        Ok(Changed::new(Self { state: ItemState::Postponed, resolution: None, postponement, ..open }, fact))
    }
    fn open(self) -> Result<Self, Refused> {
        if self.state == ItemState::Postponed { Err(ITEM_SETTLED.refuse()) } else { Ok(self) }
    }
    /// The reasons against what the item decides, found anew when the consilium is closed.
    pub fn against_closing(&self, facts: &GateFacts) -> Vec<Reason> {
        let carried = self.carried();
        carried.map_or_else(Vec::new, |it| gates::against(self.form.kind, it, facts))
    }
    /// The other items about the same case that are carried, of these items in the order of the agenda.
    pub fn beside(&self, agenda: &[Self]) -> Beside {
        let own = agenda.iter().position(|it| it.id == self.id).unwrap_or(agenda.len());
        let carried = |it: &&Self| it.form.case_id == self.form.case_id && it.carried().is_some();
        let ends = |it: &&Self| it.carried().is_some_and(ItemResolution::closes_case);
        Beside {
            ended_by: agenda.iter().take(own).filter(carried).find(ends).map(|it| it.id),
            followed_by: agenda.iter().skip(own.saturating_add(1)).find(carried).map(|it| it.id),
        }
    }
    /// The resolution, if it was carried.
    pub fn carried(&self) -> Option<&ItemResolution> {
        self.resolution.as_ref().filter(|it| it.votes.carry())
    }
    fn against_votes(
        &self,
        order: &ItemResolution,
        held: &Held,
        facts: &ItemFacts,
        rules: &AccompanimentRulesForm,
    ) -> Vec<Reason> {
        let form = &held.was.form;
        let may_vote = |number: &i32| {
            form.member(*number).is_some_and(|it| it.role.votes()) && !facts.recused.contains(number)
        };
        let voters = held.holding.present.iter().filter(|it| may_vote(it)).count();
        let all = form.numbered().filter(|(number, _)| may_vote(number)).count();
        let is_urgent = self.form.kind == ConsiliumKind::Urgent;
        let mut reasons = Vec::new();
        if !rules.is_quorum(voters, all, is_urgent) {
            reasons.push(QUORUM.reason().with("present", voters.to_string()).with("of", all.to_string()));
        }
        reasons.extend(order.votes.against(voters));
        let chair_votes = form.chair_number().is_some_and(|number| may_vote(&number));
        if order.votes.chair_in_favour == Some(true) && !chair_votes {
            reasons.push(VOTES.reason().at("/votes/chair_in_favour").with("voters", voters.to_string()));
        }
        reasons
    }
    /// Records a dissent of a voting member who was present: by their account, or by the secretary's or the chair's. So that of a member
    /// without an account is not lost where there is no secretary.
    pub fn dissent(
        &self,
        order: &Dissent,
        held: &Held,
        by: &Acting,
        room: &Room,
    ) -> Result<Changed<Dissenting>, Refused> {
        let form = &held.was.form;
        let member = form.member(order.member);
        let is_secretary =
            |it: &ConsiliumMember| it.role == ConsiliumRole::Secretary && it.user_id == by.user;
        let is_theirs = by.user.is_some() && member.is_some_and(|it| it.user_id == by.user);
        let is_kept = by.user.is_some() && form.members.iter().any(is_secretary);
        let is_recorded = is_kept || by.must_chair(form).is_ok();
        if !is_theirs && !is_recorded {
            return Err(NOT_YOURS.refuse());
        }
        let mut reasons: Vec<Reason> = held.against_dissent(room).into_iter().collect();
        if self.state != ItemState::Resolved {
            reasons.push(ITEM_UNRESOLVED.reason());
        }
        let voted = member.is_some_and(|it| it.role.votes()) && held.holding.present.contains(&order.member);
        if !voted {
            reasons.push(DISSENT_UNSUITED.reason().at("/member"));
        }
        Refused::unless_empty(reasons)?;
        Ok(Changed::new(Dissenting { id: self.id, order: order.clone() }, ItemDissented { id: self.id }))
    }
}

impl ItemResolution {
    /// Whether it closes the case, once it is carried.
    fn closes_case(&self) -> bool {
        self.finish.as_ref().is_some_and(gates::closes)
    }
    /// The reason against a decision about a case that another item of the agenda has closed before it. Of the two, the one is refused that
    /// is resolved later.
    fn against_end(&self, beside: &Beside) -> Option<Reason> {
        if !self.votes.carry() {
            return None;
        }
        let at = match (self.to_stage, self.route_version_id) {
            (Some(_), _) => "/to_stage",
            (None, Some(_)) => "/route_version_id",
            (None, None) => "/decisions",
        };
        let after = beside.followed_by.filter(|_| self.closes_case()).map(|it| ("/finish/outcome", it));
        let (at, other) = beside.ended_by.map(|it| (at, it)).or(after)?;
        Some(CASE_ENDS.reason().at(at).with("item_id", other))
    }
    fn against_hearing(&self, facts: &ItemFacts) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (n, it) in self.heard.iter().enumerate() {
            if !facts.people.contains(&it.person_id) {
                reasons.push(HEARD_UNKNOWN.reason().at(format!("/heard/{n}/person_id")));
            }
        }
        let is_heard = |selves: &Vec<PersonId>| self.heard.iter().any(|it| selves.contains(&it.person_id));
        if !facts.to_hear.iter().all(is_heard) {
            reasons.push(NOT_HEARD.reason().at("/heard"));
        }
        reasons
    }
}
