//! Identity documents. Each kind has its own format of series and number.
use crate::base::clauses::{all_hold, clash, lack, misfit};
use crate::base::text::{DocumentNumber, DocumentSeries, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

words! {
    /// The kind of identity document.
    IdentityDocumentKind in "identity-document-kinds" {
        Passport = "passport", "паспорт гражданина РФ", "passport of a citizen of Russia";
        BirthCertificate = "birth_certificate", "свидетельство о рождении", "birth certificate";
        ForeignPassport = "foreign_passport", "паспорт иностранного гражданина", "passport of a foreign citizen";
        ResidencePermit = "residence_permit", "вид на жительство", "residence permit";
        TemporaryResidence = "temporary_residence", "разрешение на временное проживание", "temporary residence permit";
        RefugeeCertificate = "refugee_certificate", "удостоверение беженца", "certificate of a refugee";
        TemporaryIdentity = "temporary_identity", "временное удостоверение личности", "temporary identity card";
        Other = "other", "иной документ", "other document";
    }
}

/// A document that proves the identity of a person. A passport has a series of 4 digits and a number of 6 digits. A birth
/// certificate has a series such as `II-АП` and a number of 6 digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityDocument {
    /// The kind of the document.
    pub kind: IdentityDocumentKind,
    /// The series of the document. Spaces are removed, and Roman numerals typed in Cyrillic are normalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub series: Option<DocumentSeries>,
    /// The number of the document.
    pub number: DocumentNumber,
    /// The day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issued_on: Option<NaiveDate>,
    /// The authority that issued the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issuer: Option<Title>,
    /// The last day on which the document is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_until: Option<NaiveDate>,
}

/// Written by hand, so that an error points at the series or the number instead of the whole document.
impl Validate for IdentityDocument {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut found = ValidationErrors::new();
        let number = self.number.validate();
        let series = self.series.as_ref().map_or(Ok(()), Validate::validate);
        let misfits = self.series.as_ref().is_some_and(|it| !self.series_fits(it.as_str()));
        let whole = all_hold([
            misfit(number.is_ok() && !self.number_fits(), &["number", "kind"]),
            misfit(series.is_ok() && misfits, &["series", "kind"]),
            lack(self.series.is_none() && self.needs_series(), &["series", "kind"]),
            clash(
                self.issued_on.zip(self.valid_until).is_some_and(|(from, until)| until < from),
                &["valid_until", "issued_on"],
            ),
        ]);
        found.merge_self("number", number);
        found.merge_self("series", series);
        if let Some(issuer) = &self.issuer {
            found.merge_self("issuer", issuer.validate());
        }
        if let Err(wrong) = whole {
            found.add("", wrong);
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

impl IdentityDocument {
    fn needs_series(&self) -> bool {
        matches!(self.kind, IdentityDocumentKind::Passport | IdentityDocumentKind::BirthCertificate)
    }
    fn number_fits(&self) -> bool {
        !self.needs_series() || are_digits(self.number.as_str(), 6)
    }
    fn series_fits(&self, series: &str) -> bool {
        match self.kind {
            IdentityDocumentKind::Passport => are_digits(series, 4),
            IdentityDocumentKind::BirthCertificate => is_birth_series(series),
            _ => true,
        }
    }
}

fn are_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|it| it.is_ascii_digit())
}

/// The series of a birth certificate: `[IVXLCDM]{1,3}-[А-Я]{2}`.
fn is_birth_series(text: &str) -> bool {
    let Some((numeral, letters)) = text.split_once('-') else { return false };
    let roman = (1..=3).contains(&numeral.len()) && numeral.chars().all(|it| "IVXLCDM".contains(it));
    roman && letters.chars().count() == 2 && letters.chars().all(|it| ('А'..='Я').contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clauses::reasons;
    use proptest::prelude::*;

    fn document(kind: &str, series: Option<&str>, number: &str) -> IdentityDocument {
        serde_json::from_value(match series {
            Some(series) => serde_json::json!({"kind": kind, "series": series, "number": number}),
            None => serde_json::json!({"kind": kind, "number": number}),
        })
        .unwrap()
    }
    fn told(it: &IdentityDocument) -> Vec<(String, &'static str)> {
        let Err(found) = it.validate() else { return Vec::new() };
        reasons(&found).into_iter().map(|it| (it.pointer.unwrap_or_default(), it.rule.code)).collect()
    }

    #[test]
    fn a_passport_has_four_digits_and_six() {
        assert_eq!(told(&document("passport", Some("25 04"), "123 456")), []);
        assert_eq!(
            told(&document("passport", Some("254"), "12345a")),
            [("/number".into(), "field.format"), ("/series".into(), "field.format")]
        );
        assert_eq!(told(&document("passport", None, "123456")), [("/series".into(), "field.missing")]);
        assert_eq!(
            told(&document("passport", Some(""), "")),
            [("/number".into(), "field.empty"), ("/series".into(), "field.empty")]
        );
    }

    #[test]
    fn a_birth_certificate_typed_in_cyrillic_is_the_same_certificate() {
        for typed in ["II-АП", "іі-ап", "ІІ – АП", "11-АП", "П-АП"] {
            let it = document("birth_certificate", Some(typed), "№ 123456");
            assert_eq!(told(&it), [], "{typed}");
            assert_eq!(it.series.map(String::from).as_deref(), Some("II-АП"), "{typed}");
            assert_eq!(it.number.as_str(), "123456");
        }
        let it = document("birth_certificate", Some("ХСМ-МЮ"), "123456");
        assert_eq!(it.series.map(String::from).as_deref(), Some("XCM-МЮ"));
        for wrong in ["II-AP", "IIII-АП", "АП-II", "2504", "-АП"] {
            let it = document("birth_certificate", Some(wrong), "123456");
            assert_eq!(told(&it), [("/series".into(), "field.format")], "{wrong}");
        }
    }

    #[test]
    fn other_documents_have_the_numbers_they_have() {
        assert_eq!(told(&document("residence_permit", Some("82"), "0123456")), []);
        assert_eq!(told(&document("foreign_passport", None, "C-01234567")), []);
    }

    #[test]
    fn a_document_does_not_expire_before_it_is_issued() {
        let mut it = document("residence_permit", None, "0123456");
        it.issued_on = "2024-02-01".parse().ok();
        it.valid_until = "2024-01-31".parse().ok();
        assert_eq!(told(&it), [("/valid_until".into(), "field.combination")]);
    }

    proptest! {
        #[test]
        fn a_series_tidied_twice_is_the_series_tidied_once(text in "[IVXLІУХЛСДМПШ1а-я -]{0,12}") {
            let once = DocumentSeries::new(&text);
            prop_assert_eq!(DocumentSeries::new(once.as_str()), once);
        }
    }
}
