//! Enrolments: who takes part in a programme of independent living, and how far they are (004-11, 004-33).
//!
//! An enrolment keeps the edition into which somebody was enrolled, also when other editions follow.
//!
//! Invariant: nobody completes a programme while a mandatory module is open. Only a primary consilium waives one (004 L95, L199).
use super::LivingProgramme;
pub use super::orders::*;
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, LivingEnrolmentId};
use crate::base::moment::age_years;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Code, MISSING, Note};
use crate::base::word::{Demand, Word};
use crate::people::register::against_beginning_on;
use chrono::NaiveDate;
use shape::{card, form};
use validator::Validate;

rules! {
    ALREADY = "living_enrolment.already", State, ours, "Получатель уже участвует в программе.", "The beneficiary takes part in a programme already.";
    PROGRAMME = "living_enrolment.programme", Content, ours, "Эта редакция не действует в этот день, построена на прежней региональной или принадлежит другой организации.", "The edition is not in force on that day, rests on an earlier one of the region, or is another organization's.";
    AGE = "living_enrolment.age", Content, ours, "Участвует человек, достигший возраста модуля; семью не зачисляют.", "A person of the age of the module takes part; a family is not enrolled.";
    MODULES_OPEN = "living_enrolment.modules_open", State, "004 L199", "Не все обязательные модули освоены, зачтены или сняты консилиумом.", "Not all mandatory modules are passed, credited or waived.";
    NOT_RUNNING = "living_enrolment.not_running", State, ours, "Участие уже закончилось.", "The enrolment is over.";
    DAY = "living_enrolment.day", Content, ours, "День не раньше начала участия и последней записи и не в будущем.", "The day is not before the beginning or the last result, and not in the future.";
    UNKNOWN_MODULE = "living_module.unknown", Content, ours, "Такого модуля в программе нет.", "The programme has no such module.";
    HOURS_SHORT = "living_module.hours_short", Content, "004 L199", "Часов меньше, чем предусмотрено: модуль не сокращают.", "There are fewer hours than the module takes: it is not cut.";
    NOT_WAIVABLE = "living_module.not_waivable", State, "004 L95", "Обязательный модуль снимает только первичный консилиум, и снятое остаётся снятым.", "Only a primary consilium waives a mandatory module, and what is waived stays so.";
}

/// A module that a primary consilium waives, and why.
#[form]
#[derive(Eq)]
#[schema(example = json!({"module_code": "cooking", "reason": "Готовит сама, подтверждает воспитатель."}))]
pub struct ModuleWaiver {
    /// The code of the module.
    pub module_code: Code,
    /// The reason.
    pub reason: Note,
}

/// The latest result of a module, as it is kept.
#[form]
pub struct ModuleResult {
    /// The code of the module.
    pub module_code: Code,
    /// The state.
    pub state: ModuleState,
    /// The day.
    pub on: NaiveDate,
    /// The hours.
    #[within(0..=10_000)]
    pub hours: Option<i32>,
    /// The result in words.
    pub result: Option<Note>,
}

/// The number of mandatory modules that are neither done nor among the waivers, and the reasons against waivers of other modules.
/// Without an enrolment every mandatory module is open. What was done in one that is over stays done.
pub fn mandatory_open(
    programme: &LivingProgramme,
    enrolment: Option<&LivingEnrolment>,
    waivers: &[ModuleWaiver],
) -> (usize, Vec<Reason>) {
    let is_done = |code: &Code| enrolment.is_some_and(|it| it.module_state(code).is_done());
    let open: Vec<&Code> =
        programme.modules.iter().filter(|it| it.mandatory && !is_done(&it.code)).map(|it| &it.code).collect();
    let beyond = waivers.iter().enumerate().filter(|(_, it)| !open.contains(&&it.module_code));
    let against =
        beyond.map(|(n, _)| NOT_WAIVABLE.reason().at(format!("/waivers/{n}/module_code"))).collect();
    let is_waived = |code: &Code| waivers.iter().any(|it| it.module_code == *code);
    (open.into_iter().filter(|it| !is_waived(it)).count(), against)
}

/// The progress of somebody, of the mandatory modules.
#[card]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LivingProgress {
    /// The mandatory modules.
    #[schema(minimum = 0, maximum = 80, example = 8)]
    pub mandatory: i64,
    /// Those that are passed, credited or waived.
    #[schema(minimum = 0, maximum = 80, example = 3)]
    pub done: i64,
}

