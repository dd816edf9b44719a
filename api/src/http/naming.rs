//! Names beside ids: the name of a row stands beside its id in every answer, under one rule: `mentor_id`, then `mentor_name`.
//!
//! An answer is written once, and the places behind ids are noted. Their names are read in the transaction of the answer, by the
//! right to see each row, and put into the text. Cards and entries say nothing of it: an id tells its kind by its type. The
//! contract follows the same rule (`openapi::schemas`).
//!
//! A card that names a row by a rule of its own has a member of that name right after the id, and it stays as the card has it. A
//! form inside a card is the form that an edit sends, and gets no names.
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::kind_of;
use persistence::engine::failure::Failure;
use persistence::names::Names;
use persistence::registry::has_names;
use persistence::tx::Tx;
use serde::Serialize;
use serde::ser::{
    Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};
use std::cell::{Cell, RefCell};
use uuid::Uuid;

/// The end of a member that holds an id, and the end of the member with its name.
const ID: &str = "_id";
const NAME: &str = "_name";

/// The name under which every form writes itself (`shape::form`).
const FORM: &str = "form";

/// The member with the name of the row to which a member refers.
pub fn name_of(member: &str) -> Option<String> {
    member.strip_suffix(ID).map(|it| format!("{it}{NAME}"))
}

/// A body as JSON, with names beside ids.
#[derive(Debug)]
pub struct Named {
    /// The text.
    pub text: String,
    /// Whether there is a name in it that this writing has put there.
    pub has_names: bool,
}

impl Named {
    /// A body without a name beside any id.
    pub fn plain(body: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self { text: serde_json::to_string(body)?, has_names: false })
    }
    /// A body with the names of the rows to which it refers and which the caller may see.
    pub async fn of(tx: &mut Tx<'_>, body: &impl Serialize) -> Result<Self, Failure> {
        let (text, places) = write(body).map_err(Failure::broken)?;
        let names = Names::of(tx, places.iter().map(|it| it.row)).await?;
        if names.is_empty() {
            return Ok(Self { text, has_names: false });
        }
        Ok(Self { text: fill(&text, &places, &names).map_err(Failure::broken)?, has_names: true })
    }
}

/// A place in a text for the name of a row.
#[derive(Debug)]
struct Place {
    at: usize,
    member: String,
    row: Subject,
}

/// Puts the names into the places.
fn fill(text: &str, places: &[Place], names: &Names) -> serde_json::Result<String> {
    let mut filled = String::with_capacity(text.len() + text.len() / 4);
    let mut from = 0;
    for it in places {
        let Some(name) = names.name(it.row.kind, it.row.id) else { continue };
        filled.push_str(text.get(from..it.at).unwrap_or_default());
        from = it.at;
        filled.push_str(",\"");
        filled.push_str(&it.member);
        filled.push_str("\":");
        filled.push_str(&serde_json::to_string(name)?);
    }
    filled.push_str(text.get(from..).unwrap_or_default());
    Ok(filled)
}

/// Writes a body, and notes the places for names in the order of the text.
fn write(body: &impl Serialize) -> serde_json::Result<(String, Vec<Place>)> {
    let notes = Notes::default();
    let mut to = Counted { text: Vec::new(), length: &notes.length };
    let mut json = serde_json::Serializer::new(&mut to);
    body.serialize(Naming { to: &mut json, pass: Pass { notes: &notes, is_named: true }, kind: None })?;
    let text = String::from_utf8(to.text).map_err(Error::custom)?;
    Ok((text, notes.places.into_inner()))
}

/// Text that tells its length while it is written.
struct Counted<'a> {
    text: Vec<u8>,
    length: &'a Cell<usize>,
}

impl std::io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::Write::write_all(self, bytes)?;
        Ok(bytes.len())
    }
    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.text.extend_from_slice(bytes);
        self.length.set(self.text.len());
        Ok(())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The notes of one writing.
#[derive(Debug, Default)]
struct Notes {
    length: Cell<usize>,
    /// The row whose id was written last.
    last: Cell<Option<Subject>>,
    places: RefCell<Vec<Place>>,
}

/// The state that all parts of one writing share.
#[derive(Clone, Copy)]
struct Pass<'a> {
    notes: &'a Notes,
    /// Whether names are written here: not inside a form.
    is_named: bool,
}

/// A serializer that notes a place for a name after each id.
struct Naming<'a, S> {
    to: S,
    pass: Pass<'a>,
    /// The kind of the row whose id the text is that is written here.
    kind: Option<SubjectKind>,
}

/// A value that is written by a [`Naming`].
struct Within<'a, T: ?Sized>(&'a T, Pass<'a>);

impl<T: Serialize + ?Sized> Serialize for Within<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Naming { to, pass: self.1, kind: None })
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty),+ $(,)?) => {$(
        fn $method(self, it: $type) -> Result<S::Ok, S::Error> { self.to.$method(it) }
    )+};
}

