//! The programs described in the sources, as data. A region changes one by issuing its own edition.
use super::{
    Completion, CompletionKind, ConsentRules, ContactKind, EditionForm, MentorRules, ProgramForm,
    RequiredDocument, Serves, WorkKind,
};
use crate::base::decree::Decree;
use crate::base::text::{Code, Note, OrderNumber, Title};
use crate::region::files::FilePurpose;
use crate::region::organizations::OrganizationKind;
use chrono::NaiveDate;

const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(it) => it,
        None => NaiveDate::MIN,
    }
}
/// The date of decree № 11/1-а, 19 November 2023 (002, head).
pub(crate) const REGULATION: NaiveDate = date(2023, 11, 19);
/// The first day of the program, 1 September 2017 (001 L32).
const TOGETHER: NaiveDate = date(2017, 9, 1);
/// The date of the decision about the approved project, 28 September 2017 (001 L14).
const OPEN_WORLD: NaiveDate = date(2017, 9, 28);
/// The beginning of the social projects of the partnership in 2012 (000 L36).
const ACCOMPANIMENT: NaiveDate = date(2012, 1, 1);

/// A training course that shipped programs require.
#[derive(Debug, Clone)]
pub struct ShippedCourse {
    /// The code of the course, as editions name it.
    pub code: Code,
    /// Name in Russian.
    pub name: Title,
    /// Name in English.
    pub name_en: Title,
    /// Academic hours.
    pub hours: i32,
}

/// The courses that [`shipped`] programs require (000 L59, 001 L82). The sources give no length, so the hours are ours.
pub fn shipped_courses() -> Vec<ShippedCourse> {
    vec![ShippedCourse {
        code: Code::new("mentor-basics"),
        name: Title::new("Специальная подготовка наставников"),
        name_en: Title::new("Basic training of mentors"),
        hours: 16,
    }]
}

/// The programs shipped with the product, each with its first edition.
pub fn shipped() -> Vec<(ProgramForm, EditionForm)> {
    vec![
        (family_program(), family_edition()),
        (together_program(), together_edition()),
        (long_program(), long_edition()),
        (personal_program(), personal_edition()),
    ]
}

fn program(code: &str, name: &str, name_en: &str, description: &str) -> ProgramForm {
    ProgramForm {
        code: Code::new(code),
        name: Title::new(name),
        name_en: Some(Title::new(name_en)),
        description: Some(Note::new(description)),
        organization_id: None,
    }
}

/// The common base of the shipped editions: for persons from 15 to 22 years, completed by date, with trained mentors.
fn edition(effective_from: NaiveDate, title: &str, max_months: i32) -> EditionForm {
    EditionForm {
        title: Some(Title::new(title)),
        decree: None,
        organization_id: None,
        effective_from,
        serves: Serves::Person,
        work_kinds: Vec::new(),
        age_min_years: 15,
        age_max_years: 23,
        requires_open_case: false,
        requires_minor_children: false,
        completion: Completion { kind: CompletionKind::Term, meetings: None, max_months: Some(max_months) },
        extendable: false,
        max_extension_months: 0,
        mentor: MentorRules {
            required_course_codes: vec![Code::new("mentor-basics")],
            required_documents: vec![passport()],
            ..MentorRules::default()
        },
        consents: ConsentRules::default(),
        consent_needed: true,
        review_deadline_days: 10,
        contact_deadline_days: 30,
        proposal_deadline_days: 30,
        mentor_capacity: 1,
        max_extensions: None,
        extension_document_required: false,
        long_absence_days: 60,
        life_plan_required: false,
        mentor_contacts: vec![ContactKind::Specialist, ContactKind::Tutor, ContactKind::Institution],
    }
}

fn passport() -> RequiredDocument {
    RequiredDocument { purpose: FilePurpose::PassportCopy, valid_months: None }
}

fn family_program() -> ProgramForm {
    program(
        "family-mentoring",
        "Наставничество социально ориентированных НКО над семьями, находящимися в трудной жизненной ситуации",
        "Mentoring of families in hardship by socially oriented НКО",
        "Добровольная поддержка семей с несовершеннолетними детьми, состоящих на социальном сопровождении, наставниками социально ориентированных НКО.",
    )
}

