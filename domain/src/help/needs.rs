//! Needs of people on accompaniment: what somebody needs, and what became of it (004 L69–78; 001 L24).
//!
//! A need with the number of an individual programme (ИППСУ, 442-ФЗ ст. 16) is a line of it: the standard, the volume and the mark
//! stand with the need, and a filter by the number tells the programme.
//!
//! Invariant: a need ends only with a result in words.
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::change::Changed;
use crate::base::entry::Step;
use crate::base::id::{CaseProblemId, NeedId, ServiceStandardId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, Refused, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{BOTH, MISSING, Note, OrderNumber};
use crate::base::word::{Demand, Word, only_sent, only_sent_some, sent, words};
use crate::help::service_standards::ServiceStandardForm;
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    NO_RESULT = "need.no_result", Content, "001 L24", "Потребность закрывают только с результатом.", "A need ends only with a result.";
    NOT_OPEN = "need.not_open", State, ours, "Потребность уже в работе или закрыта.", "The need is in work already, or has ended.";
    OVER = "need.over", State, ours, "Потребность закрыта: меняется только отметка программы.", "The need has ended: only the mark of its programme changes.";
    DUE_EARLY = "need.due_early", Content, ours, "Срок не раньше дня, когда потребность записана.", "The last day is not before the day of the need.";
    DAY = "need.day", Content, ours, "День не раньше потребности и не в будущем.", "The day is not before the need, and not in the future.";
    OPEN_NEEDS = "case.open_needs", State, "001 L24", "В случае есть открытые потребности: закройте их с результатом или завершите вместе со случаем.", "The case has open needs: end them with results, or end them with the case.";
}

words! {
    /// The state of a need.
    NeedState in "need-states" {
        Open = "open", "открыта", "open", by system;
        InWork = "in_work", "в работе", "in work", by system;
        Met = "met", "удовлетворена", "met";
        PartlyMet = "partly_met", "удовлетворена частично", "partly met";
        Unmet = "unmet", "не удовлетворена", "unmet";
        Withdrawn = "withdrawn", "отозвана", "withdrawn";
    }

    /// The source from which a need is known.
    NeedSource in "need-sources" {
        Consilium = "consilium", "консилиум", "consilium";
        Assessment = "assessment", "оценка", "assessment";
        Snapshot = "snapshot", "срез жизненной ситуации", "snapshot of the life situation";
        MonthlyRecord = "monthly_record", "ежемесячная запись", "monthly record";
        Person = "person", "получатель", "the person";
        Mentor = "mentor", "наставник", "mentor";
        Intake = "intake", "обращение", "intake";
        Crisis = "crisis", "кризис", "crisis";
        Guardianship = "guardianship", "опека", "guardianship";
        Transfer = "transfer", "передача случая", "transfer of the case";
    }

    /// The urgency of a need, a crisis, a referral or an intake request: one scale for all of them.
    NeedUrgency in "need-urgencies" {
        Now = "now", "сейчас", "now";
        Week = "week", "в течение недели", "within a week";
        Month = "month", "в течение месяца", "within a month";
    }

    /// The reason for which a need was not met.
    UnmetReason in "unmet-reasons" {
        Refused = "refused", "отказ", "refused";
        NoService = "no_service", "нет услуги", "no such service";
        Queue = "queue", "очередь", "waiting";
        Left = "left", "выбыл", "left";
        Transferred = "transferred", "передана вместе со случаем", "transferred with the case", by system;
        Other = "other", "иное", "other";
    }

    /// The mark of a line of an individual programme.
    LineMark in "line-marks" {
        Done = "done", "выполнена", "done";
        Partly = "partly", "выполнена частично", "done in part", demands [Text];
        NotDone = "not_done", "не выполнена", "not done", demands [Text];
    }
}

sent! {
    SentNeedState of NeedState;
    SentUnmetReason of UnmetReason;
}

impl NeedState {
    /// Whether the need has ended.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Open | Self::InWork)
    }
    /// The states of needs that have not ended.
    pub fn unended() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|it| !it.is_over()).collect()
    }
}

