//! Faults of a body: the whole body is read beside its schema, and every member that is wrong is told at once.
//!
//! A wrong member is mended by an example, so that the rest can be read as the type and judged by its rules. Rules about
//! a mended member are not told, because the client never sent what they judge. Beside a member that is lacking, unreadable or out of its
//! bounds, rules tell nothing but references of other members to what is not there.
use crate::http::json::{self, Pointer};
use crate::http::problem::MOST;
use domain::base::clauses::{self, WITH};
use domain::base::refusal::{Reason, Refused};
use domain::base::text::{BOTH, FORMAT, LENGTH, MISSING, RANGE, REFERENCE, UNKNOWN, WORD, WRONG_TYPE};
use domain::base::written::Written;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::ToSchema;
use validator::Validate;

/// The greatest depth of an example.
const DEPTH: usize = 8;

/// A body with faults.
#[derive(Debug, Clone)]
pub struct Faulty<T> {
    /// The form for the rules, with an example in the place of each member that is lacking, unreadable, or out of the bounds that rules
    /// rely on. `None` where no example can stand there.
    pub form: Option<T>,
    /// All faults of the body.
    pub reasons: Vec<Reason>,
    /// The pointers to values that an example stands for.
    pub mended: Vec<String>,
}

/// Reads a form from parsed JSON and validates it. Answers 422 with all errors.
///
/// A body without a fault is read once. Only a body with one is read beside its schema, to find the others. A member that may be
/// absent is absent where it is `null`.
pub fn read<T: DeserializeOwned + Validate + ToSchema>(value: Value) -> Result<T, Faulty<T>> {
    let Ok(form) = json::typed::<T>(&value) else { return of(value) };
    let Err(errors) = form.validate() else { return Ok(form) };
    let book = Book::of::<T>();
    let mut walk = Walk { book: &book, reasons: Vec::new(), mended: Vec::new() };
    let out = walk.judge(clauses::reasons(&errors));
    Err(walk.faulty(Some((form, out)), value))
}

/// The form of a body that could not be read as the type, or everything that is wrong with it.
fn of<T: DeserializeOwned + Validate + ToSchema>(value: Value) -> Result<T, Faulty<T>> {
    let (book, mut value, mut form) = (Book::of::<T>(), value, None);
    let mut walk = Walk { book: &book, reasons: Vec::new(), mended: Vec::new() };
    walk.look(&book.root, &mut value, &Pointer::default());
    while walk.reasons.len() < MOST {
        match json::typed::<T>(&value) {
            Ok(read) => {
                let out = walk.judge(told(&read));
                form = Some((read, out));
                break;
            }
            Err(error) => {
                if !walk.mend(json::reason(&error), &mut value) {
                    break;
                }
            }
        }
    }
    match form {
        Some((form, _)) if walk.reasons.is_empty() && walk.mended.is_empty() => Ok(form),
        form => Err(walk.faulty(form, value)),
    }
}

/// The rules that judge the bounds of one member. Other rules rely on them.
fn is_relied_on(reason: &Reason) -> bool {
    [MISSING.code, RANGE.code, LENGTH.code].contains(&reason.rule.code)
}

impl<T> Faulty<T> {
    /// The refusal.
    pub fn refused(self) -> Refused {
        match Refused::unless_empty(self.reasons) {
            Err(it) => it,
            Ok(()) => FORMAT.refuse(),
        }
    }
}

/// The faults that were found in the body of a guarded request. The rules are judged beside them in a transaction that is undone,
/// so that all is told at once.
#[derive(Debug, Clone, Default)]
pub struct Found(Arc<Mutex<Noted>>);

/// The faults of a body, and the pointers to values that an example stands for.
#[derive(Debug, Clone, Default)]
struct Noted {
    reasons: Vec<Reason>,
    mended: Vec<String>,
}

impl Noted {
    /// Whether the rules may judge the form as it was sent: no example stands in it. One stands for each value that is out of the bounds on
    /// which they rely.
    fn is_complete(&self) -> bool {
        self.mended.is_empty()
    }
}

