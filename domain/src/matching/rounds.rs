//! Rounds of matching on record: begun, computed, adjusted by a specialist, published as proposed mentorships.
use super::words::{Barriers, MatchingMode};
use crate::change::{Changed, facts};
use crate::id::{
    BeneficiaryId, EditionId, MatchingRoundId, MatchingRulesId, MentorId, OrganizationId, ProgramId, UserId,
};
use crate::refusal::{Reason, Refused, rules};
use crate::text::Oktmo;
use crate::word::{Word, words};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

rules! {
    AS_OF = "matching_round.as_of", Content, ours, "Подбор считают на сегодня или на день в ближайшие 90 дней.", "A round is computed as of today or of a day within 90 days.";
    SCOPE_NEEDED = "matching_round.scope_needed", Content, ours, "Назовите организацию, для подопечных которой идёт подбор.", "Name the organization for whose beneficiaries the round is.";
    NOT_READY = "matching_round.not_ready", State, ours, "Подбор ещё не посчитан, не удался или уже опубликован.", "The round is not computed yet, has failed, or is published already.";
    OVERTAKEN = "matching_round.overtaken", State, ours, "Другой подбор по тем же людям опубликован позже: посчитайте этот заново.", "Another round over the same people was published since: compute this one again.";
    PROGRAM_CHANGED = "matching_round.program_changed", State, ours, "В день начала действует уже другая редакция программы: проведите новый подбор.", "On the first day another edition of the program is in force: begin a new round.";
    NOTHING_PROPOSED = "matching_round.nothing_proposed", State, ours, "Подбор ничего не предложил: публиковать нечего.", "The round proposes nothing: there is nothing to publish.";
    STARTS_ON = "matching_round.starts_on", Content, "002 §3.8", "Первый день — не раньше сегодняшнего, последний — позже первого и в пределах срока программы.", "The first day is not before today, the last one after it and within the program's longest term.";
    UNKNOWN_PAIR = "matching_round.unknown_pair", Content, ours, "Такой пары в этом подборе нет.", "There is no such pair in this round.";
    PIN_TAKEN = "matching_round.pin_taken", State, ours, "За подопечным в этом подборе уже закреплён другой наставник.", "Another mentor is pinned to the beneficiary in this round already.";
    PIN_IMPOSSIBLE = "matching_round.pin_impossible", State, "002 §3.4", "Эту пару закрепить нельзя: правила её не допускают.", "The pair cannot be pinned: rules forbid it.";
    ADJUSTMENTS = "matching_round.adjustments", State, ours, "В подборе уже 500 поправок: проведите новый подбор.", "The round has 500 adjustments already: begin a new one.";
}

words! {
    /// Whom a round matches.
    RoundKind in "matching-round-kinds" {
        Full = "full", "полный", "everybody who waits";
        Delta = "delta", "дополнительный", "only who came since the round before";
    }

    /// Where a round stands.
    RoundState in "matching-round-states" {
        Computing = "computing", "считается", "computing";
        Ready = "ready", "готов", "ready";
        Publishing = "publishing", "публикуется", "being published";
        Published = "published", "опубликован", "published";
        Failed = "failed", "не удался", "failed";
        Cancelled = "cancelled", "отменён", "cancelled";
    }

    /// What can be done with a round.
    RoundAction in "matching-round-actions" {
        Adjust = "adjust", "поправить", "adjust";
        Run = "run", "посчитать заново", "compute again";
        Publish = "publish", "опубликовать", "publish";
    }

    /// What a specialist changes about a pair of a round.
    AdjustmentKind in "matching-adjustments" {
        Pin = "pin", "закрепить", "pin";
        Forbid = "forbid", "запретить", "forbid";
        Clear = "clear", "снять поправку", "take the adjustment back";
    }

    /// How a proposed mentorship came about.
    ProposalOrigin in "matching-proposal-origins" {
        Pinned = "pinned", "закреплено специалистом", "pinned by a specialist";
        MutualChoice = "mutual_choice", "взаимный выбор", "mutual choice";
        Optimum = "optimum", "лучшее распределение", "the best assignment";
    }

    /// Where a proposal of a round stands.
    ProposalState in "matching-proposal-states" {
        Pending = "pending", "не опубликовано", "not published";
        Published = "published", "опубликовано", "published";
        Refused = "refused", "отклонено правилами", "refused by rules";
    }

    /// Why somebody stays without a mentor.
    LeftOutReason in "left-out-reasons" {
        Barred = "barred", "подбор для подопечного невозможен", "something keeps them from having any mentor";
        NoCandidate = "no_candidate", "нет ни одного возможного наставника", "there is no possible mentor";
        SeatsToOthers = "seats_to_others", "места возможных наставников у других", "the seats of every possible mentor go to others";
    }
}

