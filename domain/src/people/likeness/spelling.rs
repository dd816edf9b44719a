//! Names in the forms in which they are compared.
use crate::base::text::names;

/// Latin spellings of Cyrillic letters in passports (ICAO 9303), with older ones. The longest stand first.
const LATIN: [(&str, &str); 35] = [
    ("shch", "щ"),
    ("kh", "х"),
    ("zh", "ж"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("iu", "ю"),
    ("yu", "ю"),
    ("ia", "я"),
    ("ya", "я"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("y", "ы"),
    ("z", "з"),
];

/// Endings of passports whose last letter is a short one.
const SHORT: [(&str, &str); 5] = [("ии", "ий"), ("еи", "ей"), ("аи", "ай"), ("ои", "ой"), ("ыи", "ый")];

/// Endings of women, each with that of men.
const ENDINGS: [(&str, &str); 9] = [
    ("овна", "ович"),
    ("евна", "евич"),
    ("ична", "ич"),
    ("ова", "ов"),
    ("ева", "ев"),
    ("ина", "ин"),
    ("ына", "ын"),
    ("ская", "ский"),
    ("цкая", "цкий"),
];

/// The words of a name in their normal form. A name in Latin letters alone is read back as passports write it.
pub(super) fn normal(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let is_latin = lower.chars().all(|it| it.is_ascii() || !it.is_alphabetic());
    names::parts(&if is_latin { cyrillic(&lower) } else { lower })
}

fn cyrillic(text: &str) -> String {
    let (mut read, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        let known = LATIN.iter().find_map(|(latin, letter)| Some((rest.strip_prefix(latin)?, *letter)));
        match known {
            Some((behind, letter)) => {
                read.push_str(letter);
                rest = behind;
            }
            None => {
                read.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
    }
    let short = SHORT.iter().find_map(|(end, is)| Some(format!("{}{is}", read.strip_suffix(end)?)));
    short.unwrap_or(read)
}

/// The form of a word for men.
pub(super) fn masculine(word: &str) -> String {
    let known = ENDINGS.iter().find_map(|(end, is)| Some(format!("{}{is}", word.strip_suffix(end)?)));
    known.unwrap_or_else(|| word.to_owned())
}

/// The rest of a word when letters that sound alike are one: in the form for men, voiceless, no letter twice.
pub(super) fn skeleton(word: &str) -> String {
    let mut heard = String::new();
    for letter in masculine(word).chars() {
        let letter = match letter {
            'о' | 'я' => 'а',
            'е' | 'э' | 'ы' | 'й' | 'і' => 'и',
            'ю' => 'у',
            'б' => 'п',
            'в' => 'ф',
            'г' => 'к',
            'д' => 'т',
            'ж' | 'щ' => 'ш',
            'з' => 'с',
            'ь' | 'ъ' => continue,
            other => other,
        };
        if !heard.ends_with(letter) {
            heard.push(letter);
        }
    }
    heard
}

/// Whether one letter more, less or another, or two neighbours in the other order, make one word the other.
pub(super) fn is_one_edit_away(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (short, long) {
        ([a, b, rest @ ..], [c, d, others @ ..]) if a == d && b == c && rest == others => true,
        ([_, rest @ ..], [_, others @ ..]) if rest == others => true,
        (rest, [_, others @ ..]) => rest == others,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_passport_is_read_back() {
        for (latin, name) in [
            ("Yuliia", "юлия"),
            ("SERGEI", "сергей"),
            ("Shchukin", "щукин"),
            ("Khamaganova", "хамаганова"),
            ("Zhukovskii", "жуковский"),
            ("Anna-Mariia", "аннамария"),
        ] {
            assert_eq!(normal(latin).concat(), name, "{latin}");
        }
        assert_eq!(normal("Ёлкинa"), ["елкина"], "a Latin letter among others is the one it looks like");
    }

    #[test]
    fn names_that_sound_alike_have_one_skeleton() {
        for (one, other) in [
            ("иванова", "иванов"),
            ("геннадий", "генадий"),
            ("кирилл", "кирил"),
            ("сергеевна", "сергеевич"),
            ("достоевская", "дастаевский"),
            ("бадмаев", "батмаеф"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        assert_ne!(skeleton("иванов"), skeleton("петров"));
    }

    #[test]
    fn an_edit_is_one_letter_or_two_neighbours() {
        for (one, other) in [
            ("мороз", "морос"),
            ("мороз", "морроз"),
            ("мороз", "ороз"),
            ("мороз", "мроз"),
            ("мороз", "омроз"),
        ] {
            assert!(is_one_edit_away(one, other) && is_one_edit_away(other, one), "{other}");
        }
        assert!(!is_one_edit_away("мороз", "мор"));
        assert!(!is_one_edit_away("мороз", "моозр"));
    }
}
