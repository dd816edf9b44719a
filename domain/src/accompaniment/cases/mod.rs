//! Cases of accompaniment: a beneficiary on accompaniment in an organization.
//!
//! - this page: the opening, the specialist in charge, the closing.
//! - [`grounds`]: the kind, the stage and the legal bases.
//! - [`reviews`]: what is due when somebody comes of age and turns 23.
//!
//! Invariant: no order names a stage but the opening.
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, CaseId, FileId, OrganizationId, UnitId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word, words};
use chrono::NaiveDate;
use grounds::{CaseForm, CaseKind, CaseOpeningFacts, CaseStage, LegalBasis, beginning};
use reviews::Reviews;
use shape::form;
use validator::Validate;

pub mod grounds;
pub mod reviews;

rules! {
    CASE_TAKEN = "case.already_open", State, ours, "У получателя уже есть открытый случай в этой организации.", "The beneficiary has an open case in this organization already.";
    CASE_NOT_OPEN = "case.not_open", State, ours, "Случай закрыт.", "The case is closed.";
    CASE_HAS_ACTIVE_MENTORSHIP = "case.has_active_mentorship", State, "002 §1.2, §3.1", "Пока наставничество не закончено, получатель состоит на сопровождении: случай закрыть нельзя.", "The case cannot be closed while a mentorship of the beneficiary has not ended.";
    CASE_PAIR_LASTED = "case.mentorship_lasted", State, "002 §1.2, §3.1", "Наставничество получателя длилось дольше: случай нельзя закрыть раньше его последнего дня.", "A mentorship of the beneficiary lasted longer: the case cannot be closed before its last day.";
    RECORDED_LATER = "case.recorded_later", State, ours, "После этого дня есть контакт, срез, помощь или ежемесячная запись: случай нельзя закрыть раньше.", "A contact, a snapshot, help or a monthly record is later: the case cannot be closed before it.";
    FINAL_CONSILIUM = "case.final_consilium_needed", State, "004 L29", "Сопровождение воспитанника и выпускника по этой причине завершает только итоговый консилиум.", "Only a final consilium ends the accompaniment of a care leaver for this reason.";
    REFUSAL_PAPER = "case.refusal_paper", Content, ours, "Отказ закрывают подписанным документом.", "A refusal is closed with the signed document.";
    ATTEMPTS_FEW = "case.contact_attempts_few", State, ours, "Неудачных попыток связаться меньше, чем требуют правила сопровождения.", "There are fewer attempts that reached nobody than the rules of accompaniment ask for.";
    NOBODY_DIED = "case.nobody_died", State, ours, "Смерть получателя не внесена: сначала внесите её в запись о человеке.", "The death of the beneficiary is not on record: record it with the person first.";
    TRANSFER_PENDING = "case_transfer.pending", State, ours, "Случай уже предложен другой организации: дождитесь ответа или отзовите предложение.", "The case is proposed to an organization already: await the answer, or withdraw the proposal.";
    IN_FUTURE = "case.in_future", Content, ours, "Дата не может быть в будущем.", "The date must not lie in the future.";
    OUTSIDE = "case.outside", Content, ours, "Дата вне срока случая.", "The day lies outside of the case.";
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
        Refused = "refused", "отказ получателя", "the beneficiary refused", demands [Document];
        PlacedInFamily = "placed_in_family", "устроен в семью", "placed in a family";
        Unreachable = "unreachable", "связь утрачена", "contact lost", demands [Attempts];
        Imprisoned = "imprisoned", "лишение свободы", "imprisoned";
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
    /// The kind of accompaniment: social, unless another is told. A continued case keeps the kind that was left.
    pub kind: Option<CaseKind>,
    /// The first stage: accompaniment, unless another is told. The case of a care leaver tells it. A continued case keeps the stage
    /// that was left.
    pub stage: Option<CaseStage>,
    /// The unit of the organization that accompanies.
    pub unit_id: Option<UnitId>,
    /// Legal bases of the case, at most 10.
    #[at_most(10)]
    pub legal_bases: Vec<LegalBasis>,
    /// A closed case of the same beneficiary, which this one continues.
    pub continues_id: Option<CaseId>,
}

impl CaseOpening {
    /// The data that can be edited later.
    pub fn form(&self) -> CaseForm {
        CaseForm { unit_id: self.unit_id, legal_bases: self.legal_bases.clone() }
    }
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
    /// The signed document. Required when the reason is `refused`.
    pub file_id: Option<FileId>,
    /// Whether open needs and referrals end with the case; `false` if it is not told. Needs end as unmet because the person has left.
    #[serde(default)]
    pub end_open: bool,
}

