//! Lists: a page of limited length, a signed cursor that belongs to one list with its filters, and no unknown
//! parameters.
use crate::http::answer::Answer;
use crate::http::json;
use crate::http::naming::Named;
use crate::http::problem::{BAD_CURSOR, BAD_PARAMETER, Problem};
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
    let members = members(query)?;
    typed(members)
}

fn typed<F: DeserializeOwned>(members: Map<String, Value>) -> Result<F, Problem> {
    let wrong_member = |it| wrong(json::reason(&it).pointer.unwrap_or_default().trim_start_matches('/'));
    json::typed(&Value::Object(members)).map_err(wrong_member)
}

fn wrong(name: &str) -> Problem {
    let known = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_') && name.len() <= 64;
    let problem = Problem::new(&BAD_PARAMETER);
    if known && !name.is_empty() { problem.with("parameter", name) } else { problem }
}

/// The parameters as members of an object. Numbers and truth values get their JSON type, and no parameter may appear
/// twice.
fn members(query: &str) -> Result<Map<String, Value>, Problem> {
    #[expect(clippy::disallowed_types, reason = "here the unknown is refused, by what reads the pairs")]
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| Problem::new(&BAD_PARAMETER))?
        .into_inner();
    let mut members = Map::new();
    for (name, value) in pairs {
        if value.contains('\0') || value.is_empty() {
            return Err(wrong(&name));
        }
        if members.insert(name.clone(), Value::String(value)).is_some() {
            return Err(wrong(&name));
        }
    }
    Ok(members)
}

/// The number of items asked for, without a sign.
fn count(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|it| is_plain && (1..=LIMIT_MAX).contains(it))
}

impl<F: DeserializeOwned + Serialize> Query<F> {
    fn of(path: &str, query: &str) -> Result<Self, Problem> {
        let mut members = members(query)?;
        let limit = match members.remove("limit") {
            None => LIMIT,
            Some(Value::String(text)) => count(&text).ok_or_else(|| wrong("limit"))?,
            Some(_) => return Err(wrong("limit")),
        };
        let cursor = members.remove("cursor").and_then(|it| it.as_str().map(str::to_owned));
        let filter: F = typed(members)?;
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
        let page = Named { text: format!("{{\"items\":{}{end}}}", items.text), ..items };
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
