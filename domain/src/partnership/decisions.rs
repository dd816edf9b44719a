//! Decisions of councils: papers with a number, items, and somebody who signed (001 L3–14, L73–97).
//!
//! A decision comes by the protocol of a meeting, or is entered by itself, as old papers are. Each of its instructions and
//! recommendations becomes a task. It never changes; another decision cancels it, and what it has ordered ends with it.
use crate::accompaniment::tasks::states::{against_due, against_past};
use crate::accompaniment::tasks::{Addressee, ReportPeriod};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{CouncilId, CouncilMeetingId, DecisionId, FileId, LegalActId, OrganizationId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{ItemNumber, Note, OrderNumber, Title, repeats};
use crate::base::word::words;
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    NUMBER_TAKEN = "decision.number_taken", State, ours, "Решение с таким номером в этом году у совета уже есть.", "The council has a decision with this number in that year already.";
    ADDRESSEE = "decision.addressee", Content, ours, "У поручения и рекомендации есть адресат — организация или класс организаций, у остального адресата нет.", "An instruction and a recommendation have an addressee, an organization or a class of them; other items have none.";
    IN_FUTURE = "decision.in_future", Content, ours, "Решение не может быть принято в будущем.", "A decision cannot be adopted in the future.";
    NOT_ADOPTED = "decision.not_adopted", State, ours, "Решение уже отменено.", "The decision is cancelled already.";
    CANCELLED_BY = "decision.cancelled_by", Content, ours, "Решение отменяет другое, не более раннее действующее решение того же совета.", "A decision is cancelled by another one of the same council that stands and is not earlier.";
}

words! {
    /// The state of a decision.
    DecisionState in "decision-states" {
        Adopted = "adopted", "принято", "adopted";
        Cancelled = "cancelled", "отменено", "cancelled";
    }

    /// The kind of an item of a decision.
    DecisionItemKind in "decision-item-kinds" {
        Noted = "noted", "принять к сведению", "noted";
        Instruction = "instruction", "поручение", "instruction";
        Recommendation = "recommendation", "рекомендация", "recommendation";
        Approval = "approval", "утверждение", "approval";
        Appointment = "appointment", "назначение", "appointment";
    }
}

impl DecisionItemKind {
    /// Whether the item makes a task.
    pub fn makes_task(self) -> bool {
        matches!(self, Self::Instruction | Self::Recommendation)
    }
}

/// An item of a decision.
#[form]
#[derive(Eq)]
#[validate(schema(function = "item_is_whole"))]
#[schema(example = json!({"no": "2.1", "kind": "instruction", "text": "Продолжить внедрение успешных практик наставничества.", "organization_id": "01980000-0000-7000-8000-000000000001", "report_every": "year"}))]
pub struct DecisionItem {
    /// The number in the paper.
    pub no: ItemNumber,
    /// The kind.
    pub kind: DecisionItemKind,
    /// The text.
    pub text: Note,
    /// The organization that has to do it.
    pub organization_id: Option<OrganizationId>,
    /// The class of organizations to which it is addressed, where it is no single one.
    pub addressee: Option<Addressee>,
    /// Organizations that work on it too, at most 10, each once.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_organization_ids: Vec<OrganizationId>,
    /// The last day: that of the decision or later.
    pub due_on: Option<NaiveDate>,
    /// The period of reports, for an instruction without end. The first is due a period after the decision.
    pub report_every: Option<ReportPeriod>,
    /// The account that accepts the results: of the organization that keeps the council. Absent: who enters the decision.
    pub controller_user_id: Option<UserId>,
}

fn item_is_whole(it: &DecisionItem) -> Result<(), ValidationError> {
    let is_told = it.due_on.is_some() || it.report_every.is_some();
    let is_shared = !it.co_organization_ids.is_empty() || it.controller_user_id.is_some();
    all_hold([
        clash(repeats(&it.co_organization_ids), &["co_organization_ids"]),
        clash(!it.kind.makes_task() && (is_told || is_shared), &["kind", "due_on", "report_every"]),
    ])
}