impl<'a, S: Serializer> Serializer for Naming<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Items<'a, S::SerializeSeq>;
    type SerializeTuple = Items<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Items<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Members<'a, S::SerializeMap>;
    type SerializeStruct = Members<'a, S::SerializeMap>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_bytes: &[u8], serialize_unit_struct: &'static str,
    }
    fn serialize_str(self, it: &str) -> Result<S::Ok, S::Error> {
        if let Some(kind) = self.kind {
            self.pass.notes.last.set(Uuid::try_parse(it).ok().map(|id| Subject { kind, id }));
        }
        self.to.serialize_str(it)
    }
    fn collect_str<T: std::fmt::Display + ?Sized>(self, it: &T) -> Result<S::Ok, S::Error> {
        self.to.collect_str(it)
    }
    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_none()
    }
    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, it: &T) -> Result<S::Ok, S::Error> {
        it.serialize(self)
    }
    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        word: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit_variant(name, index, word)
    }
    /// An id is written as a value of its type.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        it: &T,
    ) -> Result<S::Ok, S::Error> {
        // Texts are written as values of their types too. The names of types of ids end so.
        let is_id = self.pass.is_named && name.ends_with("Id");
        let kind = if is_id { kind_of(name).filter(|it| has_names(*it)) } else { None };
        it.serialize(Naming { kind, ..self })
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        word: &'static str,
        it: &T,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_newtype_variant(name, index, word, &Within(it, self.pass))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Ok(Items { to: self.to.serialize_seq(length)?, pass: self.pass })
    }
    fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, S::Error> {
        Ok(Items { to: self.to.serialize_tuple(length)?, pass: self.pass })
    }
    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        Ok(Items { to: self.to.serialize_tuple_struct(name, length)?, pass: self.pass })
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Err(S::Error::custom("no answer has a variant with several values"))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Ok(Members::of(self.to.serialize_map(None)?, self.pass))
    }
    /// An object, because the number of its members is not known before its names are.
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeStruct, S::Error> {
        let pass = Pass { is_named: self.pass.is_named && name != FORM, ..self.pass };
        Ok(Members::of(self.to.serialize_map(None)?, pass))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Err(S::Error::custom("no answer has a variant with members"))
    }
}

/// The items of a list.
struct Items<'a, S> {
    to: S,
    pass: Pass<'a>,
}

macro_rules! items {
    ($($kind:ident $method:ident;)+) => {$(
        impl<S: $kind> $kind for Items<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;
            fn $method<T: Serialize + ?Sized>(&mut self, it: &T) -> Result<(), S::Error> {
                self.to.$method(&Within(it, self.pass))
            }
            fn end(self) -> Result<S::Ok, S::Error> { self.to.end() }
        }
    )+};
}
items! { SerializeSeq serialize_element; SerializeTuple serialize_element; SerializeTupleStruct serialize_field; }

/// The members of an object.
struct Members<'a, S> {
    to: S,
    pass: Pass<'a>,
    /// The key of the member that comes next in a map.
    key: Option<String>,
    /// The member with a name that may come next, and the row, until the object proves to have no member of its own for it.
    pending: Option<(String, Subject)>,
    /// The members with names for which there are places.
    placed: Vec<String>,
}

impl<'a, S: SerializeMap> Members<'a, S> {
    fn of(to: S, pass: Pass<'a>) -> Self {
        Self { to, pass, key: None, pending: None, placed: Vec::new() }
    }
    /// Writes a member, and before it notes the place of the name that waits.
    fn write<T: Serialize + ?Sized>(&mut self, key: &str, it: &T) -> Result<(), S::Error> {
        self.settle(Some(key));
        if self.placed.iter().any(|it| it == key) {
            return Err(Error::custom("a name that a card tells itself stands right after its id"));
        }
        let last = &self.pass.notes.last;
        last.set(None);
        self.to.serialize_entry(key, &Within(it, self.pass))?;
        if self.pass.is_named
            && let Some(row) = last.take()
        {
            self.pending = name_of(key).map(|name| (name, row));
        }
        Ok(())
    }
    /// Notes the place of the name that waits, unless this member is it.
    fn settle(&mut self, next: Option<&str>) {
        let Some((member, row)) = self.pending.take().filter(|it| next != Some(it.0.as_str())) else {
            return;
        };
        let notes = self.pass.notes;
        notes.places.borrow_mut().push(Place { at: notes.length.get(), member: member.clone(), row });
        self.placed.push(member);
    }
}

impl<S: SerializeMap> SerializeMap for Members<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        let key = serde_json::to_value(key).map_err(Error::custom)?;
        self.key = key.as_str().map(str::to_owned);
        if self.key.is_some() { Ok(()) } else { Err(Error::custom("a key is a text")) }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, it: &T) -> Result<(), S::Error> {
        let key = self.key.take().unwrap_or_default();
        self.write(&key, it)
    }
    fn end(mut self) -> Result<S::Ok, S::Error> {
        self.settle(None);
        self.to.end()
    }
}

impl<S: SerializeMap> SerializeStruct for Members<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, it: &T) -> Result<(), S::Error> {
        self.write(key, it)
    }
    /// The card has a member for the name, and hides it.
    fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
        self.pending.take_if(|it| it.0 == key);
        Ok(())
    }
    fn end(mut self) -> Result<S::Ok, S::Error> {
        self.settle(None);
        self.to.end()
    }
}
