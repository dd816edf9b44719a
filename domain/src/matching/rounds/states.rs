//! The states of a round as types, and the orders that its card offers in each.
use super::{
    ADJUSTMENTS, AS_OF, Adjustment, AdjustmentKind, NOT_READY, NOTHING_PROPOSED, OVERTAKEN, PIN_IMPOSSIBLE,
    PIN_TAKEN, PROGRAM_CHANGED, Publication, RoundKind, RoundOrder, RoundState, STARTS_ON, UNKNOWN_PAIR,
};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, EditionId, MatchingRoundId, MentorId, OrganizationId, ProgramId};
use crate::base::refusal::{Reason, Refused, broken};
use crate::base::text::Oktmo;
use crate::base::word::Word;
use crate::matching::{Barriers, MatchingMode};
use chrono::{Days, NaiveDate};

/// The greatest number of adjustments of a round.
pub const ADJUSTMENTS_AT_MOST: i64 = 500;
/// The greatest number of days that a round may look ahead.
const DAYS_AHEAD: u64 = 90;

facts! {
    /// A round was begun.
    RoundBegun = "matching_round.begun",
        "Подбор начат[: {kind}][, режим: {mode}][, на {as_of}]",
        "The round was begun[: {kind}][, mode: {mode}][, as of {as_of}]"
        about MatchingRound (MatchingRoundId) {
        /// The program.
        program_id: ProgramId,
        /// The kind of round.
        kind: RoundKind,
        /// The mode of the round.
        mode: MatchingMode,
        /// The day for which people are assessed.
        as_of: NaiveDate,
    }
    /// A round was computed and proven.
    RoundComputed = "matching_round.computed",
        "Подбор рассчитан[: наставника получают {covered} из {waiting}]",
        "The round was computed[: {covered} of {waiting} get a mentor]"
        about MatchingRound (MatchingRoundId) {
        /// The number of this computation of the round, from 1.
        run: i32,
        /// The number of beneficiaries who wait.
        waiting: i64,
        /// The number of waiting beneficiaries who get a mentor.
        covered: i64,
    }
    /// A pair of a round was pinned or forbidden, or its adjustment was removed.
    RoundAdjusted = "matching_round.adjusted",
        "Подбор поправлен[: {kind}][, получатель: {beneficiary_id}][, наставник: {mentor_id}]",
        "The round was adjusted[: {kind}][, beneficiary: {beneficiary_id}][, mentor: {mentor_id}]"
        about MatchingRound (MatchingRoundId) {
        /// The kind of adjustment.
        kind: AdjustmentKind,
        /// The beneficiary of the pair.
        beneficiary_id: BeneficiaryId,
        /// The mentor of the pair.
        mentor_id: MentorId,
    }
    /// A new computation of a round was ordered.
    RoundRerun = "matching_round.rerun",
        "Заказан новый расчёт подбора",
        "A new computation of the round was ordered"
        about MatchingRound (MatchingRoundId) {}
    /// The publication of a round began.
    RoundPublicationBegun = "matching_round.publication_begun",
        "Публикация подбора начата[, первый день наставничеств: {starts_on}]",
        "The publication of the round began[, first day of the mentorships: {starts_on}]"
        about MatchingRound (MatchingRoundId) {
        /// The planned first day of the mentorships.
        starts_on: NaiveDate,
    }
    /// A round was published.
    RoundPublished = "matching_round.published",
        "Подбор опубликован[: предложено {published}][, отклонено правилами {refused}]",
        "The round was published[: {published} proposed][, {refused} refused by rules]"
        about MatchingRound (MatchingRoundId) {
        /// The number of mentorships that were proposed.
        published: i64,
        /// The number of proposals that rules refused at the publication.
        refused: i64,
    }
    /// Rules refused pairs of a round at the publication.
    RoundPairsRefused = "matching_round.pairs_refused",
        "Правила отклонили пары подбора[: {refused}]",
        "Rules refused pairs of the round[: {refused}]"
        about MatchingRound (MatchingRoundId) {
        /// The number of pairs.
        refused: usize,
    }
    /// The next best mentors were found for those whose pair was refused.
    RoundNextFound = "matching_round.next_best_found",
        "Для тех, чья пара отклонена, найдены другие наставники[: {proposed}][, номер расчёта: {run}]",
        "Other mentors were found for those whose pair was refused[: {proposed}][, computation {run}]"
        about MatchingRound (MatchingRoundId) {
        /// The number of the computation of the round.
        run: i32,
        /// The number of new pairs.
        proposed: usize,
    }
    /// The work on a round ended without a result.
    RoundStopped = "matching_round.stopped",
        "Работа над подбором прекращена[: {state}]",
        "The work on the round ended without a result[: {state}]"
        about MatchingRound (MatchingRoundId) {
        /// The new state of the round.
        state: RoundState,
    }
}

