//! The annexes of the regulation as forms: 002 names №№ 1–3 and leaves them to the institution, so they are data with versions.
mod answers;
mod shipped;

pub use answers::AnnexAnswer;
pub use shipped::shipped;

use crate::base::change::{Changed, facts};
use crate::base::editions::Issue;
use crate::base::id::AnnexId;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Code, Note, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    BEFORE_PREVIOUS = "annex.before_previous", Content, ours, "Версия приложения не может вступить в силу раньше предыдущей.", "A version of an annex cannot take effect before the previous one.";
    REPEATED = "annex.repeated", Content, ours, "Такой код в приложении уже есть.", "The annex has this code already.";
    CHOICES = "annex.choices", Content, ours, "Варианты указывают для поля с выбором, и только для него.", "Choices are given for a field of choice, and only for it.";
    PLACEHOLDER = "annex.placeholder", Content, ours, "В тексте стоит поле, которого в приложении нет.", "The text names a field that the annex does not have.";
    FIELD_UNKNOWN = "annex.unknown_field", Content, "002 §3.6", "Такого поля в этой версии анкеты нет.", "This version of the questionnaire has no such field.";
    ANSWERED_TWICE = "annex.answered_twice", Content, "002 §3.6", "На это поле анкеты уже отвечено.", "This field of the questionnaire is answered already.";
    ANSWER_MISSING = "annex.answer_missing", Content, "002 §3.6", "Нет ответа на обязательное поле анкеты.", "A required field of the questionnaire is not answered.";
    ANSWER_WRONG = "annex.wrong_answer", Content, "002 §3.6", "Ответ не подходит к полю анкеты.", "The answer does not fit the field of the questionnaire.";
}

words! {
    /// Which annex it is.
    AnnexKind in "annex-kinds" {
        Statement = "statement", "заявление (приложение № 1)", "statement (annex 1)";
        Questionnaire = "questionnaire", "анкета (приложение № 2)", "questionnaire (annex 2)";
        Consent = "consent", "согласие (приложение № 3)", "consent (annex 3)";
    }

    /// What a field takes.
    FieldKind in "annex-field-kinds" {
        Text = "text", "строка", "a line";
        LongText = "long_text", "текст", "a text";
        Date = "date", "дата", "a date";
        YesNo = "yes_no", "да или нет", "yes or no";
        Choice = "choice", "выбор", "a choice";
    }
}

/// One of the answers that a field of choice takes.
#[form]
pub struct AnnexChoice {
    /// Its code, which is the answer.
    pub code: Code,
    /// What people read, in Russian.
    pub label_ru: Title,
    /// What people read, in English.
    pub label_en: Option<Title>,
}

/// A field of an annex.
#[form]
pub struct AnnexField {
    /// Its code, unique in the annex: `{{code}}` stands for it in the text.
    pub code: Code,
    /// What people read, in Russian.
    pub label_ru: Title,
    /// What people read, in English.
    pub label_en: Option<Title>,
    /// What it takes.
    pub kind: FieldKind,
    /// The answers to choose from: exactly when it is a field of choice.
    #[at_most(30)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<AnnexChoice>,
    /// Whether it must be answered.
    #[serde(default)]
    #[schema(default = false)]
    pub required: bool,
}

/// A version of an annex as it is issued. It is never edited; a new version follows it.
#[form]
#[schema(example = json!({"kind": "questionnaire", "effective_from": "2026-01-01", "title": "Анкета кандидата в наставники", "body": "Опыт работы с семьями: {{family_experience}}", "fields": [{"code": "family_experience", "label_ru": "Опыт работы с семьями", "label_en": "Experience with families", "kind": "long_text", "required": true}]}))]
pub struct AnnexForm {
    /// Which annex it is.
    pub kind: AnnexKind,
    /// The first day on which it is filled in.
    pub effective_from: NaiveDate,
    /// Its title.
    pub title: Title,
    /// Its text; `{{code}}` stands for a field.
    pub body: Note,
    /// Its fields, in the order in which people should see them.
    #[at_most(50)]
    pub fields: Vec<AnnexField>,
}

facts! {
    /// A version of an annex was issued.
    AnnexIssued = "annex.issued" about Annex (AnnexId) {
        /// Which annex it is.
        kind: AnnexKind,
        /// Its number among the versions of that annex, from 1.
        number: i32,
        /// The first day on which it is filled in.
        effective_from: NaiveDate,
    }
}

/// A version of an annex as the rules see it.
#[derive(Debug, Clone)]
pub struct Annex {
    /// Its id.
    pub id: AnnexId,
    /// Its number among the versions of that annex, from 1.
    pub number: i32,
    /// What it says.
    pub form: AnnexForm,
}

impl Annex {
    /// Issues the version that follows the previous one of the same annex, or the first.
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
    /// What the form alone says against itself.
    fn judge(&self) -> Vec<Reason> {
        let codes: Vec<&Code> = self.fields.iter().map(|it| &it.code).collect();
        let mut reasons = repeated(&codes, "/fields");
        for (index, field) in self.fields.iter().enumerate() {
            let pointer = format!("/fields/{index}/choices");
            if field.choices.is_empty() == (field.kind == FieldKind::Choice) {
                reasons.push(CHOICES.reason().at(&*pointer));
            }
            let codes: Vec<&Code> = field.choices.iter().map(|it| &it.code).collect();
            reasons.extend(repeated(&codes, &pointer));
        }
        let is_there = |name: &str| codes.iter().any(|it| it.as_str() == name);
        if !placeholders(self.body.as_str()).all(is_there) {
            reasons.push(PLACEHOLDER.reason().at("/body"));
        }
        reasons
    }
}

/// A reason for each code that stands earlier in its list already.
fn repeated(codes: &[&Code], pointer: &str) -> Vec<Reason> {
    let before = |index: usize, it: &Code| codes.iter().take(index).any(|other| *other == it);
    let places = codes.iter().enumerate().filter(|(index, it)| before(*index, it));
    places.map(|(index, _)| REPEATED.reason().at(format!("{pointer}/{index}/code"))).collect()
}

/// What stands between double braces; what is not closed is a name that no field has.
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
