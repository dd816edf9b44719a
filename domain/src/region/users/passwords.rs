//! Passwords by NIST 800-63B: long, not widely known, without rules of composition. Password types are never printed or written
//! out.
use super::{PASSWORD_COMMON, PASSWORD_LOGIN, PASSWORD_REPEATS};
use crate::base::refusal::Reason;
use crate::base::text::{CHARACTERS, EMPTY, LENGTH, Login};
use crate::base::word::fold;
use serde::{Deserialize, Deserializer};
use shape::form;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use validator::{Validate, ValidationError, ValidationErrors};

/// The power of ten of the guesses that a password must withstand at least. Below it a stolen hash is guessed in days.
const GUESSES_LOG10: f64 = 10.0;
/// The same without spaces and hyphens. It is less, because a phrase of plain words is good.
const JOINED_GUESSES_LOG10: f64 = 8.5;
/// Characters at the beginning that are judged. The time of judging grows with the square of the length.
const JUDGED: usize = 64;
/// Words and rows of keys with which guesses begin here, besides the English ones that the judge knows.
static WORDS: &str = include_str!("words.txt");
/// Widely known passwords, in the form of `fold` and without digits at the ends.
static BLOCKED: &str = include_str!("blocked.txt");

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident $min:literal ..= $max:literal, $example:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text in NFKC form, so that a password typed on different keyboards is the same.
            pub fn new(text: &str) -> Self { Self(text.nfkc().collect()) }
            /// The text. Only for hashing.
            pub fn expose(&self) -> &str { &self.0 }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("[redacted]") }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|it| Self::new(&it))
            }
        }
        impl Validate for $name {
            fn validate(&self) -> Result<(), ValidationErrors> { measured(&self.0, $min, $max) }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
                    .min_length(Some($min)).max_length(Some($max))
                    .examples([serde_json::json!($example)]).into()
            }
        }
        impl ToSchema for $name {}
    )+};
}

secrets! {
    /// A new password: 15 to 128 characters, not widely known, without rules of composition.
    Password 15..=128, "сирень у старой пристани";
    /// A password typed to log in: 1 to 128 characters.
    Secret 1..=128, "сирень у старой пристани";
    /// The token that renews a session.
    RefreshToken 1..=512, "dGhlIHRva2VuIG9mIGEgc2Vzc2lvbg";
    /// The token by which a device is known at the next login.
    DeviceToken 1..=512, "v1.1.dGhlIHRva2VuIG9mIGEgZGV2aWNl";
}

fn measured(text: &str, min: usize, max: usize) -> Result<(), ValidationErrors> {
    let length = text.chars().count();
    let mut wrong = ValidationErrors::new();
    if length == 0 {
        wrong.add("", ValidationError::new(EMPTY.code));
    } else if length < min || length > max {
        let mut it = ValidationError::new(LENGTH.code);
        it.add_param("min".into(), &min);
        it.add_param("max".into(), &max);
        wrong.add("", it);
    } else if text.chars().any(char::is_control) {
        wrong.add("", ValidationError::new(CHARACTERS.code));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// An order to change one's own password.
#[form(secret)]
#[schema(example = json!({"current_password": "сирень у старой пристани", "new_password": "третий автобус до Усть-Орды"}))]
pub struct PasswordChange {
    /// The current password.
    pub current_password: Secret,
    /// The new password.
    pub new_password: Password,
}

impl Password {
    /// The reasons to refuse the password for this login. The length is checked elsewhere.
    pub(super) fn judge(&self, login: &Login, pointer: &str) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if is_well_known(&self.0) {
            reasons.push(PASSWORD_COMMON.reason().at(pointer));
        }
        if repeats(&self.0) {
            reasons.push(PASSWORD_REPEATS.reason().at(pointer));
        }
        if is_mostly(&self.0, login.as_str()) {
            reasons.push(PASSWORD_LOGIN.reason().at(pointer));
        }
        if reasons.is_empty() && is_guessed_soon(&self.0) {
            reasons.push(PASSWORD_COMMON.reason().at(pointer));
        }
        reasons
    }
}

/// Whether the password is widely known. Case, punctuation, ё and digits at the ends do not make it different.
fn is_well_known(text: &str) -> bool {
    let plain = fold(text).replace(' ', "");
    let core = plain.trim_matches(char::is_numeric);
    BLOCKED.lines().any(|it| it == plain || it == core)
}

/// Whether a guesser who knows words, names, rows of keys, years and usual swaps of letters finds the text soon.
fn is_guessed_soon(text: &str) -> bool {
    let words: Vec<&str> = WORDS.lines().collect();
    let plain: String = text.to_lowercase().replace('ё', "е").chars().take(JUDGED).collect();
    // Signs between the pieces add little to the work of a guesser.
    let joined: String = plain.chars().filter(|it| !it.is_whitespace() && !"-_.,;:".contains(*it)).collect();
    let guesses = |it: &str| zxcvbn::zxcvbn(it, &words).guesses_log10();
    guesses(&plain) < GUESSES_LOG10 || guesses(&joined) < JOINED_GUESSES_LOG10
}

/// Whether the text repeats one piece of at most four characters.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.to_lowercase().chars().collect();
    (1..=4).any(|period| all.iter().zip(all.iter().skip(period)).all(|(a, b)| a == b))
}