/// The one who signed (001 L90–97).
#[form]
#[derive(Eq)]
#[schema(example = json!({"position": "Заместитель Губернатора области, координатор комиссии", "name": "Соколов Пётр Андреевич"}))]
pub struct DecisionSignatory {
    /// The position.
    pub position: Title,
    /// The name.
    pub name: Title,
}

/// The text of a decision.
#[form]
#[derive(Eq)]
#[validate(schema(function = "text_is_whole"))]
#[schema(example = json!({"number": "14", "title": "О развитии наставничества", "items": [{"no": "1", "kind": "noted", "text": "Информацию принять к сведению."}], "signatory": {"position": "Заместитель Губернатора области, координатор комиссии", "name": "Соколов Пётр Андреевич"}}))]
pub struct DecisionText {
    /// The number: once in a year of the council.
    pub number: OrderNumber,
    /// The title.
    pub title: Title,
    /// The preamble.
    pub preamble: Option<Note>,
    /// The items, 1 to 50, with different numbers.
    #[count(1..=50)]
    pub items: Vec<DecisionItem>,
    /// The one who signed.
    pub signatory: Option<DecisionSignatory>,
    /// The legal acts on which it rests, at most 20, each once.
    #[at_most(20)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub act_ids: Vec<LegalActId>,
    /// The signed paper.
    pub file_id: Option<FileId>,
}

fn text_is_whole(it: &DecisionText) -> Result<(), ValidationError> {
    let numbers: Vec<&ItemNumber> = it.items.iter().map(|it| &it.no).collect();
    all_hold([clash(repeats(&numbers), &["items"]), clash(repeats(&it.act_ids), &["act_ids"])])
}

/// A decision that is entered by itself.
#[form]
#[schema(example = json!({"council_id": "01980000-0000-7000-8000-00000000006d", "adopted_on": "2017-09-28", "decision": {"number": "14", "title": "О развитии наставничества", "items": [{"no": "1", "kind": "noted", "text": "Информацию принять к сведению."}]}}))]
pub struct DecisionForm {
    /// The council.
    pub council_id: CouncilId,
    /// The day of the decision: today or earlier.
    pub adopted_on: NaiveDate,
    /// The text.
    pub decision: DecisionText,
}

/// An order that cancels a decision by another one.
#[form]
#[schema(example = json!({"by_decision_id": "01980000-0000-7000-8000-000000000070"}))]
pub struct DecisionCancellation {
    /// The decision that cancels it: of the same council, and not earlier.
    pub by_decision_id: DecisionId,
}

facts! {
    /// A decision was adopted.
    DecisionAdopted = "decision.adopted",
        "Принято решение[ № {number}][ от {adopted_on}]",
        "A decision was adopted[, № {number}][ on {adopted_on}]"
        about Decision (DecisionId) {
        /// The council.
        council_id: CouncilId,
        /// The number.
        number: String,
        /// The day.
        adopted_on: NaiveDate,
    }
    /// A decision was cancelled by another one.
    DecisionCancelled = "decision.cancelled",
        "Решение отменено[: {by_decision_id}]",
        "The decision was cancelled[: {by_decision_id}]"
        about Decision (DecisionId) {
        /// The decision that cancels it.
        by_decision_id: DecisionId,
    }
}

/// The place of a decision: its council, the organization that keeps it, and the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The council.
    pub council_id: CouncilId,
    /// The organization that keeps the council.
    pub organization_id: OrganizationId,
    /// The meeting, where a protocol has made it.
    pub meeting_id: Option<CouncilMeetingId>,
}

/// An adopted decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Adopted {
    /// The id of the decision.
    pub id: DecisionId,
    /// Its place.
    pub of: Origin,
    /// The day.
    pub adopted_on: NaiveDate,
    /// The text.
    pub text: DecisionText,
}

/// A decision with the data that a cancellation judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The id of the decision.
    pub id: DecisionId,
    /// The council.
    pub council_id: CouncilId,
    /// The day.
    pub adopted_on: NaiveDate,
    /// The state.
    pub state: DecisionState,
}

/// A decision in force, which another one may cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce(Standing);

