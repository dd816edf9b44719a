//! Annexes 1–3 of the regulation as forms. 002 leaves their text to the institution, so they are data with versions.
mod answers;
mod shipped;

pub use answers::AnnexAnswer;
pub use shipped::shipped;

use crate::base::change::{Changed, facts};
use crate::base::entry::editions::Issue;
use crate::base::id::AnnexId;
use crate::base::refusal::{Reason, Refused, Rule, rules};
use crate::base::text::{self, Code, Note, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    BEFORE_PREVIOUS = "annex.before_previous", Content, ours, "Версия приложения не может вступить в силу раньше предыдущей.", "A version of an annex cannot take effect before the previous one.";
    REPEATED = "annex.repeated", Content, ours, "Такой код в приложении уже есть.", "The annex has this code already.";
    CHOICES = "annex.choices", Content, ours, "Варианты указывают для поля с выбором, и только для него.", "Choices are required for a field with choices, and forbidden for other fields.";
    PLACEHOLDER = "annex.placeholder", Content, ours, "В тексте стоит поле, которого в приложении нет.", "The text names a field that the annex does not have.";
    FIELD_UNKNOWN = "annex.unknown_field", Content, "002 §3.6", "Такого поля в этой версии анкеты нет.", "This version of the questionnaire has no such field.";
    ANSWERED_TWICE = "annex.answered_twice", Content, "002 §3.6", "На это поле анкеты уже отвечено.", "This field of the questionnaire is answered already.";
    ANSWER_MISSING = "annex.answer_missing", Content, "002 §3.6", "Нет ответа на обязательное поле анкеты.", "A required field of the questionnaire is not answered.";
    ANSWER_WRONG = "annex.wrong_answer", Content, "002 §3.6", "Ответ не подходит к полю анкеты.", "The answer does not fit the field of the questionnaire.";
}

words! {
    /// The kind of annex.
    AnnexKind in "annex-kinds" {
        Statement = "statement", "заявление (приложение № 1)", "statement (annex 1)";
        Questionnaire = "questionnaire", "анкета (приложение № 2)", "questionnaire (annex 2)";
        Consent = "consent", "согласие (приложение № 3)", "consent (annex 3)";
    }

    /// The kind of answer that a field takes.
    FieldKind in "annex-field-kinds" {
        Text = "text", "строка", "a line";
        LongText = "long_text", "текст", "a text";
        Date = "date", "дата", "a date";
        YesNo = "yes_no", "да или нет", "yes or no";
        Choice = "choice", "выбор", "a choice";
        Choices = "choices", "выбор нескольких", "several choices";
        Number = "number", "число", "a number";
    }
}

/// A possible answer to a field with choices.
#[form]
pub struct AnnexChoice {
    /// The code of the choice. The answer contains this code.
    pub code: Code,
    /// The label in Russian.
    pub label_ru: Title,
    /// The label in English.
    pub label_en: Option<Title>,
}

/// A field of an annex.
#[form]
pub struct AnnexField {
    /// The code of the field, unique in the annex. In the text, `{{code}}` marks the place of the answer.
    pub code: Code,
    /// The label in Russian.
    pub label_ru: Title,
    /// The label in English.
    pub label_en: Option<Title>,
    /// The kind of answer that the field takes.
    pub kind: FieldKind,
    /// The possible answers. Required for a field with choices, forbidden for other kinds.
    #[at_most(30)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<AnnexChoice>,
    /// Whether the field must be answered.
    #[serde(default)]
    #[schema(default = false)]
    pub required: bool,
}

/// A version of an annex. It is never edited; a change is a new version.
#[form]
#[schema(example = json!({"kind": "questionnaire", "effective_from": "2026-01-01", "title": "Анкета кандидата в наставники", "body": "Опыт работы с семьями: {{family_experience}}", "fields": [{"code": "family_experience", "label_ru": "Опыт работы с семьями", "label_en": "Experience with families", "kind": "long_text", "required": true}]}))]
pub struct AnnexForm {
    /// The kind of the annex.
    pub kind: AnnexKind,
    /// The first day on which this version is used.
    pub effective_from: NaiveDate,
    /// The title of the annex.
    pub title: Title,
    /// The text of the annex. `{{code}}` marks the place of the answer to a field.
    pub body: Note,
    /// The fields, in the order in which people see them.
    #[at_most(50)]
    pub fields: Vec<AnnexField>,
}

facts! {
    /// A version of an annex was issued.
    AnnexIssued = "annex.issued",
        "Версия приложения выпущена[: {kind}][, № {number}][, действует с {effective_from}]",
        "A version of an annex was issued[: {kind}][, number {number}][, in force from {effective_from}]"
        about Annex (AnnexId) {
        /// The kind of the annex.
        kind: AnnexKind,
        /// The number among the versions of this annex, from 1.
        number: i32,
        /// The first day on which this version is used.
        effective_from: NaiveDate,
    }
}

/// A version of an annex, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Annex {
    /// The id of the annex version.
    pub id: AnnexId,
    /// The number among the versions of this annex, from 1.
    pub number: i32,
    /// The content of the version.
    pub form: AnnexForm,
}