/// So many adjustments a round has at most.
pub const ADJUSTMENTS_AT_MOST: i64 = 500;
/// A round looks so many days ahead at most.
const DAYS_AHEAD: u64 = 90;

/// An order to begin a round of matching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-00000000000a", "organization_id": "01980000-0000-7000-8000-000000000001", "kind": "full", "mode": "coverage_first"}))]
pub struct RoundOrder {
    /// The program.
    pub program_id: ProgramId,
    /// The organization for whose beneficiaries it is; a program's coordinator may leave it out: for all of the program's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organization_id: Option<OrganizationId>,
    /// Only beneficiaries of this territory: those whose code begins so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub territory: Option<Oktmo>,
    /// Whom it matches: everybody who waits, or only who came since the latest round of this program and organization, whose
    /// proposals it keeps.
    pub kind: RoundKind,
    /// Which comes first; without it, what the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mode: Option<MatchingMode>,
    /// The edition of the program's rules of matching; without it, the one in effect as of that day, or the shipped rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rules_id: Option<MatchingRulesId>,
    /// The day as of which people are judged, today to 90 days ahead; without it, today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// An order that adjusts a ready round; it takes effect when the round is computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "pin", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "mentor_id": "01980000-0000-7000-8000-00000000000f"}))]
pub struct Adjustment {
    /// What is changed.
    pub kind: AdjustmentKind,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
}

/// An order that publishes a round: each of its proposals becomes a proposed mentorship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"starts_on": "2026-04-01", "ends_on": "2026-12-31"}))]
pub struct Publication {
    /// The first day of the mentorships as planned, today or later.
    pub starts_on: NaiveDate,
    /// The last day as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// The account of the tutor who will follow the pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tutor_user_id: Option<UserId>,
}

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
        match self.state {
            RoundState::Ready => {
                Ok(ReadyRound { id: self.id, program_id: self.program_id, edition_id: self.edition_id })
            }
            _ => Err(NOT_READY.refuse()),
        }
    }
    /// The round to compute again: one that is ready, or that came to nothing.
    pub fn to_run(self) -> Result<ReadyRound, Refused> {
        match self.state {
            RoundState::Failed | RoundState::Cancelled => {
                Ok(ReadyRound { id: self.id, program_id: self.program_id, edition_id: self.edition_id })
            }
            _ => self.ready(),
        }
    }
}

