//! The states of a round as types, and what can be done in each.
use super::{
    ADJUSTMENTS, AS_OF, Adjustment, AdjustmentKind, NOT_READY, NOTHING_PROPOSED, OVERTAKEN, PIN_IMPOSSIBLE,
    PIN_TAKEN, PROGRAM_CHANGED, Publication, RoundAction, RoundKind, RoundOrder, RoundState, STARTS_ON,
    UNKNOWN_PAIR,
};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, EditionId, MatchingRoundId, MentorId, OrganizationId, ProgramId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Oktmo;
use crate::base::word::Word;
use crate::matching::{Barriers, MatchingMode};
use chrono::{Days, NaiveDate};

/// So many adjustments a round has at most.
pub const ADJUSTMENTS_AT_MOST: i64 = 500;
/// A round looks so many days ahead at most.
const DAYS_AHEAD: u64 = 90;

facts! {
    /// A round was begun.
    RoundBegun = "matching_round.begun" about MatchingRound (MatchingRoundId) {
        /// The program.
        program_id: ProgramId,
        /// Whom it matches.
        kind: RoundKind,
        /// Which comes first.
        mode: MatchingMode,
        /// The day as of which people are judged.
        as_of: NaiveDate,
    }
    /// A round was computed and proven.
    RoundComputed = "matching_round.computed" about MatchingRound (MatchingRoundId) {
        /// Which computing of the round it was, from 1.
        run: i32,
        /// How many waited.
        waiting: i64,
        /// How many of them it gives a mentor.
        covered: i64,
    }
    /// A pair of a round was pinned, forbidden, or left to the round again.
    RoundAdjusted = "matching_round.adjusted" about MatchingRound (MatchingRoundId) {
        /// What was changed.
        kind: AdjustmentKind,
        /// The beneficiary of the pair.
        beneficiary_id: BeneficiaryId,
        /// The mentor of the pair.
        mentor_id: MentorId,
    }
    /// A round is to be computed again.
    RoundRerun = "matching_round.rerun" about MatchingRound (MatchingRoundId) {}
    /// A round is being published.
    RoundPublicationBegun = "matching_round.publication_begun" about MatchingRound (MatchingRoundId) {
        /// The first day of the mentorships as planned.
        starts_on: NaiveDate,
    }
    /// A round was published.
    RoundPublished = "matching_round.published" about MatchingRound (MatchingRoundId) {
        /// How many mentorships it has proposed.
        published: i64,
        /// How many of its proposals rules refused meanwhile.
        refused: i64,
    }
    /// The work on a round ended without a result.
    RoundStopped = "matching_round.stopped" about MatchingRound (MatchingRoundId) {
        /// Where it stands now.
        state: RoundState,
    }
}

/// A round that is about to be begun.
#[derive(Debug, Clone, PartialEq)]
pub struct BegunRound {
    /// Its id.
    pub id: MatchingRoundId,
    /// Its program.
    pub program_id: ProgramId,
    /// The edition in force on its day.
    pub edition_id: EditionId,
    /// For whose beneficiaries.
    pub organization_id: Option<OrganizationId>,
    /// Of which territory.
    pub territory: Option<Oktmo>,
    /// Whom it matches.
    pub kind: RoundKind,
    /// The day as of which people are judged.
    pub as_of: NaiveDate,
}

impl BegunRound {
    /// Begins a round.
    pub fn begin(
        id: MatchingRoundId,
        order: &RoundOrder,
        edition_id: EditionId,
        mode: MatchingMode,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let as_of = as_of(order, today)?;
        let fact = RoundBegun { id, program_id: order.program_id, kind: order.kind, mode, as_of };
        let round = Self {
            id,
            program_id: order.program_id,
            edition_id,
            organization_id: order.organization_id,
            territory: order.territory.clone(),
            kind: order.kind,
            as_of,
        };
        Ok(Changed::new(round, fact))
    }
}

