//! Editions of a program's matching rules: weights, thresholds, priorities and mode, in effect from a day.
use super::rules::MatchingRules;
use crate::base::change::{Changed, facts};
use crate::base::entry::editions::Issue;
use crate::base::id::{MatchingRulesId, ProgramId};
use crate::base::refusal::{Refused, rules};
use crate::region::programs::{EditionDifference, differences, members};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    BEFORE_PREVIOUS = "matching_rules.before_previous", Content, ours, "Новые правила не могут вступить в силу раньше предыдущих.", "New rules cannot come into effect before the previous ones.";
    OTHER_PROGRAM = "matching_rules.other_program", Content, ours, "Это правила другой программы.", "These are the rules of another program.";
}

facts! {
    /// An edition of the matching rules was issued.
    MatchingRulesIssued = "matching_rules.issued",
        "Правила подбора выпущены[, редакция № {number}][, действуют с {effective_from}]",
        "The rules of matching were issued[, edition {number}][, in force from {effective_from}]"
        about MatchingRules (MatchingRulesId) {
        /// The program.
        program_id: ProgramId,
        /// The number among the editions of the program's rules, from 1.
        number: i32,
        /// The first day on which rounds use this edition.
        effective_from: NaiveDate,
    }
}

/// An edition of the matching rules. It is never edited; a change is a new edition.
#[form]
#[schema(example = json!({"effective_from": "2026-03-01", "rules": {"mode": "coverage_first", "weights": {"interests": 300, "needs": 250, "hours": 150, "proximity": 150, "age": 100, "languages": 50}, "hours_needed": 2, "hours_enough": 4, "least_age_gap_years": 4, "best_age_gap_years": 18, "age_gap_tolerance_years": 30, "longest_way_km": 70, "waiting_days": [60, 180, 365]}}))]
pub struct MatchingRulesForm {
    /// The first day on which rounds use this edition.
    pub effective_from: NaiveDate,
    /// The rules.
    pub rules: MatchingRules,
}

/// An edition of the matching rules, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchingRulesEdition {
    /// The id of the edition of the rules.
    pub id: MatchingRulesId,
    /// The program.
    pub program_id: ProgramId,
    /// The number among the editions of the program's rules, from 1.
    pub number: i32,
    /// The content of the edition.
    pub form: MatchingRulesForm,
}

members! {
    "/effective_from", ours, "первый день действия", "first day in effect";
    "/rules/mode", ours, "режим подбора", "mode of matching";
    "/rules/weights/interests", ours, "вес общих интересов", "weight of shared interests";
    "/rules/weights/needs", ours, "вес потребностей и умений", "weight of needs and skills";
    "/rules/weights/hours", ours, "вес общего времени", "weight of common hours";
    "/rules/weights/proximity", ours, "вес близости", "weight of proximity";
    "/rules/weights/age", "002 §3.8", "вес разницы в возрасте", "weight of the difference in age";
    "/rules/weights/languages", ours, "вес общих языков", "weight of common languages";
    "/rules/hours_needed", ours, "сколько общего времени необходимо", "common hours needed";
    "/rules/hours_enough", ours, "сколько общего времени достаточно", "common hours that are enough";
    "/rules/least_age_gap_years", "002 §3.8", "наименьшая разница в возрасте, лет", "least difference in age, years";
    "/rules/best_age_gap_years", "002 §3.8", "лучшая разница в возрасте, лет", "best difference in age, years";
    "/rules/age_gap_tolerance_years", "002 §3.8", "допуск разницы в возрасте, лет", "tolerance of the difference in age, years";
    "/rules/longest_way_km", ours, "наибольшее расстояние, км", "longest distance, km";
    "/rules/waiting_days", ours, "сроки ожидания, повышающие очередность", "days of waiting that raise the priority";
    "/rules/specialist_answer", ours, "нужен ответ специалиста", "an acceptance of the specialist is needed";
    "/rules/shown_before_consent", "002 §3.7", "что сообщают сторонам до согласия", "criteria whose data the sides see before the consent";
}

