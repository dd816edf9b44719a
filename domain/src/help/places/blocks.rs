//! Beds out of use for some nights: a repair, a quarantine.
use super::nights::{Span, against_past, against_taken};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, unexplained};
use crate::base::id::{BedBlockId, BedId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    NOT_RUNNING = "bed_block.not_running", State, ours, "Вывод места из оборота уже закончился.", "The block of the bed has ended already.";
}

words! {
    /// The reason for which a bed is out of use.
    BlockReason in "block-reasons" {
        Repair = "repair", "ремонт", "repair";
        Quarantine = "quarantine", "карантин", "quarantine";
        Other = "other", "иное", "other", demands [Text];
    }

    /// The state of a block of a bed.
    BlockState in "block-states" {
        Running = "running", "действует", "running";
        Ended = "ended", "завершён", "ended";
    }
}

facts! {
    /// A bed was taken out of use.
    BedBlocked = "bed_block.added",
        "Место выведено из оборота[: {reason}][, с {from_on}][ до {until_on}]",
        "The bed was taken out of use[: {reason}][, from {from_on}][ until {until_on}]"
        about BedBlock (BedBlockId) {
        /// The bed.
        bed_id: BedId,
        /// The reason.
        reason: BlockReason,
        /// The first night.
        from_on: NaiveDate,
        /// The day after the last night.
        until_on: NaiveDate,
    }
    /// A block of a bed ended early.
    BedBlockEnded = "bed_block.ended",
        "Место возвращено в оборот",
        "The bed is in use again"
        about BedBlock (BedBlockId) {}
}

/// An order to take a bed out of use.
#[form]
#[validate(schema(function = "block_is_whole"))]
#[schema(example = json!({"bed_id": "01980000-0000-7000-8000-000000000063", "from_on": "2026-03-09", "until_on": "2026-03-16", "reason": "repair"}))]
pub struct BedBlockForm {
    /// The bed.
    pub bed_id: BedId,
    /// The first night, today or later.
    pub from_on: NaiveDate,
    /// The day after the last night, at most 366 nights later.
    pub until_on: NaiveDate,
    /// The reason.
    pub reason: BlockReason,
    /// The reason in words. Required when the reason is `other`.
    pub note: Option<Note>,
}

fn block_is_whole(it: &BedBlockForm) -> Result<(), ValidationError> {
    all_hold([
        clash(!Span::new(it.from_on, it.until_on).is_possible(), &["until_on", "from_on"]),
        unexplained(it.reason, it.note.as_ref()),
    ])
}

/// An order to give a bed back before its block is over: from today on it is free.
#[form]
#[schema(example = json!({}))]
pub struct BedBlockEnding {}

/// A block of a bed.
#[derive(Debug, Clone, PartialEq)]
pub struct BedBlock {
    /// The id of the block.
    pub id: BedBlockId,
    /// The order.
    pub form: BedBlockForm,
    /// The day on which it was ended early.
    pub ended_on: Option<NaiveDate>,
}

impl BedBlock {
    /// Takes a bed out of use, on nights that nobody has.
    pub fn begin(
        id: BedBlockId,
        form: &BedBlockForm,
        taken: &[NaiveDate],
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = against_past(form.from_on, today).into_iter().collect();
        reasons.extend(against_taken(taken));
        Refused::unless_empty(reasons)?;
        let BedBlockForm { bed_id, from_on, until_on, reason, .. } = *form;
        let fact = BedBlocked { id, bed_id, reason, from_on, until_on };
        Ok(Changed::new(Self { id, form: form.clone(), ended_on: None }, fact))
    }
    /// The state on a day.
    pub fn state(&self, today: NaiveDate) -> BlockState {
        let is_over = self.ended_on.is_some() || self.form.until_on <= today;
        if is_over { BlockState::Ended } else { BlockState::Running }
    }
    /// Gives the bed back from today on.
    pub fn end(self, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        if self.state(today) == BlockState::Ended {
            return Err(NOT_RUNNING.refuse());
        }
        let fact = BedBlockEnded { id: self.id };
        Ok(Changed::new(Self { ended_on: Some(today), ..self }, fact))
    }
}

/// A block as its caller sees it.
#[derive(Debug)]
pub struct BedBlockOffers {
    /// The state of the block.
    pub state: BlockState,
}

impl Offers for BedBlockOffers {
    const AT: &'static str = "bed-blocks";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::EndBlock, "ending", Right::ManagePlaces)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = action == Action::EndBlock && self.state == BlockState::Running;
        is_open.then(Verdict::default)
    }
}
