//! Lists: a page of limited length, a signed cursor that belongs to one list with its filters, and no unknown
//! parameters.
use crate::http::answer::Answer;
use crate::http::json;
use crate::http::naming::Named;
use crate::http::problem::{BAD_CURSOR, BAD_PARAMETER, MOST, Problem};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use persistence::db::Region;
use persistence::engine::card::Card;
use persistence::engine::page::{Place, Window};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::future::{Ready, ready};

/// Items of a page, if the request names no limit.
const LIMIT: i64 = 50;
/// Items of a page at most.
const LIMIT_MAX: i64 = 200;

/// A list without filters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// The query of a list: `?limit=`, `?cursor=` and the list's own filters.
#[derive(Debug)]
pub struct Query<F> {
    filter: F,
    limit: i64,
    cursor: Option<String>,
    /// The list to which a cursor belongs: its path and filters.
    list: String,
    /// Whether the filters came in the body. Then they must not appear in an address.
    is_by_body: bool,
}

impl<F: DeserializeOwned + Serialize + 'static> FromRequest for Query<F> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request.path(), request.query_string()))
    }
}

/// Reads filters alone, for addresses that are not lists.
pub fn filters<F: DeserializeOwned>(query: &str) -> Result<F, Problem> {
    let Members { named, wrong } = Members::of(query)?;
    typed(named, wrong)
}

/// Reads the filters. A wrong one is left out, so that the others are judged too and all that are wrong are told.
fn typed<F: DeserializeOwned>(named: Map<String, Value>, mut wrong: Vec<String>) -> Result<F, Problem> {
    let mut named = Value::Object(named);
    loop {
        let error = match json::typed(&named) {
            Ok(filter) if wrong.is_empty() => return Ok(filter),
            Ok(_) => return Err(refused(wrong)),
            Err(error) => json::reason(&error).pointer.unwrap_or_default(),
        };
        let name = error.split('/').nth(1).unwrap_or_default().to_owned();
        let is_left_out = named.as_object_mut().is_some_and(|it| it.remove(&name).is_some());
        wrong.push(name);
        if !is_left_out {
            return Err(refused(wrong));
        }
    }
}

/// The refusal of the parameters with these names. A name that nobody would give is not repeated.
fn refused(mut wrong: Vec<String>) -> Problem {
    wrong.sort();
    wrong.dedup();
    let is_name = |it: &String| {
        (1..=64).contains(&it.len()) && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let names: Vec<String> = wrong.into_iter().filter(is_name).take(MOST).collect();
    let problem = Problem::new(&BAD_PARAMETER);
    if names.is_empty() { problem } else { problem.with("parameter", names.join(", ")) }
}

/// The parameters as members of an object, and the names of those that are empty or appear twice.
struct Members {
    named: Map<String, Value>,
    wrong: Vec<String>,
}

impl Members {
    fn of(query: &str) -> Result<Self, Problem> {
        #[expect(clippy::disallowed_types, reason = "here the unknown is refused, by what reads the pairs")]
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| Problem::new(&BAD_PARAMETER))?
            .into_inner();
        let (mut named, mut wrong) = (Map::new(), Vec::new());
        for (name, value) in pairs {
            let is_empty = value.contains('\0') || value.is_empty();
            if is_empty || named.insert(name.clone(), Value::String(value)).is_some() {
                wrong.push(name);
            }
        }
        Ok(Self { named, wrong })
    }
}

/// The number of items asked for, without a sign.
fn count(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|it| is_plain && (1..=LIMIT_MAX).contains(it))
}

impl<F: DeserializeOwned + Serialize> Query<F> {
    fn of(path: &str, query: &str) -> Result<Self, Problem> {
        let Members { mut named, mut wrong } = Members::of(query)?;
        let limit = match named.remove("limit") {
            Some(Value::String(text)) => count(&text),
            _ => Some(LIMIT),
        };
        if limit.is_none() {
            wrong.push("limit".to_owned());
        }
        let cursor = named.remove("cursor").and_then(|it| it.as_str().map(str::to_owned));
        let filter: F = typed(named, wrong)?;
        let limit = limit.unwrap_or(LIMIT);
        let list = format!("{path}\n{}", serde_json::to_string(&filter).unwrap_or_default());
        Ok(Self { filter, limit, cursor, list, is_by_body: false })
    }

    /// A list whose filters came in the body, because personal data must not appear in an address.
    pub fn by_body(request: &HttpRequest, filter: F) -> Result<Self, Problem> {
        let Query { limit, cursor, .. } = Query::<NoFilter>::of(request.path(), request.query_string())?;
        let list = format!("{}\n{}", request.path(), serde_json::to_string(&filter).unwrap_or_default());
        Ok(Self { filter, limit, cursor, list, is_by_body: true })
    }

    /// The filters.
    pub fn filter(&self) -> &F {
        &self.filter
    }

    /// The window of the request. A cursor of another list is refused.
    pub fn window(&self, region: &Region) -> Result<Window, Problem> {
        let after = match &self.cursor {
            None => None,
            Some(cursor) => Some(self.open(region, cursor).ok_or_else(|| Problem::new(&BAD_CURSOR))?),
        };
        Ok(Window { after, limit: self.limit })
    }

    fn open(&self, region: &Region, cursor: &str) -> Option<Place> {
        let (place, mark) = cursor.split_once('.')?;
        if !region.keys().is_mark(&self.marked(place), mark) {
            return None;
        }
        serde_json::from_slice(&BASE64.decode(place).ok()?).ok()
    }

    fn marked(&self, place: &str) -> String {
        format!("cursor\n{}\n{place}", self.list)
    }

    fn cursor(&self, region: &Region, place: &Place) -> Option<String> {
        let place = BASE64.encode(serde_json::to_vec(place).ok()?);
        let mark = region.keys().mark(&self.marked(&place));
        Some(format!("{place}.{mark}"))
    }

    /// The answer with a page.
    ///
    /// `items` is the JSON of its items, `next` the place of the next page.
    pub fn answer<T: Card>(&self, region: &Region, items: Named, next: Option<&Place>) -> Answer {
        let cursor = next.and_then(|it| self.cursor(region, it));
        // A cursor is of letters, digits and a few marks that JSON does not escape.
        let end = cursor.as_ref().map(|it| format!(",\"next_cursor\":\"{it}\"")).unwrap_or_default();
        let mut page = items;
        page.text.insert_str(0, "{\"items\":");
        page.text.push_str(&end);
        page.text.push('}');
        let mut answer = Answer::list::<T>(page);
        if !self.is_by_body {
            answer.tag_without(cursor.as_deref());
        }
        if let Some(cursor) = cursor {
            let path = self.list.lines().next().unwrap_or_default();
            let mut link = format!("<{path}?limit={}&cursor={cursor}", self.limit);
            for (name, value) in self.pairs() {
                link.push_str(&format!("&{name}={value}"));
            }
            answer.header("Link", link + ">; rel=\"next\"");
        }
        answer
    }

    /// The filters as parameters of an address. Codes, ids and dates need no escaping. Filters from a body are left
    /// out.
    fn pairs(&self) -> Vec<(String, String)> {
        if self.is_by_body {
            return Vec::new();
        }
        let Ok(Value::Object(members)) = serde_json::to_value(&self.filter) else { return Vec::new() };
        let told = members.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        told.filter(|(_, value)| {
            value.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | ','))
        })
        .collect()
    }
}