impl MatchingRulesEdition {
    /// Issues the next edition. `previous` is the latest one, if there is one.
    pub fn issue(
        id: MatchingRulesId,
        program_id: ProgramId,
        previous: Option<&Self>,
        form: &MatchingRulesForm,
    ) -> Result<Changed<Self>, Refused> {
        let (Issue { number, effective_from }, early) =
            Issue::after(previous.map(Self::place), form.effective_from, &BEFORE_PREVIOUS);
        let mut reasons = Vec::new();
        reasons.extend(early);
        if let Err(refused) = form.rules.judge() {
            reasons.extend(refused.reasons().iter().cloned().map(|it| it.under("/rules")));
        }
        Refused::unless_empty(reasons)?;
        let fact = MatchingRulesIssued { id, program_id, number, effective_from };
        Ok(Changed::new(Self { id, program_id, number, form: form.clone() }, fact))
    }

    fn place(&self) -> Issue {
        Issue { number: self.number, effective_from: self.form.effective_from }
    }
    /// The members in which the two editions differ, in the order of the form. Refuses editions of different programs.
    pub fn compare(&self, with: &Self) -> Result<Vec<EditionDifference>, Refused> {
        if self.program_id != with.program_id {
            return Err(OTHER_PROGRAM.reason().at("/with").into());
        }
        Ok(differences(MEMBERS, &self.form, &with.form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::matching::WEIGHTS;

    fn edition(
        previous: Option<&MatchingRulesEdition>,
        form: &MatchingRulesForm,
    ) -> Result<MatchingRulesEdition, Refused> {
        let id = |it| uuid::Uuid::from_u128(it);
        let issued = MatchingRulesEdition::issue(id(1).into(), id(2).into(), previous, form)?;
        Ok(issued.into_parts().0)
    }

    #[test]
    fn the_example_of_the_contract_is_an_edition_and_the_next_one_tells_what_differs() {
        let form: MatchingRulesForm = examples::of();
        let first = edition(None, &form).unwrap();
        let rules = MatchingRules { hours_needed: 3, ..form.rules.clone() };
        let later = MatchingRulesForm { rules, ..form.clone() };
        let second = edition(Some(&first), &later).unwrap();
        assert_eq!((first.number, second.number), (1, 2));
        let told: Vec<_> = first.compare(&second).unwrap().into_iter().map(|it| it.pointer).collect();
        assert_eq!(told, ["/rules/hours_needed"]);
    }

    #[test]
    fn rules_do_not_go_back_in_time_nor_contradict_themselves() {
        let form: MatchingRulesForm = examples::of();
        let first = edition(None, &form).unwrap();
        let mut wrong = form.clone();
        wrong.effective_from = form.effective_from.pred_opt().unwrap();
        wrong.rules.weights.interests = 301;
        let refused = edition(Some(&first), &wrong).unwrap_err();
        let told: Vec<_> =
            refused.reasons().iter().map(|it| (it.rule, it.pointer.as_deref().unwrap_or_default())).collect();
        assert_eq!(told, [(&BEFORE_PREVIOUS, "/effective_from"), (&WEIGHTS, "/rules/weights")]);
    }

    #[test]
    fn every_member_of_the_rules_can_be_compared() {
        let form = serde_json::to_value(examples::of::<MatchingRulesForm>()).unwrap();
        let known = |pointer: &str| MEMBERS.iter().any(|it| it.pointer == pointer);
        for (name, value) in form["rules"].as_object().unwrap() {
            match value.as_object() {
                Some(parts) => {
                    parts.keys().for_each(|it| assert!(known(&format!("/rules/{name}/{it}")), "{it}"))
                }
                None => assert!(known(&format!("/rules/{name}")), "{name}"),
            }
        }
    }
}