/// The day as of which a round judges people.
pub fn as_of(order: &RoundOrder, today: NaiveDate) -> Result<NaiveDate, Refused> {
    let as_of = order.as_of.unwrap_or(today);
    let last = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
    if (today..=last).contains(&as_of) {
        return Ok(as_of);
    }
    Err(AS_OF.reason().at("/as_of").with("not_before", today).with("not_after", last).into())
}

/// A round on record.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundOnRecord {
    /// Its id.
    pub id: MatchingRoundId,
    /// Its program.
    pub program_id: ProgramId,
    /// The edition under which it was computed.
    pub edition_id: EditionId,
    /// Where it stands.
    pub state: RoundState,
}

/// A round that is ready: to be adjusted, computed again, or published.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyRound {
    /// Its id.
    pub id: MatchingRoundId,
    /// Its program.
    pub program_id: ProgramId,
    /// The edition under which it was computed.
    pub edition_id: EditionId,
}

impl RoundOnRecord {
    /// The one place that refuses what needs a ready round.
    pub fn ready(self) -> Result<ReadyRound, Refused> {
        self.to(RoundAction::Publish)
    }
    /// The round to compute again: one that is ready, or that came to nothing.
    pub fn to_run(self) -> Result<ReadyRound, Refused> {
        self.to(RoundAction::Run)
    }
    fn to(self, action: RoundAction) -> Result<ReadyRound, Refused> {
        if !is_open_to(self.state, action) {
            return Err(NOT_READY.refuse());
        }
        Ok(ReadyRound { id: self.id, program_id: self.program_id, edition_id: self.edition_id })
    }
}

/// Whether a round in that state can be adjusted, computed again or published.
fn is_open_to(state: RoundState, action: RoundAction) -> bool {
    match action {
        RoundAction::Adjust | RoundAction::Publish => state == RoundState::Ready,
        RoundAction::Run => matches!(state, RoundState::Ready | RoundState::Failed | RoundState::Cancelled),
    }
}

/// What a caller who may run it can do with a round.
pub fn available_actions(state: RoundState, may_run: bool) -> Vec<RoundAction> {
    let all = RoundAction::ALL.iter().copied();
    all.filter(|it| may_run && is_open_to(state, *it)).collect()
}

/// What is known of a pair when it is to be adjusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdjustedPair {
    /// Whether both take part in the round.
    pub is_in_round: bool,
    /// What stands between the two.
    pub barriers: Barriers,
    /// Whether another mentor is pinned to the beneficiary.
    pub is_pinned_to_other: bool,
    /// How many pins the mentor has in the round, without this one.
    pub pins_of_mentor: i64,
    /// The mentor's free seats.
    pub free_seats: i64,
    /// How many adjustments the round has.
    pub adjustments: i64,
}

impl ReadyRound {
    /// Pins or forbids a pair, or leaves it to the round again.
    pub fn adjust(self, order: &Adjustment, pair: &AdjustedPair) -> Result<Changed<Self>, Refused> {
        if !pair.is_in_round {
            return Err(UNKNOWN_PAIR.reason().at("/mentor_id").into());
        }
        let mut reasons = Vec::new();
        if order.kind == AdjustmentKind::Pin {
            reasons.extend(pair.is_pinned_to_other.then(|| PIN_TAKEN.reason().at("/beneficiary_id")));
            reasons.extend(pair.against_a_pin());
        }
        if order.kind != AdjustmentKind::Clear && pair.adjustments >= ADJUSTMENTS_AT_MOST {
            reasons.push(ADJUSTMENTS.reason());
        }
        Refused::unless_empty(reasons)?;
        let Adjustment { kind, beneficiary_id, mentor_id } = *order;
        let fact = RoundAdjusted { id: self.id, kind, beneficiary_id, mentor_id };
        Ok(Changed::new(self, fact))
    }
    /// Has the round computed again.
    pub fn rerun(self) -> Changed<Self> {
        let fact = RoundRerun { id: self.id };
        Changed::new(self, fact)
    }
    /// Begins to publish.
    pub fn publish(
        self,
        order: &Publication,
        facts: &PublicationFacts,
        today: NaiveDate,
    ) -> Result<Changed<Publishing>, Refused> {
        let mut reasons = Vec::new();
        if facts.pending == 0 {
            reasons.push(NOTHING_PROPOSED.reason());
        }
        if facts.is_overtaken {
            reasons.push(OVERTAKEN.reason());
        }
        if facts.edition_id != Some(self.edition_id) {
            reasons.push(PROGRAM_CHANGED.reason().at("/starts_on"));
        }
        reasons.extend(order.against_the_days(facts, today));
        Refused::unless_empty(reasons)?;
        let fact = RoundPublicationBegun { id: self.id, starts_on: order.starts_on };
        Ok(Changed::new(Publishing { id: self.id, order: order.clone() }, fact))
    }
}

