//! Headers that say what a client accepts: lists of items with weights (RFC 9110 §12.4.2, §12.5).
use actix_web::http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderName};

/// The weight of an item without one.
const FULL: u16 = 1000;

/// An item: a range of media types, a coding or a language.
struct Item {
    /// In lower case.
    name: String,
    /// In thousandths.
    weight: u16,
}

/// Whether the client takes JSON. Parameters of a media type are read over: JSON has none (RFC 8259 §11).
pub fn takes_json(headers: &HeaderMap) -> bool {
    let all = items(headers, &ACCEPT);
    // The most specific range decides; the weights of the others do not count.
    let ranges = ["application/json", "application/problem+json", "application/*", "*/*"];
    let found = ranges.iter().find_map(|it| weight(&all, it));
    all.is_empty() || found.is_some_and(|it| it > 0)
}

/// Whether the client takes gzip, and likes it no less than the plain answer.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = items(headers, &ACCEPT_ENCODING);
    let gzip = ["gzip", "x-gzip", "*"].iter().find_map(|it| weight(&all, it)).unwrap_or_default();
    gzip > 0 && weight(&all, "identity").is_none_or(|plain| gzip >= plain)
}

/// Whether the client prefers English. Russian is the default.
pub fn is_english(headers: &HeaderMap) -> bool {
    let all = items(headers, &ACCEPT_LANGUAGE);
    let weight = |language: &str| {
        let of_it = all.iter().filter(|it| it.name.split('-').next() == Some(language));
        of_it.map(|it| it.weight).max()
    };
    weight("en").is_some_and(|en| en > weight("ru").unwrap_or_default())
}

fn weight(all: &[Item], name: &str) -> Option<u16> {
    all.iter().filter(|it| it.name == name).map(|it| it.weight).max()
}

fn items(headers: &HeaderMap, name: &HeaderName) -> Vec<Item> {
    let lines = headers.get_all(name).filter_map(|it| it.to_str().ok());
    lines.flat_map(|it| parts(it, ',')).filter_map(item).collect()
}

fn item(text: &str) -> Option<Item> {
    let mut parts = parts(text, ';').into_iter();
    let name = parts.next().filter(|it| !it.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|it| {
        let (name, value) = it.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
    });
    Some(Item { name, weight: quality.flatten().unwrap_or(FULL) })
}

/// `0.8` as 800. `None` for what is no weight.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_number = rest.len() <= 3 && rest.bytes().all(|it| it.is_ascii_digit());
    let rest: u16 = format!("{rest:0<3}").parse().ok().filter(|_| is_number)?;
    match whole {
        "0" => Some(rest),
        "1" if rest == 0 => Some(FULL),
        _ => None,
    }
}

/// The parts of a list. A separator inside a quoted text is part of the text.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let split = move |it: char| {
        let is_literal = std::mem::take(&mut is_escaped);
        match it {
            '\\' if is_quoted && !is_literal => is_escaped = true,
            '"' if !is_literal => is_quoted = !is_quoted,
            it => return it == separator && !is_quoted,
        }
        false
    };
    text.split(split).map(str::trim).filter(|it| !it.is_empty()).collect()
}
