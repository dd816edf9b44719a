//! The traits by which a person is compared.
use super::spelling::{normal, skeleton};
use crate::people::Sex;
use chrono::NaiveDate;

/// A person as the register knows them. СНИЛС and telephones are blind: equal ones have equal texts, and no more is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Family name.
    pub family_name: &'a str,
    /// Given name.
    pub given_name: &'a str,
    /// Patronymic, if there is one.
    pub patronymic: Option<&'a str>,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Sex.
    pub sex: Sex,
    /// The ОКТМО code of the place where the person lives.
    pub residence: Option<&'a str>,
    /// СНИЛС, blind.
    pub snils: Option<&'a str>,
    /// Telephones, blind.
    pub phones: &'a [String],
}

/// A name in the forms in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The words, without a mark between them.
    pub(super) whole: String,
    /// The words, if there are several.
    pub(super) parts: Vec<String>,
    /// The sound of it.
    pub(super) skeleton: String,
}

impl Spelled {
    fn new(name: &str) -> Self {
        let mut parts = normal(name);
        let skeletons: Vec<String> = parts.iter().map(|it| skeleton(it)).collect();
        let whole = parts.concat();
        if parts.len() < 2 {
            parts.clear();
        }
        Self { whole, parts, skeleton: skeletons.concat() }
    }
    /// The first letter that is heard.
    pub(super) fn initial(&self) -> Option<char> {
        self.skeleton.chars().next()
    }
}

/// The traits by which a person is compared, in the forms in which they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    pub(super) family: Spelled,
    pub(super) given: Spelled,
    pub(super) patronymic: Option<Spelled>,
    pub(super) born: NaiveDate,
    pub(super) sex: Option<Sex>,
    pub(super) residence: Option<String>,
    pub(super) snils: Option<u128>,
    pub(super) phones: Vec<u128>,
}

/// Digits of a code of ОКТМО that tell the municipality.
const MUNICIPALITY: usize = 8;

impl Traits {
    /// The traits of a person.
    pub fn of(it: &Known<'_>) -> Self {
        Self {
            family: Spelled::new(it.family_name),
            given: Spelled::new(it.given_name),
            patronymic: it.patronymic.map(Spelled::new).filter(|it| !it.whole.is_empty()),
            born: it.birth_date,
            sex: Some(it.sex).filter(|it| *it != Sex::Unknown),
            residence: it.residence.map(|it| it.get(..MUNICIPALITY).unwrap_or(it).to_owned()),
            snils: it.snils.map(digest),
            phones: it.phones.iter().map(|it| digest(it)).collect(),
        }
    }
}

/// A digest of a text, the same on every machine (FNV-1a). It hides nothing: what must be hidden is blind before.
pub(super) fn digest(text: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    text.bytes().fold(BASIS, |sum, it| (sum ^ u128::from(it)).wrapping_mul(PRIME))
}