/// A new round, before its computation.
#[derive(Debug, Clone, PartialEq)]
pub struct BegunRound {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The program.
    pub program_id: ProgramId,
    /// The edition in force on the day of the round.
    pub edition_id: EditionId,
    /// The organization whose beneficiaries are matched. `None`: all organizations of the program.
    pub organization_id: Option<OrganizationId>,
    /// The territory of the beneficiaries. `None`: no limit.
    pub territory: Option<Oktmo>,
    /// The kind of round.
    pub kind: RoundKind,
    /// The day for which people are assessed.
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

/// The day for which a round assesses people. Refuses a day that is past or too far ahead.
pub fn as_of(order: &RoundOrder, today: NaiveDate) -> Result<NaiveDate, Refused> {
    let as_of = order.as_of.unwrap_or(today);
    let last = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
    if (today..=last).contains(&as_of) {
        return Ok(as_of);
    }
    Err(AS_OF.reason().at("/as_of").with("not_before", today).with("not_after", last).into())
}

/// A stored round, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundOnRecord {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The program.
    pub program_id: ProgramId,
    /// The edition under which the round was computed.
    pub edition_id: EditionId,
    /// The state of the round.
    pub state: RoundState,
}

/// A ready round. It can be adjusted, computed again, or published.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyRound {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The program.
    pub program_id: ProgramId,
    /// The edition under which the round was computed.
    pub edition_id: EditionId,
}

impl RoundOnRecord {
    /// The round, if it is ready. All rules refuse other states through this function.
    pub fn ready(self) -> Result<ReadyRound, Refused> {
        self.in_one_of(&[RoundState::Ready])
    }
    /// The round, if it can be computed again: it is ready, failed or cancelled.
    pub fn to_run(self) -> Result<ReadyRound, Refused> {
        self.in_one_of(&[RoundState::Ready, RoundState::Failed, RoundState::Cancelled])
    }
    fn in_one_of(self, states: &[RoundState]) -> Result<ReadyRound, Refused> {
        if !states.contains(&self.state) {
            return Err(NOT_READY.refuse());
        }
        Ok(ReadyRound { id: self.id, program_id: self.program_id, edition_id: self.edition_id })
    }
}

/// A round as its caller sees it.
#[derive(Debug)]
pub struct RoundOffers<'a> {
    /// The round.
    pub it: &'a RoundOnRecord,
    /// For a publication that begins today. `None` in a list.
    pub facts: Option<&'a PublicationFacts>,
}

impl Offers for RoundOffers<'_> {
    const AT: &'static str = "matching-rounds";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Adjust, "adjustments", Right::RunMatching),
        Offer::step(Action::Run, "runs", Right::RunMatching),
        Offer::step(Action::Publish, "publication", Right::RunMatching),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let it = self.it.clone();
        match action {
            Action::Adjust => it.ready().ok().map(|_| Verdict::default()),
            Action::Run => it.to_run().ok().map(|_| Verdict::default()),
            Action::Publish => {
                let ready = it.ready().ok()?;
                let against = self.facts.map(|facts| ready.against_publishing(facts));
                Some(Verdict::default().against(against.unwrap_or_default()))
            }
            _ => None,
        }
    }
}

