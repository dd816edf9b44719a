//! Cases of accompaniment: a beneficiary on social accompaniment in an organization.
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, CaseId, OrganizationId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word, words};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    CASE_TAKEN = "case.already_open", State, ours, "У получателя уже есть открытый случай в этой организации.", "The beneficiary has an open case in this organization already.";
    CASE_NOT_OPEN = "case.not_open", State, ours, "Случай закрыт.", "The case is closed.";
    CASE_HAS_ACTIVE_MENTORSHIP = "case.has_active_mentorship", State, "002 §1.2, §3.1", "Пока наставничество не закончено, получатель состоит на сопровождении: случай закрыть нельзя.", "The case cannot be closed while a mentorship of the beneficiary has not ended.";
    CASE_PAIR_LASTED = "case.mentorship_lasted", State, "002 §1.2, §3.1", "Наставничество получателя длилось дольше: случай нельзя закрыть раньше его последнего дня.", "A mentorship of the beneficiary lasted longer: the case cannot be closed before its last day.";
    NOBODY_DIED = "case.nobody_died", State, ours, "Смерть получателя не внесена: сначала внесите её в запись о человеке.", "The death of the beneficiary is not on record: record it with the person first.";
    IN_FUTURE = "case.in_future", Content, ours, "Дата не может быть в будущем.", "The date must not lie in the future.";
    CLOSED_BEFORE_OPENED = "case.closed_before_opened", Content, ours, "Случай не может быть закрыт раньше, чем открыт.", "A case cannot be closed before it was opened.";
}

words! {
    /// The state of a case.
    CaseState in "case-states" {
        Open = "open", "открыт", "open";
        Closed = "closed", "закрыт", "closed";
    }

    /// The reason for closing a case.
    CaseClosingReason in "case-closing-reasons" {
        GoalsReached = "goals_reached", "цели достигнуты", "goals reached";
        Moved = "moved", "переезд", "moved away";
        Refused = "refused", "отказ получателя", "the beneficiary refused";
        Adulthood = "adulthood", "достижение предельного возраста", "came of age";
        Transferred = "transferred", "передан другой организации", "transferred to another organization";
        Died = "died", "смерть", "died", demands [Death];
        Other = "other", "иное", "other", demands [Text];
    }
}

/// An order to open a case.
#[form]
#[schema(example = json!({"beneficiary_id": "01980000-0000-7000-8000-000000000007", "organization_id": "01980000-0000-7000-8000-000000000001", "specialist_user_id": "01980000-0000-7000-8000-000000000003", "opened_on": "2024-02-01", "reason": "Семья признана находящейся в трудной жизненной ситуации."}))]
pub struct CaseOpening {
    /// The beneficiary on accompaniment.
    pub beneficiary_id: BeneficiaryId,
    /// The organization that accompanies.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The first day of accompaniment: today or earlier.
    pub opened_on: NaiveDate,
    /// The reason for accompaniment.
    pub reason: Option<Note>,
}

/// An order to set or to remove the specialist in charge of an open case.
#[form]
#[schema(example = json!({"specialist_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct CaseAssignment {
    /// The account of the specialist in charge. Absent: nobody is in charge.
    pub specialist_user_id: Option<UserId>,
}

/// An order to close a case.
#[form]
#[schema(example = json!({"closed_on": "2025-01-31", "reason": "goals_reached", "note": "Трудная жизненная ситуация преодолена."}))]
pub struct CaseClosing {
    /// The last day of accompaniment; today or earlier.
    pub closed_on: NaiveDate,
    /// The reason for closing.
    pub reason: CaseClosingReason,
    /// A description of the reason. Required when the reason is `other`.
    pub note: Option<Note>,
}

facts! {
    /// A case was opened.
    CaseOpened = "case.opened",
        "Случай сопровождения открыт[ {opened_on}][, учреждение: {organization_id}]",
        "The case was opened[ on {opened_on}][, institution: {organization_id}]"
        about Case (CaseId) {
        /// The beneficiary on accompaniment.
        beneficiary_id: BeneficiaryId,
        /// The organization that accompanies.
        organization_id: OrganizationId,
        /// The first day of accompaniment.
        opened_on: NaiveDate,
    }
    /// The specialist in charge of a case was set or removed.
    CaseAssigned = "case.assigned",
        "Изменён ответственный специалист[: {specialist_user_id}]",
        "The specialist in charge was changed[: {specialist_user_id}]"
        about Case (CaseId) {
        /// The account of the specialist in charge. Absent: nobody is in charge.
        specialist_user_id: Option<UserId>,
    }
    /// A case was closed.
    CaseClosed = "case.closed",
        "Случай сопровождения закрыт[ {closed_on}][: {reason}]",
        "The case was closed[ on {closed_on}][: {reason}]"
        about Case (CaseId) {
        /// The reason for closing.
        reason: CaseClosingReason,
        /// The last day of accompaniment.
        closed_on: NaiveDate,
    }
}

