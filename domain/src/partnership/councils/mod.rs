//! Councils: bodies in which state bodies, institutions and НКО decide together (000 L40–42, 001 L3–14, 003 L1–4, L48–50).
//!
//! Quorum and the way to decide are settings of a council: no source names them.
//!
//! - [`members`]: members with their terms.
pub mod members;

use crate::base::id::{CouncilId, LegalActId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Code, Title, repeats};
use crate::base::word::{words, yes};
use crate::partnership::words::ReachLevel;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shape::{entry, form};
use validator::Validate;

rules! {
    SIDES = "council.sides", Content, ours, "Стороны называют тогда и только тогда, когда решение принимают стороны; их не меньше двух, и они разные.", "Sides are named where they decide, and only there: two at least, each once.";
    NOT_THERE = "council.not_there", Content, ours, "Совет в этот день не работает: он ещё не образован или уже закрыт.", "The council does not work on that day: it is not founded yet, or closed already.";
    ENDS_EARLY = "council.ends_early", Content, ours, "Совет не закрывается раньше, чем начал работу.", "A council does not end before it begins.";
}

words! {
    /// The kind of a council.
    CouncilKind in "council-kinds" {
        Coordination = "coordination", "координационный совет", "coordination council";
        Trustees = "trustees", "попечительский совет", "board of trustees";
        Collegium = "collegium", "коллегия", "collegium";
        Commission = "commission", "комиссия", "commission";
        Public = "public", "общественный совет", "public council";
        Expert = "expert", "экспертный совет", "expert council";
        WorkingGroup = "working_group", "рабочая группа", "working group";
    }

    /// The number of members who must be present for a decision.
    QuorumRule in "quorum-rules" {
        None = "none", "без кворума", "none";
        Half = "half", "не менее половины", "half";
        Majority = "majority", "более половины", "majority";
        TwoThirds = "two_thirds", "две трети", "two thirds";
    }

    /// The way in which a council decides.
    DecisionWay in "decision-ways" {
        Consensus = "consensus", "без возражений", "consensus";
        SimpleMajority = "simple_majority", "большинство присутствующих", "simple majority";
        TwoThirds = "two_thirds", "две трети", "two thirds";
        Sides = "sides", "согласие всех сторон", "all sides";
    }
}

/// A side of a council that decides by sides.
#[form]
#[derive(Eq)]
#[schema(example = json!({"code": "authority", "name": "Органы исполнительной власти"}))]
pub struct CouncilSide {
    /// The code, by which members and votes name the side.
    pub code: Code,
    /// Name.
    pub name: Title,
}

/// A council as it is entered and edited, whole.
#[entry(Council: CouncilId, at "councils", named "council" "councils", tag "partnership", read ReadPartnership, edit ManageCouncils, by name, until closed_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "kind": "commission", "name": "Трёхсторонняя комиссия по делам детей", "level": "regional", "founded_on": "2012-02-01", "quorum": "half", "decides_by": "simple_majority", "sides": [], "chair_casts": true, "bars_employees": false, "meets_per_year": 4, "publishes": true}))]
pub struct CouncilForm {
    /// The organization that keeps the council: its staff runs the meetings.
    #[owner]
    #[filter = "Only those that this organization keeps."]
    pub organization_id: OrganizationId,
    /// The kind of the council.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: CouncilKind,
    /// Name.
    pub name: Title,
    /// The reach of the council.
    #[filter = "Only of this reach."]
    pub level: ReachLevel,
    /// The first day.
    pub founded_on: Option<NaiveDate>,
    /// The last day.
    pub closed_on: Option<NaiveDate>,
    /// The legal act by which it was founded.
    pub act_id: Option<LegalActId>,
    /// The number of members who must be present for a decision.
    pub quorum: QuorumRule,
    /// The way in which it decides.
    pub decides_by: DecisionWay,
    /// The sides, 2 to 5, where it decides by sides.
    #[at_most(5)]
    pub sides: Vec<CouncilSide>,
    /// Whether the vote of the chair decides a tie. Where no chair was present, it is the vote of the member who presided.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub chair_casts: bool,
    /// Whether nobody of the organization that keeps it can be a member, as in a board of trustees.
    #[serde(default)]
    #[schema(default = false)]
    pub bars_employees: bool,
    /// The number of meetings planned for a year, 1 to 52.
    #[within(1..=52)]
    pub meets_per_year: Option<i32>,
    /// Whether its minutes are open to every account of the region.
    #[serde(default)]
    #[schema(default = false)]
    pub publishes: bool,
}

/// The rules by which a council decides, as they were at a meeting. A later edit of the council does not change them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRules {
    /// The number of members who must be present.
    pub quorum: QuorumRule,
    /// The way in which the council decides.
    pub decides_by: DecisionWay,
    /// The sides by their codes, where it decides by sides.
    pub sides: Vec<Code>,
    /// Whether the vote of the chair decides a tie.
    pub chair_casts: bool,
}

impl CouncilForm {
    fn judge(&self, _: CouncilId, _: Option<&Self>) -> Vec<Reason> {
        let codes = self.codes();
        let is_named = self.sides.len() >= 2 && !repeats(&codes);
        let fits = if self.decides_by == DecisionWay::Sides { is_named } else { codes.is_empty() };
        let is_early = self.founded_on.zip(self.closed_on).is_some_and(|(from, to)| to < from);
        let sides = (!fits).then(|| SIDES.reason().at("/sides"));
        sides.into_iter().chain(is_early.then(|| ENDS_EARLY.reason().at("/closed_on"))).collect()
    }
    /// The reason against work on a day before the first of the council, or after its last.
    pub fn against_day(&self, day: NaiveDate) -> Option<Reason> {
        let is_early = self.founded_on.is_some_and(|it| day < it);
        let is_late = self.closed_on.is_some_and(|it| it < day);
        (is_early || is_late).then(|| NOT_THERE.reason())
    }
    /// The rules by which the council decides.
    pub fn decision_rules(&self) -> DecisionRules {
        let sides = self.codes().into_iter().cloned().collect();
        DecisionRules {
            quorum: self.quorum,
            decides_by: self.decides_by,
            sides,
            chair_casts: self.chair_casts,
        }
    }
    /// The sides by their codes.
    pub fn codes(&self) -> Vec<&Code> {
        self.sides.iter().map(|it| &it.code).collect()
    }
}
