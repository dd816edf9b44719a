//! Clauses: rules over several members of a form, and the reasons behind the errors of a form.
use crate::base::refusal::{Reason, Rule};
use crate::base::text::{self, Note};
use crate::base::word::{Demand, Word};
use serde_json::Value;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

/// The parameter of an error with the broken clauses.
const CLAUSES: &str = "clauses";
/// The parameter of a reason with the pointers of the other members that its rule is about.
pub const WITH: &str = "with";

/// A rule over several members of a form. Its refusal points at the first of them, and the parameter `with` names the others.
#[derive(Debug)]
pub struct Clause {
    is_broken: bool,
    rule: &'static Rule,
    members: &'static [&'static str],
}

/// The clause that the members do not contradict each other.
pub fn clash(is_broken: bool, members: &'static [&'static str]) -> Clause {
    Clause { is_broken, rule: &text::BOTH, members }
}

/// The clause that the first member is there when the others ask for it.
pub fn lack(is_broken: bool, members: &'static [&'static str]) -> Clause {
    Clause { is_broken, rule: &text::MISSING, members }
}

/// The clause that `note` is there when the word of `reason` demands it, such as `other`.
pub fn unexplained(reason: impl Word, note: Option<&Note>) -> Clause {
    lack(reason.demands().contains(&Demand::Text) && note.is_none(), &["note", "reason"])
}

/// The clause that the first member is written in the way that the others ask for.
pub(crate) fn misfit(is_broken: bool, members: &'static [&'static str]) -> Clause {
    Clause { is_broken, rule: &text::FORMAT, members }
}

/// Refuses with every broken clause at once, for `#[validate(schema(function = …))]`.
///
/// # Errors
/// At least one clause is broken.
pub fn all_hold(clauses: impl IntoIterator<Item = Clause>) -> Result<(), ValidationError> {
    let broken = clauses.into_iter().filter(|it| it.is_broken);
    let broken: Vec<Vec<&str>> =
        broken.map(|it| std::iter::once(it.rule.code).chain(it.members.iter().copied()).collect()).collect();
    if broken.is_empty() {
        return Ok(());
    }
    let mut error = ValidationError::new(text::BOTH.code);
    error.add_param(CLAUSES.into(), &broken);
    Err(error)
}

/// Converts the errors of a form to reasons, each with the JSON pointer of its member.
pub fn reasons(errors: &ValidationErrors) -> Vec<Reason> {
    let mut all = Vec::new();
    collect(errors, "", &mut all);
    all.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    all.dedup();
    all
}

fn collect(errors: &ValidationErrors, path: &str, all: &mut Vec<Reason>) {
    for (field, kind) in errors.errors() {
        let here =
            if field.is_empty() || field == "__all__" { path.to_owned() } else { format!("{path}/{field}") };
        match kind {
            ValidationErrorsKind::Field(found) => all.extend(found.iter().flat_map(|it| told(it, &here))),
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, all),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{here}/{index}"), all);
                }
            }
        }
    }
}

/// The reasons behind an error: one, or one for each broken clause.
fn told(error: &ValidationError, here: &str) -> Vec<Reason> {
    match error.params.get(CLAUSES).and_then(Value::as_array) {
        Some(clauses) => clauses.iter().filter_map(|it| of_clause(it, here)).collect(),
        None => vec![reason(error, here)],
    }
}

fn of_clause(clause: &Value, here: &str) -> Option<Reason> {
    let mut parts = clause.as_array()?.iter().filter_map(Value::as_str);
    let rule = rule_of(parts.next()?);
    let mut members = parts.map(|it| format!("{here}/{it}"));
    let reason = rule.reason().at(members.next()?);
    let others: Vec<String> = members.collect();
    Some(if others.is_empty() { reason } else { reason.with(WITH, others.join(", ")) })
}

fn rule_of(code: &str) -> &'static Rule {
    text::RULES.iter().copied().find(|it| it.code == code).unwrap_or(&text::FORMAT)
}

fn reason(error: &ValidationError, pointer: &str) -> Reason {
    let rule = match error.code.as_ref() {
        "length" => &text::LENGTH,
        "range" => &text::RANGE,
        code => rule_of(code),
    };
    let figures = error.params.iter().filter(|(name, _)| name.as_ref() != "value");
    figures.fold(rule.reason().at(pointer), |it, (name, value)| it.with(name, value))
}
