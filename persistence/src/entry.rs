//! Entries in the database: the queries are the same for all, and the columns are told by the form.
use crate::engine::card::Card;
use crate::engine::column::{DbJson, DbMoment, DbText, DbUuid, Json};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::statement::Statement;
use crate::sight::{must_be_own, must_refer};
use crate::tx::Tx;
use diesel::OptionalExtension;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::Pg;
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable};
use diesel::sqlite::Sqlite;
use domain::base::change::{Changed, Subject};
use domain::base::entry::{Annulment, Asked, Entered, Entry, Member, Narrow, Order, Owner};
use domain::base::id::OrganizationId;
use domain::base::kept::{ColumnKind, Value};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::base::word::fold;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::marker::PhantomData;
use uuid::Uuid;

/// An entry as every endpoint shows it: the form between its id and its dates.
#[derive(Debug, Serialize)]
#[serde(bound = "")]
pub struct EntryCard<F: Entry> {
    /// Its id.
    #[serde(serialize_with = "as_text")]
    pub id: F::Id,
    /// Grows with every change; the `ETag`.
    pub version: i64,
    #[serde(flatten)]
    parent: Under,
    /// The form.
    #[serde(flatten)]
    pub form: F,
    /// The annulment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annulment: Option<Annulment>,
    /// The instant of entering.
    pub created_at: Moment,
    /// The instant of the last change.
    pub updated_at: Moment,
}

fn as_text<I: std::fmt::Display, S: Serializer>(id: &I, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(id)
}

/// The parent's column with its id, where entries stand under something.
#[derive(Debug)]
struct Under(Option<(&'static str, Uuid)>);

impl Serialize for Under {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if let Some((column, id)) = &self.0 {
            map.serialize_entry(column, id)?;
        }
        map.end()
    }
}

impl<F: Entry> Card for EntryCard<F> {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/{}/{}", F::ABOUT.at, self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let subject = F::ABOUT.is_personal.then(|| Subject::new(F::ABOUT.kind, self.id));
        subject.into_iter().collect()
    }
}

/// A row, read by the names of its columns.
struct Row<F> {
    id: Uuid,
    version: i64,
    parent: Option<Uuid>,
    values: Vec<Value>,
    key: Option<String>,
    annulment_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    form: PhantomData<fn() -> F>,
}

macro_rules! readable {
    ($($engine:ty),+) => {$(
        impl<F: Entry> QueryableByName<$engine> for Row<F> {
            fn build<'a>(row: &impl NamedRow<'a, $engine>) -> deserialize::Result<Self> {
                let about = F::ABOUT;
                let read = |it: &Member| value::<$engine>(row, it);
                let parent = about.parent.as_ref().map(|it| NamedRow::get::<DbUuid, Uuid>(row, it.column));
                let key = key_column::<F>().map(|it| NamedRow::get::<DbText, String>(row, &it));
                let reason = about.has_annulment.then(|| NamedRow::get::<Nullable<DbText>, _>(row, REASON));
                Ok(Self {
                    id: NamedRow::get::<DbUuid, _>(row, "id")?,
                    version: NamedRow::get::<BigInt, _>(row, "version")?,
                    parent: parent.transpose()?,
                    values: about.members.iter().map(read).collect::<Result<_, _>>()?,
                    key: key.transpose()?,
                    annulment_reason: reason.transpose()?.flatten(),
                    created_at: NamedRow::get::<DbMoment, _>(row, "created_at")?,
                    updated_at: NamedRow::get::<DbMoment, _>(row, "updated_at")?,
                    form: PhantomData,
                })
            }
        }
    )+};
}
readable! { Sqlite, Pg }

/// The column of the reason of an annulment.
const REASON: &str = "annulment_reason";

