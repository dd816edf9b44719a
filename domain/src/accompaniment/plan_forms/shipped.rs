//! The forms of plans shipped with the product. Their sections are ours, after what the sources name.
//!
//! The form of the development and placement plan by the order № 241 of the Ministry of Education was not read: the shipped one is ours,
//! and its title says so. The institution issues an edition of its own where it has to follow that form.
use super::{PlanApprover, PlanKind, PlanLayout, PlanSection};
use crate::base::text::{Code, Title};
use crate::region::annexes::{AnnexField, FieldKind};
use crate::region::programs::REGULATION;

/// A section: its code, its labels, and whether it is required, has to have a goal, and is read by the mentor.
type Told = (&'static str, &'static str, &'static str, bool, bool, bool);

fn layout(kind: PlanKind, title: &str, approvers: &[PlanApprover], sections: &[Told]) -> PlanLayout {
    PlanLayout {
        kind,
        effective_from: REGULATION,
        title: Title::new(title),
        review_months: 6,
        approvers: approvers.to_vec(),
        self_approval: false,
        sections: sections.iter().copied().map(section).collect(),
    }
}

fn section((code, ru, en, required, goals_required, for_mentor): Told) -> PlanSection {
    let notes = AnnexField {
        code: Code::new("notes"),
        label_ru: Title::new("Положение дел"),
        label_en: Some(Title::new("Present situation")),
        kind: FieldKind::LongText,
        choices: Vec::new(),
        required: false,
    };
    PlanSection {
        code: Code::new(code),
        label_ru: Title::new(ru),
        label_en: Some(Title::new(en)),
        required,
        goals_required,
        for_person: true,
        for_mentor,
        part: None,
        fields: vec![notes],
    }
}

/// The forms of all kinds of plans, each in its first edition.
pub fn shipped() -> Vec<PlanLayout> {
    use PlanApprover::{Commission, Consilium, Director, Guardianship, Person, Specialist, UnitHead};
    vec![
        layout(PlanKind::Route, "Индивидуальный маршрут сопровождения", &[Consilium], ROUTE),
        layout(
            PlanKind::DevelopmentPlacement,
            "Индивидуальный план развития и жизнеустройства (форма продукта; форма приказа № 241 с ней не сверена)",
            &[Director, Guardianship],
            DEVELOPMENT,
        ),
        layout(PlanKind::Corrective, "Индивидуальная корректирующая программа", &[UnitHead], CORRECTIVE),
        layout(PlanKind::Trajectory, "Траектория развития, занятости", &[UnitHead], TRAJECTORY),
        layout(
            PlanKind::EducationRoute,
            "Индивидуальный образовательный маршрут",
            &[Specialist, Person],
            EDUCATION,
        ),
        layout(PlanKind::LifePlan, "Жизненный план", &[Specialist, Person], LIFE),
        layout(
            PlanKind::Prevention,
            "Программа индивидуальной профилактической работы",
            &[Director, Commission],
            PREVENTION,
        ),
    ]
}

const ROUTE: &[Told] = &[
    ("situation", "Текущее положение", "Current situation", true, false, false),
    ("wishes", "Пожелания", "Wishes", true, false, true),
    ("housing", "Жильё", "Housing", false, false, false),
    ("study_work", "Учёба и работа", "Study and work", false, true, true),
    ("health", "Здоровье", "Health", false, false, false),
    ("money_documents", "Деньги и документы", "Money and documents", false, false, false),
    ("circle", "Круг поддержки", "Circle of support", false, false, true),
    ("services", "Услуги", "Services", false, false, false),
];
const DEVELOPMENT: &[Told] = &[
    ("rights", "Права и интересы", "Rights and interests", true, false, false),
    ("family_placement", "Семейное устройство", "Family placement", true, false, false),
    ("kin", "Родственники", "Kin", false, false, false),
    ("health", "Здоровье", "Health", true, false, false),
    ("education", "Образование", "Education", true, false, true),
    ("development", "Развитие", "Development", false, true, true),
    (
        "independence",
        "Подготовка к самостоятельной жизни",
        "Preparation for independent life",
        false,
        false,
        true,
    ),
    ("after_leaving", "После выпуска", "After leaving", false, false, false),
];
const CORRECTIVE: &[Told] = &[
    ("personality", "Личность и образ жизни", "Personality and way of life", true, false, false),
    ("difficulties", "Трудности", "Difficulties", true, false, false),
    ("measures", "Коррекционная работа", "Corrective work", false, true, true),
];
const TRAJECTORY: &[Told] = &[
    ("interests", "Интересы и склонности", "Interests and inclinations", true, false, true),
    ("development", "Развитие", "Development", false, true, true),
    ("employment", "Занятость", "Employment", false, false, true),
];
const EDUCATION: &[Told] = &[
    ("level", "Уровень образования", "Level of education", true, false, true),
    ("choice", "Профессия и учебное заведение", "Profession and institution", true, true, true),
    ("support", "Поддержка в учёбе", "Support in studies", false, false, true),
];
const LIFE: &[Told] = &[
    ("dreams", "Чего я хочу", "What I want", false, false, true),
    ("employment", "Трудоустройство", "Employment", true, false, true),
    ("vocational_education", "Профессиональное образование", "Vocational education", true, false, true),
    ("housing", "Жильё", "Housing", false, false, true),
    ("family", "Семья и близкие", "Family and friends", false, false, true),
    ("health", "Здоровье", "Health", false, false, true),
];
const PREVENTION: &[Told] = &[
    ("grounds", "Основания", "Grounds", true, false, false),
    ("measures", "Мероприятия", "Measures", false, true, false),
    ("parties", "Кто участвует", "Parties", false, false, false),
];
