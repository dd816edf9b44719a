//! Entries: a form with an id, entered and edited whole. The common part of all of them stands here, once.
pub mod correction;
pub(crate) mod editions;

use crate::base::access::Permission;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, Subject, SubjectKind, changed_fields};
use crate::base::id::Id;
use crate::base::kept::{ColumnKind, Value};
use crate::base::refusal::{Kind, Reason, Refused, Rule, rules};
use crate::base::telling::{Shown, Told};
use crate::base::text::Note;
use chrono::NaiveDate;
use correction::{Corrections, Past};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Any};
use shape::form;
use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

rules! {
    ANNULLED = "entry.annulled", State, ours, "Запись аннулирована: её нельзя изменить.", "The entry is annulled: it cannot be changed.";
}

/// A form that is all there is to a resource. `#[entry(…)]` writes this.
pub trait Entry:
    Clone + PartialEq + Serialize + DeserializeOwned + Validate + ToSchema + Send + Sync + 'static
{
    /// Its identifier.
    type Id: Id + std::str::FromStr + ToSchema + Send + Sync + 'static;
    /// The right to read it.
    type Read: Permission;
    /// The right to enter and edit it.
    type Edit: Permission;
    /// The right to annul it: to edit it, or to annul records where it tells of the past.
    type Annul: Permission;
    /// The filters of its list.
    type Filter: Narrow + Serialize + DeserializeOwned + IntoParams + 'static;
    /// Names, columns and order: data, so that one piece of code serves all entries.
    const ABOUT: &'static About;
    /// The values of its columns, in the order of [`About::members`].
    fn values(&self) -> Vec<Value>;
    /// The form behind these values.
    fn of(values: Vec<Value>) -> Result<Self, String>;
    /// The members that the fact of entering tells.
    fn told(&self) -> Map<String, Any>;
    /// The things that it refers to.
    fn references(&self) -> Vec<Reference>;
    /// The reasons against this form, given the form before an edit.
    fn against(&self, id: Self::Id, before: Option<&Self>) -> Vec<Reason>;
    /// The members that only steps change, for the contract.
    fn states() -> Vec<State>;
    /// The values by which tables beside it find the entry.
    fn listed(&self) -> Vec<Listed>;
    /// Takes over the members that only steps change.
    fn carry(&mut self, before: &Self);
    /// The form as all but its owner read it. None where everybody reads the same.
    fn discreetly(&self) -> Option<Self> {
        None
    }
}

/// The data of an entry.
#[derive(Debug)]
pub struct About {
    /// The kind of thing, for facts and references.
    pub kind: SubjectKind,
    /// The collection in addresses.
    pub at: &'static str,
    /// The member that is its name, beside its id wherever another thing refers to it.
    pub naming: &'static str,
    /// One of them in words.
    pub one: &'static str,
    /// Several of them in words.
    pub many: &'static str,
    /// The tag in the contract.
    pub tag: &'static str,
    /// The table.
    pub table: &'static str,
    /// The name of the card in the contract.
    pub card: &'static str,
    /// The name of the page in the contract.
    pub page: &'static str,
    /// The fact of entering.
    pub added: &'static str,
    /// The fact of an edit.
    pub edited: &'static str,
    /// The fact of the annulment.
    pub annulled: &'static str,
    /// The members of the form, each a column of that name.
    pub members: &'static [Member],
    /// The thing under which entries are entered and listed.
    pub parent: Option<Parent>,
    /// The order of the list.
    pub order: Order,
    /// The institution whose rows they are.
    pub owner: Owner,
    /// Whether entries can be annulled.
    pub has_annulment: bool,
    /// The term of corrections, where it tells of the past.
    pub past: Option<Past>,
    /// Whether a read of one is a read of personal data, which is journaled.
    pub is_personal: bool,
    /// Whether it stays as it was entered: no order edits it.
    pub is_entered_once: bool,
    /// The entering, as the cards of its parent offer it.
    pub entering: Action,
    /// The column of the parent that is kept beside, so that an index of these rows can begin with it. It never changes.
    pub keeping: Option<&'static str>,
    /// The column with the last day, after which a list leaves the entry out unless it is asked for.
    pub until: Option<&'static str>,
    /// The column of the state. An entry with the state `draft` is seen by those alone who may edit it.
    pub draft: Option<&'static str>,
}