facts! {
    /// A beneficiary was enrolled.
    LivingEnrolled = "living_enrolment.began",
        "Участие в программе самостоятельной жизни началось",
        "The enrolment into a programme of independent living began"
        about LivingEnrolment (LivingEnrolmentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
    }
    /// The result of a module was recorded.
    ModuleRecorded = "living_enrolment.module_recorded",
        "Записан результат модуля[ {module_code}][: {state}]",
        "The result of a module was recorded[, {module_code}][: {state}]"
        about LivingEnrolment (LivingEnrolmentId) {
        /// The module.
        module_code: Code,
        /// The state.
        state: ModuleState,
    }
    /// A primary consilium waived modules.
    ModulesWaived = "living_enrolment.modules_waived",
        "Консилиум снял модули[: {modules}]",
        "A consilium waived modules[: {modules}]"
        about LivingEnrolment (LivingEnrolmentId) {
        /// The modules.
        modules: Vec<Code>,
    }
    /// An enrolment was completed.
    LivingEnrolmentCompleted = "living_enrolment.completed",
        "Программа самостоятельной жизни пройдена",
        "The programme of independent living was completed"
        about LivingEnrolment (LivingEnrolmentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
    }
    /// An enrolment ended before its completion.
    LivingEnrolmentEnded = "living_enrolment.ended",
        "Участие в программе прекращено[: {reason}]",
        "The enrolment ended before its completion[: {reason}]"
        about LivingEnrolment (LivingEnrolmentId) {
        /// The reason.
        reason: EnrolmentEndReason,
    }
}

/// The stored data that an enrolment needs.
#[derive(Debug, Clone, Copy)]
pub struct EnrolmentFacts<'a> {
    /// The edition. `None`: the caller sees no such edition, which is refused as a reference.
    pub programme: Option<&'a LivingProgramme>,
    /// Whether the edition is in force on the first day, and the region's or that of the own organization.
    pub is_current: bool,
    /// The birth date. `None` for a family.
    pub born_on: Option<NaiveDate>,
    /// Whether the beneficiary takes part in a programme already.
    pub is_enrolled: bool,
    /// The day of the removal from the register, if the person is removed.
    pub removed_on: Option<NaiveDate>,
}

/// The end of an enrolment.
#[derive(Debug, Clone, PartialEq)]
pub struct EnrolmentEnd {
    /// The day.
    pub on: NaiveDate,
    /// The reason. `None`: it was completed.
    pub reason: Option<EnrolmentEndReason>,
    /// The reason in words.
    pub note: Option<Note>,
}

/// An enrolment, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct LivingEnrolment {
    /// The id of the enrolment.
    pub id: LivingEnrolmentId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The enrolment as it was entered.
    pub form: LivingEnrolmentForm,
    /// The latest result of each module that has one.
    pub results: Vec<ModuleResult>,
    /// Its end.
    pub end: Option<EnrolmentEnd>,
}

/// An enrolment that goes on, with the edition of its programme.
#[derive(Debug, Clone)]
pub struct Taking<'a> {
    it: LivingEnrolment,
    programme: &'a LivingProgramme,
}

