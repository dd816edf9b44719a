//! The scales shipped with the product. The texts are ours; licensed scales are named without their items.
use super::{Rater, ScaleDomain, ScaleForm, ScaleItem, ScaleKind, ScaleLevel, ScoreRange, ScoreRule};
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::text::{Code, Title};
use crate::region::programs::REGULATION;

/// A domain with its items, each in Russian and English.
struct Part(
    &'static str,
    &'static str,
    &'static str,
    Option<LifeDomain>,
    &'static [(&'static str, &'static str)],
);

const ANSWER: ScoreRange = ScoreRange { min: 1, max: 5 };

/// The scales shipped with the product, each in its first edition.
pub fn shipped() -> Vec<ScaleForm> {
    let mut all = vec![
        ScaleForm {
            raters: vec![Rater::Own, Rater::Specialist, Rater::Psychologist, Rater::Mentor, Rater::Caregiver],
            retest_days: Some(180),
            ..own("readiness", "Готовность к самостоятельной жизни", ScaleKind::Readiness, READINESS)
        },
        own("social-inclusion", "Социальная включённость", ScaleKind::Inclusion, INCLUSION),
        own("social-capital", "Социальный капитал", ScaleKind::Capital, CAPITAL),
        own("social-competence", "Социальная компетентность", ScaleKind::Skills, COMPETENCE),
        own("rehabilitation-potential", "Реабилитационный потенциал", ScaleKind::Potential, POTENTIAL),
        own("family-functions", "Функции семьи", ScaleKind::Family, FAMILY),
    ];
    all.extend(licensed());
    all
}

fn own(code: &str, name: &str, kind: ScaleKind, parts: &[Part]) -> ScaleForm {
    let domain = |Part(code, ru, en, skill_domain, items): &Part| {
        let item = |(n, (ru, en)): (usize, &(&str, &str))| ScaleItem {
            code: Code::new(&format!("{code}-{}", n + 1)),
            label_ru: Title::new(ru),
            label_en: Some(Title::new(en)),
            range: ANSWER,
        };
        ScaleDomain {
            code: Code::new(code),
            label_ru: Title::new(ru),
            label_en: Some(Title::new(en)),
            skill_domain: *skill_domain,
            items: items.iter().enumerate().map(item).collect(),
            sum_range: None,
        }
    };
    ScaleForm {
        code: Code::new(code),
        name: Title::new(name),
        kind,
        effective_from: REGULATION,
        raters: vec![Rater::Own, Rater::Specialist, Rater::Psychologist, Rater::Mentor],
        domains: parts.iter().map(domain).collect(),
        rule: ScoreRule::Mean,
        higher_is_better: true,
        min_answered_percent: 80,
        levels: vec![
            level(0, "low", "низкий", "low"),
            level(40, "partial", "частичный", "partial"),
            level(70, "sufficient", "достаточный", "sufficient"),
        ],
        retest_days: None,
        licensed: false,
        licence: None,
    }
}

fn level(from_percent: i32, code: &str, ru: &str, en: &str) -> ScaleLevel {
    ScaleLevel {
        from_percent,
        code: Code::new(code),
        label_ru: Title::new(ru),
        label_en: Some(Title::new(en)),
    }
}