facts! {
    /// A case was opened.
    CaseOpened = "case.opened",
        "Случай сопровождения открыт[ {opened_on}][, этап: {stage}][, учреждение: {organization_id}]",
        "The case was opened[ on {opened_on}][, stage: {stage}][, institution: {organization_id}]"
        about Case (CaseId) {
        /// The beneficiary on accompaniment.
        beneficiary_id: BeneficiaryId,
        /// The organization that accompanies.
        organization_id: OrganizationId,
        /// The first day of accompaniment.
        opened_on: NaiveDate,
        /// The first stage.
        stage: CaseStage,
    }
    /// The specialist in charge of a case was set or removed.
    CaseAssigned = "case.assigned",
        "Изменён ответственный специалист[: {specialist_user_id}]",
        "The specialist in charge was changed[: {specialist_user_id}]"
        about Case (CaseId) {
        /// The account of the specialist in charge. Absent: nobody is in charge.
        specialist_user_id: Option<UserId>,
    }
    /// An open case became the continuation of one that was handed over.
    CaseContinued = "case.continued",
        "Случай продолжает переданный другой организацией",
        "The case continues one that another organization handed over"
        about Case (CaseId) {
        /// The case that was handed over.
        continues_id: CaseId,
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
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// The stage.
    pub stage: CaseStage,
    /// The first day of the stage.
    pub stage_since: NaiveDate,
    /// The stage that was left for help in hardship. None where the case was opened in its stage.
    pub stage_left: Option<CaseStage>,
    /// The case that this one continues.
    pub continues_id: Option<CaseId>,
    /// The unit and the legal bases.
    pub form: CaseForm,
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
    /// The signed document.
    pub file_id: Option<FileId>,
}

/// The stored data that a closing needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseClosingFacts {
    /// The number of mentorships of the beneficiary in the organization that have not ended.
    pub unended_mentorships: i64,
    /// The latest last day of a mentorship of the beneficiary in the organization.
    pub mentorship_lasted_until: Option<NaiveDate>,
    /// Whether a death is on record: of the person, or of a member of the family.
    pub has_died: bool,
    /// Whether all about whom the case is have died.
    pub is_over: bool,
    /// Attempts that reached nobody, after the day of the last contact that did, within the days of the rules of accompaniment.
    pub lost_attempts: i64,
    /// The attempts after which contact is lost.
    pub attempts_needed: i32,
    /// The last day of the case on record: of a contact, a snapshot or help; or the first day of the last month with a written record.
    pub recorded_until: Option<NaiveDate>,
    /// The reasons against a closing that does not end what is open.
    pub ends_with_case: Vec<Reason>,
    /// The reasons against any closing but by the death of all about whom the case is.
    pub outlasts_case: Vec<Reason>,
    /// The reasons against handing the case over by what is open in it.
    pub against_transfer: Vec<Reason>,
}

impl CaseClosingFacts {
    /// The reasons against a closing, by a death or otherwise.
    fn against_closing(&self, is_by_death: bool) -> Vec<Reason> {
        let pairs = self.unended_mentorships;
        let pairs = (pairs > 0).then(|| CASE_HAS_ACTIVE_MENTORSHIP.reason().with("mentorships", pairs));
        let lasting = self.outlasts_case.iter().filter(|_| !is_by_death).cloned();
        pairs.into_iter().chain(lasting).collect()
    }
    /// The reason against a closing for that reason without a consilium: only a final one ends the accompaniment of a care leaver, but
    /// for what does not wait for it.
    fn against_order(&self, kind: CaseKind, reason: CaseClosingReason) -> Option<Reason> {
        use CaseClosingReason::{Died, Imprisoned, Moved, PlacedInFamily, Refused, Transferred};
        let waits = !matches!(reason, Died | Imprisoned | Moved | PlacedInFamily | Refused | Transferred);
        let needed = kind == CaseKind::Aftercare && waits;
        needed.then(|| FINAL_CONSILIUM.reason().at("/reason")).or_else(|| self.against_reason(reason))
    }
    /// The reason against a closing for that reason.
    fn against_reason(&self, reason: CaseClosingReason) -> Option<Reason> {
        let demands = reason.demands();
        if demands.contains(&Demand::Death) && !self.has_died {
            return Some(NOBODY_DIED.reason().at("/reason"));
        }
        let is_found =
            demands.contains(&Demand::Attempts) && self.lost_attempts < i64::from(self.attempts_needed);
        is_found.then(|| ATTEMPTS_FEW.reason().at("/reason").with("attempts", self.lost_attempts))
    }
}

