//! The programme of the region shipped with the product. Its texts and hours are ours; a region issues its own edition.
use super::{LivingModule, LivingProgrammeForm};
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::text::{Code, Note, Title};
use crate::region::programs::REGULATION;

/// The programme of independent living of a region, in its first edition.
pub fn shipped() -> LivingProgrammeForm {
    use LifeDomain::{Health, Household, Housing, Law, Money, Relations, SelfReliance, StudyWork};
    LivingProgrammeForm {
        effective_from: REGULATION,
        name: Title::new("Подготовка к самостоятельной жизни"),
        organization_id: None,
        modules: vec![
            module(
                "household",
                "Быт и питание",
                Household,
                24,
                14,
                "Ведёт хозяйство и готовит на каждый день.",
            ),
            module("money", "Деньги и покупки", Money, 16, 14, "Планирует расходы и платит в срок."),
            module(
                "housing",
                "Жильё и соседи",
                Housing,
                12,
                16,
                "Знает договор найма, платежи и правила дома.",
            ),
            module("health", "Здоровье", Health, 12, 14, "Обращается к врачу и бережёт здоровье."),
            module("study-work", "Учёба и работа", StudyWork, 20, 14, "Выбирает профессию и ищет работу."),
            module("law", "Права и документы", Law, 16, 14, "Хранит документы и пользуется правами."),
            module(
                "relations",
                "Общение и близкие",
                Relations,
                16,
                14,
                "Держит связь с близкими и разрешает ссоры.",
            ),
            module(
                "self-reliance",
                "Решения и кризисы",
                SelfReliance,
                16,
                14,
                "Принимает решения и выходит из кризиса.",
            ),
            LivingModule {
                mandatory: false,
                ..module(
                    "family-life",
                    "Семья и родительство",
                    Relations,
                    12,
                    16,
                    "Понимает обязанности родителя.",
                )
            },
        ],
        hours: Vec::new(),
        decree: None,
    }
}

fn module(
    code: &str,
    name: &str,
    domain: LifeDomain,
    min_hours: i32,
    min_age: i32,
    outcome: &str,
) -> LivingModule {
    LivingModule {
        code: Code::new(code),
        name: Title::new(name),
        domain,
        mandatory: true,
        min_hours,
        min_age,
        outcome: Note::new(outcome),
    }
}