/// A case in any state.
#[derive(Debug, Clone)]
pub enum Case {
    /// The beneficiary is on accompaniment.
    Open(Open),
    /// The accompaniment has ended.
    Closed(Closed),
}

/// A case that is open.
#[derive(Debug, Clone)]
pub struct Open {
    /// The id of the case.
    pub id: CaseId,
    /// The beneficiary on accompaniment.
    pub beneficiary_id: BeneficiaryId,
    /// The organization that accompanies.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The first day of accompaniment.
    pub opened_on: NaiveDate,
    /// The reason for accompaniment.
    pub reason: Option<Note>,
}

/// A closed case, with its data from the time when it was open.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The case as it was while open.
    pub was: Open,
    /// The last day of accompaniment.
    pub closed_on: NaiveDate,
    /// The reason for closing.
    pub reason: CaseClosingReason,
    /// A description of the reason.
    pub note: Option<Note>,
}

/// The stored data that a closing needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseClosingFacts {
    /// The number of mentorships of the beneficiary in the organization that have not ended.
    pub unended_mentorships: i64,
    /// The latest last day of a mentorship of the beneficiary in the organization.
    pub mentorship_lasted_until: Option<NaiveDate>,
    /// Whether a death is on record: of the person, or of a member of the family.
    pub has_died: bool,
}

impl CaseClosingFacts {
    /// The reason against any closing.
    fn against_closing(&self) -> Option<Reason> {
        let unended = self.unended_mentorships;
        (unended > 0).then(|| CASE_HAS_ACTIVE_MENTORSHIP.reason().with("mentorships", unended))
    }
    /// The reason against a closing for that reason.
    fn against_reason(&self, reason: CaseClosingReason) -> Option<Reason> {
        let lacks = reason.demands().contains(&Demand::Death) && !self.has_died;
        lacks.then(|| NOBODY_DIED.reason().at("/reason"))
    }
}

/// A case as its caller sees it.
#[derive(Debug)]
pub struct CaseOffers<'a> {
    /// The state of the case.
    pub state: CaseState,
    /// For the closing. `None` in a list.
    pub facts: Option<&'a CaseClosingFacts>,
}

impl Offers for CaseOffers<'_> {
    const AT: &'static str = "cases";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Assign, "assignment", Right::EditCases),
        Offer::step(Action::Close, "closing", Right::EditCases),
        Offer::step(Action::NoticeProblem, "problems", Right::EditCases),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        if self.state != CaseState::Open {
            return None;
        }
        let facts = self.facts.filter(|_| action == Action::Close);
        let Some(facts) = facts else { return Some(Verdict::default()) };
        let all = CaseClosingReason::ALL.iter().copied();
        let reasons = all.filter(|it| facts.against_reason(*it).is_none());
        Some(Verdict::default().takes("/reason", reasons).against(facts.against_closing()))
    }
}

impl Case {
    /// The state of the case as a word of the vocabulary.
    pub fn state(&self) -> CaseState {
        match self {
            Self::Open(_) => CaseState::Open,
            Self::Closed(_) => CaseState::Closed,
        }
    }
    /// The case, if it is open. All rules refuse a closed case through this function.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Closed(_) => Err(CASE_NOT_OPEN.refuse()),
        }
    }
}