impl LivingEnrolment {
    /// Enrols a beneficiary.
    pub fn begin(
        id: LivingEnrolmentId,
        beneficiary_id: BeneficiaryId,
        form: &LivingEnrolmentForm,
        facts: &EnrolmentFacts<'_>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let removed = against_beginning_on(form.starts_on, facts.removed_on);
        let mut reasons: Vec<Reason> = removed.into_iter().collect();
        if facts.is_enrolled {
            reasons.push(ALREADY.reason());
        }
        if form.starts_on > today {
            reasons.push(DAY.reason().at("/starts_on").with("today", today));
        }
        if let Some(programme) = facts.programme {
            if !facts.is_current {
                reasons.push(PROGRAMME.reason().at("/programme_id"));
            }
            let least = programme.modules.iter().map(|it| it.min_age).min().unwrap_or_default();
            if facts.born_on.is_none_or(|born| age_years(born, form.starts_on) < least) {
                reasons.push(AGE.reason().at("/starts_on").with("min_age", least));
            }
        }
        Refused::unless_empty(reasons)?;
        let form = form.clone();
        let fact = LivingEnrolled { id, beneficiary_id };
        Ok(Changed::new(Self { id, beneficiary_id, form, results: Vec::new(), end: None }, fact))
    }
    /// Its state.
    pub fn state(&self) -> EnrolmentState {
        match &self.end {
            None => EnrolmentState::Running,
            Some(EnrolmentEnd { reason: None, .. }) => EnrolmentState::Completed,
            Some(_) => EnrolmentState::Ended,
        }
    }
    /// Whether it decides which edition is asked of somebody: it goes on, or its programme was completed.
    pub fn keeps_edition(&self) -> bool {
        self.state() != EnrolmentState::Ended
    }
    /// The enrolment with the waivers of a primary consilium. None where it is over: then they stay with the item.
    pub fn waived(
        self,
        programme: &LivingProgramme,
        waivers: &[ModuleWaiver],
        on: NaiveDate,
    ) -> Result<Option<Changed<Self>>, Refused> {
        match self.state() {
            EnrolmentState::Running => self.running(programme)?.waive(waivers, on).map(Some),
            EnrolmentState::Completed | EnrolmentState::Ended => Ok(None),
        }
    }
    /// The enrolment that goes on. Refused when it is over.
    pub fn running(self, programme: &LivingProgramme) -> Result<Taking<'_>, Refused> {
        match self.end {
            None => Ok(Taking { it: self, programme }),
            Some(_) => Err(NOT_RUNNING.refuse()),
        }
    }
    /// The state of a module.
    pub fn module_state(&self, code: &Code) -> ModuleState {
        self.result(code).map_or(ModuleState::NotStarted, |it| it.state)
    }
    /// The latest result of a module.
    pub fn result(&self, code: &Code) -> Option<&ModuleResult> {
        self.results.iter().find(|it| it.module_code == *code)
    }
    /// The progress. It follows from the results, and is not stored.
    pub fn progress(&self, programme: &LivingProgramme) -> LivingProgress {
        let mandatory = programme.modules.iter().filter(|it| it.mandatory);
        let done = mandatory.clone().filter(|it| self.module_state(&it.code).is_done());
        LivingProgress { mandatory: mandatory.map(|_| 1).sum(), done: done.map(|_| 1).sum() }
    }
    /// The reasons against a completion on any day.
    fn against_completion(&self, programme: &LivingProgramme) -> Option<Reason> {
        let open = |it: &&super::ProgrammeModule| it.mandatory && !self.module_state(&it.code).is_done();
        let codes: Vec<&str> = programme.modules.iter().filter(open).map(|it| it.code.as_str()).collect();
        (!codes.is_empty()).then(|| MODULES_OPEN.reason().with("modules", codes))
    }
    /// The first day on which the next thing may happen.
    fn last_on(&self) -> NaiveDate {
        self.results.iter().map(|it| it.on).fold(self.form.starts_on, NaiveDate::max)
    }
    /// Ends it because the beneficiary has died. `None` for one that is over.
    pub fn end_by_death(self, died_on: NaiveDate) -> Option<Changed<Self>> {
        let reason = EnrolmentEndReason::Died;
        self.end
            .is_none()
            .then(|| self.ended(EnrolmentEnd { on: died_on, reason: Some(reason), note: None }, reason))
    }
    fn ended(self, end: EnrolmentEnd, reason: EnrolmentEndReason) -> Changed<Self> {
        let fact = LivingEnrolmentEnded { id: self.id, reason };
        Changed::new(Self { end: Some(end), ..self }, fact)
    }
}

