//! Text values: the accepted characters and lengths, the normal form, and the refusals.
//!
//! Reading a value only normalises it. [`validator::Validate`] checks it later, so that a form reports errors in all its
//! members at once.
pub(crate) mod characters;
pub mod names;
pub mod places;

pub use places::area;

use crate::base::network::Network;
use crate::base::refusal::{Rule, rules};
use crate::base::text::characters::{are_letters, is_hostile, is_ignorable, shows};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use validator::{ValidationError, ValidationErrors};

rules! {
    UNKNOWN = "field.unknown", Content, ours, "Такого поля нет.", "There is no such member.";
    MISSING = "field.missing", Content, ours, "Обязательное поле не заполнено.", "A required member is missing.";
    WRONG_TYPE = "field.type", Content, ours, "Значение не того типа.", "The value has the wrong type.";
    WORD = "field.word", Content, ours, "Такого кода нет в справочнике.", "The catalogue has no such code.";
    EMPTY = "field.empty", Content, ours, "Поле не может быть пустым.", "The value must not be empty.";
    LENGTH = "field.length", Content, ours, "Недопустимая длина.", "The length is out of bounds.";
    RANGE = "field.range", Content, ours, "Значение вне допустимых границ.", "The value is out of bounds.";
    CHARACTERS = "field.characters", Content, ours, "Недопустимые символы.", "The text has characters that are not allowed here.";
    FORMAT = "field.format", Content, ours, "Неверный формат.", "The format is wrong.";
    CHECKSUM = "field.checksum", Content, ours, "Контрольное число не сходится.", "The control digits do not match.";
    REFERENCE = "field.reference", Content, ours, "Ссылка на то, чего нет или что вам не видно.", "The object does not exist, or you may not see it.";
    BOTH = "field.combination", Content, ours, "Поля противоречат друг другу.", "The members contradict each other.";
}

/// Refusals that any body can meet. The others need a member of a certain type.
pub static OF_BODIES: &[&Rule] =
    &[&UNKNOWN, &MISSING, &WRONG_TYPE, &WORD, &EMPTY, &LENGTH, &RANGE, &CHARACTERS, &FORMAT];

type Check = Result<(), &'static Rule>;

fn line(text: &str) -> Check {
    if text.chars().any(is_hostile) { Err(&CHARACTERS) } else { Ok(()) }
}
fn lines(text: &str) -> Check {
    if text.chars().any(|it| is_hostile(it) && !matches!(it, '\n' | '\t')) {
        Err(&CHARACTERS)
    } else {
        Ok(())
    }
}
fn name(text: &str) -> Check {
    let between = |it| matches!(it, ' ' | '-' | '\'' | '’' | '.' | '(' | ')' | ',');
    if are_letters(text, between) { Ok(()) } else { Err(&CHARACTERS) }
}
fn code(text: &str) -> Check {
    let known = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '-' | '_');
    if text.chars().all(known) { Ok(()) } else { Err(&CHARACTERS) }
}
fn login(text: &str) -> Check {
    let known =
        |it: char| (it.is_alphanumeric() && !is_ignorable(it)) || matches!(it, '.' | '-' | '_' | '@' | '+');
    if text.chars().all(known) { Ok(()) } else { Err(&CHARACTERS) }
}
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let all: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(10)).collect();
    all?.try_into().ok()
}
/// The sum of digit × weight, modulo `modulus`.
fn weighed(digits: &[u32], weights: impl Iterator<Item = u32>, modulus: u32) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % modulus
}
/// Control number of a СНИЛС: Σ digit×(9…1) mod 101, with 100 as 00. Numbers up to 001-001-998 were issued without control
/// digits.
fn snils(text: &str) -> Check {
    let Some(all) = digits::<11>(text) else { return Err(&FORMAT) };
    let [body @ .., tens, ones] = all;
    let number = body.iter().fold(0, |sum, it| sum * 10 + it);
    let expected = weighed(&body, (1..=9).rev(), 101) % 100;
    if number <= 1_001_998 || expected == tens * 10 + ones { Ok(()) } else { Err(&CHECKSUM) }
}
fn inn(text: &str) -> Check {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let control = |body: &[u32]| {
        let skip = WEIGHTS.len().saturating_sub(body.len());
        weighed(body, WEIGHTS.into_iter().skip(skip), 11) % 10
    };
    if let Some([body @ .., last]) = digits::<10>(text) {
        return if control(&body) == last { Ok(()) } else { Err(&CHECKSUM) };
    }
    let Some(all) = digits::<12>(text) else { return Err(&FORMAT) };
    let [first @ .., eleventh, twelfth] = all;
    let [longer @ .., _] = all;
    if control(&first) == eleventh && control(&longer) == twelfth { Ok(()) } else { Err(&CHECKSUM) }
}
fn ogrn(text: &str) -> Check {
    let modulus = match text.len() {
        13 => 11,
        15 => 13,
        _ => return Err(&FORMAT),
    };
    let (Some(body), Some(last)) = (text.get(..text.len() - 1), text.get(text.len() - 1..)) else {
        return Err(&FORMAT);
    };
    let (Ok(number), Ok(last)) = (body.parse::<u64>(), last.parse::<u64>()) else { return Err(&FORMAT) };
    if number % modulus % 10 == last { Ok(()) } else { Err(&CHECKSUM) }
}
fn oktmo(text: &str) -> Check {
    if matches!(text.len(), 8 | 11) && text.bytes().all(|it| it.is_ascii_digit()) {
        Ok(())
    } else {
        Err(&FORMAT)
    }
}
fn phone(text: &str) -> Check {
    let Some(number) = text.strip_prefix('+') else { return Err(&FORMAT) };
    let fits = (8..=15).contains(&number.len()) && !number.starts_with('0');
    if fits && number.bytes().all(|it| it.is_ascii_digit()) { Ok(()) } else { Err(&FORMAT) }
}
fn email(text: &str) -> Check {
    use validator::ValidateEmail;
    if text.validate_email() { Ok(()) } else { Err(&FORMAT) }
}