/// A need of somebody on accompaniment as it is entered and edited, whole.
#[entry(Need: NeedId, at "needs", named "need" "needs", tag "help", read ReadServices, edit EditServices, under Case "cases", keeping organization_id, called noticed_on, by noticed_on, entering AddNeed, annul, judged)]
#[schema(example = json!({"noticed_on": "2026-02-20", "domain": "study_work", "text": "Восстановиться в техникуме после академического отпуска.", "source": "person", "urgency": "month", "due_on": "2026-04-01", "in_the_persons_words": "Хочу доучиться на повара.", "problem_id": "01980000-0000-7000-8000-000000000021", "standard_id": "01980000-0000-7000-8000-000000000054", "volume": 4, "programme_number": "17-2026"}))]
pub struct NeedForm {
    /// The day on which the need became known.
    #[told]
    pub noticed_on: NaiveDate,
    /// The domain of life.
    #[told]
    #[filter = "Only of these domains of life."]
    pub domain: LifeDomain,
    /// The need in words.
    #[sealed]
    pub text: Note,
    /// The source.
    #[told]
    pub source: NeedSource,
    /// The urgency.
    #[told]
    #[filter = "Only of these urgencies."]
    pub urgency: NeedUrgency,
    /// The day until which the need is to be met.
    pub due_on: Option<NaiveDate>,
    /// The need in the words of the person.
    #[sealed]
    pub in_the_persons_words: Option<Note>,
    /// The problem of the same case behind the need.
    pub problem_id: Option<CaseProblemId>,
    /// The standard of the service that the need asks for.
    pub standard_id: Option<ServiceStandardId>,
    /// The volume of the service, in units of the standard, 1 to 10 000.
    #[within(1..=10_000)]
    pub volume: Option<i32>,
    /// The number of the individual programme that names the service.
    #[filter = "Only lines of the individual programmes with these numbers."]
    pub programme_number: Option<OrderNumber>,
    /// The mark of the line of the individual programme.
    pub mark: Option<LineMark>,
    /// The reason of the mark. Required for what was not done, or in part.
    #[sealed]
    pub mark_reason: Option<Note>,
    /// The state. The steps `start` and `result` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: NeedState,
    /// The reason for which the need was not met.
    #[state]
    pub unmet_reason: Option<UnmetReason>,
    /// The result in words. Every need that has ended has one.
    #[state]
    #[sealed]
    pub result: Option<Note>,
    /// The day on which the need ended.
    #[state]
    pub ended_on: Option<NaiveDate>,
    /// The need of the case that another organization handed over. A transfer enters its open needs anew.
    #[state]
    pub continues_id: Option<NeedId>,
}

impl NeedForm {
    /// Whether somebody sees the need to whom these parts of the case are granted, `help` among them.
    pub fn is_told_to(&self, standard: Option<&ServiceStandardForm>, parts: &[CasePart]) -> bool {
        self.domain.is_told_to(parts) && standard.is_none_or(|it| it.is_told_to(parts))
    }
    /// The source, as far as these parts tell of it.
    pub fn source_told_to(&self, parts: &[CasePart]) -> Option<NeedSource> {
        let part = match self.source {
            NeedSource::Crisis => CasePart::Crises,
            NeedSource::Assessment => CasePart::Plans,
            NeedSource::MonthlyRecord => CasePart::Records,
            _ => return Some(self.source),
        };
        parts.contains(&part).then_some(self.source)
    }
    /// The need as it is entered anew on that day in the case that continues its own. Its words go along only where the other organization
    /// may read them.
    #[must_use]
    pub fn passed_on(&self, id: NeedId, today: NaiveDate, are_words_told: bool) -> Self {
        let anew = Self {
            noticed_on: today,
            due_on: self.due_on.map(|it| it.max(today)),
            problem_id: None,
            mark: None,
            mark_reason: None,
            state: NeedState::FIRST,
            continues_id: Some(id),
            ..self.clone()
        };
        match are_words_told {
            true => anew,
            false => Self {
                text: Note::new("Слова о потребности остались в переданном случае."),
                in_the_persons_words: None,
                source: NeedSource::Transfer,
                standard_id: None,
                volume: None,
                programme_number: None,
                ..anew
            },
        }
    }
    fn judge(&self, _: NeedId, before: Option<&Self>) -> Vec<Reason> {
        let is_unexplained = self.mark.is_some_and(|it| it.demands().contains(&Demand::Text));
        let lacking = [
            (self.volume.is_some() && self.standard_id.is_none(), "/standard_id"),
            (self.mark.is_some() && self.programme_number.is_none(), "/programme_number"),
            (is_unexplained && self.mark_reason.is_none(), "/mark_reason"),
            (self.mark_reason.is_some() && self.mark.is_none(), "/mark"),
        ];
        let mut reasons: Vec<Reason> =
            lacking.iter().filter(|it| it.0).map(|it| MISSING.reason().at(it.1)).collect();
        if self.due_on.is_some_and(|it| it < self.noticed_on) {
            reasons.push(DUE_EARLY.reason().at("/due_on"));
        }
        if before
            .is_some_and(|it| it.state.is_over() && it.state == self.state && !self.differs_by_mark_alone(it))
        {
            reasons.push(OVER.reason());
        }
        reasons
    }
    /// Whether nothing but the mark differs.
    fn differs_by_mark_alone(&self, before: &Self) -> bool {
        let (mark, mark_reason) = (before.mark, before.mark_reason.clone());
        Self { mark, mark_reason, ..self.clone() } == *before
    }
}

