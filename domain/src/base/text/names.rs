//! Names as they are found: one normal form for names on record and for the text of a search.
//!
//! Case, marks, hyphens, apostrophes and spaces do not matter, and Latin letters count as the Cyrillic letters that look
//! like them. `й` stays a letter of its own.
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Beginnings of words up to this length are kept as words of their own. A search by such a beginning reads its rows in
/// the order of names.
pub const SHORT: usize = 2;
/// Parts of a search that are compared.
const PARTS: usize = 12;
/// Parts of a search that are read as one word at most.
const JOINED: usize = 3;
/// The breve that makes `и` to `й`.
const BREVE: char = '\u{306}';

/// The Cyrillic letter that a letter looks like.
fn look_alike(it: char) -> char {
    match it {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' | 'ӏ' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        other => other,
    }
}

/// Letters that serve as apostrophes: the modifiers, and the saltillo.
fn is_apostrophe(it: char) -> bool {
    matches!(it, '\u{2B0}'..='\u{2FF}' | '\u{A78B}' | '\u{A78C}')
}

/// The parts of a text, in their normal form.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for it in text.nfkd().flat_map(char::to_lowercase) {
        let Some(last) = parts.last_mut() else { break };
        if it == BREVE && last.ends_with('и') {
            last.pop();
            last.push('й');
        } else if is_combining_mark(it) {
        } else if it.is_alphanumeric() && !is_apostrophe(it) {
            last.push(look_alike(it));
        } else if !last.is_empty() {
            parts.push(String::new());
        }
    }
    parts.retain(|it| !it.is_empty());
    parts
}

/// The words under which somebody with these names is found. `Иванова-Петрова` is found as `ивановапетрова` and
/// `петрова`, and each word by its first letters too.
pub fn words<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in names {
        let mut word = String::new();
        for part in parts(name).into_iter().rev() {
            word = part + &word;
            words.extend((1..=SHORT).map(|it| word.chars().take(it).collect::<String>()));
            words.insert(word.clone());
        }
    }
    words
}

/// The parts of a search. A name fits if, for each part, one of the given beginnings begins one of its words: the part
/// alone, or joined with the parts before it, for `Анна-Мария` may be on record as `Аннамария`.
pub fn asked(text: &str) -> Vec<Vec<String>> {
    let parts: Vec<String> = parts(text).into_iter().take(PARTS).collect();
    let joined = |last: usize| {
        let first = (last + 1).saturating_sub(JOINED);
        (first..=last).rev().filter_map(|it| parts.get(it..=last)).map(<[String]>::concat).collect()
    };
    (0..parts.len()).map(joined).collect()
}

/// Whether a name fits the parts of a search, as [`words`] would tell.
pub fn fits(asked: &[Vec<String>], name: &str) -> bool {
    let parts = parts(name);
    let words: Vec<String> =
        (0..parts.len()).filter_map(|it| parts.get(it..)).map(<[String]>::concat).collect();
    let begins = |it: &String| words.iter().any(|word| word.starts_with(it));
    !asked.is_empty() && asked.iter().all(|any| any.iter().any(begins))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_found(asked_for: &str, names: &[&str]) -> bool {
        let words = words(names.iter().copied());
        let begins = |it: &String| words.iter().any(|word| word.starts_with(it));
        let asked = asked(asked_for);
        !asked.is_empty() && asked.iter().all(|any| any.iter().any(begins))
    }

    #[test]
    fn any_word_of_a_name_finds_it_in_any_order_by_its_beginning() {
        let names = ["Иванова-Петрова", "Анна Мария", "Сергеевна"];
        for text in [
            "Петрова",
            "иванова",
            "Ивановапетрова",
            "Иванова Петрова",
            "мария иванова",
            "Серг Анна",
            "аннамария",
            "п а",
            "АННА-МАРИЯ",
        ] {
            assert!(is_found(text, &names), "{text}");
        }
        for text in ["етрова", "Петровна", "мария сидорова", "", "-", "ргеевна"]
        {
            assert!(!is_found(text, &names), "{text}");
        }
    }

    #[test]
    fn one_name_fits_exactly_where_its_words_are_found() {
        let name = "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»";
        for text in ["усзсон", "булагатскому эхирит", "эхиритбулаг", "OГБУ", "сзсон", "району по", "-"]
        {
            assert_eq!(fits(&asked(text), name), is_found(text, &[name]), "{text}");
        }
    }

    #[test]
    fn spelling_does_not_matter() {
        for (text, name) in [
            ("Елкина", "Ёлкина"),
            ("е\u{308}лкина", "Ёлкина"),
            ("Катя", "Ка\u{304}тя"),
            ("о'коннор", "О’Коннор"),
            ("О Коннор", "Оʼконнор"),
            ("О`Коннор", "Оконнор"),
            ("оконнор", "О´Коннор"),
            ("Анна-Мария", "Аннамария"),
            ("анна мария", "Аннамария"),
            ("салтыков\u{2011}щедрин", "Салтыков—Щедрин"),
            ("Copoкa", "Сорока"),
            ("Петров", "Пeтpoв"),
            ("BEPA", "Вера"),
            ("Тихий", "Тихии\u{306}"),
            ("Nguyen", "Nguyễn"),
        ] {
            assert!(is_found(text, &[name]), "{text} finds {name}");
        }
        assert!(!is_found("Андрей", &["Андреи"]), "й is a letter of its own");
    }

    proptest! {
        #[test]
        fn every_name_is_found_by_itself_and_by_its_beginnings(name in "\\p{Cyrillic}{1,9}([-' ]\\p{Cyrillic}{1,9}){0,2}") {
            let asked_for: String = name.chars().take(5).collect();
            let shows = |it: &str| !parts(it).is_empty();
            prop_assert!(!shows(&name) || is_found(&name, &[&name]));
            prop_assert!(!shows(&asked_for) || is_found(&asked_for, &[&name]));
        }
        #[test]
        fn the_normal_form_of_a_normal_form_is_itself(text in "\\PC{0,40}") {
            let once = parts(&text).join(" ");
            prop_assert_eq!(parts(&once).join(" "), once);
        }
    }
}