/// Roubles with kopecks, as digits: a fraction of a computer would lose kopecks.
fn money(text: &str) -> Check {
    let are_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    match text.split_once('.') {
        Some((roubles, kopecks)) if are_digits(roubles) && kopecks.len() == 2 && are_digits(kopecks) => {
            Ok(())
        }
        _ => Err(&FORMAT),
    }
}

fn link(text: &str) -> Check {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let is_plain = !text.chars().any(|it| it.is_whitespace() || is_hostile(it));
    if !rest.is_empty() && is_plain { Ok(()) } else { Err(&FORMAT) }
}
fn network(text: &str) -> Check {
    if text.parse::<Network>().is_ok() { Ok(()) } else { Err(&FORMAT) }
}

fn tidy(text: &str) -> String {
    let text = text.trim();
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.to_owned() } else { text.nfc().collect() }
}
fn squeeze(text: &str) -> String {
    let text = tidy(text);
    if !text.contains("  ") {
        return text;
    }
    text.split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}
fn only_digits(text: &str) -> String {
    text.trim().chars().filter(|it| !matches!(it, ' ' | '-')).collect()
}
/// Normalises a phone to E.164: `8 (912) 345-67-89` and `+7 912 345 67 89` are the same phone.
fn dial(text: &str) -> String {
    let number: String = text.trim().chars().filter(|it| !matches!(it, ' ' | '-' | '(' | ')')).collect();
    match number.strip_prefix('8') {
        Some(rest) if rest.len() == 10 => format!("+7{rest}"),
        _ => number,
    }
}
fn lower(text: &str) -> String {
    tidy(text).to_lowercase()
}
/// Normalises the series or number of a document: capital letters, one kind of dash, no spaces and no №.
fn stamp(text: &str) -> String {
    let one = |it: char| if matches!(it, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { it };
    tidy(text).to_uppercase().chars().filter(|it| !it.is_whitespace() && *it != '№').map(one).collect()
}
/// Normalises a series: `ІХ-мю` typed on a Russian keyboard becomes `IX-МЮ`. The numeral is Latin, the letters after the dash
/// are Cyrillic.
fn series(text: &str) -> String {
    let plain = stamp(text);
    let Some((numeral, letters)) = plain.split_once('-') else { return plain };
    let latin: Option<String> = numeral.chars().map(roman).collect();
    match latin {
        Some(numeral) if !numeral.is_empty() && letters.chars().count() == 2 => {
            format!("{numeral}-{letters}")
        }
        _ => plain,
    }
}
/// The Latin numeral for a character that people type instead of it on a Cyrillic keyboard.
fn roman(it: char) -> Option<&'static str> {
    let numeral = match it {
        'I' | 'І' | 'Ӏ' | '1' => "I",
        'V' | 'У' => "V",
        'X' | 'Х' => "X",
        'L' | 'Л' => "L",
        'C' | 'С' => "C",
        'D' | 'Д' => "D",
        'M' | 'М' => "M",
        'П' => "II",
        'Ш' => "III",
        _ => return None,
    };
    Some(numeral)
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $min:literal ..= $max:literal, $tidy:ident, $check:ident, $pattern:expr, $example:literal $(, $wide:literal, $said:literal)?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The normalised text. [`validator::Validate`] checks whether it is valid.
            pub fn new(text: &str) -> Self { Self($tidy(text)) }
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|it| Self::new(&it))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl From<$name> for String { fn from(it: $name) -> String { it.0 } }
        /// A stored value is not checked again: it was checked when it was received.
        impl From<String> for $name { fn from(it: String) -> Self { Self(it) } }
        crate::base::kept::kept! { Text: $name => |it| it.as_str().to_owned(), |it| Ok(it.into()); }
        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), ValidationErrors> { judge(&self.0, $min, $max, $check) }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let pattern: Option<&str> = $pattern;
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some($min)).max_length(Some([$($wide,)? $max][0])).pattern(pattern)
                    .description([$(Some($said),)? None::<&str>][0])
                    .examples([serde_json::json!($example)]).into()
            }
        }
        impl utoipa::ToSchema for $name {}
    )+};
}