fn value<'a, DB: diesel::backend::Backend>(
    row: &impl NamedRow<'a, DB>,
    it: &Member,
) -> deserialize::Result<Value>
where
    Uuid: FromSql<DbUuid, DB>,
    String: FromSql<DbText, DB>,
    i32: FromSql<Integer, DB>,
    i64: FromSql<BigInt, DB>,
    bool: FromSql<Bool, DB>,
    chrono::NaiveDate: FromSql<Date, DB>,
    Moment: FromSql<DbMoment, DB>,
    Json<serde_json::Value>: FromSql<DbJson, DB>,
{
    let column = it.column;
    Ok(match it.kind {
        ColumnKind::Uuid => Value::Uuid(NamedRow::get::<Nullable<DbUuid>, _>(row, column)?),
        ColumnKind::Text => Value::Text(NamedRow::get::<Nullable<DbText>, _>(row, column)?),
        ColumnKind::Integer => Value::Integer(NamedRow::get::<Nullable<Integer>, _>(row, column)?),
        ColumnKind::Long => Value::Long(NamedRow::get::<Nullable<BigInt>, _>(row, column)?),
        ColumnKind::Bool => Value::Bool(NamedRow::get::<Nullable<Bool>, _>(row, column)?),
        ColumnKind::Day => Value::Day(NamedRow::get::<Nullable<Date>, _>(row, column)?),
        ColumnKind::Moment => Value::Moment(NamedRow::get::<Nullable<DbMoment>, _>(row, column)?),
        ColumnKind::Json => Value::Json(NamedRow::get::<DbJson, Json<_>>(row, column)?.0),
    })
}

/// The column by whose folded text the list is ordered.
fn key_column<F: Entry>() -> Option<String> {
    match F::ABOUT.order {
        Order::Name(name) => Some(format!("{name}_key")),
        _ => None,
    }
}

/// Where a sealed member is sealed.
fn place<F: Entry>(column: &str) -> String {
    format!("{}.{column}", F::ABOUT.table)
}

/// All columns that a row is read from, separated by commas.
fn columns<F: Entry>() -> String {
    let about = F::ABOUT;
    let mut all = vec!["id".to_owned(), "version".to_owned()];
    all.extend(about.parent.as_ref().map(|it| it.column.to_owned()));
    all.extend(about.members.iter().map(|it| it.column.to_owned()));
    all.extend(key_column::<F>());
    all.extend(about.has_annulment.then(|| REASON.to_owned()));
    all.extend(["created_at".to_owned(), "updated_at".to_owned()]);
    all.join(", ")
}

/// A card of a row: sealed members are opened.
fn shown<F: Entry>(tx: &Tx<'_>, mut row: Row<F>) -> Result<EntryCard<F>, Failure> {
    for (it, value) in F::ABOUT.members.iter().zip(&mut row.values).filter(|it| it.0.is_sealed) {
        if let Value::Text(Some(sealed)) = value {
            *value = Value::Text(Some(tx.core.keys.open(&place::<F>(it.column), row.id, sealed)?));
        }
    }
    let reason: Option<Note> = tx.core.keys.open_some(&place::<F>(REASON), row.id, row.annulment_reason)?;
    let parent = F::ABOUT.parent.as_ref().zip(row.parent).map(|(it, id)| (it.column, id));
    Ok(EntryCard {
        id: row.id.into(),
        version: row.version,
        parent: Under(parent),
        form: F::of(row.values).map_err(Failure::broken)?,
        annulment: reason.map(|reason| Annulment { reason }),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// `SELECT … WHERE` the rows that the right of this transaction reaches; a right that reaches none finds nothing.
fn select<F: Entry>(tx: &Tx<'_>, columns: &str) -> Result<Statement, Failure> {
    let scope = tx.scope();
    if scope.is_nothing() {
        return Err(Failure::NotFound(None));
    }
    let head = format!("SELECT {columns} FROM {} WHERE ", F::ABOUT.table);
    let all = Statement::default().built(head);
    let column = match F::ABOUT.owner {
        _ if scope.everything => return Ok(all.text("1 = 1")),
        Owner::Nobody => return Ok(all.text("1 = 1")),
        Owner::Itself => "id",
        Owner::Column(column) => column,
    };
    if scope.organizations.is_empty() {
        return Ok(all.text("1 = 0"));
    }
    let own = scope.organizations.iter().map(|it| Uuid::from(*it)).collect();
    Ok(all.text(column).text(" IN (").ids(own).text(")"))
}

/// One entry.
pub async fn card<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<EntryCard<F>, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(F::ABOUT.kind, id)));
    let one = match select::<F>(tx, &columns::<F>()) {
        Err(Failure::NotFound(_)) => return Err(missing()),
        other => other?.text(" AND id = ").value(Value::Uuid(Some(id.into()))),
    };
    let row: Option<Row<F>> = db!(tx, get_result, one).optional()?;
    shown(tx, row.ok_or_else(missing)?)
}

