//! Answers to the fields of an annex, checked against the version that was filled in.
use super::{ANSWER_MISSING, ANSWER_WRONG, ANSWERED_TWICE, Annex, AnnexField, FIELD_UNKNOWN, FieldKind};
use crate::base::refusal::Reason;
use crate::base::text::{Code, Note, Title, repeats};
use crate::base::word::Word;
use crate::base::written::Written;
use shape::form;
use validator::Validate;

/// An answer to a field of an annex.
#[form]
#[schema(example = json!({"field": "family_experience", "value": "Пять лет вела группу матерей."}))]
pub struct AnnexAnswer {
    /// The code of the field.
    pub field: Code,
    /// The answer: a text, a date such as `2026-03-01`, `yes` or `no`, a number such as `12.5`, the code of a
    /// choice, or several codes with commas between them. The kind of the field decides.
    pub value: Note,
}

impl Annex {
    /// All errors in the answers. `pointer` is the JSON pointer of the list of answers.
    pub fn judge(&self, answers: &[AnnexAnswer], pointer: &str) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (index, answer) in answers.iter().enumerate() {
            let Some(field) = self.form.fields.iter().find(|it| it.code == answer.field) else {
                reasons.push(FIELD_UNKNOWN.reason().at(format!("{pointer}/{index}/field")));
                continue;
            };
            if answers.iter().take(index).any(|it| it.field == answer.field) {
                reasons.push(ANSWERED_TWICE.reason().at(format!("{pointer}/{index}/field")));
            }
            if !field.takes(&answer.value) {
                let reason = ANSWER_WRONG.reason().at(format!("{pointer}/{index}/value"));
                reasons.push(reason.with("kind", field.kind.code()));
            }
        }
        let is_missing = |it: &&AnnexField| it.required && answers.iter().all(|given| given.field != it.code);
        let missing = self.form.fields.iter().filter(is_missing);
        reasons.extend(missing.map(|it| ANSWER_MISSING.reason().at(pointer).with("field", &it.code)));
        reasons
    }
}

impl AnnexField {
    /// Whether the value is an answer to the field.
    pub(crate) fn takes(&self, value: &Note) -> bool {
        let text = value.as_str();
        let has = |code: &str| self.choices.iter().any(|it| it.code.as_str() == code);
        match self.kind {
            FieldKind::Text => Title::new(text).validate().is_ok(),
            FieldKind::LongText => true,
            FieldKind::Date => Written::Day.against(text).is_none(),
            FieldKind::YesNo => matches!(text, "yes" | "no"),
            FieldKind::Choice => has(text),
            FieldKind::Choices => {
                let chosen: Vec<&str> = text.split(',').map(str::trim).collect();
                !repeats(&chosen) && chosen.into_iter().all(has)
            }
            FieldKind::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AnnexChoice, AnnexForm};
    use super::*;
    use proptest::prelude::*;

    fn field(code: &str, kind: FieldKind, required: bool) -> AnnexField {
        let choice =
            |code| AnnexChoice { code: Code::new(code), label_ru: Title::new("…"), label_en: None };
        let choices =
            if kind == FieldKind::Choice { vec![choice("higher"), choice("school")] } else { vec![] };
        AnnexField {
            code: Code::new(code),
            label_ru: Title::new("…"),
            label_en: None,
            kind,
            choices,
            required,
        }
    }
    fn annex() -> Annex {
        let fields = vec![
            field("line", FieldKind::Text, false),
            field("words", FieldKind::LongText, false),
            field("born", FieldKind::Date, true),
            field("children", FieldKind::YesNo, true),
            field("education", FieldKind::Choice, false),
        ];
        Annex { id: uuid::Uuid::nil().into(), number: 1, form: AnnexForm { fields, ..crate::examples::of() } }
    }
    fn told(answers: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let answer =
            |(field, value): &(&str, &str)| AnnexAnswer { field: Code::new(field), value: Note::new(value) };
        let answers: Vec<AnnexAnswer> = answers.iter().map(answer).collect();
        let reasons = annex().judge(&answers, "/answers");
        reasons.iter().map(|it| (it.rule.code, it.pointer.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn everything_wrong_with_answers_is_told_at_once() {
        let answers = [
            ("line", "строка\nи ещё строка"),
            ("born", "вчера"),
            ("born", "+2000- 2- 3"),
            ("education", "none"),
            ("shoe-size", "42"),
        ];
        assert_eq!(
            told(&answers),
            [
                ("annex.wrong_answer", "/answers/0/value".to_owned()),
                ("annex.wrong_answer", "/answers/1/value".to_owned()),
                ("annex.answered_twice", "/answers/2/field".to_owned()),
                ("annex.wrong_answer", "/answers/2/value".to_owned()),
                ("annex.wrong_answer", "/answers/3/value".to_owned()),
                ("annex.unknown_field", "/answers/4/field".to_owned()),
                ("annex.answer_missing", "/answers".to_owned()),
            ]
        );
    }

    #[test]
    fn whole_answers_pass() {
        assert_eq!(told(&[("born", "2000-02-29"), ("children", "no")]), []);
        let all = [
            ("line", "строка"),
            ("words", "строка\nи ещё строка"),
            ("born", "2000-02-29"),
            ("children", "yes"),
            ("education", "higher"),
        ];
        assert_eq!(told(&all), []);
    }

    proptest! {
        #[test]
        fn a_required_field_is_missed_exactly_when_it_is_not_answered(given: [bool; 5]) {
            let all = [("line", "а"), ("words", "б"), ("born", "2000-01-01"), ("children", "yes"), ("education", "school")];
            let answers: Vec<_> = all.into_iter().zip(given).filter(|(_, it)| *it).map(|(it, _)| it).collect();
            let missing = usize::from(!given[2]) + usize::from(!given[3]);
            prop_assert_eq!(told(&answers).len(), missing);
        }
    }
}
