//! Consilia: sittings of specialists that decide about cases (004-04, 15; 002-48).
//!
//! - [`words`], [`orders`]: vocabularies and the bodies of requests.
//! - [`sitting`]: planned, held, closed, cancelled, and the steps between them.
//! - [`items`]: a case on the agenda, its resolution and its dissents.
//! - [`gates`]: the table of what a move to another stage asks for.
//!
//! Invariant: no stage of a case moves without a consilium. A closed consilium never changes; another one mends a mistake.
pub mod gates;
pub mod items;
pub mod orders;
pub mod sitting;
pub mod words;

#[cfg(test)]
mod random_orders;
#[cfg(test)]
mod tests;

pub use gates::{GateFacts, StagesFacts};
pub use items::{Beside, Dissenting, Item, ItemFacts, Room};
pub use orders::*;
pub use sitting::{Acting, Closed, Consilium, Held, MemberFacts, Planned, Settled};
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::{CaseId, ConsiliumId, ConsiliumItemId, OrganizationId};
use crate::base::refusal::rules;

rules! {
    NOT_PLANNED = "consilium.not_planned", State, ours, "Консилиум уже проведён, закрыт или отменён.", "The consilium was held, closed or cancelled already.";
    NOT_HELD = "consilium.not_held", State, ours, "Консилиум ещё не проведён, или он уже закрыт.", "The consilium has not been held yet, or is closed already.";
    MEMBER = "consilium.member", Content, ours, "Учётная запись члена консилиума служит организации, которая его проводит, или близка к её случаям: команда, наставничество, опека, сам человек. Других указывают по имени.", "The account of a member serves the organization that holds the consilium, or is near its cases: in a team, a mentorship, guardianship, or as the person. Others are told by their names.";
    CHAIR = "consilium.chair", Content, ours, "Председатель — действующий директор или заведующий этой организации.", "The chair is an active director or head of a unit of the organization.";
    ORGANIZATION_FIXED = "consilium.organization_fixed", Content, ours, "Консилиум остаётся за своей организацией.", "A consilium stays with its organization.";
    HELD_IN_FUTURE = "consilium.in_future", Content, ours, "Консилиум не может быть проведён в будущем.", "A consilium cannot be held in the future.";
    PRESENT_UNKNOWN = "consilium.present_unknown", Content, ours, "Такого номера в списке членов нет.", "The list of members has no such number.";
    CHAIR_ABSENT = "consilium.chair_absent", State, ours, "Без председателя консилиум не проводят.", "No consilium is held without its chair.";
    EMPTY = "consilium.empty", State, ours, "В повестке нет ни одного вопроса.", "The agenda has no item.";
    ON_AGENDA = "consilium.on_agenda", State, ours, "Случай уже стоит в повестке консилиума.", "The case is on the agenda of a consilium already.";
    CASE_FOREIGN = "consilium.case_foreign", Content, "000 L53", "На консилиуме решают о случаях той организации, которая его проводит.", "A consilium decides about cases of the organization that holds it.";
    ITEM_SETTLED = "consilium.item_settled", State, ours, "Вопрос снят с повестки.", "The item was taken off the agenda.";
    ITEM_UNRESOLVED = "consilium.item_unresolved", State, ours, "По вопросу повестки ещё нет решения.", "An item of the agenda has no resolution yet.";
    QUORUM = "consilium.quorum", State, ours, "Нет кворума: присутствует меньше имеющих голос, чем требуют правила сопровождения.", "There is no quorum: fewer of those who vote are present than the rules of accompaniment ask for.";
    VOTES = "consilium.votes", Content, ours, "Голосов больше, чем голосовавших.", "There are more votes than members who could vote.";
    NO_DECISION = "consilium.no_decision", State, ours, "У решённого вопроса есть итог или решение с исполнителем и сроком.", "A resolved item has an outcome, or a decision with somebody and a day.";
    DECISIONS_END = "consilium.decisions_end", Content, ours, "Решений по случаю, который закрывают, не дают: они закончились бы вместе с ним.", "A case that is closed takes no decisions: they would end with it.";
    CASE_ENDS = "consilium.case_ends", State, ours, "Этот случай закрывает другой вопрос той же повестки: после него о случае не решают.", "Another item of this agenda closes the case: nothing is decided about it afterwards.";
    CHAIR_KIN = "consilium.chair_kin", Content, ours, "Председатель не ведёт консилиум о своей семье.", "Nobody chairs a consilium about the own family.";
    HELD_EARLY = "consilium.held_early", Content, ours, "Консилиум не проводят раньше дня, на который он назначен.", "A consilium is not held before the day for which it is planned.";
    NOT_HEARD = "consilium.person_not_heard", State, "СК ст. 57", "Выслушивают каждого, кому есть десять лет, или указывают, почему нет.", "Everybody of ten or older is heard, or it is told why not.";
    HEARD_UNKNOWN = "consilium.heard_unknown", Content, ours, "Этот вопрос не об этом человеке.", "The item is not about this person.";
    KIND_UNSUITED = "consilium.kind_unsuited", Content, "004 L29", "Вопрос этого вида такого не решает.", "An item of this kind does not decide that.";
    STAGE_STEP = "consilium.stage_step", State, "004 L33", "С этого этапа на тот не переходят.", "No case moves from this stage to that one.";
    READINESS_MISSING = "consilium.readiness_missing", State, "004 L93", "Первичный консилиум опирается на оценку готовности не старше срока.", "A primary consilium rests on an assessment of readiness that is still valid.";
    ROUTE_MISSING = "consilium.route_missing", State, "004 L97", "Нужен маршрут сопровождения, который утвердил консилиум.", "A route is needed that a consilium has adopted.";
    MODULES_OPEN = "consilium.modules_open", State, "004 L199", "Обязательные модули подготовки не освоены и не сняты.", "Mandatory modules of the preparation are neither done nor waived.";
    BASIS_MISSING = "consilium.basis_missing", State, "001 L18", "Для сопровождения нужно действующее основание.", "Accompaniment needs a legal basis that is in force.";
    SNAPSHOT_STALE = "consilium.snapshot_stale", State, "004 L78", "К мониторингу переходят со срезом не старше 30 дней.", "A case moves to monitoring with a snapshot of the last 30 days.";
    GOALS_OPEN = "consilium.goals_open", State, ours, "У каждой цели маршрута должен быть итог.", "Every goal of the route needs a result.";
    REASON_NEEDED = "consilium.reason_needed", Content, ours, "Возврат на прежний этап объясняют словами.", "A move back is explained in words.";
    PROTOCOL_TAKEN = "consilium.protocol_number_taken", State, ours, "Протокол с таким номером в этом году уже есть.", "A protocol with this number exists already in this year.";
    DISSENT_LATE = "consilium.dissent_late", State, ours, "Срок для особого мнения после консилиума прошёл.", "The days after the consilium within which a dissent comes have passed.";
    DISSENT_UNSUITED = "consilium.dissent_unsuited", Content, ours, "Особое мнение подаёт присутствовавший член консилиума с правом голоса.", "A dissent comes from a voting member who was present.";
}