fn judge(text: &str, min: usize, max: usize, check: fn(&str) -> Check) -> Result<(), ValidationErrors> {
    let length = text.chars().count();
    let verdict = if min > 0 && !shows(text) {
        Err(ValidationError::new(EMPTY.code))
    } else if length < min || length > max {
        let mut it = ValidationError::new(LENGTH.code);
        it.add_param("min".into(), &min);
        it.add_param("max".into(), &max);
        Err(it)
    } else {
        check(text).map_err(|rule| ValidationError::new(rule.code))
    };
    verdict.map_err(|it| {
        let mut all = ValidationErrors::new();
        all.add("", it);
        all
    })
}

texts! {
    /// A part of a person's name: letters of any script with their marks, spaces, hyphens, apostrophes, dots. It is kept in the
    /// normal form NFC.
    Name 1..=100, squeeze, name, None, "Иванова";
    /// One line of text.
    Title 1..=300, squeeze, line, None, "Отделение помощи семье и детям";
    /// Text of one or several lines.
    Note 1..=4000, tidy, lines, None, "Семья переехала в другой район.";
    /// A code of small Latin letters, digits, hyphens and underscores.
    Code 2..=64, tidy, code, Some("^[a-z0-9_-]+$"), "family-mentoring";
    /// The number of an order, agreement or certificate.
    OrderNumber 1..=50, squeeze, line, None, "11/1-а";
    /// The number of an item in a paper.
    ItemNumber 1..=10, squeeze, line, None, "2.1";
    /// A login name. Upper and lower case are the same.
    Login 3..=100, lower, login, None, "e.petrova";
    /// СНИЛС: 11 digits with a control number; hyphens and spaces are accepted.
    Snils 11..=11, only_digits, snils, Some("^[ -]*([0-9][ -]*){11}$"), "11223344595",
        20, "СНИЛС: 11 digits with a control number. Hyphens and spaces are accepted, as in `112-233-445 95`; answers have the digits alone.";
    /// ИНН: 10 digits of an organization or 12 of a person, with control digits.
    Inn 10..=12, only_digits, inn, Some("^[ -]*(([0-9][ -]*){10}|([0-9][ -]*){12})$"), "7707083893",
        20, "ИНН: 10 digits of an organization or 12 of a person, with control digits. Hyphens and spaces are accepted; answers have the digits alone.";
    /// ОГРН: 13 digits, or ОГРНИП: 15 digits; both with a control digit.
    Ogrn 13..=15, only_digits, ogrn, Some("^[ -]*(([0-9][ -]*){13}|([0-9][ -]*){15})$"), "1027700132195",
        25, "ОГРН: 13 digits, or ОГРНИП: 15 digits, with a control digit. Hyphens and spaces are accepted; answers have the digits alone.";
    /// ОКТМО: 8 digits of a municipality or 11 of a settlement, without the control digit.
    Oktmo 8..=11, only_digits, oktmo, Some("^[ -]*(([0-9][ -]*){8}|([0-9][ -]*){11})$"), "25655000",
        20, "ОКТМО: 8 digits of a municipality or 11 of a settlement, without the control digit. Hyphens and spaces are accepted; answers have the digits alone.";
    /// A phone number in E.164. Russian notations are normalised.
    Phone 9..=16, dial, phone, Some("^(\\+[ ()-]*[1-9]|8)[0-9 ()-]{7,28}$"), "+79123456789",
        30, "A telephone in E.164. Spaces, hyphens and brackets are accepted, and 8 for +7, as in `8 (912) 345-67-89`; answers have E.164.";
    /// The series of an identity document; Roman numerals typed in Cyrillic are normalised.
    DocumentSeries 1..=20, series, line, None, "2504";
    /// The number of an identity document, without spaces.
    DocumentNumber 1..=30, stamp, line, None, "123456";
    /// An e-mail address.
    Email 3..=254, tidy, email, None, "dom@example.org";
    /// A sum in roubles: digits, a point and two digits of kopecks.
    Money 4..=16, tidy, money, Some("^[0-9]{1,13}\\.[0-9]{2}$"), "150000.00";
    /// An address of the web that begins with `https://`.
    Link 9..=500, tidy, link, Some("^https://[^\\s]+$"), "https://example.org/about";
    /// A network of addresses in the form of CIDR, or one address.
    IpRange 2..=49, tidy, network, None, "203.0.113.0/24";
}