impl Taking<'_> {
    /// Records the result of a module.
    pub fn record(
        self,
        order: &ModuleResultOrder,
        born_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Changed<LivingEnrolment>, Refused> {
        let mut reasons = Vec::new();
        if order.on > today || order.on < self.it.form.starts_on {
            reasons.push(DAY.reason().at("/on").with("today", today));
        }
        if order.state == ModuleState::Waived
            || self.it.module_state(&order.module_code) == ModuleState::Waived
        {
            reasons.push(NOT_WAIVABLE.reason().at("/state"));
        }
        if order.state.demands().contains(&Demand::Text) && order.result.is_none() {
            reasons.push(MISSING.reason().at("/result"));
        }
        match self.programme.module(&order.module_code) {
            None => reasons.push(UNKNOWN_MODULE.reason().at("/module_code")),
            Some(module) => {
                if order.state == ModuleState::Passed && order.hours.is_none_or(|it| it < module.hours) {
                    reasons.push(HOURS_SHORT.reason().at("/hours").with("min", module.hours));
                }
                if born_on.is_some_and(|born| age_years(born, order.on) < module.min_age) {
                    reasons.push(AGE.reason().at("/module_code").with("min_age", module.min_age));
                }
            }
        }
        Refused::unless_empty(reasons)?;
        let ModuleResultOrder { module_code, state, on, hours, result } = order.clone();
        let fact = ModuleRecorded { id: self.it.id, module_code: module_code.clone(), state };
        Ok(Changed::new(self.with(vec![ModuleResult { module_code, state, on, hours, result }]), fact))
    }
    /// Waives mandatory modules: a primary consilium calls it, and nothing else.
    pub fn waive(self, waivers: &[ModuleWaiver], on: NaiveDate) -> Result<Changed<LivingEnrolment>, Refused> {
        let is_open = |it: &ModuleWaiver| {
            let module = self.programme.module(&it.module_code);
            module.is_some_and(|it| it.mandatory) && !self.it.module_state(&it.module_code).is_done()
        };
        let closed = waivers.iter().enumerate().filter(|it| !is_open(it.1));
        Refused::unless_empty(
            closed.map(|(n, _)| NOT_WAIVABLE.reason().at(format!("/waivers/{n}/module_code"))).collect(),
        )?;
        let waived = |it: &ModuleWaiver| ModuleResult {
            module_code: it.module_code.clone(),
            state: ModuleState::Waived,
            on,
            hours: None,
            result: Some(it.reason.clone()),
        };
        let modules = waivers.iter().map(|it| it.module_code.clone()).collect();
        let fact = ModulesWaived { id: self.it.id, modules };
        Ok(Changed::new(self.with(waivers.iter().map(waived).collect()), fact))
    }
    fn with(self, new: Vec<ModuleResult>) -> LivingEnrolment {
        let mut it = self.it;
        it.results.retain(|old| new.iter().all(|new| new.module_code != old.module_code));
        it.results.extend(new);
        it
    }
    /// Completes it.
    pub fn complete(
        self,
        order: &LivingEnrolmentCompletion,
        today: NaiveDate,
    ) -> Result<Changed<LivingEnrolment>, Refused> {
        let on = order.completed_on;
        let mut reasons: Vec<Reason> = self.it.against_completion(self.programme).into_iter().collect();
        reasons.extend(self.against_day("/completed_on", on, today));
        Refused::unless_empty(reasons)?;
        let fact = LivingEnrolmentCompleted { id: self.it.id, beneficiary_id: self.it.beneficiary_id };
        let end = Some(EnrolmentEnd { on, reason: None, note: None });
        Ok(Changed::new(LivingEnrolment { end, ..self.it }, fact))
    }
    /// Ends it before its completion.
    pub fn end(
        self,
        order: &LivingEnrolmentEnding,
        today: NaiveDate,
    ) -> Result<Changed<LivingEnrolment>, Refused> {
        let mut reasons: Vec<Reason> =
            self.against_day("/ended_on", order.ended_on, today).into_iter().collect();
        if order.reason.demands().contains(&Demand::Text) && order.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        let end = EnrolmentEnd { on: order.ended_on, reason: Some(order.reason), note: order.note.clone() };
        Ok(self.it.ended(end, order.reason))
    }
    fn against_day(&self, pointer: &str, on: NaiveDate, today: NaiveDate) -> Option<Reason> {
        let is_wrong = on > today || on < self.it.last_on();
        is_wrong.then(|| DAY.reason().at(pointer).with("not_before", self.it.last_on()).with("today", today))
    }
}

/// An enrolment as its caller sees it.
#[derive(Debug)]
pub struct LivingEnrolmentOffers<'a> {
    /// The enrolment.
    pub it: &'a LivingEnrolment,
    /// The edition of its programme.
    pub programme: &'a LivingProgramme,
}

impl Offers for LivingEnrolmentOffers<'_> {
    const AT: &'static str = "living-enrolments";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::RecordResult, "module-results", Right::EditLiving),
        Offer::step(Action::Complete, "completion", Right::EditLiving),
        Offer::step(Action::End, "ending", Right::EditLiving),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        if self.it.end.is_some() {
            return None;
        }
        let sent = EnrolmentEndReason::ALL.iter().copied().filter(|it| it.is_sent());
        match action {
            Action::RecordResult => Some(Verdict::default()),
            Action::Complete => Some(Verdict::default().against(self.it.against_completion(self.programme))),
            Action::End => Some(Verdict::default().takes("/reason", sent)),
            _ => None,
        }
    }
}
