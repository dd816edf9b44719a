//! Orders about consilia: the bodies of requests.
use super::words::{ConsiliumKind, ConsiliumRole, Heard, SittingForm};
use crate::accompaniment::cases::CaseClosingReason;
use crate::accompaniment::cases::grounds::CaseStage;
use crate::accompaniment::cases::reviews::{ContinuationGround, ReviewOutcome};
use crate::accompaniment::living::enrolments::ModuleWaiver;
use crate::accompaniment::tasks::{Assignee, TaskPriority};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{CaseId, FileId, MentorReportId, OrganizationId, PersonId, PlanVersionId, UserId};
use crate::base::moment::Moment;
use crate::base::text::{Code, Note, OrderNumber, Title, repeats};
use crate::base::word::{Demand, Word, first};
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// A member of a consilium: an account of the organization that holds it, an account from outside that is near its cases, or a name in
/// the protocol.
#[form]
#[derive(Eq)]
#[validate(schema(function = "member_is_one"))]
#[schema(example = json!({"role": "chair", "user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct ConsiliumMember {
    /// The role.
    pub role: ConsiliumRole,
    /// The account.
    pub user_id: Option<UserId>,
    /// The name of somebody without an account here.
    pub name: Option<Title>,
    /// The organization of somebody without an account here.
    pub organization: Option<Title>,
}

fn member_is_one(it: &ConsiliumMember) -> Result<(), ValidationError> {
    let is_named = it.name.is_some();
    all_hold([
        lack(it.user_id.is_none() && !is_named, &["user_id", "name"]),
        clash(it.user_id.is_some() && is_named, &["user_id", "name"]),
        clash(it.organization.is_some() && !is_named, &["organization", "name"]),
    ])
}

/// The plan of a sitting. An edit replaces all members but the organization.
#[form]
#[validate(schema(function = "sitting_is_whole"))]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "planned_at": "2026-03-20T05:00:00Z", "form": "in_person", "place": "Кабинет директора", "members": [{"role": "chair", "user_id": "01980000-0000-7000-8000-000000000003"}, {"role": "member", "name": "Петрова Елена Викторовна", "organization": "Отдел опеки"}]}))]
pub struct ConsiliumForm {
    /// The organization that holds the consilium. It accompanies the cases of its agenda.
    pub organization_id: OrganizationId,
    /// The planned time.
    pub planned_at: Moment,
    /// The form of the sitting.
    pub form: SittingForm,
    /// The place.
    pub place: Option<Title>,
    /// The members, 2 to 30, each once. One of them is the chair.
    #[count(2..=30)]
    pub members: Vec<ConsiliumMember>,
}

fn sitting_is_whole(it: &ConsiliumForm) -> Result<(), ValidationError> {
    let chairs = it.members.iter().filter(|it| it.role == ConsiliumRole::Chair).count();
    let users: Vec<UserId> = it.members.iter().filter_map(|it| it.user_id).collect();
    all_hold([lack(chairs == 0, &["members"]), clash(chairs > 1 || repeats(&users), &["members"])])
}

/// An order that puts a case on the agenda of a planned consilium.
#[form]
#[validate(schema(function = "item_is_whole"))]
#[schema(example = json!({"case_id": "01980000-0000-7000-8000-000000000009", "kind": "primary", "question": "Переход на сопровождение", "speaker_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct ItemForm {
    /// The case: an open one of the organization that holds the consilium.
    pub case_id: CaseId,
    /// The kind of the item.
    pub kind: ConsiliumKind,
    /// The question.
    pub question: Title,
    /// The account that speaks on it.
    pub speaker_user_id: Option<UserId>,
    /// Documents for the item, at most 10.
    #[at_most(10)]
    pub file_ids: Vec<FileId>,
    /// Reports of mentors of the beneficiary of the case, at most 5, each once (002 §4.1.11).
    #[at_most(5)]
    pub report_ids: Vec<MentorReportId>,
}

fn item_is_whole(it: &ItemForm) -> Result<(), ValidationError> {
    all_hold([clash(repeats(&it.report_ids), &["report_ids"])])
}

