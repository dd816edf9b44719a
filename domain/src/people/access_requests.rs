//! Access requests: an institution asks for the card of a person whom another institution has on record.
//!
//! A request is taken in alike whether or not there is anybody, and lapses alike. Only a decision tells.
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{AccessRequestId, OrganizationId, PersonId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{Note, Snils};
use crate::base::word::words;
use chrono::{Days, NaiveDate};
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    TOO_MANY = "access_request.too_many", TooMany, ours, "За сутки одна учётная запись подаёт не больше десяти запросов доступа.", "An account makes at most ten access requests within 24 hours.";
    SETTLED = "access_request.settled", State, ours, "Запрос уже рассмотрен, или его срок истёк.", "The request has been decided already, or has lapsed.";
    TERM = "access_request.term", Content, ours, "Доступ дают не дольше чем на 90 дней, считая от сегодняшнего.", "The last day of access must be from today to 90 days from today.";
}

words! {
    /// The state of an access request.
    AccessRequestState in "access-request-states" {
        Open = "open", "ждёт решения", "open";
        Granted = "granted", "доступ дан", "granted";
        Refused = "refused", "отказано", "refused";
        Lapsed = "lapsed", "срок истёк", "lapsed";
    }

    /// A decision on an access request.
    AccessDecisionKind in "access-decisions" {
        Grant = "grant", "дать доступ", "grant";
        Refuse = "refuse", "отказать", "refuse";
    }
}

/// Requests of one account within 24 hours at most.
pub const REQUESTS_A_DAY: i64 = 10;
/// Days in which a request can be decided. Then it lapses.
const OPEN_DAYS: u64 = 14;
/// The longest access, in days. It is the term without another one.
const GRANT_DAYS: u64 = 90;

/// A request for the card of a person whom another institution has on record.
#[form]
#[schema(example = json!({"snils": "11223344595", "reason": "Семья переехала в наш район и обратилась за помощью."}))]
pub struct AccessRequestForm {
    /// The complete СНИЛС of the person.
    pub snils: Snils,
    /// The reason. Those who decide read it.
    pub reason: Note,
    /// The institution that asks: one of the caller's own. The first of them if it is absent.
    pub organization_id: Option<OrganizationId>,
}

/// A decision on an access request.
#[form]
#[validate(schema(function = "decision_is_whole"))]
#[schema(example = json!({"kind": "grant", "reason": "Семья подтвердила переезд.", "ends_on": "2026-12-31"}))]
pub struct AccessDecision {
    /// To grant or to refuse.
    pub kind: AccessDecisionKind,
    /// The reason. Required for a refusal. The institution that asks reads it.
    pub reason: Option<Note>,
    /// The last day of access: from today to 90 days from today. Without it, 90 days from today. Forbidden for a refusal.
    pub ends_on: Option<NaiveDate>,
}

fn decision_is_whole(it: &AccessDecision) -> Result<(), ValidationError> {
    let refuses = it.kind == AccessDecisionKind::Refuse;
    all_hold([
        lack(refuses && it.reason.is_none(), &["reason", "kind"]),
        clash(refuses && it.ends_on.is_some(), &["ends_on", "kind"]),
    ])
}

