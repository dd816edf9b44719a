//! Standards shipped with the product. 004 L193 names the first one; ages, norms and the others are ours, urgent services are those of
//! 442-ФЗ ст. 21. A region issues its own editions.
use super::{ServiceFormat, ServiceKind, ServiceNorm, ServiceStandardForm, StandardState};
use crate::base::text::{Code, Note, Title};
use crate::people::BeneficiaryCategory;
use crate::people::consents::CasePart;
use crate::region::organizations::OrganizationKind;
use crate::region::programs::REGULATION;

const OF_CARE: [BeneficiaryCategory; 3] = [
    BeneficiaryCategory::Orphan,
    BeneficiaryCategory::WithoutParentalCare,
    BeneficiaryCategory::FormerCareAdult,
];
/// Organizations that accompany; НКО work by the same standards (004 L292).
const ACCOMPANYING: [OrganizationKind; 6] = [
    OrganizationKind::SocialServiceAgency,
    OrganizationKind::ResidentialCare,
    OrganizationKind::AftercareService,
    OrganizationKind::AftercareCentre,
    OrganizationKind::FamilyPlacementCentre,
    OrganizationKind::Ngo,
];

/// The shipped standards, each in its first edition and in force.
pub fn shipped() -> Vec<ServiceStandardForm> {
    let mut all = vec![
        ServiceStandardForm {
            age_from: Some(18),
            age_to: Some(23),
            categories: OF_CARE.to_vec(),
            disability_note: Some(Note::new("Оказывается и выпускникам с ОВЗ, с учётом ИПРА.")),
            norm: norm(14, 60),
            ..accompaniment(
                "individual-accompaniment",
                "Индивидуальное сопровождение выпускника в возрасте до 23 лет, в том числе с ОВЗ",
                "встреча",
                "Живёт самостоятельно, учится или работает.",
            )
        },
        ServiceStandardForm {
            age_from: Some(14),
            age_to: Some(22),
            categories: OF_CARE.to_vec(),
            norm: norm(7, 60),
            ..accompaniment(
                "preparation",
                "Подготовка воспитанника к самостоятельной жизни",
                "занятие",
                "Освоил модули программы самостоятельной жизни.",
            )
        },
        ServiceStandardForm {
            format: ServiceFormat::SemiResidential,
            age_from: Some(16),
            age_to: Some(23),
            categories: OF_CARE.to_vec(),
            norm: norm(1, 120),
            ..accompaniment(
                "supported-living",
                "Сопровождаемое (тренировочное) проживание",
                "сутки",
                "Ведёт хозяйство и платит за жильё сам.",
            )
        },
        accompaniment(
            "hardship-help",
            "Помощь в трудной жизненной ситуации",
            "обращение",
            "Трудная ситуация преодолена или смягчена.",
        ),
    ];
    all.extend(URGENT.iter().map(|(code, name, unit, part)| urgent(code, name, unit, *part)));
    all
}

type Urgent = (&'static str, &'static str, &'static str, Option<CasePart>);

const URGENT: [Urgent; 6] = [
    ("urgent-food", "Бесплатное горячее питание или набор продуктов", "набор", None),
    ("urgent-clothing", "Одежда, обувь и предметы первой необходимости", "комплект", None),
    ("urgent-housing", "Содействие в получении временного жилого помещения", "обращение", None),
    (
        "urgent-legal",
        "Юридическая помощь для защиты прав и законных интересов",
        "консультация",
        Some(CasePart::Law),
    ),
    ("urgent-psychological", "Экстренная психологическая помощь", "консультация", Some(CasePart::Health)),
    ("urgent-other", "Иные срочные социальные услуги", "обращение", None),
];

fn norm(every_days: i32, minutes: i32) -> ServiceNorm {
    ServiceNorm { volume: Some(1), every_days: Some(every_days), minutes: Some(minutes) }
}

fn accompaniment(code: &str, name: &str, unit: &str, outcome: &str) -> ServiceStandardForm {
    ServiceStandardForm {
        code: Code::new(code),
        name: Title::new(name),
        kind: ServiceKind::Accompaniment,
        effective_from: REGULATION,
        format: ServiceFormat::Outside,
        unit: Title::new(unit),
        norm: ServiceNorm::default(),
        age_from: None,
        age_to: None,
        categories: Vec::new(),
        disability_note: None,
        provider_kinds: ACCOMPANYING.to_vec(),
        part: None,
        free: true,
        outcome: Some(Note::new(outcome)),
        order_number: None,
        ordered_on: None,
        state: StandardState::Active,
        retired_on: None,
    }
}

/// An urgent service is given at once, to anybody, without a programme or a contract.
fn urgent(code: &str, name: &str, unit: &str, part: Option<CasePart>) -> ServiceStandardForm {
    ServiceStandardForm {
        kind: ServiceKind::Urgent,
        part,
        provider_kinds: Vec::new(),
        outcome: None,
        ..accompaniment(code, name, unit, "Помощь оказана.")
    }
}
