//! Quorum and votes: pure functions of numbers.
//!
//! Somebody who is recused is present and counts for the quorum, and not in the base of a majority. A tie is decided by the chair of the
//! council, where one was present: the signature of somebody else moves the casting vote to nobody. A recused chair decides no tie.
use super::orders::{MemberBallot, ProtocolItem, SideBallot, VoteCounts};
use super::states::Sitting;
use super::words::Ballot;
use super::{BALLOT, NOT_CARRIED, SIDES_ABSENT, VOTES, VOTES_BY};
use crate::base::id::CouncilMemberId;
use crate::base::refusal::Reason;
use crate::base::text::{Code, repeats};
use crate::partnership::councils::{DecisionRules, DecisionWay, QuorumRule};

/// Whether so many of those with a vote are enough for a decision.
pub fn is_quorate(rule: QuorumRule, entitled: i32, present: i32) -> bool {
    let (all, there) = (i64::from(entitled), i64::from(present));
    let is_enough = match rule {
        QuorumRule::None => true,
        QuorumRule::Half => there * 2 >= all,
        QuorumRule::Majority => there * 2 > all,
        QuorumRule::TwoThirds => there * 3 >= all * 2,
    };
    is_enough && there > 0
}

impl VoteCounts {
    fn of_ballots(all: &[MemberBallot], casting: CouncilMemberId) -> Self {
        let count = |vote| i32::try_from(all.iter().filter(|it| it.vote == vote).count()).unwrap_or(i32::MAX);
        Self {
            in_favour: count(Ballot::For),
            against: count(Ballot::Against),
            abstained: count(Ballot::Abstained),
            recused: count(Ballot::Recused),
            chair: all.iter().find(|it| it.member_id == casting).map(|it| it.vote),
        }
    }
    fn sum(&self) -> i64 {
        [self.in_favour, self.against, self.abstained, self.recused].into_iter().map(i64::from).sum()
    }
    /// Whether the question is carried, where so many members with a vote were present. With a tie it is where the chair votes for it, if
    /// the vote of the chair decides.
    pub fn is_carried(&self, present: i32, way: DecisionWay, chair_casts: bool) -> bool {
        let (votes, base) = (i64::from(self.in_favour), i64::from(present) - i64::from(self.recused));
        let is_enough = match way {
            DecisionWay::Consensus => self.against == 0,
            DecisionWay::SimpleMajority => {
                let decides = chair_casts && self.chair == Some(Ballot::For);
                votes * 2 > base || (votes * 2 == base && decides)
            }
            DecisionWay::TwoThirds => votes * 3 >= base * 2,
            DecisionWay::Sides => false,
        };
        is_enough && votes > 0
    }
}

/// The reasons against the votes of an item, and against its decision as they went. Pointers begin at the item. `presided` is the member who
/// presided.
pub(super) fn against(it: &ProtocolItem, sitting: &Sitting, presided: CouncilMemberId) -> Vec<Reason> {
    let of = &sitting.rules;
    let mut reasons = match of.decides_by {
        DecisionWay::Sides => against_kind(it.votes.is_some() || !it.ballots.is_empty(), "/side_ballots"),
        _ => against_kind(!it.side_ballots.is_empty(), "/votes"),
    };
    reasons.extend(against_ballots(&it.ballots, sitting));
    reasons.extend(against_sides(&it.side_ballots, of));
    let present = sitting.present();
    let casting = sitting.casting(presided);
    let votes = it.votes.unwrap_or_else(|| VoteCounts::of_ballots(&it.ballots, casting));
    let chair_is_counted = match votes.chair {
        Some(Ballot::For) => votes.in_favour > 0,
        Some(Ballot::Against) => votes.against > 0,
        Some(Ballot::Abstained) => votes.abstained > 0,
        Some(Ballot::Recused) => votes.recused > 0,
        None => true,
    };
    if votes.sum() > i64::from(present) || !chair_is_counted {
        reasons.push(VOTES.reason().at("/votes").with("present", present));
    }
    if it.decision.is_some() && reasons.is_empty() {
        let is_carried = match of.decides_by {
            DecisionWay::Sides => return against_sides_vote(&it.side_ballots, sitting),
            way => votes.is_carried(present, way, of.chair_casts),
        };
        reasons.extend((!is_carried).then(|| NOT_CARRIED.reason().at("/decision")));
    }
    reasons
}

fn against_kind(is_other: bool, pointer: &str) -> Vec<Reason> {
    is_other.then(|| VOTES_BY.reason().at(pointer)).into_iter().collect()
}

/// Ballots come from members with a vote who were present, one from each.
fn against_ballots(all: &[MemberBallot], sitting: &Sitting) -> Vec<Reason> {
    let mut seen = Vec::new();
    let mut reasons = Vec::new();
    for (n, it) in all.iter().enumerate() {
        if !sitting.votes(it.member_id) || seen.contains(&it.member_id) {
            reasons.push(BALLOT.reason().at(format!("/ballots/{n}/member_id")));
        }
        seen.push(it.member_id);
    }
    reasons
}

fn against_sides(all: &[SideBallot], of: &DecisionRules) -> Vec<Reason> {
    let told: Vec<&Code> = all.iter().map(|it| &it.side).collect();
    let is_strange = of.decides_by == DecisionWay::Sides && !told.iter().all(|it| of.sides.contains(it));
    (is_strange || repeats(&told)).then(|| BALLOT.reason().at("/side_ballots")).into_iter().collect()
}

/// The sides decide together: each has a member with a vote there, and each is for it.
fn against_sides_vote(all: &[SideBallot], sitting: &Sitting) -> Vec<Reason> {
    let sides = &sitting.rules.sides;
    let absent: Vec<&Code> = sides.iter().filter(|side| !sitting.has_side(side)).collect();
    if !absent.is_empty() {
        let absent: Vec<&str> = absent.into_iter().map(Code::as_str).collect();
        return vec![SIDES_ABSENT.reason().at("/decision").with("sides", absent.join(", "))];
    }
    let is_for = |side: &&Code| all.iter().any(|it| it.side == **side && it.vote == Ballot::For);
    let is_carried = sides.iter().all(|it| is_for(&it));
    (!is_carried).then(|| NOT_CARRIED.reason().at("/decision")).into_iter().collect()
}
