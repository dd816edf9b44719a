//! Requests of a page of documentation, with the answers that it shows: they are sent, and the answers are compared.
//!
//! `…` in an answer stands for anything. `$name` takes a value from an answer for later requests.
use crate::client::{Client, Reply};
use serde_json::Value;
use std::collections::BTreeMap;

/// The values that the page has named so far.
type Named = BTreeMap<String, String>;

/// A message as the page writes it: its first line, its headers, its body.
struct Message<'p> {
    first: &'p str,
    headers: Vec<(&'p str, &'p str)>,
    body: &'p str,
}

impl<'p> Message<'p> {
    fn of(text: &'p str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = head.lines();
        let first = lines.next().expect("a first line");
        let headers = lines.map(|it| it.split_once(": ").unwrap_or_else(|| panic!("no header: {it}")));
        Self { first, headers: headers.collect(), body: body.trim_end() }
    }
}

/// The blocks of a language in a text of Markdown.
pub fn blocks<'p>(text: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("```{language}\n");
    let found = text.split(&fence).skip(1);
    found.map(|it| it.split("\n```").next().expect("a block")).collect()
}

/// Sends the requests of a page one after another. Answers how many it has sent.
pub fn send_all(client: &Client, page: &str) -> usize {
    let (mut named, mut sent) = (Named::new(), 0);
    let mut all = blocks(page, "http").into_iter();
    while let Some(request) = all.next() {
        let answer = all.next().unwrap_or_else(|| panic!("no answer to {request}"));
        let (request, answer) = (Message::of(request), Message::of(answer));
        let reply = send(client, &request, &named);
        compare(&request, &answer, &reply, &mut named);
        sent += 1;
    }
    sent
}

fn send(client: &Client, it: &Message<'_>, named: &Named) -> Reply {
    let (method, path) = it.first.split_once(' ').expect("a method and a path");
    let method =
        ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|it| *it == method).expect("a method");
    let mut ask = client.ask(method, &filled(path, named));
    let mut media_type = "";
    for (name, value) in &it.headers {
        if name.eq_ignore_ascii_case("content-type") {
            media_type = value;
        } else {
            ask = ask.header(name, filled(value, named));
        }
    }
    if media_type.is_empty() {
        return ask.send();
    }
    let body = filled(it.body, named);
    let body = if media_type.starts_with("multipart/") { body.replace('\n', "\r\n") + "\r\n" } else { body };
    ask.body(media_type, body.into_bytes()).send()
}

/// The text with its names replaced, the longest first.
fn filled(text: &str, named: &Named) -> String {
    let mut names: Vec<_> = named.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let text = names.into_iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    assert!(!text.contains('$'), "nothing has been named so: {text}");
    text
}

fn compare(asked: &Message<'_>, shown: &Message<'_>, reply: &Reply, named: &mut Named) {
    let place = asked.first;
    let status = shown.first.split(' ').nth(1).expect("a status");
    assert_eq!(reply.status.to_string(), status, "{place}: {}", reply.text);
    // Only these answers give the same thing another value.
    if place.contains("/auth/") {
        named.retain(|name, _| !shown.body.contains(name.as_str()));
    }
    if !shown.body.is_empty() {
        let body: Value = serde_json::from_str(shown.body).unwrap_or_else(|it| panic!("{place}: {it}"));
        fits(&body, &reply.body, place, named);
    }
    for (name, value) in &shown.headers {
        let sent = reply.header(name).unwrap_or_else(|| panic!("{place}: no {name}"));
        text_fits(value, sent, &format!("{place} {name}"), named);
    }
}

/// Every member that the page shows is in the answer, with that value.
fn fits(shown: &Value, sent: &Value, place: &str, named: &mut Named) {
    match (shown, sent) {
        (Value::String(text), _) if text == "…" => assert!(!sent.is_null(), "{place} is not there"),
        (Value::String(text), Value::String(sent)) => text_fits(text, sent, place, named),
        (Value::Object(members), _) => {
            for (name, it) in members {
                fits(it, &sent[name], &format!("{place} {name}"), named);
            }
        }
        (Value::Array(items), Value::Array(all)) => {
            let has_more = items.last().is_some_and(|it| it == "…");
            let told = items.len() - usize::from(has_more);
            assert!(all.len() == told || (has_more && all.len() >= told), "{place}: {sent}");
            items.iter().take(told).zip(all).for_each(|(it, sent)| fits(it, sent, place, named));
        }
        _ => assert_eq!(shown, sent, "{place}"),
    }
}

/// The text is what the page shows, with at most one hole: `…`, or a name that is not known yet.
fn text_fits(shown: &str, sent: &str, place: &str, named: &mut Named) {
    let mut names: Vec<_> = named.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let shown = names.into_iter().fold(shown.to_owned(), |text, (name, value)| text.replace(name, value));
    let Some(start) = shown.find(['…', '$']) else { return assert_eq!(shown, sent, "{place}") };
    let (before, hole) = shown.split_at(start);
    let end =
        hole.char_indices().skip(1).find(|(_, it)| !it.is_ascii_alphanumeric()).map_or(hole.len(), |it| it.0);
    let (hole, after) = hole.split_at(end);
    let inner = sent.strip_prefix(before).and_then(|it| it.strip_suffix(after));
    let inner = inner.unwrap_or_else(|| panic!("{place}: {sent} is not {shown}"));
    if hole.starts_with('$') {
        named.insert(hole.to_owned(), inner.to_owned());
    }
}