/// An order that records a consilium as held.
#[form]
#[validate(schema(function = "holding_is_whole"))]
#[schema(example = json!({"held_at": "2026-03-20T05:10:00Z", "present": [1, 2]}))]
pub struct ConsiliumHolding {
    /// The beginning of the sitting: not in the future.
    pub held_at: Moment,
    /// The members who were present, by their numbers in the list: the first is 1.
    #[count(1..=30)]
    #[schema(minimum = 1, maximum = 30)]
    pub present: Vec<i32>,
}

fn holding_is_whole(it: &ConsiliumHolding) -> Result<(), ValidationError> {
    all_hold([clash(repeats(&it.present), &["present"])])
}

/// Somebody whom the consilium has heard about an item (СК ст. 57).
#[form]
#[derive(Eq)]
#[validate(schema(function = "opinion_is_told"))]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000005", "heard": "present", "opinion": "Хочу учиться на повара."}))]
pub struct HeardPerson {
    /// The person.
    pub person_id: PersonId,
    /// The way.
    pub heard: Heard,
    /// The opinion. Required of somebody who was heard.
    pub opinion: Option<Note>,
}

fn opinion_is_told(it: &HeardPerson) -> Result<(), ValidationError> {
    let is_due = it.heard.demands().contains(&Demand::Text);
    all_hold([lack(is_due && it.opinion.is_none(), &["opinion", "heard"])])
}

/// The votes of an item.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"in_favour": 3, "against": 1, "abstained": 0}))]
pub struct Votes {
    /// Votes in favour, 0 to 30.
    #[within(0..=30)]
    pub in_favour: i32,
    /// Votes against, 0 to 30.
    #[within(0..=30)]
    pub against: i32,
    /// Abstentions, 0 to 30.
    #[within(0..=30)]
    pub abstained: i32,
    /// The vote of the chair, which decides a tie.
    pub chair_in_favour: Option<bool>,
}

/// A decision of a consilium. It becomes a task when the consilium is closed; the chair controls it.
#[form]
#[derive(Eq)]
#[schema(example = json!({"title": "Подобрать наставника", "note": "Живёт в Усть-Ордынском, любит готовить.", "assignee": {"kind": "user", "id": "01980000-0000-7000-8000-000000000003"}, "due_on": "2026-04-20", "priority": "high"}))]
pub struct ConsiliumDecision {
    /// The decision in a few words. It names nobody.
    pub title: Title,
    /// The decision, described.
    pub note: Option<Note>,
    /// The one who has to do it.
    pub assignee: Assignee,
    /// The last day.
    pub due_on: NaiveDate,
    /// The priority; `normal` if none is given.
    #[serde(default = "first")]
    pub priority: TaskPriority,
}

/// The decision of a final item about the end of accompaniment.
#[form]
#[derive(Eq)]
#[validate(schema(function = "finish_is_whole"))]
#[schema(example = json!({"outcome": "close", "closing_reason": "goals_reached", "closed_on": "2026-03-20"}))]
pub struct Finish {
    /// `close` or `continue`.
    pub outcome: ReviewOutcome,
    /// The reason for closing the case. Required with `close`.
    pub closing_reason: Option<CaseClosingReason>,
    /// The last day of accompaniment. Required with `close`.
    pub closed_on: Option<NaiveDate>,
    /// The signed document of the closing.
    pub closing_file_id: Option<FileId>,
    /// With `close`: whether open needs and referrals end with the case; `false` if it is not told.
    #[serde(default)]
    pub end_open: bool,
    /// The ground on which accompaniment goes on. Required with `continue`.
    pub ground: Option<ContinuationGround>,
    /// The day until which it goes on. Required with `continue`.
    pub continue_until: Option<NaiveDate>,
}