/// An entry for a rule about another thing, in the sight of nobody.
pub async fn found<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<Entered<F>, Failure> {
    let one = format!("SELECT {} FROM {} WHERE id = ", columns::<F>(), F::ABOUT.table);
    let one = Statement::default().built(one).value(Value::Uuid(Some(id.into())));
    let row: Option<Row<F>> = db!(tx, get_result, one).optional()?;
    let it = shown(tx, row.ok_or(Failure::NotFound(Some(Subject::new(F::ABOUT.kind, id))))?)?;
    Ok(Entered { id, parent: it.parent.0.map(|it| it.1), form: it.form, annulment: it.annulment })
}

/// A page of entries, under a parent where they stand under one.
pub async fn list<F: Entry>(
    tx: &mut Tx<'_>,
    parent: Option<Uuid>,
    filter: &F::Filter,
    window: &Window,
) -> Result<Page<EntryCard<F>>, Failure> {
    let about = F::ABOUT;
    let mut all = match select::<F>(tx, &columns::<F>()) {
        Err(Failure::NotFound(_)) => {
            return Ok(window.page(Vec::new(), |_: &EntryCard<F>| Place::id(Uuid::nil())));
        }
        other => other?,
    };
    if let (Some(under), Some(parent)) = (&about.parent, parent) {
        all = all.text(" AND ").text(under.column).text(" = ").value(Value::Uuid(Some(parent)));
    }
    for (name, asked) in filter.asked() {
        all = narrowed::<F>(all, name, asked);
    }
    if about.has_annulment {
        all = all.text(if filter.annulled() {
            " AND annulment_reason IS NOT NULL"
        } else {
            " AND annulment_reason IS NULL"
        });
    }
    let all = ordered::<F>(all, window).text(" LIMIT ").rows(window.fetch());
    let rows: Vec<Row<F>> = db!(tx, load, all)?;
    let page = window.page(rows, place_of);
    let items = page.items.into_iter().map(|it| shown(tx, it)).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

fn narrowed<F: Entry>(all: Statement, name: &str, asked: Asked) -> Statement {
    let Some(member) = F::ABOUT.members.iter().find(|it| it.name == name) else { return all };
    let all = all.text(" AND ").text(member.column);
    match asked {
        Asked::Equal(value) => all.text(" = ").value(value),
        Asked::Beginning(text) => {
            let (first, end) = crate::scope::beginning(&text);
            let all = all.text(" >= ").value(Value::Text(Some(first))).text(" AND ");
            all.text(member.column).text(" < ").value(Value::Text(Some(end)))
        }
    }
}

/// The rows after a place, in order. A list by name or by day goes on with the id where the text is the same.
fn ordered<F: Entry>(all: Statement, window: &Window) -> Statement {
    let after = window.after.as_ref();
    let id = |place: &Place| Value::Uuid(Some(place.id));
    let (column, sign, end) = match F::ABOUT.order {
        Order::Newest => {
            let all = match after {
                Some(place) => all.text(" AND id < ").value(id(place)),
                None => all,
            };
            return all.text(" ORDER BY id DESC");
        }
        Order::Name(name) => (format!("{name}_key"), ">", ""),
        Order::Day(name) => (name.to_owned(), "<", " DESC"),
    };
    let all = match after {
        Some(place) => {
            let key = || match F::ABOUT.order {
                Order::Day(_) => Value::Day(place.text.as_deref().and_then(|it| it.parse().ok())),
                _ => Value::Text(Some(place.text.clone().unwrap_or_default())),
            };
            let all = all.built(format!(" AND {column} {sign}= ")).value(key());
            all.built(format!(" AND ({column} {sign} "))
                .value(key())
                .built(format!(" OR id {sign} "))
                .value(id(place))
                .text(")")
        }
        None => all,
    };
    all.built(format!(" ORDER BY {column}{end}, id{end}"))
}

fn place_of<F: Entry>(row: &Row<F>) -> Place {
    let day = || match F::ABOUT.order {
        Order::Day(name) => {
            let index = F::ABOUT.members.iter().position(|it| it.name == name)?;
            match row.values.get(index)? {
                Value::Day(Some(day)) => Some(day.to_string()),
                _ => None,
            }
        }
        _ => None,
    };
    Place { text: row.key.clone().or_else(day), id: row.id }
}

/// An entry for a rule to change.
pub async fn load<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<Entered<F>, Failure> {
    let it = card::<F>(tx, id).await?;
    tx.expect(it.version)?;
    Ok(Entered { id, parent: it.parent.0.map(|it| it.1), form: it.form, annulment: it.annulment })
}

/// The columns of a form with their values: sealed members are sealed, and the key of the order stands beside.
fn written<F: Entry>(tx: &Tx<'_>, it: &Entered<F>) -> Result<Vec<(String, Value)>, Failure> {
    let mut all = Vec::new();
    for (member, mut value) in F::ABOUT.members.iter().zip(it.form.values()) {
        if member.is_sealed
            && let Value::Text(Some(text)) = &value
        {
            value = Value::Text(Some(tx.core.keys.seal(&place::<F>(member.column), it.id.into(), text)?));
        }
        if F::ABOUT.order == Order::Name(member.name)
            && let Value::Text(Some(name)) = &value
        {
            all.push((format!("{}_key", member.name), Value::Text(Some(fold(name)))));
        }
        all.push((member.column.to_owned(), value));
    }
    if F::ABOUT.has_annulment {
        let reason = it.annulment.as_ref().map(|it| &it.reason);
        let sealed = tx.core.keys.seal_some(&place::<F>(REASON), it.id, reason)?;
        all.push((REASON.to_owned(), Value::Text(sealed)));
    }
    all.push(("updated_at".to_owned(), Value::Moment(Some(tx.now()))));
    Ok(all)
}

/// Saves a new entry, and answers it as it is shown.
pub async fn save_added<F: Entry>(
    tx: &mut Tx<'_>,
    change: Changed<Entered<F>>,
) -> Result<EntryCard<F>, Failure> {
    let (it, records) = change.into_parts();
    let mut all = written(tx, &it)?;
    all.push(("id".to_owned(), Value::Uuid(Some(it.id.into()))));
    all.push(("version".to_owned(), Value::Long(Some(1))));
    all.push(("created_at".to_owned(), Value::Moment(Some(tx.now()))));
    if let (Some(under), Some(parent)) = (&F::ABOUT.parent, it.parent) {
        all.push((under.column.to_owned(), Value::Uuid(Some(parent))));
    }
    let (names, values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let mut insert =
        Statement::default().built(format!("INSERT INTO {} ({}) VALUES (", F::ABOUT.table, names.join(", ")));
    for (index, value) in values.into_iter().enumerate() {
        insert = if index > 0 { insert.text(", ") } else { insert }.value(value);
    }
    let insert = insert.built(format!(") RETURNING {}", columns::<F>()));
    let saved = db!(tx, get_result, insert);
    let row: Row<F> = tx.returned(saved, records)?;
    shown(tx, row)
}

/// Saves an entry that was edited, took a step or was annulled, and answers it as it is shown.
pub async fn save_changed<F: Entry>(
    tx: &mut Tx<'_>,
    change: Changed<Entered<F>>,
) -> Result<EntryCard<F>, Failure> {
    let (it, records) = change.into_parts();
    let mut update =
        Statement::default().built(format!("UPDATE {} SET version = version + 1", F::ABOUT.table));
    for (name, value) in written(tx, &it)? {
        update = update.built(format!(", {name} = ")).value(value);
    }
    let update = update.text(" WHERE id = ").value(Value::Uuid(Some(it.id.into())));
    let update = update.built(format!(" RETURNING {}", columns::<F>()));
    let saved = db!(tx, get_result, update);
    let row: Row<F> = tx.returned(saved, records)?;
    shown(tx, row)
}

/// Refuses a form that refers to a thing that the caller cannot see, or makes an institution its owner for which the caller does
/// not act.
pub async fn must_refer_well<F: Entry>(tx: &mut Tx<'_>, form: &F) -> Result<(), Failure> {
    for (it, value) in F::ABOUT.members.iter().zip(form.values()) {
        let (Some(kind), Value::Uuid(Some(id))) = (it.refers, value) else { continue };
        let pointer = format!("/{}", it.name);
        if it.is_owner {
            must_be_own(tx, OrganizationId::from(id), &pointer).await?;
        } else {
            must_refer(tx, kind, Some(id), &pointer).await?;
        }
    }
    Ok(())
}

/// A row of which only the id is read.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = DbUuid)]
    #[expect(dead_code, reason = "that it was found is the answer")]
    id: Uuid,
}

/// Whether the right of this transaction reaches an entry.
pub(crate) async fn sees<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<bool, Failure> {
    let one = match select::<F>(tx, "id") {
        Err(Failure::NotFound(_)) => return Ok(false),
        other => other?.text(" AND id = ").value(Value::Uuid(Some(id.into()))),
    };
    let found: Option<Found> = db!(tx, get_result, one).optional()?;
    Ok(found.is_some())
}