facts! {
    /// A consilium was planned.
    ConsiliumPlanned = "consilium.planned",
        "Консилиум назначен[, организация: {organization_id}]",
        "A consilium was planned[, organization: {organization_id}]"
        about Consilium (ConsiliumId) {
        /// The organization that holds it.
        organization_id: OrganizationId,
    }
    /// The plan of a consilium changed.
    ConsiliumEdited = "consilium.edited",
        "План консилиума изменён[: {fields}]",
        "The plan of the consilium was changed[: {fields}]"
        about Consilium (ConsiliumId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// A consilium was held.
    ConsiliumHeld = "consilium.held",
        "Консилиум проведён[, присутствовало: {participants}]",
        "The consilium was held[, present: {participants}]"
        about Consilium (ConsiliumId) {
        /// The number of members who were present.
        participants: usize,
    }
    /// A consilium was closed with its protocol.
    ConsiliumClosed = "consilium.closed",
        "Консилиум закрыт, протокол подписан",
        "The consilium was closed, its protocol is signed"
        about Consilium (ConsiliumId) {}
    /// A consilium was cancelled.
    ConsiliumCancelled = "consilium.cancelled",
        "Консилиум отменён",
        "The consilium was cancelled"
        about Consilium (ConsiliumId) {}
    /// A case was put on the agenda of a consilium.
    ItemAdded = "consilium_item.added",
        "Случай внесён в повестку консилиума[: {kind}]",
        "The case was put on the agenda of a consilium[: {kind}]"
        about ConsiliumItem (ConsiliumItemId) {
        /// The consilium.
        consilium_id: ConsiliumId,
        /// The case.
        case_id: CaseId,
        /// The kind of the item.
        kind: ConsiliumKind,
    }
    /// An item was resolved.
    ItemResolved = "consilium_item.resolved",
        "По вопросу консилиума принято решение",
        "The item of the consilium was resolved"
        about ConsiliumItem (ConsiliumItemId) {}
    /// An item was taken off the agenda.
    ItemPostponed = "consilium_item.postponed",
        "Вопрос консилиума отложен",
        "The item of the consilium was postponed"
        about ConsiliumItem (ConsiliumItemId) {}
    /// A dissent was recorded.
    ItemDissented = "consilium_item.dissented",
        "Записано особое мнение",
        "A dissent was recorded"
        about ConsiliumItem (ConsiliumItemId) {}
}

/// A consilium as its caller sees it.
#[derive(Debug)]
pub struct ConsiliumOffers<'a> {
    /// The consilium.
    pub it: &'a Consilium,
    /// The caller's standing to it.
    pub by: &'a Acting,
}