/// An order to take a need into work.
#[form]
#[schema(example = json!({}))]
pub struct NeedStart {}

impl Step<NeedForm> for NeedStart {
    type Right = may::EditServices;
    const AT: &'static str = "start";
    const ACTION: Action = Action::Start;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "need.started",
        ru: "Потребность взята в работу",
        en: "The need was taken into work",
        details: FIELDS,
    });
    fn description() -> String {
        "Takes an open need into work.".to_owned()
    }
    fn against(it: &Need, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == NeedState::Open { Vec::new() } else { vec![NOT_OPEN.reason()] }
    }
    fn changed(&self, form: NeedForm, _: NaiveDate) -> NeedForm {
        NeedForm { state: NeedState::InWork, ..form }
    }
}

/// The result of a need, which ends it.
#[form]
#[schema(example = json!({"outcome": "met", "result": "Восстановлен на второй курс с 1 марта.", "ended_on": "2026-03-01"}))]
pub struct NeedResult {
    /// The outcome.
    #[schema(value_type = SentNeedState)]
    #[serde(deserialize_with = "only_sent")]
    pub outcome: NeedState,
    /// The reason for which the need was not met. Required for that outcome, and for no other.
    #[schema(value_type = Option<SentUnmetReason>)]
    #[serde(default, deserialize_with = "only_sent_some", skip_serializing_if = "Option::is_none")]
    pub unmet_reason: Option<UnmetReason>,
    /// The result in words. Every outcome needs it.
    pub result: Option<Note>,
    /// The day on which the need ended: today or earlier.
    pub ended_on: NaiveDate,
}

impl Step<NeedForm> for NeedResult {
    type Right = may::EditServices;
    const AT: &'static str = "result";
    const ACTION: Action = Action::Complete;
    const TOLD: Option<&'static Told> = Some(ENDED);
    fn description() -> String {
        "Ends an open need, or one in work, with its result in words.".to_owned()
    }
    fn against(it: &Need, _: NaiveDate) -> Vec<Reason> {
        if it.form.state.is_over() { vec![OVER.reason()] } else { Vec::new() }
    }
    fn against_order(&self, it: &NeedForm, today: NaiveDate) -> Vec<Reason> {
        let is_unmet = self.outcome == NeedState::Unmet;
        broken([
            (self.result.is_none(), NO_RESULT.reason().at("/result")),
            (is_unmet && self.unmet_reason.is_none(), MISSING.reason().at("/unmet_reason")),
            (
                !is_unmet && self.unmet_reason.is_some(),
                BOTH.reason().at("/unmet_reason").with("with", "/outcome"),
            ),
            (
                self.ended_on > today || self.ended_on < it.noticed_on,
                DAY.reason().at("/ended_on").with("not_before", it.noticed_on).with("today", today),
            ),
        ])
    }
    fn changed(&self, form: NeedForm, _: NaiveDate) -> NeedForm {
        let Self { outcome: state, unmet_reason, result, ended_on } = self.clone();
        NeedForm { state, unmet_reason, result, ended_on: Some(ended_on), ..form }
    }
}

const ENDED: &Told =
    &Told {
        kind: "need.ended", ru: "Потребность закрыта", en: "The need has ended", details: FIELDS
    };