/// A cancelled decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled {
    /// The id of the decision.
    pub id: DecisionId,
    /// The decision that cancels it.
    pub by_decision_id: DecisionId,
    /// The day: that of the decision that cancels it, also where it is entered years later.
    pub cancelled_on: NaiveDate,
}

impl DecisionText {
    /// The reasons against a text of that day.
    pub fn against(&self, adopted_on: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (n, it) in self.items.iter().enumerate() {
            let found = it.against(adopted_on);
            reasons.extend(found.into_iter().map(|it| it.under(&format!("/items/{n}"))));
        }
        reasons
    }
    /// The organizations that a text of that day names.
    pub fn named(&self, adopted_on: NaiveDate) -> NamedOn {
        self.items.iter().enumerate().fold(NamedOn::on(adopted_on), |named, (n, it)| {
            let named = named.one(it.organization_id, &format!("/items/{n}/organization_id"));
            named.each(&it.co_organization_ids, &format!("/items/{n}/co_organization_ids"))
        })
    }
}

impl DecisionForm {
    /// The reasons against a decision that is entered by itself, as far as they rest on nothing else.
    pub fn against(&self, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.adopted_on > today {
            reasons.push(IN_FUTURE.reason().at("/adopted_on").with("today", today));
        }
        let found = self.decision.against(self.adopted_on);
        reasons.extend(found.into_iter().map(|it| it.under("/decision")));
        reasons
    }
}

impl DecisionItem {
    fn against(&self, adopted_on: NaiveDate) -> Vec<Reason> {
        let named = usize::from(self.organization_id.is_some()) + usize::from(self.addressee.is_some());
        let fits = named == usize::from(self.kind.makes_task());
        let mut reasons: Vec<Reason> =
            (!fits).then(|| ADDRESSEE.reason().at("/organization_id")).into_iter().collect();
        let binding = self.kind == DecisionItemKind::Instruction;
        reasons.extend(against_due(self.due_on, self.report_every, binding));
        reasons.extend(self.due_on.and_then(|it| against_past(it, adopted_on)));
        reasons
    }
}

impl Adopted {
    /// Adopts a decision, as a protocol or an old paper has it. A protocol is judged with its [`DecisionText::against`], a paper by
    /// [`DecisionForm::against`].
    pub fn adopt(id: DecisionId, of: Origin, adopted_on: NaiveDate, text: DecisionText) -> Changed<Self> {
        let fact =
            DecisionAdopted { id, council_id: of.council_id, number: text.number.to_string(), adopted_on };
        Changed::new(Self { id, of, adopted_on, text }, fact)
    }
}

impl Standing {
    /// The decision as one that is in force. Refuses one that was cancelled already.
    pub fn in_force(self) -> Result<InForce, Refused> {
        if self.state == DecisionState::Cancelled { Err(NOT_ADOPTED.refuse()) } else { Ok(InForce(self)) }
    }
}

impl InForce {
    /// Cancels the decision by another one.
    pub fn cancel(self, by: &Standing) -> Result<Changed<Cancelled>, Refused> {
        let Self(it) = self;
        let is_later = by.id != it.id && by.adopted_on >= it.adopted_on;
        let fits = is_later && by.council_id == it.council_id && by.state == DecisionState::Adopted;
        if !fits {
            return Err(CANCELLED_BY.reason().at("/by_decision_id").into());
        }
        let (id, by_decision_id, cancelled_on) = (it.id, by.id, by.adopted_on);
        let cancelled = Cancelled { id, by_decision_id, cancelled_on };
        Ok(Changed::new(cancelled, DecisionCancelled { id, by_decision_id }))
    }
}

/// A decision as its caller sees it.
#[derive(Debug)]
pub struct DecisionOffers(pub DecisionState);