/// The edition of 002: preventive, corrective and rehabilitative work (§1.4) with families with minors on accompaniment (§1.2,
/// §3.1). Mentors are assessed (§2.2.1), adult, resident, of an НКО (§3.5), and give a copy of the passport (§3.6). Consent is
/// needed (§3.7). The term is up to a year (§3.8) and extendable (§3.9). No training is required.
fn family_edition() -> EditionForm {
    EditionForm {
        decree: Some(Decree { number: OrderNumber::new("11/1-а"), date: REGULATION }),
        serves: Serves::Family,
        work_kinds: vec![WorkKind::Preventive, WorkKind::Corrective, WorkKind::Rehabilitative],
        age_min_years: 0,
        age_max_years: 120,
        requires_open_case: true,
        requires_minor_children: true,
        extendable: true,
        max_extension_months: 12,
        mentor: MentorRules {
            residence_required: true,
            organization_kinds: vec![OrganizationKind::Ngo],
            required_documents: vec![passport()],
            assess_requirements: true,
            ..MentorRules::default()
        },
        ..edition(
            REGULATION,
            "Положение о технологии «Наставничество социально ориентированных НКО над семьями»",
            12,
        )
    }
}

fn together_program() -> ProgramForm {
    program(
        "together-six-meetings",
        "Наставники: не рядом, а вместе!",
        "Mentors: not beside, but together",
        "Краткосрочная программа: шесть встреч, на которых подопечный уточняет планы о будущей работе и профессиональном образовании.",
    )
}

/// The edition of 001 L32–40: six meetings and a new life plan, for persons from 15 to 23.
fn together_edition() -> EditionForm {
    EditionForm {
        completion: Completion { kind: CompletionKind::Meetings, meetings: Some(6), max_months: Some(12) },
        life_plan_required: true,
        ..edition(TOGETHER, "Краткосрочное наставничество «Наставники: не рядом, а вместе!»", 12)
    }
}

fn long_program() -> ProgramForm {
    program(
        "long-term",
        "Школа социального волонтёрства «Открой мир»",
        "School of social volunteering «Open the world»",
        "Долгосрочное наставничество детей-сирот и детей, оставшихся без попечения родителей: подготовка к самостоятельной жизни, жизненные цели, выбор профессии.",
    )
}

/// The edition of 001 L52, L79: long-term mentoring. The source gives no length, so three years and as many again are ours.
fn long_edition() -> EditionForm {
    EditionForm {
        extendable: true,
        max_extension_months: 36,
        ..edition(OPEN_WORLD, "Долгосрочное наставничество «Открой мир»", 36)
    }
}

fn personal_program() -> ProgramForm {
    program(
        "personal-accompaniment",
        "Персональное сопровождение воспитанников интернатных учреждений",
        "Personal accompaniment of children in residential care",
        "Услуга персонального сопровождения на основе технологии наставничества: наставник и воспитанник выбирают друг друга в совместной деятельности.",
    )
}

/// The edition of 000 L32, L37, L57–60: the years before and after leaving care, with specially trained mentors. The terms are
/// ours.
fn personal_edition() -> EditionForm {
    EditionForm {
        extendable: true,
        max_extension_months: 24,
        ..edition(
            ACCOMPANIMENT,
            "Организация персонального сопровождения воспитанников интернатных учреждений",
            24,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Edition, Program};
    use super::*;
    use validator::Validate;

    #[test]
    fn every_shipped_program_passes_its_own_rules() {
        let courses: Vec<Code> = shipped_courses().into_iter().map(|it| it.code).collect();
        for (program, edition) in shipped() {
            assert_eq!(program.validate(), Ok(()), "{}", program.code);
            assert_eq!(edition.validate(), Ok(()), "{}", program.code);
            let program = Program { id: uuid::Uuid::nil().into(), form: program };
            let issued = Edition::issue(uuid::Uuid::nil().into(), &program, None, &edition);
            assert!(issued.is_ok(), "{}: {issued:?}", program.form.code);
            assert!(edition.mentor.required_course_codes.iter().all(|it| courses.contains(it)));
        }
    }

    #[test]
    fn the_regulation_of_the_district_is_told_paragraph_by_paragraph() {
        let (program, edition) = shipped().remove(0);
        assert_eq!(program.code.as_str(), "family-mentoring");
        let decree = edition.decree.expect("the regulation was approved by a decree");
        assert_eq!((String::from(decree.number).as_str(), decree.date), ("11/1-а", REGULATION));
        assert_eq!(edition.completion.max_months, Some(12));
        assert_eq!(edition.mentor.minimum_age_years, 18);
        assert!(edition.requires_open_case && edition.requires_minor_children && edition.extendable);
        assert_eq!((edition.work_kinds.len(), edition.mentor.assess_requirements), (3, true));
    }

    #[test]
    fn six_meetings_are_six() {
        let edition = shipped().remove(1).1;
        assert_eq!(
            (edition.completion.kind, edition.completion.meetings),
            (CompletionKind::Meetings, Some(6))
        );
    }
}
