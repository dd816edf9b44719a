//! Orders about meetings of councils: the bodies of requests.
use super::words::{AgendaKind, Ballot, Presence};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{CouncilId, CouncilMemberId, FileId, OrganizationId};
use crate::base::moment::{Moment, Zone};
use crate::base::text::{Code, Note, OrderNumber, Title, repeats};
use crate::partnership::decisions::DecisionText;
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use shape::form;
use std::collections::BTreeSet;
use validator::{Validate, ValidationError};

/// A question on the agenda.
#[form]
#[derive(Eq)]
#[schema(example = json!({"question": "О развитии наставничества", "kind": "decision", "speaker": "Министр труда и социальной защиты"}))]
pub struct AgendaItem {
    /// The question.
    pub question: Title,
    /// The kind.
    pub kind: AgendaKind,
    /// The speaker.
    pub speaker: Option<Title>,
    /// The organization that reports.
    pub organization_id: Option<OrganizationId>,
    /// Files for the question, at most 10. Members of the council from outside read those that are papers of its organization: orders, protocols,
    /// agreements, acts and others.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_ids: Vec<FileId>,
}

/// The plan of a meeting. An edit replaces all members but the council.
#[form]
#[schema(example = json!({"council_id": "01980000-0000-7000-8000-00000000006d", "planned_at": "2026-03-20T05:00:00Z", "place": "Малый зал", "agenda": [{"question": "О развитии наставничества", "kind": "decision"}]}))]
pub struct CouncilMeetingForm {
    /// The council.
    pub council_id: CouncilId,
    /// The planned time.
    pub planned_at: Moment,
    /// The place.
    pub place: Option<Title>,
    /// Whether members may take part from afar.
    #[serde(default)]
    #[schema(default = false)]
    pub online: bool,
    /// Whether the members vote in writing, without coming together.
    #[serde(default)]
    #[schema(default = false)]
    pub absentee: bool,
    /// The agenda, 1 to 40 questions.
    #[count(1..=40)]
    pub agenda: Vec<AgendaItem>,
}

impl CouncilMeetingForm {
    /// The files for the questions of the agenda, each once.
    pub fn files(&self) -> BTreeSet<FileId> {
        self.agenda.iter().flat_map(|it| it.file_ids.iter().copied()).collect()
    }
    /// The organizations that report, for the day of the meeting.
    pub fn named(&self, zone: Zone) -> NamedOn {
        self.agenda.iter().enumerate().fold(NamedOn::on(zone.day(self.planned_at)), |named, (n, it)| {
            named.one(it.organization_id, &format!("/agenda/{n}/organization_id"))
        })
    }
}

/// The presence of a member.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"member_id": "01980000-0000-7000-8000-00000000006e", "presence": "present"}))]
pub struct CouncilAttendance {
    /// The member.
    pub member_id: CouncilMemberId,
    /// The way in which the member took part.
    pub presence: Presence,
}

/// A guest of a meeting.
#[form]
#[derive(Eq)]
#[schema(example = json!({"name": "Петрова Елена Викторовна"}))]
pub struct CouncilGuest {
    /// The name.
    pub name: Title,
    /// The organization.
    pub organization_id: Option<OrganizationId>,
}

/// An order that records a meeting as held. Its quorum is counted over the members with a vote on that day.
#[form]
#[schema(example = json!({"began_at": "2026-03-20T05:10:00Z", "minutes": 90, "attendance": [{"member_id": "01980000-0000-7000-8000-00000000006e", "presence": "present"}]}))]
pub struct CouncilHolding {
    /// The beginning: not in the future.
    pub began_at: Moment,
    /// The length in minutes, 1 to 20 160.
    #[within(1..=20_160)]
    pub minutes: i32,
    /// The members of that day, 1 to 200, each once.
    #[count(1..=200)]
    pub attendance: Vec<CouncilAttendance>,
    /// Guests, at most 50.
    #[at_most(50)]
    pub guests: Vec<CouncilGuest>,
}

impl CouncilHolding {
    /// The organizations from which guests have come, for the day of the meeting.
    pub fn named(&self, zone: Zone) -> NamedOn {
        self.guests.iter().enumerate().fold(NamedOn::on(zone.day(self.began_at)), |named, (n, it)| {
            named.one(it.organization_id, &format!("/guests/{n}/organization_id"))
        })
    }
}

