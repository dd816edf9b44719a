//! Names in an anonymous text: the names of the person, of the family and of the mentor, also in an oblique case.
//!
//! A word is a name if it has the stem of one and an ending of the Russian declension. A name that is found is a help to the one who writes, and
//! no proof: a nickname or a rare form is found by nobody but a reader.
use crate::base::word::fold;
use std::collections::BTreeSet;

/// The endings of names in all cases, the empty one among them.
const ENDINGS: [&str; 37] = [
    "", "а", "я", "у", "ю", "е", "и", "ы", "о", "й", "ь", "ой", "ей", "ою", "ею", "ью", "ом", "ем", "ым",
    "им", "ого", "его", "ому", "ему", "ий", "ый", "ая", "яя", "ую", "юю", "ия", "ию", "ии", "ами", "ями",
    "ых", "их",
];
/// The endings by which a name is cut to its stem, the longest first.
const CUT: [&str; 13] = ["ий", "ый", "ой", "ая", "яя", "ия", "а", "я", "й", "ь", "о", "е", "и"];

/// The stems of a name: without its ending, and without a vowel that falls out in oblique cases (Павел, Павла).
fn stems(name: &str) -> Vec<String> {
    let folded = fold(name);
    let cut = CUT.iter().find_map(|it| folded.strip_suffix(it).filter(|it| it.chars().count() >= 2));
    let stem = cut.unwrap_or(&folded).to_owned();
    let letters: Vec<char> = stem.chars().collect();
    let fallen = match letters.as_slice() {
        [first @ .., 'е' | 'о', last] if first.len() >= 2 && cut.is_none() => {
            Some(first.iter().chain([last]).collect())
        }
        _ => None,
    };
    std::iter::once(stem).chain(fallen).collect()
}

/// The names that stand in a text, as they were asked for. A name of one letter is no name.
pub fn names_left<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> BTreeSet<&'n str> {
    let folded = fold(text);
    let words: BTreeSet<&str> =
        folded.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty()).collect();
    let is_left = |name: &&str| {
        let parts = name.split(|it: char| !it.is_alphabetic()).filter(|it| it.chars().count() > 1);
        parts.flat_map(stems).any(|stem| {
            let is_form =
                |word: &&str| word.strip_prefix(stem.as_str()).is_some_and(|it| ENDINGS.contains(&it));
            words.iter().any(is_form)
        })
    };
    names.into_iter().filter(is_left).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_found_in_every_case_and_no_other_word_is() {
        for (name, text) in [
            ("Анна", "Мы рады за Анну."),
            ("Анна", "С АННОЙ всё хорошо"),
            ("Иван", "Ивану помог наставник"),
            ("Иванова", "о жизни Ивановой рассказал колледж"),
            ("Петровский", "встретили Петровского"),
            ("Пётр", "Наставник Петра"),
            ("Павел", "Благодаря Павлу"),
            ("Игорь", "Игорем гордятся"),
            ("Римский-Корсаков", "написал Корсаков"),
            ("Мария", "к Марии пришли"),
        ] {
            assert_eq!(names_left(text, [name]).len(), 1, "{name}: {text}");
        }
        for (name, text) in [("Яна", "в январе"), ("Иван", "ивановский ситец"), ("Я", "я сам")]
        {
            assert_eq!(names_left(text, [name]).len(), 0, "{name}: {text}");
        }
    }

    proptest! {
        /// A name is found wherever it stands as a word of its own, however it is written.
        #[test]
        fn a_name_by_itself_is_always_found(name in "[А-Я][а-я]{1,9}", before in "[ .,!А-я]{0,9}", upper in any::<bool>()) {
            let written = if upper { name.to_uppercase() } else { name.clone() };
            let text = format!("{before} {written}, и всё");
            prop_assert_eq!(names_left(&text, [name.as_str()]).len(), 1);
        }
    }
}