/// A member that no body has: only steps change it.
pub struct State {
    /// Its name.
    pub name: &'static str,
    /// Its description in the contract.
    pub about: &'static str,
    /// The name of its type in the contract. A day has none.
    pub named: Option<String>,
    /// The schema of its type.
    pub schema: RefOr<Schema>,
}

/// The schema of a day.
pub fn schema_of_day() -> RefOr<Schema> {
    let date = SchemaFormat::KnownFormat(KnownFormat::Date);
    ObjectBuilder::new().schema_type(Type::String).format(Some(date)).into()
}

/// A member of an entry.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its column: of the same name, and `<name>_e6` where a fraction is kept in millionths.
    pub column: &'static str,
    /// The type of its column.
    pub kind: ColumnKind,
    /// The kind of thing that it refers to.
    pub refers: Option<SubjectKind>,
    /// The unique index over it, and the refusal of a second one.
    pub unique: Option<(&'static str, &'static Rule)>,
    /// Whether it may be left out.
    pub is_optional: bool,
    /// Whether it names the institution whose row it is.
    pub is_owner: bool,
    /// Whether the fact of entering tells it.
    pub is_told: bool,
    /// Whether its column is encrypted.
    pub is_sealed: bool,
    /// Whether only steps change it.
    pub is_state: bool,
    /// Whether it stays as it was entered.
    pub is_fixed: bool,
    /// The way in which histories show its value.
    pub shown: Shown,
}

/// A reference from an entry to another thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The member that holds the id, or its place in a list, as a pointer into the body.
    pub pointer: Cow<'static, str>,
    /// The thing.
    pub subject: Subject,
    /// Whether the member names the institution whose row the entry is.
    pub is_owner: bool,
}

/// The thing under which entries stand.
#[derive(Debug)]
pub struct Parent {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its collection in addresses.
    pub at: &'static str,
    /// The column that refers to it, which the card shows too.
    pub column: &'static str,
    /// The name of its id in the contract.
    pub id: &'static str,
}

/// The order of a list; it always ends with the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest entry first.
    Newest,
    /// By a name, folded in the column `<name>_key`.
    Name(&'static str),
    /// By a day, the latest first.
    Day(&'static str),
}

/// The institution whose rows a scope reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A directory: the right reaches all rows or none.
    Nobody,
    /// The entry is an institution itself.
    Itself,
    /// The institution in this column.
    Column(&'static str),
    /// The thing under which the entry stands: a right that reaches it reaches the entry.
    Parent,
}

/// The filters of a list.
pub trait Narrow {
    /// The columns that are asked for.
    fn asked(&self) -> Vec<(&'static str, Asked)>;
    /// Whether only annulled entries are asked for; they are left out otherwise.
    fn annulled(&self) -> bool;
    /// Whether only entries are asked for whose last day has passed; they are left out otherwise.
    fn ended(&self) -> bool;
}

/// A table beside an entry, with a row for each value of a list of the entry. A list of entries finds them by its index. Its columns are the
/// id of the entry, the value, and `listed_on`, the day of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The table.
    pub table: &'static str,
    /// The column of the value.
    pub column: &'static str,
}

/// The values that a table beside an entry has of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The table.
    pub by: Beside,
    /// The values.
    pub values: Vec<Value>,
}

/// A question about a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// It holds one of these values.
    AnyOf(Vec<Value>),
    /// It is the code of a place in the territory whose code begins so.
    Beginning(String),
    /// It is the code of a territory that holds this place, or of a place within it.
    At(String),
    /// It is this day or a later one.
    NotBefore(Value),
    /// It is this day or an earlier one.
    NotAfter(Value),
    /// It is a list with one of these values, as the table beside tells.
    Among(Beside, Vec<Value>),
}

/// An entry as the rules see it.
#[derive(Debug, Clone)]
pub struct Entered<F: Entry> {
    /// Its id.
    pub id: F::Id,
    /// The thing under which it stands.
    pub parent: Option<Uuid>,
    /// Its form.
    pub form: F,
    /// Its annulment.
    pub annulment: Option<Annulment>,
}