/// Votes by their numbers.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"in_favour": 5, "against": 1, "abstained": 0, "recused": 0}))]
pub struct VoteCounts {
    /// Votes in favour, 0 to 200.
    #[within(0..=200)]
    pub in_favour: i32,
    /// Votes against, 0 to 200.
    #[within(0..=200)]
    pub against: i32,
    /// Abstentions, 0 to 200.
    #[within(0..=200)]
    pub abstained: i32,
    /// Members who took no part in the vote, as the question concerns them, 0 to 200.
    #[within(0..=200)]
    pub recused: i32,
    /// The vote that decides a tie: of the chair of the council, where one with a vote was present, else of the member who presided. It is one
    /// of those counted.
    pub chair: Option<Ballot>,
}

/// The vote of a member.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"member_id": "01980000-0000-7000-8000-00000000006e", "vote": "for"}))]
pub struct MemberBallot {
    /// The member.
    pub member_id: CouncilMemberId,
    /// The vote.
    pub vote: Ballot,
}

/// The vote of a side.
#[form]
#[derive(Eq)]
#[schema(example = json!({"side": "authority", "vote": "for"}))]
pub struct SideBallot {
    /// The side, by its code.
    pub side: Code,
    /// The vote.
    pub vote: Ballot,
}

/// The dissent of a member who voted.
#[form]
#[derive(Eq)]
#[schema(example = json!({"member_id": "01980000-0000-7000-8000-00000000006e", "text": "Считаю срок слишком коротким."}))]
pub struct CouncilDissent {
    /// The member.
    pub member_id: CouncilMemberId,
    /// The dissent.
    pub text: Note,
}

/// The part of a protocol about a question of the agenda.
#[form]
#[validate(schema(function = "item_is_whole"))]
#[schema(example = json!({"agenda_number": 1, "discussed": "Заслушали доклад министерства.", "votes": {"in_favour": 5, "against": 1, "abstained": 0, "recused": 0}}))]
pub struct ProtocolItem {
    /// The number of the question on the agenda: the first is 1.
    #[within(1..=40)]
    pub agenda_number: i32,
    /// The discussion.
    pub discussed: Option<Note>,
    /// Votes by their numbers. A decision needs votes, in one of three ways.
    pub votes: Option<VoteCounts>,
    /// Votes by heads, at most 200.
    #[at_most(200)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ballots: Vec<MemberBallot>,
    /// Votes by sides, at most 5, where the council decides by sides.
    #[at_most(5)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side_ballots: Vec<SideBallot>,
    /// Dissents, at most 40.
    #[at_most(40)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dissents: Vec<CouncilDissent>,
    /// The decision that was carried.
    pub decision: Option<DecisionText>,
}

fn item_is_whole(it: &ProtocolItem) -> Result<(), ValidationError> {
    let by_heads = it.votes.is_some();
    let has_ballots = !it.ballots.is_empty();
    let by_sides = !it.side_ballots.is_empty();
    all_hold([
        clash(has_ballots && by_heads, &["ballots", "votes"]),
        clash(by_sides && (by_heads || has_ballots), &["side_ballots", "votes", "ballots"]),
    ])
}

/// The protocol of a held meeting. It closes the meeting, and makes its decisions and their tasks.
#[form]
#[validate(schema(function = "protocol_is_whole"))]
#[schema(example = json!({"number": "7", "signed_on": "2026-03-23", "chair_id": "01980000-0000-7000-8000-00000000006e", "items": [{"agenda_number": 1, "discussed": "Заслушали доклад министерства."}]}))]
pub struct CouncilProtocol {
    /// The number of the protocol.
    pub number: OrderNumber,
    /// The day of the signature: not before the meeting, and not in the future.
    pub signed_on: NaiveDate,
    /// The member who presided. A tie is decided by the chair of the council, where one with a vote was present, and not by this signature.
    pub chair_id: CouncilMemberId,
    /// The questions of the agenda, 1 to 40, each at most once. Their decisions have different numbers.
    #[count(1..=40)]
    pub items: Vec<ProtocolItem>,
    /// The signed protocol.
    pub file_id: Option<FileId>,
}

fn protocol_is_whole(it: &CouncilProtocol) -> Result<(), ValidationError> {
    let numbers: Vec<i32> = it.items.iter().map(|it| it.agenda_number).collect();
    let decisions: Vec<&str> =
        it.items.iter().filter_map(|it| it.decision.as_ref()).map(|it| it.number.as_str()).collect();
    all_hold([clash(repeats(&numbers) || repeats(&decisions), &["items"])])
}

/// An order that cancels a planned meeting.
#[form]
#[schema(example = json!({"reason": "Перенесено на апрель."}))]
pub struct CouncilMeetingCancellation {
    /// The reason.
    pub reason: Note,
}