facts! {
    /// An institution asked for access to somebody. It does not tell whether there is anybody.
    AccessRequestMade = "access_request.made",
        "Запрошен доступ[, учреждение: {organization_id}]",
        "Access was asked for[, institution: {organization_id}]"
        about AccessRequest (AccessRequestId) {
        /// The institution that asks.
        organization_id: OrganizationId,
    }
    /// A request was granted.
    AccessRequestGranted = "access_request.granted",
        "Доступ открыт[ по {ends_on}]",
        "Access was granted[ until {ends_on}]"
        about AccessRequest (AccessRequestId) {
        /// The last day of access.
        ends_on: NaiveDate,
    }
    /// A request was refused.
    AccessRequestRefused = "access_request.refused",
        "В доступе отказано",
        "Access was refused"
        about AccessRequest (AccessRequestId) {}
    /// An institution asked for access to this person.
    PersonAccessAsked = "person.access_requested",
        "Запрошен доступ к карточке человека[, учреждение: {organization_id}]",
        "Access to the person's card was asked for[, institution: {organization_id}]"
        about Person (PersonId) {
        /// The request.
        access_request_id: AccessRequestId,
        /// The institution that asks.
        organization_id: OrganizationId,
    }
    /// An institution got access to the card of this person.
    PersonAccessGranted = "person.access_granted",
        "Открыт доступ к карточке человека[, учреждение: {organization_id}][, по {ends_on}]",
        "Access to the person's card was granted[, institution: {organization_id}][, until {ends_on}]"
        about Person (PersonId) {
        /// The request.
        access_request_id: AccessRequestId,
        /// The institution that asked.
        organization_id: OrganizationId,
        /// The last day of access.
        ends_on: NaiveDate,
    }
}

/// An access request, with the data that the rules check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// The id of the request.
    pub id: AccessRequestId,
    /// The institution that asks.
    pub organization_id: OrganizationId,
    /// The person, if there is one.
    pub person_id: Option<PersonId>,
    /// The last day on which the request can be decided.
    pub open_until: NaiveDate,
    /// The state as it is stored. A request that has lapsed is stored as open.
    pub state: AccessRequestState,
}

/// A decided access request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedAccess {
    /// The id of the request.
    pub id: AccessRequestId,
    /// The new state.
    pub state: AccessRequestState,
    /// The last day of access, if it was granted.
    pub ends_on: Option<NaiveDate>,
    /// The reason.
    pub reason: Option<Note>,
}

/// The state that an open request has on a day.
pub fn state_on(stored: AccessRequestState, open_until: NaiveDate, today: NaiveDate) -> AccessRequestState {
    match stored {
        AccessRequestState::Open if today > open_until => AccessRequestState::Lapsed,
        other => other,
    }
}