impl AdjustedPair {
    fn against_a_pin(&self) -> Option<Reason> {
        let full = self.pins_of_mentor >= self.free_seats;
        if self.barriers.is_empty() && !full {
            return None;
        }
        let codes: Vec<&str> = self.barriers.all().map(Word::code).collect();
        Some(PIN_IMPOSSIBLE.reason().at("/mentor_id").with("barriers", codes).with("no_free_seat", full))
    }
}

impl Publication {
    fn against_the_days(&self, facts: &PublicationFacts, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.starts_on < today {
            reasons.push(STARTS_ON.reason().at("/starts_on").with("not_before", today));
        }
        let is_within =
            |last: &NaiveDate| *last > self.starts_on && facts.latest_end.is_none_or(|it| *last <= it);
        if self.ends_on.is_some_and(|it| !is_within(&it)) {
            reasons.push(STARTS_ON.reason().at("/ends_on").with("not_after", facts.latest_end));
        }
        reasons
    }
}

/// What is known when a round is to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicationFacts {
    /// How many proposals wait for it.
    pub pending: i64,
    /// Whether another round over some of the same people was published after this one was computed.
    pub is_overtaken: bool,
    /// The edition in force on the first day.
    pub edition_id: Option<EditionId>,
    /// The last day to which that edition lets a mentorship run that begins on the first day.
    pub latest_end: Option<NaiveDate>,
}

/// A round that is being published.
#[derive(Debug, Clone, PartialEq)]
pub struct Publishing {
    /// Its id.
    pub id: MatchingRoundId,
    /// How the mentorships are planned.
    pub order: Publication,
}

/// A round that has just been computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputedRound {
    /// Its id.
    pub id: MatchingRoundId,
    /// Which computing it was.
    pub run: i32,
}

impl ComputedRound {
    /// Records that a round was computed and proven.
    pub fn compute(id: MatchingRoundId, run: i32, waiting: i64, covered: i64) -> Changed<Self> {
        Changed::new(Self { id, run }, RoundComputed { id, run, waiting, covered })
    }
}

/// A round all of whose proposals were published or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRound {
    /// Its id.
    pub id: MatchingRoundId,
}

impl PublishedRound {
    /// Records that a round was published.
    pub fn publish(id: MatchingRoundId, published: i64, refused: i64) -> Changed<Self> {
        Changed::new(Self { id }, RoundPublished { id, published, refused })
    }
}

/// A round whose work ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedRound {
    /// Its id.
    pub id: MatchingRoundId,
    /// Where it stands now.
    pub state: RoundState,
}

impl StoppedRound {
    /// Records that. What was ready before is ready again.
    pub fn stop(id: MatchingRoundId, was_ready: bool, is_cancelled: bool) -> Changed<Self> {
        let state = match (was_ready, is_cancelled) {
            (true, _) => RoundState::Ready,
            (false, true) => RoundState::Cancelled,
            (false, false) => RoundState::Failed,
        };
        Changed::new(Self { id, state }, RoundStopped { id, state })
    }
}