/// A case as its caller sees it.
#[derive(Debug)]
pub struct CaseOffers<'a> {
    /// The state of the case.
    pub state: CaseState,
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// For the closing. `None` in a list.
    pub facts: Option<&'a CaseClosingFacts>,
    /// Whether a transfer of the case awaits its answer.
    pub is_proposed: bool,
    /// For the reviews, with the present day. `None` in a list.
    pub reviews: Option<(&'a Reviews, NaiveDate)>,
    /// The entering of entries under the case.
    pub under: Vec<Offer>,
}

impl Offers for CaseOffers<'_> {
    const AT: &'static str = "cases";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditCases),
        Offer::step(Action::Assign, "assignment", Right::EditCases),
        Offer::step(Action::Close, "closing", Right::EditCases),
        Offer::step(Action::NoticeProblem, "problems", Right::EditCases),
        Offer::step(Action::Invite, "team-members", Right::ManageTeam),
        Offer::step(Action::CompleteReview, "reviews", Right::EditCases),
        Offer::step(Action::Transfer, "transfers", Right::TransferCase),
        Offer::step(Action::Refer, "referrals", Right::SendReferrals),
    ];
    fn offers(&self) -> Vec<Offer> {
        Self::OFFERS.iter().copied().chain(self.under.iter().copied()).collect()
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        // A record of the days before its closing is entered late too.
        if matches!(action, Action::TakeSnapshot | Action::RecordContact | Action::RecordDelivery) {
            return Some(Verdict::default());
        }
        if self.state != CaseState::Open {
            return None;
        }
        if let (Action::CompleteReview, Some((reviews, today))) = (action, self.reviews) {
            return Some(reviews.verdict(today));
        }
        if action == Action::Transfer {
            let open = self.facts.iter().flat_map(|it| it.against_transfer.iter().cloned());
            return Some(Verdict::default().against(against_transfer(self.is_proposed)).against(open));
        }
        let facts = self.facts.filter(|_| action == Action::Close);
        let Some(facts) = facts else { return Some(Verdict::default()) };
        let all = CaseClosingReason::ALL.iter().copied();
        let reasons = all.filter(|it| facts.against_order(self.kind, *it).is_none());
        Some(Verdict::default().takes("/reason", reasons).against(facts.against_closing(facts.is_over)))
    }
}

/// The reason against another proposal while a transfer of the case awaits its answer.
pub fn against_transfer(is_proposed: bool) -> Option<Reason> {
    is_proposed.then(|| TRANSFER_PENDING.reason())
}