impl AccessRequest {
    /// Takes in a request of an account that has made so many within the last 24 hours.
    pub fn make(
        id: AccessRequestId,
        organization_id: OrganizationId,
        person_id: Option<PersonId>,
        made_lately: i64,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if made_lately >= REQUESTS_A_DAY {
            return Err(TOO_MANY.reason().with("at_most", REQUESTS_A_DAY).into());
        }
        let open_until = today.checked_add_days(Days::new(OPEN_DAYS)).unwrap_or(today);
        let made = Self { id, organization_id, person_id, open_until, state: AccessRequestState::Open };
        let change = Changed::new(made, AccessRequestMade { id, organization_id });
        Ok(match person_id {
            Some(person) => {
                change.and(PersonAccessAsked { id: person, access_request_id: id, organization_id })
            }
            None => change,
        })
    }
    /// The person, if the request awaits a decision that is for the caller.
    pub(super) fn must_await_decision(&self, is_own: bool, today: NaiveDate) -> Result<PersonId, Refused> {
        let person = self.person_id.filter(|_| !is_own).ok_or_else(|| NOT_YOURS.refuse())?;
        if state_on(self.state, self.open_until, today) != AccessRequestState::Open {
            return Err(SETTLED.refuse());
        }
        Ok(person)
    }
    /// Decides a request, for an institution that holds the person. Nobody decides a request of their own institution.
    pub fn decide(
        self,
        order: &AccessDecision,
        is_own: bool,
        today: NaiveDate,
    ) -> Result<Changed<DecidedAccess>, Refused> {
        let person = self.must_await_decision(is_own, today)?;
        let (id, organization_id, reason) = (self.id, self.organization_id, order.reason.clone());
        if order.kind == AccessDecisionKind::Refuse {
            let decided = DecidedAccess { id, state: AccessRequestState::Refused, ends_on: None, reason };
            return Ok(Changed::new(decided, AccessRequestRefused { id }));
        }
        let latest = today.checked_add_days(Days::new(GRANT_DAYS)).unwrap_or(today);
        let ends_on = order.ends_on.unwrap_or(latest);
        if !(today..=latest).contains(&ends_on) {
            let bounds = TERM.reason().at("/ends_on").with("not_before", today).with("not_after", latest);
            return Err(bounds.into());
        }
        let decided =
            DecidedAccess { id, state: AccessRequestState::Granted, ends_on: Some(ends_on), reason };
        let told = PersonAccessGranted { id: person, access_request_id: id, organization_id, ends_on };
        Ok(Changed::new(decided, AccessRequestGranted { id, ends_on }).and(told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn made(person: Option<PersonId>, lately: i64) -> Result<AccessRequest, Refused> {
        let nil = Uuid::nil();
        let change = AccessRequest::make(nil.into(), nil.into(), person, lately, day("2026-03-02"))?;
        Ok(change.into_parts().0)
    }
    fn somebody() -> Option<PersonId> {
        Some(Uuid::nil().into())
    }
    fn order(kind: AccessDecisionKind, ends_on: Option<&str>) -> AccessDecision {
        AccessDecision { kind, reason: Some(Note::new("Переезд")), ends_on: ends_on.map(day) }
    }

    #[test]
    fn the_examples_of_the_contract_are_accepted() {
        assert_eq!(crate::examples::of::<AccessRequestForm>().validate(), Ok(()));
        assert_eq!(crate::examples::of::<AccessDecision>().validate(), Ok(()));
    }

    #[test]
    fn a_request_about_nobody_is_like_one_about_somebody_but_for_the_journal_of_the_person() {
        let (about, nobody) = (made(somebody(), 0).unwrap(), made(None, 0).unwrap());
        assert_eq!(AccessRequest { person_id: None, ..about }, nobody);
        let nil = Uuid::nil();
        let kinds = |person| {
            let change = AccessRequest::make(nil.into(), nil.into(), person, 9, day("2026-03-02")).unwrap();
            change.into_parts().1.iter().map(|it| it.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(None), ["access_request.made"]);
        assert_eq!(kinds(somebody()), ["access_request.made", "person.access_requested"]);
        assert_eq!(made(None, 10).unwrap_err(), made(somebody(), 10).unwrap_err());
    }

    #[test]
    fn a_request_is_decided_within_its_term_and_not_by_who_asks() {
        let grant = order(AccessDecisionKind::Grant, None);
        let on = |date| made(somebody(), 0).unwrap().decide(&grant, false, day(date));
        assert_eq!(on("2026-03-16").unwrap().value().ends_on, Some(day("2026-06-14")));
        assert_eq!(on("2026-03-17").unwrap_err(), SETTLED.refuse());
        let own = made(somebody(), 0).unwrap().decide(&grant, true, day("2026-03-02"));
        assert_eq!(own.unwrap_err(), NOT_YOURS.refuse());
        let nobody = made(None, 0).unwrap().decide(&grant, false, day("2026-03-02"));
        assert_eq!(nobody.unwrap_err(), NOT_YOURS.refuse());
        let refused = AccessRequest { state: AccessRequestState::Refused, ..made(somebody(), 0).unwrap() };
        assert_eq!(refused.decide(&grant, false, day("2026-03-02")).unwrap_err(), SETTLED.refuse());
    }

    #[test]
    fn a_refusal_has_a_reason_and_no_term() {
        let without = AccessDecision { reason: None, ..order(AccessDecisionKind::Refuse, None) };
        assert!(without.validate().is_err());
        assert!(order(AccessDecisionKind::Refuse, Some("2026-04-01")).validate().is_err());
        assert_eq!(order(AccessDecisionKind::Refuse, None).validate(), Ok(()));
    }

    proptest! {
        #[test]
        fn access_is_granted_from_today_to_ninety_days(days in -10i64..200) {
            let today = day("2026-03-02");
            let ends_on = Some(today + chrono::TimeDelta::days(days));
            let grant = AccessDecision { ends_on, ..order(AccessDecisionKind::Grant, None) };
            let decided = made(somebody(), 0).unwrap().decide(&grant, false, today);
            prop_assert_eq!(decided.is_ok(), (0..=90).contains(&days));
        }
    }
}