/// The stored data about a pair to adjust.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdjustedPair {
    /// Whether both people take part in the round.
    pub is_in_round: bool,
    /// The barriers between the two people.
    pub barriers: Barriers,
    /// Whether another mentor is pinned to the beneficiary.
    pub is_pinned_to_other: bool,
    /// The number of other pins of the mentor in the round.
    pub pins_of_mentor: i64,
    /// The number of free seats of the mentor.
    pub free_seats: i64,
    /// The number of adjustments of the round.
    pub adjustments: i64,
}

impl ReadyRound {
    /// Pins or forbids a pair, or removes its adjustment.
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
    /// Orders a new computation of the round.
    pub fn rerun(self) -> Changed<Self> {
        let fact = RoundRerun { id: self.id };
        Changed::new(self, fact)
    }
    /// The reasons against a publication under the edition of these facts, on any days.
    fn against_publishing(&self, facts: &PublicationFacts) -> Vec<Reason> {
        broken([
            (facts.pending == 0, NOTHING_PROPOSED.reason()),
            (facts.is_overtaken, OVERTAKEN.reason()),
            (facts.edition_id != Some(self.edition_id), PROGRAM_CHANGED.reason().at("/starts_on")),
        ])
    }
    /// Begins the publication.
    pub fn publish(
        self,
        order: &Publication,
        facts: &PublicationFacts,
        today: NaiveDate,
    ) -> Result<Changed<Publishing>, Refused> {
        let mut reasons = self.against_publishing(facts);
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

/// The stored data for a publication.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicationFacts {
    /// The number of proposals that are not published yet.
    pub pending: i64,
    /// Whether another round with some of the same people was published after this one was computed.
    pub is_overtaken: bool,
    /// The edition in force on the planned first day.
    pub edition_id: Option<EditionId>,
    /// The latest possible last day of the mentorships, by that edition.
    pub latest_end: Option<NaiveDate>,
}

/// A round during its publication.
#[derive(Debug, Clone, PartialEq)]
pub struct Publishing {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The planned days and the tutor.
    pub order: Publication,
}

/// A round after its computation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputedRound {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The number of the computation, from 1.
    pub run: i32,
}

impl ComputedRound {
    /// Records the computation of a round.
    pub fn compute(id: MatchingRoundId, run: i32, waiting: i64, covered: i64) -> Changed<Self> {
        Changed::new(Self { id, run }, RoundComputed { id, run, waiting, covered })
    }
}

/// A part of a publication in which rules refused pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairsRefused {
    /// The id of the round.
    pub id: MatchingRoundId,
}

impl PairsRefused {
    /// Records the number of refused pairs. None if there are none.
    pub fn count(id: MatchingRoundId, refused: usize) -> Option<Changed<Self>> {
        (refused > 0).then(|| Changed::new(Self { id }, RoundPairsRefused { id, refused }))
    }
}

/// A published round with the next best mentors of those whose pair was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextFound {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The number of the computation.
    pub run: i32,
}

impl NextFound {
    /// Records a computation of next best mentors.
    pub fn find(id: MatchingRoundId, run: i32, proposed: usize) -> Changed<Self> {
        Changed::new(Self { id, run }, RoundNextFound { id, run, proposed })
    }
}

/// A round after its publication: each proposal was published or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRound {
    /// The id of the round.
    pub id: MatchingRoundId,
}

impl PublishedRound {
    /// Records the publication of a round.
    pub fn publish(id: MatchingRoundId, published: i64, refused: i64) -> Changed<Self> {
        Changed::new(Self { id }, RoundPublished { id, published, refused })
    }
}

/// A round whose work ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedRound {
    /// The id of the round.
    pub id: MatchingRoundId,
    /// The new state of the round.
    pub state: RoundState,
}

impl StoppedRound {
    /// Records the end of the work. A round that was ready before becomes ready again.
    pub fn stop(id: MatchingRoundId, was_ready: bool, is_cancelled: bool) -> Changed<Self> {
        let state = match (was_ready, is_cancelled) {
            (true, _) => RoundState::Ready,
            (false, true) => RoundState::Cancelled,
            (false, false) => RoundState::Failed,
        };
        Changed::new(Self { id, state }, RoundStopped { id, state })
    }
}