impl Found {
    /// The form to go on with: without faults, or with faults that are noted here. It is refused at once if the rules cannot
    /// judge it.
    pub fn note<T>(&self, read: Result<T, Faulty<T>>) -> Result<T, Refused> {
        let (form, noted) = match read {
            Ok(form) => (form, Noted::default()),
            Err(Faulty { form: Some(form), reasons, mended }) => (form, Noted { reasons, mended }),
            Err(faulty) => return Err(faulty.refused()),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = noted;
        Ok(form)
    }

    /// Refuses the body if it had faults, together with what the rules say of other members.
    pub fn refuse(&self, by_rules: &[Reason]) -> Result<(), Refused> {
        let noted = self.noted();
        let is_complete = noted.is_complete();
        let Noted { reasons: mut all, mended } = noted;
        if !all.is_empty() {
            let is_told =
                |it: &Reason| it.pointer.is_some() && all.iter().any(|own| own.pointer == it.pointer);
            let may_be_told =
                |it: &Reason| is_complete || (it.rule.code == REFERENCE.code && is_beside(it, &mended));
            let others = by_rules.iter().filter(|it| may_be_told(it) && !is_told(it));
            let others: Vec<Reason> = others.cloned().collect();
            all.extend(others);
        }
        Refused::unless_empty(all)
    }

    /// Refuses a body in which a member is lacking, unreadable or out of its bounds: nothing but references is judged beside.
    pub fn must_be_complete(&self) -> Result<(), Refused> {
        let noted = self.noted();
        if noted.is_complete() { Ok(()) } else { Refused::unless_empty(noted.reasons) }
    }

    fn noted(&self) -> Noted {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The schema of a body with those that it names: what the contract says of it.
struct Book {
    root: Value,
    named: Map<String, Value>,
}

impl Book {
    fn of<T: ToSchema>() -> Self {
        let mut all = Vec::new();
        T::schemas(&mut all);
        let data = |it| serde_json::to_value(it).unwrap_or_default();
        Self {
            root: data(T::schema()),
            named: all.into_iter().map(|(name, schema)| (name, data(schema))).collect(),
        }
    }
    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let named = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next());
        named.map_or(schema, |name| self.named.get(name).unwrap_or(schema))
    }
    /// The schema of a member or an item.
    fn inner<'s>(&'s self, schema: &'s Value, part: &str) -> Option<&'s Value> {
        let schema = self.resolve(schema);
        let member = schema.get("properties").and_then(|it| it.get(part));
        let others = || schema.get("additionalProperties").filter(|it| it.is_object());
        member.or_else(|| schema.get("items")).or_else(others)
    }
    fn at(&self, pointer: &str) -> Option<&Value> {
        pointer.split('/').skip(1).try_fold(&self.root, |schema, part| {
            self.inner(schema, &part.replace("~1", "/").replace("~0", "~"))
        })
    }
    /// The smallest value that can be read by the schema.
    fn example(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(word) = schema.pointer("/enum/0") {
            return word.clone();
        }
        let within = || schema.get("minimum").cloned().unwrap_or(json!(0));
        let own = |it: Written| it.example().to_owned();
        match kind(schema) {
            "string" => written(schema).map_or_else(|| "x".repeat(least_length(schema)), own).into(),
            "integer" | "number" => within(),
            "boolean" => json!(false),
            "array" => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(5);
                let item = schema.get("items").filter(|_| depth > 0);
                (0..least).filter_map(|_| item.map(|it| self.example(it, depth - 1))).collect()
            }
            "object" => {
                let required = required(schema).filter(|_| depth > 0);
                let member = |name: &str| {
                    self.inner(schema, name).map(|it| (name.to_owned(), self.example(it, depth - 1)))
                };
                Value::Object(required.filter_map(member).collect())
            }
            _ => Value::Null,
        }
    }
}