/// The annulment of an entry: the row stays, and counts no more.
#[form]
#[derive(Eq)]
#[schema(example = json!({"reason": "Запись внесена по ошибке."}))]
pub struct Annulment {
    /// The reason. It is shown to everybody who may read the entry.
    pub reason: Note,
}

impl<F: Entry> Entered<F> {
    /// Enters it.
    pub fn add(id: F::Id, parent: Option<Uuid>, form: F) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.against(id, None))?;
        let about = F::ABOUT;
        let mut told = form.told();
        if let (Some(parent), Some(under)) = (parent, &about.parent) {
            told.insert(under.column.to_owned(), Any::String(parent.to_string()));
        }
        let subject = Subject::new(about.kind, id);
        Ok(Changed::told(Self { id, parent, form, annulment: None }, about.added, subject, Any::Object(told)))
    }

    /// Replaces the form.
    pub fn edit(self, mut form: F) -> Result<Changed<Self>, Refused> {
        let mut it = self.standing()?;
        form.carry(&it.form);
        Refused::unless_empty(form.against(it.id, Some(&it.form)))?;
        let fields = changed_fields(&it.form, &form);
        it.form = form;
        let subject = Subject::new(F::ABOUT.kind, it.id);
        Ok(Changed::told(it, F::ABOUT.edited, subject, serde_json::json!({ "fields": fields })))
    }

    /// Takes a step: the form changes by a rule, and the fact has a name and sentences of its own.
    pub fn step(
        self,
        fact: Option<&'static Told>,
        step: impl FnOnce(F) -> F,
    ) -> Result<Changed<Self>, Refused> {
        let it = self.standing()?;
        let form = step(it.form.clone());
        Refused::unless_empty(form.against(it.id, Some(&it.form)))?;
        let fields = changed_fields(&it.form, &form);
        let subject = Subject::new(F::ABOUT.kind, it.id);
        let kind = fact.map_or(F::ABOUT.edited, |it| it.kind);
        Ok(Changed::told(Self { form, ..it }, kind, subject, serde_json::json!({ "fields": fields })))
    }

    /// Refuses a change of an annulled entry.
    ///
    /// # Errors
    /// The entry is annulled.
    pub fn must_stand(&self) -> Result<(), Refused> {
        if self.annulment.is_some() { Err(ANNULLED.refuse()) } else { Ok(()) }
    }
    fn standing(self) -> Result<Self, Refused> {
        self.must_stand().map(|()| self)
    }
}

/// A step: an order that changes an entry by a rule of its own, under an address of its own.
pub trait Step<F: Entry>: DeserializeOwned + Validate + ToSchema + Send + Sync + 'static {
    /// The right to take it.
    type Right: Permission;
    /// The end of its address, a noun, such as `annulment`.
    const AT: &'static str;
    /// The step as cards offer it. Its code is the verb of the operation in the contract.
    const ACTION: Action;
    /// The fact of the step, as histories tell it. None for the annulment, which every entry tells by its own name.
    const TOLD: Option<&'static Told>;
    /// The description in the contract.
    fn description() -> String;
    /// The reasons against the step with any order. [`take`](Self::take) asks them too.
    fn against(_: &Entered<F>, _: NaiveDate) -> Vec<Reason> {
        Vec::new()
    }
    /// The reasons against this order on that form.
    fn against_order(&self, _: &F, _: NaiveDate) -> Vec<Reason> {
        Vec::new()
    }
    /// The form after the step.
    fn changed(&self, form: F, today: NaiveDate) -> F;
    /// Takes the step. `today` is the day of the region's zone.
    ///
    /// # Errors
    /// The entry is annulled, or a rule of the step forbids it.
    fn take(&self, it: Entered<F>, today: NaiveDate) -> Result<Changed<Entered<F>>, Refused> {
        let mut reasons = Self::against(&it, today);
        reasons.extend(self.against_order(&it.form, today));
        Refused::unless_empty(reasons)?;
        it.step(Self::TOLD, |form| self.changed(form, today))
    }
}

