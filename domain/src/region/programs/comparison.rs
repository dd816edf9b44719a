//! The comparison of two editions of a program: the members that differ, each with its paragraph of the source.
use super::{Edition, OTHER_PROGRAM};
use crate::base::refusal::Refused;
use serde::Serialize;
use serde_json::Value;
use shape::card;

/// A member in which two editions differ.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct EditionDifference {
    /// The JSON pointer of the member in the form of an edition.
    #[schema(max_length = 100, example = "/completion/max_months")]
    pub pointer: &'static str,
    /// The value in the first edition: a text as it is, any other value as JSON. Absent: that edition has no value.
    #[schema(max_length = 10_000, example = "12")]
    pub before: Option<String>,
    /// The value in the second edition, in the same format.
    #[schema(max_length = 10_000, example = "9")]
    pub after: Option<String>,
    /// The paragraph of the source for this member. Absent: the member is our own.
    #[schema(max_length = 64, example = "002 §3.8")]
    pub rule: Option<&'static str>,
    /// The name of the member in Russian.
    #[schema(max_length = 300, example = "наибольший срок, месяцев")]
    pub ru: &'static str,
    /// The name of the member in English.
    #[schema(max_length = 300, example = "longest term, months")]
    pub en: &'static str,
}

/// A member of a form with editions, as the comparison shows it.
pub(crate) struct Member {
    pub(crate) pointer: &'static str,
    pub(crate) rule: Option<&'static str>,
    pub(crate) ru: &'static str,
    pub(crate) en: &'static str,
}

/// Each list is one member; an object is compared member by member.
macro_rules! members {
    ($($pointer:literal, $($rule:literal)? $(ours)?, $ru:literal, $en:literal;)+) => {
        static MEMBERS: &[$crate::region::programs::Member] = &[$($crate::region::programs::Member {
            pointer: $pointer,
            rule: crate::base::refusal::paragraph(&[$($rule)?]),
            ru: $ru,
            en: $en,
        }),+];
    };
}
pub(crate) use members;

members! {
    "/title", "002", "наименование положения", "name of the regulation";
    "/decree/number", "002", "номер приказа об утверждении", "number of the decree";
    "/decree/date", "002", "дата приказа об утверждении", "date of the decree";
    "/organization_id", "002", "утвердившая организация", "organization that approved the regulation";
    "/effective_from", ours, "первый день действия", "first day in force";
    "/serves", "002 §1.2", "кому служит программа", "audience of the program";
    "/work_kinds", "002 §1.4", "виды деятельности", "kinds of work";
    "/age_min_years", "001 L36", "возраст, с которого участвуют", "least age of a participant";
    "/age_max_years", "001 L36", "возраст, до которого участвуют", "age that a participant has not reached";
    "/requires_open_case", "002 §3.1", "нужен открытый случай сопровождения", "an open case is required";
    "/requires_minor_children", "002 §1.2", "нужны несовершеннолетние дети", "minor children are required";
    "/completion/kind", "002 §3.8", "чем завершается наставничество", "kind of completion of a mentorship";
    "/completion/meetings", "001 L40", "число встреч", "number of meetings";
    "/completion/max_months", "002 §3.8", "наибольший срок, месяцев", "longest term, months";
    "/life_plan_required", "001 L40", "нужен новый жизненный план", "a new life plan is needed";
    "/extendable", "002 §3.9", "можно продлить", "may be extended";
    "/max_extension_months", "002 §3.9", "наибольшее продление, месяцев", "longest extension, months";
    "/max_extensions", "002 §3.9", "сколько раз можно продлить", "greatest number of extensions";
    "/extension_document_required", "002 §3.9", "к продлению нужен документ", "an extension needs its document";
    "/long_absence_days", "002 §3.10.3", "дней без контактов, с которых отсутствие продолжительно", "days without contact from which an absence is long";
    "/mentor/minimum_age_years", "002 §3.5", "возраст, с которого можно быть наставником", "least age of a mentor";
    "/mentor/residence_required", "002 §3.5", "наставник живёт на территории муниципального образования", "the mentor lives in the municipality";
    "/mentor/organization_kinds", "002 §3.5", "виды организаций, которые представляют наставники", "kinds of organization that mentors represent";
    "/mentor/required_course_codes", "000 L59", "обязательные учебные курсы", "required training courses";
    "/mentor/required_documents", "002 §3.6", "обязательные документы", "required documents";
    "/mentor/assess_requirements", "002 §2.2.1", "оцениваются требования к наставнику", "the requirements for a mentor are assessed";
    "/consents/recipient_from_years", "002 §3.7", "возраст, с которого подопечный подписывает согласие", "age from which the recipient signs";
    "/consents/representative_until_years", "002 §3.7", "возраст, до которого подписывает представитель", "age up to which a representative signs";
    "/consent_needed", "002 §3.7", "нужно согласие получателя", "the recipient's consent is needed";
    "/review_deadline_days", "002 §3.7", "срок рассмотрения заявления, дней", "deadline for applications, days";
    "/contact_deadline_days", ours, "дней без встречи, после которых пара требует внимания", "days without a meeting after which a pair needs attention";
    "/proposal_deadline_days", ours, "дней, после которых неначатое наставничество отпадает", "deadline for the beginning of a mentorship, days";
    "/mentor_contacts", ours, "контакты, которые видит наставник", "contacts that a mentor is given";
    "/mentor_capacity", ours, "наставничеств у одного наставника одновременно", "mentorships of one mentor at a time";
}

impl Edition {
    /// The members in which the two editions differ, in the order of the form. Refuses editions of different programs.
    pub fn compare(&self, with: &Self) -> Result<Vec<EditionDifference>, Refused> {
        if self.program_id != with.program_id {
            return Err(OTHER_PROGRAM.reason().at("/with").into());
        }
        Ok(differences(MEMBERS, &self.form, &with.form))
    }
}