/// Ends a need with its case: somebody has left, or another organization goes on with it.
pub fn end_with_case(it: Need, reason: UnmetReason, closed_on: NaiveDate) -> Result<Changed<Need>, Refused> {
    let result = Note::new(match reason {
        UnmetReason::Transferred => "Передана вместе со случаем другой организации.",
        _ => "Случай закрыт.",
    });
    it.step(Some(ENDED), |form| NeedForm {
        state: NeedState::Unmet,
        unmet_reason: Some(reason),
        result: Some(result),
        ended_on: Some(closed_on.max(form.noticed_on)),
        ..form
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::{Entered, Entry};
    use chrono::TimeDelta;

    fn codes(form: &NeedForm, before: Option<&NeedForm>) -> Vec<(&'static str, String)> {
        let all = form.against(uuid::Uuid::nil().into(), before);
        all.iter().map(|it| (it.rule.code, it.pointer.clone().unwrap_or_default())).collect()
    }
    fn need(form: NeedForm) -> Need {
        Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment: None }
    }

    #[test]
    fn a_line_of_a_programme_has_its_number_and_a_mark_that_is_not_full_its_reason() {
        let line: NeedForm = crate::examples::of();
        assert_eq!(codes(&line, None), []);
        let bare = NeedForm { standard_id: None, programme_number: None, ..line.clone() };
        let marked = NeedForm { mark: Some(LineMark::Partly), ..bare };
        let at = |pointer: &str| ("field.missing", pointer.to_owned());
        assert_eq!(codes(&marked, None), [at("/standard_id"), at("/programme_number"), at("/mark_reason")]);
        let done = NeedForm { mark: Some(LineMark::Done), ..line.clone() };
        assert_eq!(codes(&done, Some(&line)), []);
        let reason = NeedForm { mark_reason: Some(Note::new("Не было мест.")), ..line };
        assert_eq!(codes(&reason, None), [at("/mark")]);
    }

    #[test]
    fn a_need_ends_once_with_a_result_in_words_and_then_only_its_mark_changes() {
        let form: NeedForm = crate::examples::of();
        let today = form.noticed_on + TimeDelta::days(20);
        let order: NeedResult = crate::examples::of();
        let wordless = NeedResult { result: None, outcome: NeedState::Unmet, ..order.clone() };
        let refused = wordless.take(need(form.clone()), today).unwrap_err();
        let told: Vec<&str> = refused.reasons().iter().map(|it| it.rule.code).collect();
        assert_eq!(told, ["need.no_result", "field.missing"]);
        let (ended, _) = order.take(need(form), today).unwrap().into_parts();
        assert_eq!((ended.form.state, ended.form.ended_on), (NeedState::Met, Some(order.ended_on)));
        let again = order.take(ended.clone(), today).unwrap_err();
        assert_eq!(again.reasons()[0].rule.code, "need.over");
        let marked = NeedForm { mark: Some(LineMark::Done), ..ended.form.clone() };
        assert_eq!(codes(&marked, Some(&ended.form)), []);
        let other = NeedForm { urgency: NeedUrgency::Now, ..ended.form.clone() };
        assert_eq!(codes(&other, Some(&ended.form)), [("need.over", String::new())]);
    }

    #[test]
    fn a_need_that_ends_with_its_case_has_words_and_no_day_before_itself() {
        let form: NeedForm = crate::examples::of();
        let noticed_on = form.noticed_on;
        for reason in UnmetReason::ALL {
            let early = noticed_on - TimeDelta::days(3);
            let (ended, _) = end_with_case(need(form.clone()), *reason, early).unwrap().into_parts();
            assert!(ended.form.result.is_some() && ended.form.state == NeedState::Unmet);
            assert_eq!(ended.form.ended_on, Some(noticed_on));
        }
        let (id, later) = (uuid::Uuid::nil().into(), noticed_on + TimeDelta::days(5));
        let anew = form.passed_on(id, later, true);
        assert_eq!((anew.state, anew.noticed_on, anew.continues_id), (NeedState::Open, later, Some(id)));
        assert_eq!((anew.problem_id, &anew.text, anew.volume), (None, &form.text, form.volume));
        let wordless = form.passed_on(id, later, false);
        assert_eq!((wordless.domain, wordless.urgency), (form.domain, form.urgency));
        assert!(wordless.text != form.text && wordless.in_the_persons_words.is_none());
        assert_eq!(
            (wordless.standard_id, wordless.volume, wordless.source),
            (None, None, NeedSource::Transfer)
        );
        assert_eq!(codes(&wordless, None), []);
    }
}
