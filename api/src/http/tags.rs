//! Entity tags (RFC 9110 §8.8.3, §13.1): `"7"` is a version, `"7.1f…"` a version with the digest of a
//! card that shows data of other rows, `"7.gz"` the same compressed, other tags are digests.
use crate::http::problem::{BAD_HEADER, Problem, VERSION_REQUIRED};
use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};

/// The end of the tag of a compressed answer.
const COMPRESSED: &str = ".gz";

/// The tags of a conditional header.
enum Tags {
    /// `*`: any.
    Any,
    /// Tags, each with the mark of a weak one.
    These(Vec<(bool, String)>),
}

/// The versions that `If-Match` names. Nobody overwrites a version that they have not seen, so `*` names none, and a weak tag or
/// a tag that was never sent is no version: an edit with nothing else is stale.
pub fn versions(headers: &HeaderMap) -> Result<Option<Vec<i64>>, Problem> {
    let wrong = || Problem::new(&BAD_HEADER).with("header", "If-Match");
    match read(headers, &IF_MATCH).map_err(|_| wrong())? {
        None => Ok(None),
        Some(Tags::Any) => Err(Problem::new(&VERSION_REQUIRED)),
        Some(Tags::These(all)) => {
            let strong = all.iter().filter(|(is_weak, _)| !is_weak);
            Ok(Some(strong.filter_map(|(_, tag)| version(tag)).collect()))
        }
    }
}

/// Whether the client has the answer with this tag already (`If-None-Match`). A header that cannot be read asks for nothing.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    match read(headers, &IF_NONE_MATCH) {
        Ok(Some(Tags::Any)) => true,
        Ok(Some(Tags::These(all))) => all.iter().any(|(_, it)| plain(it) == tag.trim_matches('"')),
        Ok(None) | Err(_) => false,
    }
}

/// Whether the client names the compressed answer in `If-None-Match`.
pub fn names_compressed(headers: &HeaderMap) -> bool {
    let named = read(headers, &IF_NONE_MATCH);
    matches!(named, Ok(Some(Tags::These(all))) if all.iter().any(|(_, it)| it.ends_with(COMPRESSED)))
}

/// The tag of the same answer, compressed.
pub fn compressed(tag: &str) -> String {
    tag.strip_suffix('"').map_or_else(|| tag.to_owned(), |it| format!("{it}{COMPRESSED}\""))
}

fn plain(tag: &str) -> &str {
    tag.strip_suffix(COMPRESSED).unwrap_or(tag)
}

/// The version of a tag: what stands before the first dot, exactly as it was sent.
fn version(tag: &str) -> Option<i64> {
    let text = tag.split('.').next()?;
    text.parse().ok().filter(|it: &i64| it.to_string() == text)
}

/// A header that is no list of tags.
struct Unreadable;

fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Unreadable> {
    let mut all = Vec::new();
    for line in headers.get_all(name) {
        let line = line.to_str().map_err(|_| Unreadable)?.trim();
        if line == "*" {
            return Ok(Some(Tags::Any));
        }
        tags(line, &mut all)?;
    }
    Ok(if headers.contains_key(name) { Some(Tags::These(all)) } else { None })
}

/// A comma may stand inside a tag, so the list is read tag by tag.
fn tags(line: &str, all: &mut Vec<(bool, String)>) -> Result<(), Unreadable> {
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return if all.is_empty() { Err(Unreadable) } else { Ok(()) };
        }
        let weak = rest.strip_prefix("W/");
        let opened = weak.unwrap_or(rest).strip_prefix('"').ok_or(Unreadable)?;
        let (tag, after) = opened.split_once('"').ok_or(Unreadable)?;
        all.push((weak.is_some(), tag.to_owned()));
        rest = after.trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(Unreadable);
        }
    }
}