impl<F: Entry> Step<F> for Annulment {
    type Right = F::Annul;
    const AT: &'static str = "annulment";
    const ACTION: Action = Action::Annul;
    const TOLD: Option<&'static Told> = None;
    fn description() -> String {
        let one = F::ABOUT.one;
        let term = " The institution may do it within the term of corrections, an administrator also later.";
        let term = if F::ABOUT.past.is_some() { term } else { "" };
        format!(
            "Annuls the {one}, which was entered by mistake. It stays readable by its id with the reason, and leaves lists and figures.{term}"
        )
    }
    fn changed(&self, form: F, _: NaiveDate) -> F {
        form
    }
    /// The fact tells no reason, for a reason may name people.
    fn take(&self, it: Entered<F>, _: NaiveDate) -> Result<Changed<Entered<F>>, Refused> {
        let it = it.standing()?;
        let subject = Subject::new(F::ABOUT.kind, it.id);
        let annulled = Entered { annulment: Some(self.clone()), ..it };
        Ok(Changed::told(annulled, F::ABOUT.annulled, subject, Any::Object(Map::new())))
    }
}

/// A step of a kind of entry as cards offer it, with the reasons against it.
pub struct OfferedStep {
    kind: SubjectKind,
    offer: Offer,
    action: Action,
    against: fn(&dyn std::any::Any, NaiveDate) -> Vec<Reason>,
}

impl OfferedStep {
    /// The step of that entry.
    pub const fn of<F: Entry, S: Step<F>>() -> Self {
        Self {
            kind: F::ABOUT.kind,
            offer: Offer::step(S::ACTION, S::AT, <S::Right as Permission>::RIGHT),
            action: S::ACTION,
            against: |it, today| it.downcast_ref().map(|it| S::against(it, today)).unwrap_or_default(),
        }
    }
    /// Its offer.
    pub fn offer(&self) -> Offer {
        self.offer
    }
    /// Whether entries of that kind have it.
    pub fn is_of(&self, about: &About) -> bool {
        self.kind == about.kind && (self.action != Action::Annul || about.has_annulment)
    }
}

/// The entering of a kind of entry under a thing, as the cards of that thing offer it.
pub struct OfferedEntering {
    under: Option<SubjectKind>,
    offer: Offer,
}

impl OfferedEntering {
    /// The entering of that entry.
    pub const fn of<F: Entry>() -> Self {
        let under = match &F::ABOUT.parent {
            Some(parent) => Some(parent.kind),
            None => None,
        };
        Self { under, offer: Offer::step(F::ABOUT.entering, F::ABOUT.at, <F::Edit as Permission>::RIGHT) }
    }
    /// The offer, if such entries stand under that kind of thing.
    pub fn under(&self, kind: SubjectKind) -> Option<Offer> {
        (self.under == Some(kind)).then_some(self.offer)
    }
}

/// An entry as its caller sees it.
pub struct EntryOffers<'a, F: Entry> {
    /// The entry.
    pub it: &'a Entered<F>,
    /// The reasons against corrections of it.
    pub corrections: &'a Corrections,
    /// Its steps.
    pub steps: Vec<&'static OfferedStep>,
    /// The entering of entries under it.
    pub under: Vec<Offer>,
    /// The present day.
    pub today: NaiveDate,
}

impl<F: Entry> Offers for EntryOffers<'_, F> {
    fn at(&self) -> &'static str {
        F::ABOUT.at
    }
    fn offers(&self) -> Vec<Offer> {
        let edit = (!F::ABOUT.is_entered_once).then(|| Offer::edit(<F::Edit as Permission>::RIGHT));
        let steps = self.steps.iter().map(|it| it.offer);
        edit.into_iter().chain(steps).chain(self.under.iter().copied()).collect()
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        self.it.must_stand().ok()?;
        let verdict = Verdict::default().against(self.corrections.against(action).iter().cloned());
        if action == Action::Edit {
            // A reason against an edit that changes nothing stands against each of them.
            let all = self.it.form.against(self.it.id, Some(&self.it.form));
            return Some(verdict.against(all.into_iter().filter(|it| it.rule.kind == Kind::State)));
        }
        let step = self.steps.iter().find(|it| it.action == action);
        let against = step.map(|step| (step.against)(self.it, self.today));
        Some(verdict.against(against.unwrap_or_default()))
    }
}