/// Scales of others: their names, their domains with the ranges of sums, and nothing else.
fn licensed() -> Vec<ScaleForm> {
    let of =
        |code: &str, name: &str, kind, licence: &str, range: (i32, i32), parts: &[(&str, &str, &str)]| {
            let domain = |(code, ru, en): &(&str, &str, &str)| ScaleDomain {
                code: Code::new(code),
                label_ru: Title::new(ru),
                label_en: Some(Title::new(en)),
                skill_domain: None,
                items: Vec::new(),
                sum_range: Some(ScoreRange { min: range.0, max: range.1 }),
            };
            ScaleForm {
                domains: parts.iter().map(domain).collect(),
                rule: ScoreRule::Sum,
                min_answered_percent: 100,
                levels: Vec::new(),
                licensed: true,
                licence: Some(Title::new(licence)),
                ..own(code, name, kind, &[])
            }
        };
    let difficulties = of(
        "sdq",
        "Опросник «Сильные стороны и трудности» (SDQ)",
        ScaleKind::Screening,
        "Youthinmind: формулировки не меняют, для электронного использования нужна лицензия",
        (0, 10),
        &[
            ("emotional", "эмоциональные симптомы", "emotional symptoms"),
            ("conduct", "проблемы поведения", "conduct problems"),
            ("hyperactivity", "гиперактивность", "hyperactivity"),
            ("peers", "проблемы со сверстниками", "peer problems"),
        ],
    );
    vec![
        of(
            "casey-life-skills",
            "Casey Life Skills",
            ScaleKind::Skills,
            "Casey Family Programs",
            (0, 100),
            &[("total", "итог", "total")],
        ),
        of(
            "outcomes-star",
            "Outcomes Star",
            ScaleKind::Wellbeing,
            "Triangle Consulting Social Enterprise: нужны лицензия и обучение",
            (1, 10),
            &[("total", "итог", "total")],
        ),
        ScaleForm { higher_is_better: false, ..difficulties },
        of(
            "csi",
            "Индикатор копинг-стратегий (CSI)",
            ScaleKind::Screening,
            "J. H. Amirkhan",
            (11, 33),
            &[
                ("problem-solving", "разрешение проблем", "problem solving"),
                ("support", "поиск поддержки", "seeking support"),
            ],
        ),
    ]
}

const READINESS: &[Part] = &[
    Part(
        "household",
        "Быт",
        "Household",
        Some(LifeDomain::Household),
        &[
            ("Готовит простую еду на день", "Cooks simple meals for a day"),
            ("Убирает жильё и стирает без напоминаний", "Cleans and washes without being reminded"),
        ],
    ),
    Part(
        "money",
        "Деньги",
        "Money",
        Some(LifeDomain::Money),
        &[
            ("Рассчитывает деньги до следующего дохода", "Makes money last until the next income"),
            ("Оплачивает жильё и связь в срок", "Pays for housing and telephone in time"),
        ],
    ),
    Part(
        "housing",
        "Жильё",
        "Housing",
        Some(LifeDomain::Housing),
        &[
            ("Знает свои права и обязанности как жильца", "Knows the rights and duties of a tenant"),
            (
                "Знает, к кому идти при аварии и при конфликте с соседями",
                "Knows where to turn in an emergency or a conflict with neighbours",
            ),
        ],
    ),
    Part(
        "health",
        "Здоровье",
        "Health",
        Some(LifeDomain::Health),
        &[
            (
                "Записывается к врачу и выполняет назначения",
                "Makes appointments with doctors and follows advice",
            ),
            ("Отличает, когда нужна скорая помощь", "Knows when to call an ambulance"),
        ],
    ),
    Part(
        "study_work",
        "Учёба и работа",
        "Study and work",
        Some(LifeDomain::StudyWork),
        &[
            ("Посещает учёбу или работу без пропусков", "Attends studies or work without absences"),
            ("Может найти подработку и пройти собеседование", "Can find a job and pass an interview"),
        ],
    ),
    Part(
        "law",
        "Права и документы",
        "Law and documents",
        Some(LifeDomain::Law),
        &[
            ("Хранит свои документы и знает их сроки", "Keeps the own documents and knows their terms"),
            ("Подаёт заявления и обращается за выплатами", "Files applications and asks for benefits"),
        ],
    ),
    Part(
        "relations",
        "Общение и близкие",
        "Relations",
        Some(LifeDomain::Relations),
        &[
            ("Есть взрослый, к которому можно обратиться", "Has an adult to turn to"),
            ("Разрешает ссоры без насилия и разрыва", "Settles quarrels without violence or a break"),
        ],
    ),
    Part(
        "self",
        "Самостоятельность",
        "Self-reliance",
        Some(LifeDomain::SelfReliance),
        &[
            ("Принимает решения и отвечает за них", "Takes decisions and answers for them"),
            ("Просит помощи, когда не справляется", "Asks for help when it is needed"),
        ],
    ),
];

