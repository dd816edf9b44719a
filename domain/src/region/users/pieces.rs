//! Passwords made of well-known pieces: words, rows of keys, runs and years. What guesses begin with is not counted.

/// The pieces that guesses begin with, as they are typed, in either layout of a keyboard.
static WORDS: &str = include_str!("words.txt");
/// Rows of keys.
const ROWS: &[&str] =
    &["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];
/// Keys of a row, and characters of a run, that are a piece.
const ROW: usize = 5;
const RUN: usize = 3;

/// The number of letters and digits of the text that belong to no well-known piece.
pub(super) fn own_characters(text: &str) -> usize {
    let plain: Vec<char> = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|it| if it == 'ё' { 'е' } else { it })
        .filter(|it| it.is_alphanumeric() || matches!(it, '@' | '$' | '!'))
        .collect();
    let (mut rest, mut own) = (plain.as_slice(), 0);
    while let Some((first, after)) = rest.split_first() {
        let taken = word(rest).max(row(rest)).max(run(rest)).max(year(rest));
        own += usize::from(taken == 0 && first.is_alphanumeric());
        rest = rest.get(taken..).filter(|_| taken > 0).unwrap_or(after);
    }
    own
}

/// The length of the longest word at the beginning, if there is one.
fn word(rest: &[char]) -> usize {
    let begins = |word: &str| {
        let length = word.chars().count();
        let is_there =
            rest.len() >= length && rest.iter().zip(word.chars()).all(|(it, letter)| means(*it, letter));
        if is_there { length } else { 0 }
    };
    WORDS.lines().map(begins).max().unwrap_or(0)
}

/// Whether the character is that letter, or the digit or sign that people write for it.
fn means(it: char, letter: char) -> bool {
    let alike = match it {
        '0' => "oо",
        '1' | '!' => "il",
        '3' => "eз",
        '4' => "aч",
        '5' | '$' => "s",
        '6' => "б",
        '7' => "t",
        '@' => "a",
        _ => "",
    };
    it == letter || alike.contains(letter)
}

/// The length of a piece of a row of keys at the beginning, forwards or backwards.
fn row(rest: &[char]) -> usize {
    let along = |keys: Vec<char>| {
        let starts = (0..keys.len()).filter_map(|at| keys.get(at..));
        starts.map(|keys| rest.iter().zip(keys).take_while(|(it, key)| it == key).count()).max().unwrap_or(0)
    };
    let both = ROWS.iter().flat_map(|it| [it.chars().collect(), it.chars().rev().collect()]);
    both.map(along).max().filter(|it| *it >= ROW).unwrap_or(0)
}

/// The length of a run at the beginning: the same character again, or the next, or the one before.
fn run(rest: &[char]) -> usize {
    let step = |(one, next): (&char, &char)| i64::from(u32::from(*next)) - i64::from(u32::from(*one));
    let mut steps = rest.iter().zip(rest.iter().skip(1)).map(step).peekable();
    let Some(first) = steps.peek().copied().filter(|it| (-1..=1).contains(it)) else { return 0 };
    let length = steps.take_while(|it| *it == first).count() + 1;
    if length >= RUN { length } else { 0 }
}

/// The length of a year at the beginning.
fn year(rest: &[char]) -> usize {
    let text: String = rest.iter().take(4).collect();
    let is_year = text.parse::<u16>().is_ok_and(|it| (1900..=2099).contains(&it));
    if is_year && text.len() == 4 { 4 } else { 0 }
}