impl Case {
    /// The state of the case as a word of the vocabulary.
    pub fn state(&self) -> CaseState {
        match self {
            Self::Open(_) => CaseState::Open,
            Self::Closed(_) => CaseState::Closed,
        }
    }
    /// The case as it is while open, or as it was.
    pub fn was(&self) -> &Open {
        match self {
            Self::Open(it) => it,
            Self::Closed(it) => &it.was,
        }
    }
    /// The last day of accompaniment, of a closed case.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Open(_) => None,
            Self::Closed(it) => Some(it.closed_on),
        }
    }
    /// The reason against a day on which something happened in this case: to come, before its opening or after its closing.
    pub fn against_day(&self, day: NaiveDate, today: NaiveDate) -> Option<Reason> {
        let (opened_on, closed_on) = (self.was().opened_on, self.closed_on());
        if day > today {
            return Some(IN_FUTURE.reason().with("today", today));
        }
        let is_outside = day < opened_on || closed_on.is_some_and(|it| day > it);
        is_outside.then(|| OUTSIDE.reason().with("opened_on", opened_on))
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
    pub fn begin(
        id: CaseId,
        order: &CaseOpening,
        facts: &CaseOpeningFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let form = order.form();
        let mut reasons = form.against(today);
        if order.opened_on > today {
            reasons.push(IN_FUTURE.reason().at("/opened_on").with("today", today));
        }
        let (kind, stage) = beginning(order, facts, &mut reasons);
        Refused::unless_empty(reasons)?;
        let CaseOpening { beneficiary_id, organization_id, specialist_user_id, opened_on, .. } = *order;
        let fact = CaseOpened { id, beneficiary_id, organization_id, opened_on, stage };
        let open = Self {
            id,
            beneficiary_id,
            organization_id,
            specialist_user_id,
            opened_on,
            reason: order.reason.clone(),
            kind,
            stage,
            stage_since: opened_on,
            stage_left: facts.stage_left(order),
            continues_id: order.continues_id,
            form,
        };
        Ok(Changed::new(open, fact))
    }
    /// Sets or removes the specialist in charge.
    pub fn assign(self, order: &CaseAssignment) -> Changed<Self> {
        let specialist_user_id = order.specialist_user_id;
        Changed::new(Self { specialist_user_id, ..self }, CaseAssigned { id: self.id, specialist_user_id })
    }
    /// Closes the case by an order. Refuses while mentorships under the case have not ended, and a day before the last day of one. The
    /// accompaniment of a care leaver ends by a final consilium, but for what does not wait for one (004 L29).
    pub fn close(
        self,
        order: &CaseClosing,
        facts: &CaseClosingFacts,
        today: NaiveDate,
    ) -> Result<Changed<Closed>, Refused> {
        let against = facts.against_order(self.kind, order.reason);
        self.close_unless(against, order, facts, today)
    }
    /// Closes the case as a final consilium has decided.
    pub fn close_by_consilium(
        self,
        order: &CaseClosing,
        facts: &CaseClosingFacts,
        today: NaiveDate,
    ) -> Result<Changed<Closed>, Refused> {
        let against = facts.against_reason(order.reason);
        self.close_unless(against, order, facts, today)
    }
    fn close_unless(
        self,
        against: Option<Reason>,
        order: &CaseClosing,
        facts: &CaseClosingFacts,
        today: NaiveDate,
    ) -> Result<Changed<Closed>, Refused> {
        // The death of all about whom the case is ends by itself what is open.
        let is_by_death = facts.is_over && order.reason == CaseClosingReason::Died;
        let mut reasons = facts.against_closing(is_by_death);
        if !order.end_open && !is_by_death {
            reasons.extend(facts.ends_with_case.iter().cloned());
        }
        if let Some(last) = facts.mentorship_lasted_until.filter(|last| order.closed_on < *last) {
            reasons.push(CASE_PAIR_LASTED.reason().at("/closed_on").with("not_before", last));
        }
        if let Some(last) = facts.recorded_until.filter(|last| order.closed_on < *last) {
            reasons.push(RECORDED_LATER.reason().at("/closed_on").with("not_before", last));
        }
        reasons.extend(against);
        reasons.extend(self.against_closing_order(order, today));
        Refused::unless_empty(reasons)?;
        Ok(self.closed(order.clone()))
    }
    /// The reasons against the day and the papers of a closing.
    fn against_closing_order(&self, order: &CaseClosing, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if order.closed_on > today {
            reasons.push(IN_FUTURE.reason().at("/closed_on").with("today", today));
        }
        if order.closed_on < self.opened_on {
            reasons.push(CLOSED_BEFORE_OPENED.reason().at("/closed_on").with("opened_on", self.opened_on));
        }
        if order.reason.demands().contains(&Demand::Text) && order.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        if order.reason.demands().contains(&Demand::Document) && order.file_id.is_none() {
            reasons.push(REFUSAL_PAPER.reason().at("/file_id"));
        }
        reasons
    }
    /// Closes the case by the death of the beneficiary, not before its first day and the last day of its last mentorship.
    pub fn close_by_death(self, died_on: NaiveDate, facts: &CaseClosingFacts) -> Changed<Closed> {
        let lasted = [facts.mentorship_lasted_until, facts.recorded_until].into_iter().flatten();
        let not_before = lasted.fold(self.opened_on, NaiveDate::max);
        let (closed_on, reason) = (died_on.max(not_before), CaseClosingReason::Died);
        self.closed(CaseClosing { closed_on, reason, note: None, file_id: None, end_open: true })
    }
    /// Closes the case because another organization takes it over today.
    pub fn hand_over(self, today: NaiveDate) -> Changed<Closed> {
        let reason = CaseClosingReason::Transferred;
        self.closed(CaseClosing { closed_on: today, reason, note: None, file_id: None, end_open: true })
    }
    /// Makes this case the continuation of one that was handed over, unless it continues another.
    pub fn continuing(self, of: CaseId) -> Option<Changed<Self>> {
        let fact = CaseContinued { id: self.id, continues_id: of };
        let is_free = self.continues_id.is_none();
        is_free.then(|| Changed::new(Self { continues_id: Some(of), ..self }, fact))
    }
    fn closed(self, order: CaseClosing) -> Changed<Closed> {
        let CaseClosing { closed_on, reason, note, file_id, .. } = order;
        let fact = CaseClosed { id: self.id, reason, closed_on };
        Changed::new(Closed { was: self, closed_on, reason, note, file_id }, fact)
    }
}

#[cfg(test)]
mod tests;
