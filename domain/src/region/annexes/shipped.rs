//! Our own annexes 1–3. 002 §3.6–3.7 name them and leave their text to the institution.
use super::{AnnexChoice, AnnexField, AnnexForm, AnnexKind, FieldKind};
use crate::base::text::{Code, Note, Title};
use crate::region::programs::REGULATION;

/// The annexes shipped with the product, each in its first version.
pub fn shipped() -> Vec<AnnexForm> {
    vec![statement(), questionnaire(), consent()]
}

fn annex(kind: AnnexKind, title: &str, body: &str, fields: Vec<AnnexField>) -> AnnexForm {
    AnnexForm { kind, effective_from: REGULATION, title: Title::new(title), body: Note::new(body), fields }
}

fn field(code: &str, kind: FieldKind, ru: &str, en: &str) -> AnnexField {
    AnnexField {
        code: Code::new(code),
        label_ru: Title::new(ru),
        label_en: Some(Title::new(en)),
        kind,
        choices: Vec::new(),
        required: true,
    }
}

fn optional(code: &str, kind: FieldKind, ru: &str, en: &str) -> AnnexField {
    AnnexField { required: false, ..field(code, kind, ru, en) }
}

fn choice(code: &str, ru: &str, en: &str, choices: &[(&str, &str, &str)]) -> AnnexField {
    let one = |(code, ru, en): &(&str, &str, &str)| AnnexChoice {
        code: Code::new(code),
        label_ru: Title::new(ru),
        label_en: Some(Title::new(en)),
    };
    AnnexField { choices: choices.iter().map(one).collect(), ..field(code, FieldKind::Choice, ru, en) }
}

fn statement() -> AnnexForm {
    annex(
        AnnexKind::Statement,
        "Заявление кандидата в наставники",
        "Директору {{institution}}\n{{director}}\nот {{candidate}},\nпроживающего(ей) по адресу: {{address}},\nтелефон: {{phone}}\n\n\
         ЗАЯВЛЕНИЕ\n\n\
         Прошу о рассмотрении моей кандидатуры в качестве наставника от организации «{{organization}}». \
         С положением о технологии наставничества ознакомлен(а). \
         Анкету (приложение № 2) и необходимые документы прилагаю.\n\n\
         {{signed_on}}    ____________________ (подпись)",
        vec![
            field("institution", FieldKind::Text, "Учреждение", "Institution"),
            field("director", FieldKind::Text, "Директор: фамилия, инициалы", "Director"),
            field("candidate", FieldKind::Text, "Кандидат: фамилия, имя, отчество", "Candidate"),
            field("address", FieldKind::Text, "Адрес проживания", "Address"),
            field("phone", FieldKind::Text, "Телефон", "Phone"),
            field("organization", FieldKind::Text, "Некоммерческая организация", "Non-profit organization"),
            field("signed_on", FieldKind::Date, "Дата подписания", "Date of signature"),
        ],
    )
}

fn questionnaire() -> AnnexForm {
    annex(
        AnnexKind::Questionnaire,
        "Анкета кандидата в наставники",
        "АНКЕТА\n\n\
         1. Семейное положение: {{family_status}}\n\
         2. Есть ли у вас дети: {{has_children}}\n\
         3. Опыт работы с семьями и детьми: {{family_experience}}\n\
         4. Участие в общественной жизни: {{social_activity}}\n\
         5. Чем вы можете помочь семье: {{help_offered}}\n\
         6. Сколько времени вы готовы уделять наставничеству: {{time_offered}}\n\
         7. Есть ли у вас судимость: {{conviction}}\n\
         8. Согласны ли вы на обработку персональных данных: {{data_consent}}\n\n\
         Дата заполнения: {{filled_on}}    ____________________ (подпись)",
        vec![
            choice(
                "family_status",
                "Семейное положение",
                "Family status",
                &[
                    ("married", "в браке", "married"),
                    ("single", "не в браке", "single"),
                    ("widowed", "вдовец, вдова", "widowed"),
                ],
            ),
            field("has_children", FieldKind::YesNo, "Есть ли дети", "Has children"),
            field(
                "family_experience",
                FieldKind::LongText,
                "Опыт работы с семьями и детьми",
                "Experience with families and children",
            ),
            optional(
                "social_activity",
                FieldKind::LongText,
                "Участие в общественной жизни",
                "Part taken in public life",
            ),
            field("help_offered", FieldKind::LongText, "Чем может помочь семье", "Help offered to a family"),
            choice(
                "time_offered",
                "Время для наставничества",
                "Time for mentoring",
                &[
                    ("weekly", "каждую неделю", "every week"),
                    ("fortnightly", "раз в две недели", "every fortnight"),
                    ("monthly", "раз в месяц", "every month"),
                ],
            ),
            field("conviction", FieldKind::YesNo, "Есть ли судимость", "Has been convicted"),
            field(
                "data_consent",
                FieldKind::YesNo,
                "Согласие на обработку персональных данных",
                "Consent to the processing of personal data",
            ),
            field("filled_on", FieldKind::Date, "Дата заполнения", "Date of filling in"),
        ],
    )
}

fn consent() -> AnnexForm {
    annex(
        AnnexKind::Consent,
        "Согласие получателя социальных услуг на закрепление наставника",
        "СОГЛАСИЕ\n\n\
         Я, {{recipient}}, {{representation}}, согласен(на) на закрепление наставника {{mentor}} \
         по программе «{{program}}» с {{starts_on}} по {{ends_on}}.\n\
         Мне разъяснено, что наставничество добровольно и что я могу отказаться от него в любое время.\n\
         Согласие на передачу наставнику сведений, необходимых для его работы: {{sharing_consent}}\n\n\
         {{signed_on}}    ____________________ (подпись)",
        vec![
            field("recipient", FieldKind::Text, "Кто подписывает: фамилия, имя, отчество", "Signatory"),
            choice(
                "representation",
                "За кого подписывает",
                "On whose behalf",
                &[
                    ("self", "за себя", "for oneself"),
                    ("representative", "как законный представитель", "as a representative"),
                ],
            ),
            field("mentor", FieldKind::Text, "Наставник", "Mentor"),
            field("program", FieldKind::Text, "Программа", "Program"),
            field("starts_on", FieldKind::Date, "С какого дня", "From"),
            field("ends_on", FieldKind::Date, "По какой день", "To"),
            field(
                "sharing_consent",
                FieldKind::YesNo,
                "Согласие на передачу сведений наставнику",
                "Consent to share what the mentor needs",
            ),
            field("signed_on", FieldKind::Date, "Дата подписания", "Date of signature"),
        ],
    )
}
