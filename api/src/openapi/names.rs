//! Names beside ids in the contract, by the rule of `http::naming`: a card with `mentor_id` has `mentor_name` too.
use super::schemas::referred;
use crate::http::naming::name_of;
use domain::base::change::SubjectKind;
use domain::base::id::kind_of;
use persistence::registry::has_names;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The schemas that requests send, with all that they refer to. They are forms, and have no names.
pub(super) fn sent(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flatten().filter_map(|it| it.1.as_object());
    let mut open: Vec<String> = Vec::new();
    for operation in operations.flatten().map(|it| it.1) {
        references(&operation["requestBody"], &mut open);
    }
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            references(&document["components"]["schemas"][name.as_str()], &mut open);
        }
    }
    found
}

fn references(it: &Value, all: &mut Vec<String>) {
    match it {
        Value::Object(members) => {
            all.extend(members.get("$ref").and_then(referred).map(str::to_owned));
            members.values().for_each(|it| references(it, all));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, all)),
        _ => {}
    }
}

/// Adds the name beside each id of a thing that has one.
pub(super) fn add(schemas: &mut Map<String, Value>, sent: &BTreeSet<String>) {
    for (_, schema) in schemas.iter_mut().filter(|it| !sent.contains(it.0)) {
        let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        let found = members.iter().filter_map(|(member, it)| {
            let kind = it.get("$ref").and_then(referred).and_then(kind_of).filter(|it| has_names(*it))?;
            Some((name_of(member)?, named(member, kind)))
        });
        for (name, member) in found.collect::<Vec<_>>() {
            members.entry(name).or_insert(member);
        }
    }
}

fn named(member: &str, kind: SubjectKind) -> Value {
    json!({"type": "string", "maxLength": 1500, "examples": [example(kind)],
        "description": format!("The name of `{member}`; absent if the caller may not see that.")})
}

fn example(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Organization => "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»",
        SubjectKind::Program => "Семейное наставничество",
        SubjectKind::Edition | SubjectKind::MatchingRules => "№ 2, 2026-01-01",
        SubjectKind::Annex => "согласие (приложение № 3), № 1",
        SubjectKind::File => "приказ.pdf",
        SubjectKind::Course => "Школа наставника: базовый курс",
        SubjectKind::JointActivity => "Поход на Байкал",
        SubjectKind::Meeting | SubjectKind::MatchingRound | SubjectKind::IntakeRequest => "2026-03-14",
        SubjectKind::Task => "Собрать документы",
        SubjectKind::StockItem => "Продуктовый набор",
        SubjectKind::DocumentAssistance => "2026-02-20",
        SubjectKind::GroupMeeting => "Как готовить обед",
        SubjectKind::Plan => "индивидуальный маршрут сопровождения, 2026-02-20",
        SubjectKind::PlanVersion => "индивидуальный маршрут сопровождения, № 2",
        SubjectKind::Consilium => "№ 5, 2026-03-14",
        SubjectKind::Stay => "2026-03-14 — 2026-04-17",
        SubjectKind::LivingEnrolment => "Школа самостоятельной жизни, 2026-03-14",
        SubjectKind::Assessment => "готовность к самостоятельной жизни, 2026-03-14",
        SubjectKind::Consent => "направление в другую организацию, по 2027-03-14",
        SubjectKind::CaseProblem => "жилищные трудности, 2026-03-14",
        SubjectKind::EmergencyAid => "временное жильё, 2026-03-14",
        SubjectKind::RegisterEntry => "№ 2838",
        SubjectKind::Request => "консультация, 2026-03-14",
        SubjectKind::Job => "подбор",
        SubjectKind::Mentorship => "Белов Пётр Ильич — Морозова Алёна Сергеевна",
        SubjectKind::Mentor => "Белов Пётр Ильич",
        SubjectKind::User => "Петрова Елена Викторовна",
        _ => "Морозова Алёна Сергеевна",
    }
}