impl Open {
    /// Opens a case.
    pub fn begin(id: CaseId, order: &CaseOpening, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        if order.opened_on > today {
            return Err(IN_FUTURE.reason().at("/opened_on").with("today", today).into());
        }
        let CaseOpening { beneficiary_id, organization_id, specialist_user_id, opened_on, reason } =
            order.clone();
        let fact = CaseOpened { id, beneficiary_id, organization_id, opened_on };
        let open = Self { id, beneficiary_id, organization_id, specialist_user_id, opened_on, reason };
        Ok(Changed::new(open, fact))
    }
    /// Sets or removes the specialist in charge.
    pub fn assign(self, order: &CaseAssignment) -> Changed<Self> {
        let specialist_user_id = order.specialist_user_id;
        Changed::new(Self { specialist_user_id, ..self }, CaseAssigned { id: self.id, specialist_user_id })
    }
    /// Closes the case. Refuses while mentorships under the case have not ended, and a day before the last day of one.
    pub fn close(
        self,
        order: &CaseClosing,
        facts: &CaseClosingFacts,
        today: NaiveDate,
    ) -> Result<Changed<Closed>, Refused> {
        let mut reasons: Vec<Reason> = facts.against_closing().into_iter().collect();
        if let Some(last) = facts.mentorship_lasted_until.filter(|last| order.closed_on < *last) {
            reasons.push(CASE_PAIR_LASTED.reason().at("/closed_on").with("not_before", last));
        }
        reasons.extend(facts.against_reason(order.reason));
        if order.closed_on > today {
            reasons.push(IN_FUTURE.reason().at("/closed_on").with("today", today));
        }
        if order.closed_on < self.opened_on {
            reasons.push(CLOSED_BEFORE_OPENED.reason().at("/closed_on").with("opened_on", self.opened_on));
        }
        if order.reason.demands().contains(&Demand::Text) && order.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        let CaseClosing { closed_on, reason, note } = order.clone();
        Ok(self.closed(closed_on, reason, note))
    }
    /// Closes the case by the death of the beneficiary, not before its first day and the last day of its last mentorship.
    pub fn close_by_death(self, died_on: NaiveDate, facts: &CaseClosingFacts) -> Changed<Closed> {
        let not_before = facts.mentorship_lasted_until.unwrap_or(self.opened_on).max(self.opened_on);
        self.closed(died_on.max(not_before), CaseClosingReason::Died, None)
    }
    fn closed(self, closed_on: NaiveDate, reason: CaseClosingReason, note: Option<Note>) -> Changed<Closed> {
        let fact = CaseClosed { id: self.id, reason, closed_on };
        Changed::new(Closed { was: self, closed_on, reason, note }, fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn opened() -> Open {
        let order: CaseOpening = crate::examples::of();
        Open::begin(uuid::Uuid::nil().into(), &order, day("2024-02-01")).unwrap().into_parts().0
    }
    fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn the_examples_of_the_contract_open_and_close_a_case() {
        let order: CaseClosing = crate::examples::of();
        let (closed, records) =
            opened().close(&order, &CaseClosingFacts::default(), day("2025-02-01")).unwrap().into_parts();
        assert_eq!(
            records[0].body,
            serde_json::json!({"reason": "goals_reached", "closed_on": "2025-01-31"})
        );
        assert_eq!(codes(Case::Closed(closed).open()), ["case.not_open"]);
        assert_eq!(Case::Open(opened()).open().unwrap().opened_on, day("2024-02-01"));
    }

    #[test]
    fn a_case_does_not_open_tomorrow() {
        let order: CaseOpening = crate::examples::of();
        assert_eq!(
            codes(Open::begin(uuid::Uuid::nil().into(), &order, day("2024-01-31"))),
            ["case.in_future"]
        );
    }

    #[test]
    fn a_case_is_not_closed_under_a_mentorship_that_has_not_ended() {
        let order =
            CaseClosing { closed_on: day("2025-01-31"), reason: CaseClosingReason::Other, note: None };
        let facts = CaseClosingFacts { unended_mentorships: 1, ..CaseClosingFacts::default() };
        assert_eq!(
            codes(opened().close(&order, &facts, day("2025-01-30"))),
            ["case.has_active_mentorship", "case.in_future", "field.missing"]
        );
        let refused = opened().close(&order, &facts, day("2025-02-01")).unwrap_err();
        assert_eq!(refused.reasons()[0].rule.rule, Some("002 §1.2, §3.1"));
    }

    #[test]
    fn a_case_lasts_until_the_last_day_of_its_last_mentorship() {
        let order: CaseClosing = crate::examples::of();
        let until =
            |last| CaseClosingFacts { mentorship_lasted_until: Some(day(last)), ..Default::default() };
        let today = day("2025-02-01");
        assert!(opened().close(&order, &until("2025-01-31"), today).is_ok());
        assert_eq!(codes(opened().close(&order, &until("2025-02-01"), today)), ["case.mentorship_lasted"]);
    }

    #[test]
    fn a_case_is_closed_by_death_only_when_a_death_is_on_record() {
        let order = CaseClosing { reason: CaseClosingReason::Died, ..crate::examples::of() };
        let (today, died) = (day("2025-02-01"), CaseClosingFacts { has_died: true, ..Default::default() });
        assert_eq!(codes(opened().close(&order, &CaseClosingFacts::default(), today)), ["case.nobody_died"]);
        assert!(opened().close(&order, &died, today).is_ok());
    }

    #[test]
    fn a_specialist_can_be_put_in_charge_and_taken_off() {
        let (case, records) = opened().assign(&CaseAssignment { specialist_user_id: None }).into_parts();
        assert_eq!(case.specialist_user_id, None);
        assert_eq!(records[0].kind, "case.assigned");
    }

    proptest! {
        #[test]
        fn a_closed_case_always_lasted_from_its_opening_to_a_day_not_in_the_future(end in -50i64..50, now in 0i64..50) {
            let start = day("2024-02-01");
            let (closed_on, today) = (start + TimeDelta::days(end), start + TimeDelta::days(now));
            let order = CaseClosing { closed_on, reason: CaseClosingReason::Moved, note: None };
            let closes = opened().close(&order, &CaseClosingFacts::default(), today).is_ok();
            prop_assert_eq!(closes, start <= closed_on && closed_on <= today);
        }
    }
}
