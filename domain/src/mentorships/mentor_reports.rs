//! Reports of mentors (002 §4.1.11): the work done, the difficulties, and the changes for the recipient. A report never
//! changes.
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{MentorReportId, MentorshipId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::text::repeats;
use crate::base::word::words;
use crate::mentorships::days::MentorshipDays;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    REPORT_DATE = "mentor_report.date", Content, ours, "Дата — не раньше начала наставничества, не позже его последнего дня и не в будущем.", "The date must be between the first and the last day of the mentorship, and not in the future.";
}

words! {
    /// A field of the recipient's life that mentoring should improve (002 §2.2.3–2.2.8).
    OutcomeDomain in "outcome-domains" {
        Socialisation = "socialisation", "социализация", "socialisation";
        Adaptation = "adaptation", "социальная адаптация", "social adaptation";
        RehabilitationPotential = "rehabilitation_potential", "реабилитационный потенциал", "rehabilitation potential";
        Experience = "experience", "опыт преодоления трудных ситуаций", "experience of overcoming situations";
        ApprovedBehaviour = "approved_behaviour", "социально одобряемое поведение", "socially approved behaviour";
        Norms = "norms", "нормы морали и права", "norms of morals and law";
        SelfRegulation = "self_regulation", "саморегуляция", "self-regulation";
        Responsibility = "responsibility", "ответственность", "responsibility";
        Independence = "independence", "самостоятельность", "independence";
        LawAbidance = "law_abidance", "правовая нормативность", "law-abidance";
        Safety = "safety", "безопасность, отказ от зависимостей и насилия", "safety, no addiction and violence";
        ParentalCompetence = "parental_competence", "родительские компетенции", "parental competence";
        FamilyFunctions = "family_functions", "социальные функции семьи", "functions of the family";
        FamilyCohesion = "family_cohesion", "сохранение и сплочение семьи", "cohesion of the family";
        JointActivity = "joint_activity", "совместная деятельность родителей с ребёнком", "activity of parents with the child";
    }

    /// The direction of a change.
    OutcomeChange in "outcome-changes" {
        Better = "better", "лучше", "better";
        Same = "same", "без изменений", "the same";
        Worse = "worse", "хуже", "worse";
    }
}

/// A change for the recipient in one field of life.
#[form]
pub struct Outcome {
    /// The field of life.
    pub domain: OutcomeDomain,
    /// The direction of the change.
    pub change: OutcomeChange,
    /// The evidence of the change.
    pub note: Option<Note>,
}

/// A report of a mentor on a period.
#[form]
#[validate(schema(function = "report_is_whole"))]
#[schema(example = json!({"period_from": "2026-03-10", "period_to": "2026-03-31", "work_done": "Три встречи, вместе записались в кружок.", "difficulties": "Пропускает занятия по понедельникам.", "outcomes": [{"domain": "responsibility", "change": "better", "note": "Сам предупреждает об опоздании."}], "for_commission": true, "attended_commission_on": "2026-03-30"}))]
pub struct MentorReportForm {
    /// The first day of the reported period, not before the first day of the mentorship.
    pub period_from: NaiveDate,
    /// The last day of the reported period: today or earlier.
    pub period_to: NaiveDate,
    /// The work done.
    pub work_done: Note,
    /// The difficult situations of the recipient in the period.
    pub difficulties: Option<Note>,
    /// The changes for the recipient, each field of life once.
    #[at_most(15)]
    pub outcomes: Vec<Outcome>,
    /// Whether the report was written for a commission or council of the institution.
    #[serde(default)]
    #[schema(default = false)]
    pub for_commission: bool,
    /// The day on which the mentor attended the commission. Only in a report for a commission.
    pub attended_commission_on: Option<NaiveDate>,
}

fn report_is_whole(it: &MentorReportForm) -> Result<(), ValidationError> {
    let domains: Vec<OutcomeDomain> = it.outcomes.iter().map(|it| it.domain).collect();
    let attended_nothing = it.attended_commission_on.is_some() && !it.for_commission;
    let ends_early = it.period_to < it.period_from;
    all_hold([
        clash(repeats(&domains), &["outcomes"]),
        clash(attended_nothing, &["attended_commission_on", "for_commission"]),
        clash(ends_early, &["period_to", "period_from"]),
    ])
}