fn finish_is_whole(it: &Finish) -> Result<(), ValidationError> {
    let (closes, continues) = (it.outcome == ReviewOutcome::Close, it.outcome == ReviewOutcome::Continue);
    let has_closing =
        it.closing_reason.is_some() || it.closed_on.is_some() || it.closing_file_id.is_some() || it.end_open;
    let has_continuation = it.ground.is_some() || it.continue_until.is_some();
    all_hold([
        clash(it.outcome == ReviewOutcome::Noted, &["outcome"]),
        lack(closes && it.closing_reason.is_none(), &["closing_reason", "outcome"]),
        lack(closes && it.closed_on.is_none(), &["closed_on", "outcome"]),
        lack(continues && it.ground.is_none(), &["ground", "outcome"]),
        lack(continues && it.continue_until.is_none(), &["continue_until", "outcome"]),
        clash(continues && has_closing, &["closing_reason", "outcome"]),
        clash(closes && has_continuation, &["continue_until", "outcome"]),
    ])
}

/// The resolution of an item. Until the consilium is closed it may be sent again; the last one counts.
#[form]
#[derive(Eq)]
#[validate(schema(function = "resolution_is_whole"))]
#[schema(example = json!({"heard": [{"person_id": "01980000-0000-7000-8000-000000000005", "heard": "present", "opinion": "Хочу учиться на повара."}], "votes": {"in_favour": 3, "against": 0, "abstained": 0}, "decisions": [{"title": "Подобрать наставника", "assignee": {"kind": "user", "id": "01980000-0000-7000-8000-000000000003"}, "due_on": "2026-04-20"}]}))]
pub struct ItemResolution {
    /// Those who were heard: a line for each person of ten or older about whom the case is.
    #[at_most(30)]
    pub heard: Vec<HeardPerson>,
    /// The votes.
    pub votes: Votes,
    /// The stage to which the case moves.
    pub to_stage: Option<CaseStage>,
    /// The submitted version of the route that the closing adopts.
    pub route_version_id: Option<PlanVersionId>,
    /// Mandatory modules of the programme of independent living that are waived, at most 20. Only by an item of the kind `primary`.
    #[at_most(20)]
    pub waivers: Vec<ModuleWaiver>,
    /// The end of accompaniment, or its continuation. Only for an item of the kind `final`.
    pub finish: Option<Finish>,
    /// The resolution in words.
    pub note: Option<Note>,
    /// Decisions, at most 30, each with somebody and a day.
    #[at_most(30)]
    pub decisions: Vec<ConsiliumDecision>,
}

fn resolution_is_whole(it: &ItemResolution) -> Result<(), ValidationError> {
    let heard: Vec<PersonId> = it.heard.iter().map(|it| it.person_id).collect();
    let waived: Vec<&Code> = it.waivers.iter().map(|it| &it.module_code).collect();
    all_hold([
        clash(repeats(&heard), &["heard"]),
        clash(repeats(&waived), &["waivers"]),
        clash(it.to_stage.is_some() && it.finish.is_some(), &["to_stage", "finish"]),
    ])
}

/// An order that takes an item off the agenda. The case may come before another consilium.
#[form]
#[schema(example = json!({"note": "Не готова справка о жилье."}))]
pub struct ItemPostponement {
    /// The reason.
    pub note: Note,
}

/// A dissent of a voting member. It stays, also after the closing.
#[form]
#[schema(example = json!({"member": 2, "text": "Считаю переход преждевременным."}))]
pub struct Dissent {
    /// The member, by the number in the list: the first is 1. The secretary or the chair records it for a member without an
    /// account.
    #[within(1..=30)]
    pub member: i32,
    /// The dissent.
    pub text: Note,
}

/// An order that closes a held consilium with its protocol.
#[form]
#[schema(example = json!({"protocol_number": "7", "file_id": "01980000-0000-7000-8000-000000000008"}))]
pub struct ConsiliumClosing {
    /// The number of the protocol: once in a year of the organization.
    pub protocol_number: OrderNumber,
    /// The signed protocol.
    pub file_id: Option<FileId>,
}

/// An order that cancels a planned consilium.
#[form]
#[schema(example = json!({"note": "Болезнь председателя."}))]
pub struct ConsiliumCancellation {
    /// The reason.
    pub note: Option<Note>,
}