impl Offers for ConsiliumOffers<'_> {
    const AT: &'static str = "consilia";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditConsilia),
        Offer::step(Action::AddItem, "items", Right::EditConsilia),
        Offer::step(Action::Hold, "holding", Right::EditConsilia),
        Offer::step(Action::Cancel, "cancellation", Right::EditConsilia),
        Offer::step(Action::Close, "closing", Right::CloseConsilium),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match (action, self.it) {
            (Action::Edit | Action::AddItem | Action::Hold | Action::Cancel, Consilium::Planned(_)) => {
                Some(Verdict::default())
            }
            (Action::Close, Consilium::Held(it)) => {
                Some(Verdict::default().unless(self.by.must_chair(&it.was.form)))
            }
            _ => None,
        }
    }
}

/// An item as its caller sees it.
#[derive(Debug)]
pub struct ItemOffers<'a> {
    /// The item.
    pub it: &'a Item,
    /// The consilium.
    pub of: &'a Consilium,
    /// The present moment.
    pub room: &'a Room,
}

impl Offers for ItemOffers<'_> {
    const AT: &'static str = "consilium-items";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Decide, "resolution", Right::EditConsilia),
        Offer::step(Action::Postpone, "postponement", Right::EditConsilia),
        Offer::step(Action::Dissent, "dissents", Right::EditConsilia),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = self.it.state != ItemState::Postponed;
        match (action, self.of) {
            (Action::Decide, Consilium::Held(_)) if is_open => Some(Verdict::default()),
            (Action::Postpone, Consilium::Planned(_) | Consilium::Held(_)) if is_open => {
                Some(Verdict::default())
            }
            (Action::Dissent, Consilium::Held(held) | Consilium::Closed(Closed { was: held, .. })) => {
                let is_resolved = self.it.state == ItemState::Resolved;
                is_resolved.then(|| Verdict::default().against(held.against_dissent(self.room)))
            }
            _ => None,
        }
    }
}