fn kind(schema: &Value) -> &str {
    schema.get("type").and_then(Value::as_str).unwrap_or_default()
}
fn written(schema: &Value) -> Option<Written> {
    Written::of_format(schema.get("format").and_then(Value::as_str)?)
}
fn least_length(schema: &Value) -> usize {
    let least = schema.get("minLength").and_then(Value::as_u64);
    least.and_then(|it| usize::try_from(it).ok()).unwrap_or(1).clamp(1, 100)
}
fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
/// Whether an object of this schema may have any member.
fn is_open(schema: &Value) -> bool {
    schema.get("additionalProperties").is_some_and(|it| *it != json!(false))
        || schema.get("properties").is_none()
}

/// A walk through a body beside its schema.
struct Walk<'b> {
    book: &'b Book,
    reasons: Vec<Reason>,
    /// The pointers to values that an example stands for.
    mended: Vec<String>,
}

impl Walk<'_> {
    fn look(&mut self, schema: &Value, value: &mut Value, at: &Pointer) {
        if self.reasons.len() >= MOST {
            return;
        }
        let schema = self.book.resolve(schema);
        let fault = match (kind(schema), &mut *value) {
            ("object", Value::Object(members)) => return self.look_at_members(schema, members, at),
            ("array", Value::Array(items)) => return self.look_at_items(schema, items, at),
            ("string", Value::String(text)) => against_text(schema, text),
            ("integer" | "number", Value::Number(number)) => against_number(schema, number),
            ("boolean", Value::Bool(_)) | ("", _) => None,
            _ => Some(WRONG_TYPE.reason()),
        };
        if let Some(fault) = fault {
            self.told(fault, at);
            self.mended.push(at.as_str().to_owned());
            *value = self.book.example(schema, DEPTH);
        }
    }

    fn told(&mut self, fault: Reason, at: &Pointer) {
        self.reasons.push(fault.at(at.text()));
    }

    fn look_at_members(&mut self, schema: &Value, members: &mut Map<String, Value>, at: &Pointer) {
        if !is_open(schema) {
            let known = |name: &String| self.book.inner(schema, name).is_some();
            let unknown: Vec<String> = members.keys().filter(|it| !known(it)).cloned().collect();
            for name in unknown.into_iter().take(MOST) {
                members.remove(&name);
                self.told(UNKNOWN.reason(), &at.to(&name));
            }
        }
        for name in required(schema).filter(|it| !members.contains_key(*it)).collect::<Vec<_>>() {
            let at = at.to(name);
            self.told(MISSING.reason(), &at);
            self.mended.push(at.as_str().to_owned());
            let example = self.book.inner(schema, name).map(|it| self.book.example(it, DEPTH));
            members.insert(name.to_owned(), example.unwrap_or_default());
        }
        members.retain(|name, value| !value.is_null() || required(schema).any(|it| it == name));
        for (name, value) in members.iter_mut() {
            if let Some(inner) = self.book.inner(schema, name) {
                self.look(inner, value, &at.to(name));
            }
        }
    }

    fn look_at_items(&mut self, schema: &Value, items: &mut [Value], at: &Pointer) {
        let Some(inner) = schema.get("items") else { return };
        for (index, item) in items.iter_mut().enumerate() {
            self.look(inner, item, &at.to(&index.to_string()));
        }
    }

    /// Tells a fault that only the type knows, and mends the member. `false` if that changes nothing.
    fn mend(&mut self, reason: Reason, value: &mut Value) -> bool {
        let at = reason.pointer.clone().unwrap_or_default();
        if self.mended.contains(&at) {
            return false;
        }
        self.reasons.push(reason);
        let (Some(slot), Some(schema)) = (value.pointer_mut(&at), self.book.at(&at)) else { return false };
        *slot = self.book.example(schema, DEPTH);
        self.mended.push(at);
        true
    }

    /// The faults with the form for the rules. An example stands for each value that is out of the bounds on which rules rely, as
    /// [`Self::judge`] has told it.
    fn faulty<T: DeserializeOwned + Validate>(
        mut self,
        read: Option<(T, Vec<String>)>,
        mut value: Value,
    ) -> Faulty<T> {
        let form = match read {
            Some((_, out)) if !out.is_empty() => self.within_bounds(&out, &mut value),
            read => read.map(|it| it.0),
        };
        let Self { mut reasons, mended, .. } = self;
        reasons.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        reasons.dedup();
        reasons.truncate(MOST);
        Faulty { form, reasons, mended }
    }

    /// The form with an example in the place of each of these values, unless an example is out of the bounds too.
    fn within_bounds<T: DeserializeOwned + Validate>(
        &mut self,
        out: &[String],
        value: &mut Value,
    ) -> Option<T> {
        for at in out {
            let example = self.book.example(self.book.at(at)?, DEPTH);
            *value.pointer_mut(at)? = example;
            self.mended.push(at.clone());
        }
        json::typed::<T>(value).ok().filter(|it| out_of_bounds(&told(it)).is_empty())
    }

    /// Adds what the rules say of members that the client sent. The pointers to values that are out of the bounds on which rules rely.
    fn judge(&mut self, told: Vec<Reason>) -> Vec<String> {
        let out = out_of_bounds(&told);
        self.reasons.extend(told.into_iter().filter(|it| !is_about(it, &self.mended)));
        out
    }
}