facts! {
    /// A report of a mentor was added.
    MentorReportMade = "mentor_report.made",
        "Внесён отчёт наставника[ за период с {period_from} по {period_to}]",
        "A report of the mentor was added[ for the period from {period_from} to {period_to}]"
        about MentorReport (MentorReportId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The first day of the reported period.
        period_from: NaiveDate,
        /// The last day of the reported period.
        period_to: NaiveDate,
        /// Whether it was written for a commission.
        for_commission: bool,
    }
    /// The record of a mentor's report was annulled.
    MentorReportAnnulled = "mentor_report.annulled",
        "Запись об отчёте наставника аннулирована",
        "The record of a mentor's report was annulled"
        about MentorReport (MentorReportId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
    }
}

/// A stored report.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorReport {
    /// The id of the report.
    pub id: MentorReportId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The data of the report.
    pub form: MentorReportForm,
}

/// The reason against a report on any period.
pub(super) fn against_every_period(of: &MentorshipDays, today: NaiveDate) -> Option<Reason> {
    of.against_every_day(today, &REPORT_DATE, "/period_from")
}

impl MentorReport {
    /// Annuls it. The caller has asked whether the record is open to an annulment.
    pub fn annulled(id: MentorReportId, mentorship_id: MentorshipId) -> Changed<()> {
        Changed::new((), MentorReportAnnulled { id, mentorship_id })
    }
    /// Adds a report on a mentorship that has begun. Paused and ended mentorships are allowed.
    pub fn make(
        id: MentorReportId,
        of: &MentorshipDays,
        form: &MentorReportForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let against = |day: NaiveDate, pointer: &str| of.against(day, today, &REPORT_DATE, pointer);
        let reasons = [
            against(form.period_from, "/period_from"),
            against(form.period_to, "/period_to"),
            form.attended_commission_on.and_then(|it| against(it, "/attended_commission_on")),
        ];
        Refused::unless_empty(reasons.into_iter().flatten().collect())?;
        let fact = MentorReportMade {
            id,
            mentorship_id: of.mentorship_id,
            period_from: form.period_from,
            period_to: form.period_to,
            for_commission: form.for_commission,
        };
        Ok(Changed::new(Self { id, mentorship_id: of.mentorship_id, form: form.clone() }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::mentorships::tests::{codes, day, id};

    #[test]
    fn a_report_tells_of_days_since_the_beginning_until_today() {
        let make_by = |last, from, to, attended: &str| {
            let form = MentorReportForm {
                period_from: day(from),
                period_to: day(to),
                attended_commission_on: Some(day(attended)),
                ..examples::of()
            };
            let of = MentorshipDays { mentorship_id: id(40), first: day("2026-03-10"), last: day(last) };
            MentorReport::make(id(91), &of, &form, day("2026-04-01"))
        };
        let make = |from, to, attended| make_by("2026-12-31", from, to, attended);
        assert!(make("2026-03-10", "2026-04-01", "2026-04-01").is_ok());
        let all = ["mentor_report.date", "mentor_report.date", "mentor_report.date"];
        assert_eq!(codes(make("2026-03-09", "2026-04-02", "2026-04-02")), all);
        let after_the_end = make_by("2026-03-20", "2026-03-20", "2026-03-21", "2026-03-20");
        assert_eq!(codes(after_the_end), ["mentor_report.date"]);
        assert!(make_by("2026-03-20", "2026-03-10", "2026-03-20", "2026-03-20").is_ok());
    }

    #[test]
    fn a_report_does_not_contradict_itself() {
        let whole = examples::of::<MentorReportForm>();
        assert_eq!(whole.validate(), Ok(()));
        let twice = vec![whole.outcomes[0].clone(), whole.outcomes[0].clone()];
        assert!(MentorReportForm { outcomes: twice, ..whole.clone() }.validate().is_err());
        assert!(MentorReportForm { for_commission: false, ..whole.clone() }.validate().is_err());
        assert!(MentorReportForm { period_to: day("2026-03-09"), ..whole }.validate().is_err());
    }
}