impl Offers for DecisionOffers {
    const AT: &'static str = "decisions";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Cancel, "cancellation", Right::RunCouncils)];
    fn judge(&self, _: Action) -> Option<Verdict> {
        (self.0 == DecisionState::Adopted).then(Verdict::default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(it: &[Reason]) -> Vec<(&str, &str)> {
        it.iter().map(|it| (it.rule.code, it.pointer.as_deref().unwrap())).collect()
    }
    fn text(change: impl Fn(DecisionItem) -> DecisionItem) -> DecisionText {
        DecisionText { items: vec![change(crate::examples::of())], ..crate::examples::of() }
    }
    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_instruction_has_an_addressee_and_a_day_or_reports() {
        let adopted = day("2017-09-28");
        let of = |change: fn(DecisionItem) -> DecisionItem| text(change).against(adopted);
        assert_eq!(codes(&of(|it| it)), []);
        let bare = of(|it| DecisionItem { organization_id: None, report_every: None, ..it });
        let place = [("decision.addressee", "/items/0/organization_id"), ("task.due", "/items/0/due_on")];
        assert_eq!(codes(&bare), place);
        let early = of(|it| DecisionItem { due_on: Some(day("2017-09-27")), report_every: None, ..it });
        assert_eq!(codes(&early), [("task.due_past", "/items/0/due_on")]);
        let both = of(|it| DecisionItem { addressee: Some(crate::examples::of()), ..it });
        assert_eq!(codes(&both), [place[0]]);
        let noted = of(|it| DecisionItem { kind: DecisionItemKind::Noted, report_every: None, ..it });
        assert_eq!(codes(&noted), [place[0]]);
        let advice =
            of(|it| DecisionItem { kind: DecisionItemKind::Recommendation, report_every: None, ..it });
        assert_eq!(codes(&advice), []);
    }

    #[test]
    fn all_that_is_wrong_with_a_decision_by_itself_is_told_at_once() {
        let bare = text(|it| DecisionItem { organization_id: None, report_every: None, ..it });
        let form = DecisionForm { adopted_on: day("2017-09-28"), decision: bare, ..crate::examples::of() };
        let places = [
            ("decision.in_future", "/adopted_on"),
            ("decision.addressee", "/decision/items/0/organization_id"),
            ("task.due", "/decision/items/0/due_on"),
        ];
        assert_eq!(codes(&form.against(day("2017-09-27"))), places);
        assert_eq!(codes(&form.against(day("2017-09-28"))), places[1..]);
    }

    #[test]
    fn a_text_names_the_addressees_of_its_items_for_its_day() {
        let [first, second] = [1, 2].map(|n| OrganizationId::from(uuid::Uuid::from_u128(n)));
        let given =
            text(|it| DecisionItem { organization_id: Some(first), co_organization_ids: vec![second], ..it });
        let told = given.named(day("2017-09-28"));
        assert_eq!(told.day, day("2017-09-28"));
        let all = [("/items/0/organization_id", first), ("/items/0/co_organization_ids/0", second)];
        assert_eq!(told.organizations, all.map(|(pointer, id)| (id, pointer.to_owned())));
    }

    #[test]
    fn a_decision_is_cancelled_by_another_one_that_stands() {
        let id = |n| uuid::Uuid::from_u128(n).into();
        let (first, state) = (day("2017-09-28"), DecisionState::Adopted);
        let old = Standing { id: id(1), council_id: uuid::Uuid::nil().into(), adopted_on: first, state };
        let new = Standing { id: id(2), ..old };
        let wrong = [
            old,
            Standing { adopted_on: day("2017-09-27"), ..new },
            Standing { council_id: uuid::Uuid::from_u128(9).into(), ..new },
            Standing { state: DecisionState::Cancelled, ..new },
        ];
        for by in wrong {
            let refused = old.in_force().unwrap().cancel(&by).unwrap_err();
            assert_eq!(refused.reasons()[0].rule.code, "decision.cancelled_by");
        }
        let late = Standing { adopted_on: day("2017-12-20"), ..new };
        let cancelled = *old.in_force().unwrap().cancel(&late).unwrap().value();
        assert_eq!((cancelled.by_decision_id, cancelled.cancelled_on), (new.id, late.adopted_on));
        assert!(old.in_force().unwrap().cancel(&new).is_ok(), "also on the same day");
        let over = Standing { state: DecisionState::Cancelled, ..old };
        assert_eq!(over.in_force().unwrap_err().reasons()[0].rule.code, "decision.not_adopted");
    }
}