/// All that the rules say of a form.
fn told(form: &impl Validate) -> Vec<Reason> {
    form.validate().map_or_else(|it| clauses::reasons(&it), |()| Vec::new())
}

/// The pointers to values that are out of the bounds on which rules rely, by what the rules say.
fn out_of_bounds(told: &[Reason]) -> Vec<String> {
    let out = told.iter().filter(|it| is_relied_on(it));
    out.map(|it| it.pointer.clone().unwrap_or_default()).collect()
}

/// Whether a reason is about a mended value: in it, or, for members that contradict each other, around it.
fn is_about(reason: &Reason, mended: &[String]) -> bool {
    let with = reason.params.get(WITH).and_then(Value::as_str).unwrap_or_default();
    let mut concerned = reason.pointer.iter().map(String::as_str).chain(with.split(", "));
    concerned.any(|it| {
        !it.is_empty()
            && mended.iter().any(|mended| {
                is_within(it, mended) || (reason.rule.code == BOTH.code && is_within(mended, it))
            })
    })
}

/// Whether a dangling reference stands beside all mended values: neither in one nor around one. What `…/id` refers to is told by all members of
/// its object. A reference without a pointer may be any.
fn is_beside(reason: &Reason, mended: &[String]) -> bool {
    let Some(at) = reason.pointer.as_deref() else { return false };
    let whole = at.strip_suffix("/id").unwrap_or(at);
    !is_about(reason, mended) && !mended.iter().any(|it| is_within(it, whole))
}

fn is_within(pointer: &str, around: &str) -> bool {
    pointer.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn against_text(schema: &Value, text: &str) -> Option<Reason> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let is_known = words.iter().any(|it| it.as_str() == Some(text));
        return (!is_known).then(|| WORD.reason());
    }
    written(schema).and_then(|it| it.against(text))
}

fn against_number(schema: &Value, number: &serde_json::Number) -> Option<Reason> {
    if kind(schema) == "integer" && !(number.is_i64() || number.is_u64()) {
        return Some(WRONG_TYPE.reason());
    }
    let is_short = schema.get("format").and_then(Value::as_str) == Some("int32");
    let (least, most) = if is_short { (Some(i32::MIN.into()), Some(i32::MAX.into())) } else { (None, None) };
    let bound = |name: &str, other: Option<f64>| schema.get(name).and_then(Value::as_f64).or(other);
    let (min, max) = (bound("minimum", least), bound("maximum", most));
    let number = number.as_f64()?;
    if min.is_none_or(|it| number >= it) && max.is_none_or(|it| number <= it) {
        return None;
    }
    let mut reason = RANGE.reason();
    for (name, bound) in [("min", schema.get("minimum")), ("max", schema.get("maximum"))] {
        if let Some(bound) = bound {
            reason = reason.with(name, bound);
        }
    }
    Some(reason)
}
