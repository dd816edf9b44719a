//! Characters of texts: letters with their marks, and characters that show nothing or mislead.
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Control characters, and characters that change the direction of text. Names and notes do not need them, and they can mislead
/// a reader.
pub(super) fn is_hostile(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

/// Whether a reader sees anything: a character that is more than a space, a filler, or a mark without its letter.
pub(crate) fn shows(text: &str) -> bool {
    text.chars().any(|it| it.is_ascii_graphic() || (!it.is_ascii() && shows_alone(it)))
}

fn shows_alone(it: char) -> bool {
    const WITHOUT_INK: GeneralCategoryGroup = GeneralCategoryGroup::Separator
        .union(GeneralCategoryGroup::Mark)
        .union(GeneralCategoryGroup::Control)
        .union(GeneralCategoryGroup::Format)
        .union(GeneralCategoryGroup::Unassigned)
        .union(GeneralCategoryGroup::PrivateUse);
    !WITHOUT_INK.contains(category(it)) && !is_ignorable(it) && !is_blank(it)
}

/// Symbols whose glyph is empty: Braille without dots, a note without a head, blanks of hieroglyphs, a place for an object.
fn is_blank(it: char) -> bool {
    matches!(it, '\u{2800}' | '\u{1D159}' | '\u{13441}' | '\u{13442}' | '\u{FFFC}')
}

/// Whether programs show nothing for the character: fillers, joiners, selectors of variants.
pub(super) fn is_ignorable(it: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(it)
}

fn category(it: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(it)
}

/// Whether the text is made of letters of any script, each with its marks, and the given characters between them.
pub(super) fn are_letters(text: &str, between: impl Fn(char) -> bool) -> bool {
    let mut before = None;
    text.chars().all(|it| {
        let fits = if is_letter(it) {
            true
        } else if is_mark(it) {
            before.is_some_and(|it| is_letter(it) || is_mark(it) || is_joiner(it))
        } else if is_joiner(it) {
            before.is_some_and(is_joined)
        } else {
            between(it)
        };
        before = Some(it);
        fits
    }) && before.is_none_or(|it| !is_joiner(it))
}

fn is_letter(it: char) -> bool {
    it.is_ascii_alphabetic() || (!it.is_ascii() && is_letter_of_any_script(it))
}

fn is_letter_of_any_script(it: char) -> bool {
    const LETTERS: GeneralCategoryGroup =
        GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::LetterNumber);
    LETTERS.contains(category(it)) && !is_ignorable(it) && !is_blank(it)
}

/// A mark that belongs to the letter before it.
fn is_mark(it: char) -> bool {
    matches!(category(it), GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark)
        && !is_ignorable(it)
}

/// The zero-width joiner and non-joiner: Persian and Indic names are spelled with them.
fn is_joiner(it: char) -> bool {
    matches!(it, '\u{200C}' | '\u{200D}')
}

/// Whether a joiner may follow: not between letters that look the same without it.
fn is_joined(it: char) -> bool {
    let script = CodePointMapData::<Script>::new().get(it);
    let is_apart = matches!(
        script,
        Script::Cyrillic
            | Script::Latin
            | Script::Greek
            | Script::Armenian
            | Script::Georgian
            | Script::Hebrew
    );
    let is_of_no_script = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    (is_letter(it) || is_mark(it)) && !is_apart && !is_of_no_script
}