/// The members in which two forms differ, in the order of the table.
pub(crate) fn differences<F: Serialize>(
    members: &'static [Member],
    before: &F,
    after: &F,
) -> Vec<EditionDifference> {
    let value = |it: &F| serde_json::to_value(it).unwrap_or(Value::Null);
    let (before, after) = (value(before), value(after));
    let difference = |it: &'static Member| {
        let (before, after) = (before.pointer(it.pointer), after.pointer(it.pointer));
        (before != after).then(|| EditionDifference {
            pointer: it.pointer,
            before: before.map(text),
            after: after.map(text),
            rule: it.rule,
            ru: it.ru,
            en: it.en,
        })
    };
    members.iter().filter_map(difference).collect()
}

/// Characters of a value that a comparison shows at most.
const LONGEST: usize = 10_000;

fn text(it: &Value) -> String {
    it.as_str().map_or_else(|| it.to_string(), str::to_owned).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Completion, CompletionKind, EditionForm, Serves, WorkKind, shipped};
    use super::*;
    use crate::base::decree::Decree;
    use crate::base::id::ProgramId;
    use crate::base::text::{OrderNumber, Title};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn edition(program: u128, form: EditionForm) -> Edition {
        let id = |it| uuid::Uuid::from_u128(it);
        Edition { id: id(1).into(), program_id: ProgramId::from(id(program)), number: 1, form }
    }
    /// The pointers to all values; a list counts as one value.
    fn pointers(it: &Value, path: &str) -> BTreeSet<String> {
        match it {
            Value::Object(members) => {
                members.iter().flat_map(|(name, it)| pointers(it, &format!("{path}/{name}"))).collect()
            }
            _ => BTreeSet::from([path.to_owned()]),
        }
    }
    fn family() -> EditionForm {
        shipped().remove(0).1
    }
    fn told(before: &EditionForm, after: &EditionForm) -> Vec<&'static str> {
        differences(MEMBERS, before, after).iter().map(|it| it.pointer).collect()
    }

    #[test]
    fn every_member_of_an_edition_is_known_by_its_pointer() {
        let whole = EditionForm {
            title: Some(Title::new("Положение")),
            decree: Decree::of(Some(OrderNumber::new("1")), "2026-01-01".parse().ok()),
            organization_id: Some(uuid::Uuid::nil().into()),
            max_extensions: Some(2),
            completion: Completion {
                kind: CompletionKind::Meetings,
                meetings: Some(6),
                max_months: Some(12),
            },
            ..family()
        };
        let known: BTreeSet<String> = MEMBERS.iter().map(|it| it.pointer.to_owned()).collect();
        assert_eq!(pointers(&serde_json::to_value(whole).unwrap(), ""), known);
        assert_eq!(known.len(), MEMBERS.len(), "none stands twice");
    }

    #[test]
    fn each_difference_tells_both_texts_and_the_paragraph() {
        let mut later = family();
        later.completion.max_months = Some(9);
        later.title = None;
        later.mentor.organization_kinds = Vec::new();
        let all = differences(MEMBERS, &family(), &later);
        let term = all.iter().find(|it| it.pointer == "/completion/max_months").unwrap();
        assert_eq!(
            (term.before.as_deref(), term.after.as_deref(), term.rule),
            (Some("12"), Some("9"), Some("002 §3.8"))
        );
        assert_eq!((all[0].pointer, all[0].after.as_deref()), ("/title", None));
        assert_eq!((all[2].before.as_deref(), all[2].after.as_deref()), (Some("[\"ngo\"]"), Some("[]")));
    }

    #[test]
    fn editions_of_different_programs_are_not_compared() {
        let refused = edition(1, family()).compare(&edition(2, family())).unwrap_err();
        assert_eq!(refused.reasons()[0].rule, &OTHER_PROGRAM);
        assert_eq!(edition(1, family()).compare(&edition(1, family())), Ok(vec![]));
    }

    type Change = (&'static str, fn(&mut EditionForm));

    /// An edition in which these members differ from the shipped one.
    fn changed(which: &[bool; 8]) -> (EditionForm, Vec<&'static str>) {
        let mut form = family();
        let mut pointers = Vec::new();
        let changes: [Change; 8] = [
            ("/serves", |it| it.serves = Serves::Person),
            ("/work_kinds", |it| it.work_kinds = vec![WorkKind::Preventive]),
            ("/completion/kind", |it| it.completion.kind = CompletionKind::Meetings),
            ("/completion/meetings", |it| it.completion.meetings = Some(6)),
            ("/mentor/minimum_age_years", |it| it.mentor.minimum_age_years = 21),
            ("/mentor/required_documents", |it| it.mentor.required_documents = Vec::new()),
            ("/consents/recipient_from_years", |it| it.consents.recipient_from_years = 15),
            ("/mentor_capacity", |it| it.mentor_capacity = 3),
        ];
        for ((pointer, change), _) in changes.into_iter().zip(which).filter(|(_, it)| **it) {
            change(&mut form);
            pointers.push(pointer);
        }
        (form, pointers)
    }

    proptest! {
        #[test]
        fn an_edition_does_not_differ_from_itself(which: [bool; 8]) {
            let (form, _) = changed(&which);
            prop_assert_eq!(told(&form, &form), Vec::<&str>::new());
        }
        #[test]
        fn every_changed_member_is_told_once_from_either_side(which: [bool; 8]) {
            let (form, pointers) = changed(&which);
            prop_assert_eq!(&told(&family(), &form), &pointers);
            prop_assert_eq!(&told(&form, &family()), &pointers);
        }
    }
}