/// Whether the login makes up more than half of the text.
fn is_mostly(text: &str, login: &str) -> bool {
    if login.is_empty() {
        return false;
    }
    let plain = text.to_lowercase();
    let taken = plain.matches(login).count() * login.chars().count();
    taken * 2 > plain.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(password: &str) -> Vec<&'static str> {
        let reasons = Password::new(password).judge(&Login::new("e.petrova"), "/password");
        reasons.iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_long_phrase_in_any_alphabet_is_a_password() {
        for good in [
            "сирень у старой пристани",
            "🌲🌲🌲 снег в апреле 🌲",
            "plain lower case words",
            "Ж1#Ж2#Ж3#Ж4#Ж5#Ж6",
        ] {
            assert!(Password::new(good).validate().is_ok(), "{good}");
            assert!(told(good).is_empty(), "{good}: {:?}", told(good));
        }
    }

    #[test]
    fn a_well_known_password_is_known_in_any_dress() {
        for known in [
            "passwordpassword",
            "НаставникНаставник",
            "наставник-наставник 2024",
            "Password Password!!1",
            "123456789012345",
            "qwertyuiopasdfghjkl",
            "йцукенгшщзхъфывапролджэ",
            "Съешь же ещё этих мягких французских булок",
            "1qaz2wsx3edc4rfv",
        ] {
            assert!(told(known).contains(&"password.common"), "{known}");
        }
    }

    #[test]
    fn a_well_known_word_with_a_tail_is_no_password() {
        for guessed in [
            "password1234567",
            "Password2024!!!",
            "P@ssw0rd1234567",
            "1234567password",
            "пароль-пароль-2026",
            "qwerty123qwerty123",
            "Администратор2025!",
            "admin987654321admin",
            "zaq12wsxcde34rfvb",
            "Иркутск2020Россия",
            "Иванова12345678",
            "aaaaaaabbbbbbbb",
            "йцукен-1234567890",
        ] {
            assert!(told(guessed).contains(&"password.common"), "{guessed}");
        }
    }

    #[test]
    fn a_phrase_may_have_a_well_known_word_among_others() {
        for good in [
            "короткий пароль",
            "password of a quiet stream",
            "лето у бабушки в Усолье",
            "весной 1987 мы ехали домой",
        ] {
            assert!(told(good).is_empty(), "{good}: {:?}", told(good));
        }
    }

    #[test]
    fn one_short_piece_again_and_again_is_no_password() {
        for repeated in ["ааааааааааааааа", "AbAbAbAbAbAbAbAb", "1z91z91z91z91z91z9", "снегСНЕГснегСНЕГ"]
        {
            assert!(told(repeated).contains(&"password.repeats"), "{repeated}");
        }
        assert!(!told("весна весна весна").contains(&"password.repeats"));
    }

    #[test]
    fn a_password_is_not_the_login_with_a_tail() {
        assert_eq!(told("E.Petrova-2024!"), ["password.login"]);
        assert!(told("e.petrova любит сирень").is_empty());
    }

    #[test]
    fn a_secret_is_never_printed() {
        let change: PasswordChange = crate::examples::of();
        assert!(!format!("{change:?}").contains("сирень"));
    }

    #[test]
    fn length_is_counted_in_characters_after_normalisation() {
        let fits = |text: &str| Password::new(text).validate().is_ok();
        assert!(!fits("четырнадцать.."));
        assert!(fits("пятнадцать букв"));
        assert!(fits(&"аб".repeat(64)));
        assert!(!fits(&"абв".repeat(43)));
        assert!(!fits("пятнадцать\u{0}букв"));
        assert_eq!(Password::new("ﬁfteen symbols!"), Password::new("fifteen symbols!"));
    }

    #[test]
    fn the_list_is_kept_as_it_is_compared() {
        let lines: Vec<&str> = BLOCKED.lines().collect();
        assert!(lines.len() > 300);
        assert!(lines.iter().all(|it| fold(it).replace(' ', "") == **it));
        assert!(lines.is_sorted());
    }

    proptest! {
        #[test]
        fn a_piece_of_up_to_four_repeated_is_always_found(piece in "[a-zа-я0-9]{1,4}", times in 5usize..20) {
            prop_assert!(repeats(&piece.repeat(times)));
        }
        #[test]
        fn a_password_normalised_twice_is_the_same(text in "\\PC{0,40}") {
            let once = Password::new(&text);
            prop_assert_eq!(Password::new(once.expose()), once);
        }
    }
}