impl Annex {
    /// Issues the next version of an annex. `previous` is the latest version of the same annex, if there is one.
    pub fn issue(id: AnnexId, previous: Option<&Self>, form: &AnnexForm) -> Result<Changed<Self>, Refused> {
        let (Issue { number, effective_from }, early) =
            Issue::after(previous.map(Self::place), form.effective_from, &BEFORE_PREVIOUS);
        let mut reasons = Vec::new();
        reasons.extend(early);
        reasons.extend(form.judge());
        Refused::unless_empty(reasons)?;
        let fact = AnnexIssued { id, kind: form.kind, number, effective_from };
        Ok(Changed::new(Self { id, number, form: form.clone() }, fact))
    }
    fn place(&self) -> Issue {
        Issue { number: self.number, effective_from: self.form.effective_from }
    }
}

impl AnnexForm {
    /// The errors that are visible in the form alone.
    fn judge(&self) -> Vec<Reason> {
        let mut reasons = against_fields(&self.fields, "/fields", &REPEATED);
        let is_there = |name: &str| self.fields.iter().any(|it| it.code.as_str() == name);
        if !placeholders(self.body.as_str()).all(is_there) {
            reasons.push(PLACEHOLDER.reason().at("/body"));
        }
        reasons
    }
}

impl FieldKind {
    /// Whether the field lists its possible answers.
    fn has_choices(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }
}

/// The reasons against fields by themselves: codes that are there already, and choices where there must be none or some.
pub(crate) fn against_fields(
    fields: &[AnnexField],
    pointer: &str,
    repeated_rule: &'static Rule,
) -> Vec<Reason> {
    let codes: Vec<&Code> = fields.iter().map(|it| &it.code).collect();
    let mut reasons = repeated(&codes, pointer, repeated_rule);
    for (index, field) in fields.iter().enumerate() {
        let pointer = format!("{pointer}/{index}/choices");
        if field.choices.is_empty() == field.kind.has_choices() {
            reasons.push(CHOICES.reason().at(&*pointer));
        }
        let codes: Vec<&Code> = field.choices.iter().map(|it| &it.code).collect();
        reasons.extend(repeated(&codes, &pointer, repeated_rule));
    }
    reasons
}

/// A reason for each code that is already earlier in the list.
pub(crate) fn repeated(codes: &[&Code], pointer: &str, rule: &'static Rule) -> Vec<Reason> {
    text::repeated(codes).map(|index| rule.reason().at(format!("{pointer}/{index}/code"))).collect()
}

/// The names between double braces. An unclosed brace gives an empty name, which no field has.
fn placeholders(body: &str) -> impl Iterator<Item = &str> {
    body.split("{{").skip(1).map(|it| it.split_once("}}").map_or("", |(name, _)| name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(previous: Option<&Annex>, form: &AnnexForm) -> Result<Annex, Vec<(&'static str, String)>> {
        let told = |it: &Reason| (it.rule.code, it.pointer.clone().unwrap_or_default());
        Annex::issue(uuid::Uuid::nil().into(), previous, form)
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(told).collect())
    }

    #[test]
    fn versions_are_numbered_and_never_go_back_in_time() {
        let form: AnnexForm = crate::examples::of();
        assert_eq!(form.validate(), Ok(()));
        let first = issue(None, &form).unwrap();
        let same_day = issue(Some(&first), &form).unwrap();
        assert_eq!((first.number, same_day.number), (1, 2));
        let early = AnnexForm { effective_from: "2025-12-31".parse().unwrap(), ..form };
        let refused = issue(Some(&first), &early).unwrap_err();
        assert_eq!(refused, [("annex.before_previous", "/effective_from".to_owned())]);
    }

    #[test]
    fn everything_wrong_with_an_annex_is_told_at_once() {
        let form: AnnexForm = crate::examples::of();
        let field = form.fields[0].clone();
        let choice = AnnexChoice { code: Code::new("yes"), label_ru: Title::new("Да"), label_en: None };
        let wrong = AnnexForm {
            body: Note::new("{{family_experience}} {{nothing}} {{family_experience"),
            fields: vec![
                field.clone(),
                AnnexField { kind: FieldKind::Choice, ..field.clone() },
                AnnexField { code: Code::new("odd"), choices: vec![choice.clone(), choice], ..field },
            ],
            ..form
        };
        let told: Vec<_> = issue(None, &wrong).unwrap_err();
        assert_eq!(
            told,
            [
                ("annex.repeated", "/fields/1/code".to_owned()),
                ("annex.choices", "/fields/1/choices".to_owned()),
                ("annex.choices", "/fields/2/choices".to_owned()),
                ("annex.repeated", "/fields/2/choices/1/code".to_owned()),
                ("annex.placeholder", "/body".to_owned()),
            ]
        );
    }

    #[test]
    fn every_shipped_annex_passes_its_own_rules() {
        let kinds: Vec<AnnexKind> = shipped().iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [AnnexKind::Statement, AnnexKind::Questionnaire, AnnexKind::Consent]);
        for form in shipped() {
            assert_eq!(form.validate(), Ok(()), "{}", form.title);
            assert!(issue(None, &form).is_ok(), "{}", form.title);
            let named: Vec<&str> = placeholders(form.body.as_str()).collect();
            assert!(form.fields.iter().all(|it| named.contains(&it.code.as_str())), "{}", form.title);
        }
    }
}