/// What a caller who may run it can do with a round.
pub fn available_actions(state: RoundState, may_run: bool) -> Vec<RoundAction> {
    let can = |it: &RoundAction| match it {
        RoundAction::Adjust | RoundAction::Publish => state == RoundState::Ready,
        RoundAction::Run => matches!(state, RoundState::Ready | RoundState::Failed | RoundState::Cancelled),
    };
    if may_run { RoundAction::ALL.iter().copied().filter(can).collect() } else { Vec::new() }
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

#[cfg(test)]
mod tests {
    use super::super::words::Barrier;
    use super::*;
    use crate::examples;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
    }
    fn id(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }
    fn ready() -> ReadyRound {
        let round = RoundOnRecord {
            id: id(1).into(),
            program_id: id(2).into(),
            edition_id: id(3).into(),
            state: RoundState::Ready,
        };
        round.ready().unwrap()
    }
    fn facts() -> PublicationFacts {
        PublicationFacts {
            pending: 1,
            is_overtaken: false,
            edition_id: Some(id(3).into()),
            latest_end: Some(day("2027-03-31")),
        }
    }

    #[test]
    fn a_round_looks_at_today_or_a_little_ahead() {
        let order = |as_of: &str| RoundOrder { as_of: Some(day(as_of)), ..examples::of() };
        let today = day("2026-03-02");
        assert_eq!(as_of(&examples::of(), today), Ok(today));
        assert!(as_of(&order("2026-05-31"), today).is_ok());
        for wrong in ["2026-03-01", "2026-06-01"] {
            assert_eq!(codes(as_of(&order(wrong), today)), ["matching_round.as_of"]);
        }
    }

    #[test]
    fn only_a_ready_round_is_adjusted_or_published_and_one_that_came_to_nothing_is_run_again() {
        for state in RoundState::ALL {
            let round = RoundOnRecord {
                state: *state,
                ..RoundOnRecord {
                    id: id(1).into(),
                    program_id: id(2).into(),
                    edition_id: id(3).into(),
                    state: RoundState::Ready,
                }
            };
            let actions = available_actions(*state, true);
            assert_eq!(round.clone().ready().is_ok(), actions.contains(&RoundAction::Publish));
            assert_eq!(round.to_run().is_ok(), actions.contains(&RoundAction::Run));
            assert_eq!(available_actions(*state, false), []);
        }
    }

    #[test]
    fn contradictory_pins_are_refused_for_all_reasons_at_once() {
        let pin: Adjustment = examples::of();
        let free = AdjustedPair { is_in_round: true, free_seats: 1, ..AdjustedPair::default() };
        assert!(ready().adjust(&pin, &free).is_ok());
        let full = AdjustedPair { is_pinned_to_other: true, pins_of_mentor: 1, ..free.clone() };
        let both = ["matching_round.pin_taken", "matching_round.pin_impossible"];
        assert_eq!(codes(ready().adjust(&pin, &full)), both);
        let vetoed =
            AdjustedPair { barriers: Barriers::NONE.with(Barrier::VetoMentor, true), ..free.clone() };
        assert_eq!(codes(ready().adjust(&pin, &vetoed)), ["matching_round.pin_impossible"]);
        let forbid = Adjustment { kind: AdjustmentKind::Forbid, ..pin.clone() };
        assert!(ready().adjust(&forbid, &vetoed).is_ok());
        let many = AdjustedPair { adjustments: ADJUSTMENTS_AT_MOST, ..free };
        assert_eq!(codes(ready().adjust(&forbid, &many)), ["matching_round.adjustments"]);
        let clear = Adjustment { kind: AdjustmentKind::Clear, ..pin.clone() };
        assert!(ready().adjust(&clear, &many).is_ok());
        assert_eq!(codes(ready().adjust(&pin, &AdjustedPair::default())), ["matching_round.unknown_pair"]);
    }

    #[test]
    fn a_round_is_published_only_while_it_is_the_last_word_about_its_people() {
        let order: Publication = examples::of();
        let today = day("2026-03-02");
        assert!(ready().publish(&order, &facts(), today).is_ok());
        let worst = PublicationFacts { pending: 0, is_overtaken: true, edition_id: None, ..facts() };
        assert_eq!(
            codes(ready().publish(&order, &worst, today)),
            ["matching_round.nothing_proposed", "matching_round.overtaken", "matching_round.program_changed"]
        );
        let late = Publication { starts_on: day("2026-03-01"), ends_on: Some(day("2027-04-01")), ..order };
        let days = ["matching_round.starts_on", "matching_round.starts_on"];
        assert_eq!(codes(ready().publish(&late, &facts(), today)), days);
    }

    #[test]
    fn work_that_came_to_nothing_leaves_what_was_ready_ready() {
        let state = |ready, cancelled| StoppedRound::stop(id(1).into(), ready, cancelled).value().state;
        assert_eq!(state(true, true), RoundState::Ready);
        assert_eq!(state(false, true), RoundState::Cancelled);
        assert_eq!(state(false, false), RoundState::Failed);
    }
}