const INCLUSION: &[Part] = &[
    Part(
        "participation",
        "Участие",
        "Participation",
        None,
        &[
            ("Участвует в делах группы, двора или посёлка", "Takes part in the life of a group or a place"),
            ("Бывает в кружках, секциях или клубах", "Goes to clubs or sports"),
        ],
    ),
    Part(
        "belonging",
        "Принадлежность",
        "Belonging",
        Some(LifeDomain::Relations),
        &[
            ("Чувствует себя своим среди сверстников", "Feels at home among peers"),
            ("Пользуется услугами города наравне с другими", "Uses the services of the town like others"),
        ],
    ),
];

const CAPITAL: &[Part] = &[
    Part(
        "ties",
        "Связи",
        "Ties",
        Some(LifeDomain::Relations),
        &[
            (
                "Есть люди, которые помогут деньгами или жильём",
                "Knows people who would help with money or housing",
            ),
            ("Есть знакомые вне учреждения", "Knows people outside of the institution"),
        ],
    ),
    Part(
        "trust",
        "Доверие",
        "Trust",
        Some(LifeDomain::Relations),
        &[
            ("Доверяет наставнику и специалистам", "Trusts the mentor and the specialists"),
            ("Сам помогает другим", "Helps others"),
        ],
    ),
];

const COMPETENCE: &[Part] = &[
    Part(
        "communication",
        "Общение",
        "Communication",
        Some(LifeDomain::Relations),
        &[
            ("Ясно говорит о своих просьбах", "States requests clearly"),
            ("Слушает и учитывает другого", "Listens to others"),
        ],
    ),
    Part(
        "responsibility",
        "Ответственность",
        "Responsibility",
        Some(LifeDomain::SelfReliance),
        &[
            ("Доводит начатое до конца", "Finishes what was begun"),
            ("Выходит из трудной ситуации без срыва", "Gets through a crisis"),
        ],
    ),
];

const POTENTIAL: &[Part] = &[
    Part(
        "personal",
        "Личностные ресурсы",
        "Personal resources",
        None,
        &[
            ("Видит свои сильные стороны", "Sees the own strengths"),
            ("Готов менять привычное поведение", "Is ready to change habits"),
        ],
    ),
    Part(
        "spiritual",
        "Духовные ресурсы",
        "Spiritual resources",
        None,
        &[
            ("Есть ценности, на которые опирается", "Has values to rely on"),
            ("Видит смысл в том, что делает", "Sees a meaning in what is done"),
        ],
    ),
    Part(
        "physical",
        "Физические ресурсы",
        "Physical resources",
        Some(LifeDomain::Health),
        &[
            ("Здоровье позволяет учиться и работать", "Health allows studies and work"),
            ("Хватает сил на день", "Has strength for the day"),
        ],
    ),
];

const FAMILY: &[Part] = &[
    Part(
        "care",
        "Забота",
        "Care",
        Some(LifeDomain::Household),
        &[
            ("Дети накормлены, одеты и под присмотром", "Children are fed, dressed and looked after"),
            ("Жильё безопасно для детей", "The home is safe for children"),
        ],
    ),
    Part(
        "upbringing",
        "Воспитание",
        "Upbringing",
        Some(LifeDomain::Relations),
        &[
            ("Родители проводят с детьми время", "Parents spend time with the children"),
            ("Запреты объясняют, не бьют", "Rules are explained, children are not beaten"),
        ],
    ),
    Part(
        "economy",
        "Хозяйство",
        "Economy",
        Some(LifeDomain::Money),
        &[
            ("Доходов хватает на необходимое", "The income covers what is needed"),
            ("Долгов нет, или они погашаются", "There are no debts, or they are paid off"),
        ],
    ),
];
