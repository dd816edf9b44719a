//! Names beside ids: the name of a row stands beside its id in every answer, under one rule: `mentor_id`, then `mentor_name`.
//!
//! An answer is written twice. The first time, nothing is kept but the ids in it; their names are read in the transaction of the
//! answer, by the right to see each row. The second time, each name is written after its id. Cards and entries say nothing of it:
//! an id tells its kind by its type. The contract follows the same rule (`openapi::schemas`).
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

/// Reads the names of the rows to which a body refers.
pub async fn names_in(tx: &mut Tx<'_>, body: &impl Serialize) -> Result<Names, Failure> {
    let asked = RefCell::new(Vec::new());
    let note = |kind: SubjectKind, id: Uuid| {
        asked.borrow_mut().push(Subject { kind, id });
        None
    };
    write(std::io::sink(), body, &note).map_err(Failure::broken)?;
    Names::of(tx, asked.into_inner()).await
}

/// A body as JSON, with names beside ids.
pub fn json(body: &impl Serialize, names: &Names) -> serde_json::Result<String> {
    if names.is_empty() {
        return serde_json::to_string(body);
    }
    let mut text = Vec::new();
    write(&mut text, body, &|kind, id| names.name(kind, id).map(str::to_owned))?;
    String::from_utf8(text).map_err(Error::custom)
}

type Look<'a> = &'a dyn Fn(SubjectKind, Uuid) -> Option<String>;

fn write(to: impl std::io::Write, body: &impl Serialize, look: Look<'_>) -> serde_json::Result<()> {
    let mut json = serde_json::Serializer::new(to);
    let last = Cell::new(None);
    body.serialize(Naming { to: &mut json, pass: Pass { look, last: &last, is_named: true } })
}

/// The state that all parts of one writing share.
#[derive(Clone, Copy)]
struct Pass<'a> {
    look: Look<'a>,
    /// The id that was written last, with its kind.
    last: &'a Cell<Option<(SubjectKind, Uuid)>>,
    /// Whether names are written here: not inside a form.
    is_named: bool,
}

/// A serializer that writes a name after each id.
struct Naming<'a, S> {
    to: S,
    pass: Pass<'a>,
}

/// A value that is written by a [`Naming`].
struct Named<'a, T: ?Sized>(&'a T, Pass<'a>);

impl<T: Serialize + ?Sized> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Naming { to, pass: self.1 })
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
        serialize_str: &str, serialize_bytes: &[u8], serialize_unit_struct: &'static str,
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
        if self.pass.is_named
            && name.ends_with("Id")
            && let Some(kind) = kind_of(name).filter(|it| has_names(*it))
        {
            self.pass.last.set(uuid_in(it).map(|id| (kind, id)));
        }
        it.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        word: &'static str,
        it: &T,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_newtype_variant(name, index, word, &Named(it, self.pass))
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

/// The id that a value of an id type holds.
fn uuid_in<T: Serialize + ?Sized>(it: &T) -> Option<Uuid> {
    serde_json::to_value(it).ok()?.as_str()?.parse().ok()
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
                self.to.$method(&Named(it, self.pass))
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
    /// The member with a name that is written next, and the row, if the object has no member of its own for it.
    pending: Option<(String, SubjectKind, Uuid)>,
    /// The names that were written.
    written: Vec<String>,
}

impl<'a, S: SerializeMap> Members<'a, S> {
    fn of(to: S, pass: Pass<'a>) -> Self {
        Self { to, pass, key: None, pending: None, written: Vec::new() }
    }
    /// Writes a member, and before it the name that waits.
    fn write<T: Serialize + ?Sized>(&mut self, key: &str, it: &T) -> Result<(), S::Error> {
        self.settle(Some(key))?;
        if self.written.iter().any(|it| it == key) {
            return Err(Error::custom("a name that a card tells itself stands right after its id"));
        }
        self.pass.last.set(None);
        self.to.serialize_entry(key, &Named(it, self.pass))?;
        if let Some(name) = name_of(key).filter(|_| self.pass.is_named)
            && let Some((kind, id)) = self.pass.last.take()
        {
            self.pending = Some((name, kind, id));
        }
        Ok(())
    }
    /// Writes the name that waits, unless this member is it.
    fn settle(&mut self, next: Option<&str>) -> Result<(), S::Error> {
        match self.pending.take() {
            Some((name, kind, id)) if next != Some(name.as_str()) => match (self.pass.look)(kind, id) {
                Some(value) => {
                    self.to.serialize_entry(&name, &value)?;
                    self.written.push(name);
                    Ok(())
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
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
        self.settle(None)?;
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
        self.settle(None)?;
        self.to.end()
    }
}