impl Money {
    /// The sum in kopecks.
    pub fn kopecks(&self) -> i64 {
        self.0.replace('.', "").parse().unwrap_or(0)
    }
    /// The sum of so many kopecks.
    pub fn of_kopecks(kopecks: i64) -> Self {
        Self(format!("{}.{:02}", kopecks / 100, kopecks % 100))
    }
}

impl Snils {
    /// The number with all digits but the last four hidden: `***-***-*45 95`.
    pub fn masked(&self) -> String {
        let tail = self.0.get(7..).unwrap_or_default();
        let mut all = "***-***-*".to_owned();
        all.push_str(tail.get(..2).unwrap_or_default());
        all.push(' ');
        all.push_str(tail.get(2..).unwrap_or_default());
        all
    }
}

/// The places of the values that stand earlier in the list already.
pub(crate) fn repeated<T: PartialEq>(all: &[T]) -> impl Iterator<Item = usize> {
    let is_again = |(place, it): &(usize, &T)| all.iter().take(*place).any(|other| other == *it);
    all.iter().enumerate().filter(is_again).map(|(place, _)| place)
}

/// Whether the list contains any value more than once.
pub(crate) fn repeats<T: Ord>(all: &[T]) -> bool {
    let unique: std::collections::BTreeSet<&T> = all.iter().collect();
    unique.len() < all.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clauses::reasons;
    use proptest::prelude::*;
    use validator::Validate;

    fn code_of<T: Validate>(it: &T) -> Option<&'static str> {
        it.validate().err().and_then(|it| reasons(&it).first().map(|it| it.rule.code))
    }

    #[test]
    fn a_snils_is_known_by_its_control_number() {
        assert_eq!(code_of(&Snils::new("112-233-445 95")), None);
        assert_eq!(code_of(&Snils::new("112-233-445 94")), Some("field.checksum"));
        assert_eq!(code_of(&Snils::new("001-001-998 00")), None, "numbers this old have no control number");
        assert_eq!(code_of(&Snils::new("11223344")), Some("field.length"));
        assert_eq!(Snils::new("112-233-445 95").masked(), "***-***-*45 95");
    }

    #[test]
    fn inn_and_ogrn_are_known_by_their_control_digits() {
        assert_eq!(code_of(&Inn::new("7707083893")), None);
        assert_eq!(code_of(&Inn::new("7707083894")), Some("field.checksum"));
        assert_eq!(code_of(&Inn::new("500100732259")), None);
        assert_eq!(code_of(&Inn::new("500100732258")), Some("field.checksum"));
        assert_eq!(code_of(&Ogrn::new("1027700132195")), None);
        assert_eq!(code_of(&Ogrn::new("1027700132196")), Some("field.checksum"));
    }

    #[test]
    fn a_phone_is_one_phone_however_it_is_written() {
        assert_eq!(Phone::new("8 (912) 345-67-89"), Phone::new("+7 912 345 67 89"));
        assert_eq!(code_of(&Phone::new("12")), Some("field.length"));
    }

    #[test]
    fn text_that_reorders_what_stands_beside_it_is_refused() {
        assert_eq!(code_of(&Title::new("abc\u{202E}def")), Some("field.characters"));
        assert_eq!(code_of(&Title::new("a\u{0}b")), Some("field.characters"));
        assert_eq!(code_of(&Note::new("строка\nещё строка")), None);
    }

    #[test]
    fn a_name_has_letters_of_any_script_with_their_marks() {
        for name in [
            "Ка\u{304}тя",
            "Анна-Мария",
            "О’Коннор",
            "Д'Артаньян",
            "Оглы (Гасанов)",
            "Ӱсӹн",
            "Ҡәҙер",
            "Ԓувэт",
            "Nguyễn Thị",
            "प्रिया",
            "علی\u{200C}رضا",
            "מַרְיָם",
            "ᠮᠣᠩᠭᠣᠯ",
            "ད\u{F74}ང",
            "Þóra",
            "李小龍",
            "ʻOkina",
            "I. II Ⅲ",
        ] {
            assert_eq!(code_of(&Name::new(name)), None, "{name}");
        }
        for other in [
            "\u{304}Катя",
            "К -\u{304}атя",
            "Анна1",
            "Ан\u{200C}на",
            "Ан\u{200D}на",
            "Анна\u{3164}",
            "К\u{34F}атя",
            "a\u{20DD}",
            "Анна\u{FE0F}",
            "😀",
        ] {
            assert_eq!(code_of(&Name::new(other)), Some("field.characters"), "{other}");
        }
    }

    #[test]
    fn a_name_is_kept_in_one_normal_form() {
        assert_eq!(Name::new("И\u{306}он"), Name::new("Йон"));
        assert_eq!(Name::new("Nguye\u{302}\u{303}n").as_str(), "Nguyễn");
        assert_eq!(Name::new("Ка\u{304}тя").as_str(), "Ка\u{304}тя");
    }

    #[test]
    fn text_that_shows_nothing_is_empty() {
        for nothing in [
            "",
            " ",
            "\u{3164}",
            "\u{115F}\u{1160}",
            "\u{FFA0}",
            "\u{2800}\u{2800}",
            "\u{200B}",
            "\u{200D}\u{200C}",
            "\u{301}\u{304}",
            "\u{AD}",
            "\u{34F}",
            "\u{FE0F}",
            "\u{180E}",
            "\u{17B4}",
            "\u{A0}\u{3000}",
            "\u{E0041}",
            "\u{1D159}",
            "\u{2062}",
            "\u{FFFC}",
            " \u{3164} \u{2800}",
            "\u{E000}",
            "\u{FFF9}",
        ] {
            assert_eq!(code_of(&Name::new(nothing)), Some("field.empty"), "{nothing:?}");
            assert_eq!(code_of(&Title::new(nothing)), Some("field.empty"), "{nothing:?}");
            assert_eq!(code_of(&Note::new(nothing)), Some("field.empty"), "{nothing:?}");
            assert_eq!(code_of(&Login::new(nothing)), Some("field.empty"), "{nothing:?}");
        }
        assert_eq!(code_of(&Note::new("👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}")), None);
        assert_eq!(code_of(&Login::new("admin\u{3164}")), Some("field.characters"));
    }

    proptest! {
        #[test]
        fn a_letter_shows_and_a_name_of_it_is_one(it in "\\p{L}") {
            let is_filler = ["\u{115F}", "\u{1160}", "\u{3164}", "\u{FFA0}", "\u{13441}", "\u{13442}"].contains(&it.as_str());
            prop_assert_eq!(code_of(&Name::new(&it)).is_none(), !is_filler);
        }
        #[test]
        fn marks_alone_are_no_text(it in "\\p{M}{1,5}") {
            prop_assert_eq!(code_of(&Title::new(&it)), Some("field.empty"));
        }
        #[test]
        fn every_number_has_exactly_one_valid_snils(number in 1_001_999u64..1_000_000_000) {
            let valid = (0..100).filter(|it| Snils::new(&format!("{number:09}{it:02}")).validate().is_ok()).count();
            prop_assert_eq!(valid, 1);
        }
        #[test]
        fn tidying_twice_changes_nothing(text in "\\PC{0,60}") {
            prop_assert_eq!(Title::new(Title::new(&text).as_str()), Title::new(&text));
            prop_assert_eq!(Phone::new(Phone::new(&text).as_str()), Phone::new(&text));
        }
    }
}
