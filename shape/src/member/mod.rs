//! A member of a struct, and the attributes that follow from its type.
//!
//! - `asked`: the parameters by which a list of entries is narrowed.
//! - this page: forms, cards, filters, and the columns and rules of an entry.
mod asked;

use crate::arguments::{Among, among, argument, beginning, between, bounds, sentence, word};
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Expr, Field, Ident, LitStr, Meta, Path, Type, Visibility};

/// Types without checks of their own.
const PLAIN: [&str; 13] = [
    "bool",
    "u8",
    "i16",
    "u16",
    "i32",
    "u32",
    "i64",
    "f64",
    "NaiveDate",
    "Moment",
    "String",
    "BTreeMap",
    "Zone",
];
/// Types that a filter must parse from the text of a query parameter.
const WRITTEN: [&str; 8] = ["bool", "i16", "i32", "i64", "u8", "f64", "DaysAhead", "Within"];

pub(crate) struct Member {
    name: Ident,
    vis: Visibility,
    /// The type as written.
    whole: Type,
    /// The type inside `Option`, or the whole type.
    inner: Type,
    is_option: bool,
    is_list: bool,
    /// The documentation and all other attributes, without the ones in the fields below.
    attrs: Vec<Attribute>,
    serde: Vec<Attribute>,
    validate: Vec<Attribute>,
    /// The contents of `#[schema(…)]`.
    schema: Vec<Tokens>,
    within: Option<(Expr, Expr)>,
    count: Option<(Option<Expr>, Expr)>,
    /// The attributes of an entry on the member.
    told: Told,
}

/// The attributes that only entries have.
#[derive(Default)]
struct Told {
    filter: Option<LitStr>,
    beginning: Option<(LitStr, Expr, LitStr)>,
    place: Option<LitStr>,
    /// Both sentences of the days between which a list is asked for.
    between: Option<(LitStr, LitStr)>,
    among: Option<Among>,
    unique: Option<Path>,
    fixed: Option<Path>,
    refers: Option<Ident>,
    is_owner: bool,
    is_told: bool,
    is_sealed: bool,
    is_json: bool,
    is_state: bool,
}

impl Told {
    fn is_empty(&self) -> bool {
        let has_words = self.is_owner || self.is_told || self.is_sealed || self.is_json || self.is_state;
        let has_rules = self.unique.is_some() || self.fixed.is_some() || self.refers.is_some();
        let has_questions = self.filter.is_some() || self.beginning.is_some() || self.place.is_some();
        let has_ranges = self.between.is_some() || self.among.is_some();
        !has_words && !has_rules && !has_questions && !has_ranges
    }
}

impl Member {
    /// A member of a form, card or filter, which knows no attribute of entries.
    pub(crate) fn of(field: &Field) -> syn::Result<Self> {
        let it = Self::of_entry(field)?;
        if it.told.is_empty() {
            Ok(it)
        } else {
            Err(syn::Error::new_spanned(field, "only a member of an #[entry] can tell this"))
        }
    }

    pub(crate) fn of_entry(field: &Field) -> syn::Result<Self> {
        let name = field.ident.clone().ok_or_else(|| syn::Error::new_spanned(field, "members have names"))?;
        let (option, whole) = (argument(&field.ty, "Option"), field.ty.clone());
        let (is_option, inner) = (option.is_some(), option.unwrap_or(&field.ty).clone());
        let mut it = Self {
            name,
            vis: field.vis.clone(),
            is_list: argument(&inner, "Vec").is_some(),
            whole,
            inner,
            is_option,
            attrs: Vec::new(),
            serde: Vec::new(),
            validate: Vec::new(),
            schema: Vec::new(),
            within: None,
            count: None,
            told: Told::default(),
        };
        for attr in &field.attrs {
            it.take(attr)?;
        }
        Ok(it)
    }

    fn take(&mut self, attr: &Attribute) -> syn::Result<()> {
        let word = attr.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match word.as_str() {
            "within" => self.within = Some(bounds(attr)?),
            "count" => {
                let (least, most) = bounds(attr)?;
                self.count = Some((Some(least), most));
            }
            "at_most" => self.count = Some((None, attr.parse_args()?)),
            "filter" => self.told.filter = Some(sentence(attr)?),
            "beginning" => self.told.beginning = Some(attr.parse_args_with(beginning)?),
            "place" => self.told.place = Some(sentence(attr)?),
            "between" => self.told.between = Some(attr.parse_args_with(between)?),
            "among" => self.told.among = Some(attr.parse_args_with(among)?),
            "unique" => self.told.unique = Some(attr.parse_args()?),
            "fixed" => self.told.fixed = Some(attr.parse_args()?),
            "refers" => self.told.refers = Some(attr.parse_args()?),
            "owner" => self.told.is_owner = true,
            "told" => self.told.is_told = true,
            "sealed" => self.told.is_sealed = true,
            "json" => self.told.is_json = true,
            "state" => self.told.is_state = true,
            "serde" => self.serde.push(attr.clone()),
            "validate" => self.validate.push(attr.clone()),
            "schema" => match &attr.meta {
                Meta::List(list) => self.schema.push(list.tokens.clone()),
                _ => return Err(syn::Error::new_spanned(attr, "a schema tells something")),
            },
            _ => self.attrs.push(attr.clone()),
        }
        Ok(())
    }

    /// The member of a form.
    pub(crate) fn read(&self) -> Tokens {
        let (serde, validate) = (self.lenient(), self.judged());
        self.written(&quote!(#serde #validate))
    }

    /// The member of a card.
    pub(crate) fn shown(&self) -> Tokens {
        let serde = match (self.serde.as_slice(), self.is_option) {
            ([], true) => quote!(#[serde(skip_serializing_if = "Option::is_none")]),
            (own, _) => quote!(#(#own)*),
        };
        self.written(&serde)
    }

    /// The member of a filter.
    pub(crate) fn asked(&self) -> Tokens {
        let serde = match (self.serde.as_slice(), WRITTEN.contains(&word(&self.inner).as_str())) {
            ([], true) => quote!(#[serde(default, with = "domain::base::filters::plain")]),
            (own, _) => quote!(#(#own)*),
        };
        // Several values stand in one parameter, separated by commas: the contract lists them.
        let several = [("AnyOf", 50_usize), ("Few", 3)].into_iter().find_map(|(of, most)| {
            let it = argument(&self.inner, of)?;
            Some(quote!(#[param(value_type = Option<Vec<#it>>, style = Form, explode = false, min_items = 1, max_items = #most)]))
        });
        let Self { attrs, vis, name, whole, .. } = self;
        quote!(#(#attrs)* #several #serde #vis #name: #whole)
    }

    fn written(&self, beside: &Tokens) -> Tokens {
        let Self { attrs, vis, name, whole, .. } = self;
        let schema = self.schema();
        quote!(#(#attrs)* #beside #schema #vis #name: #whole)
    }

    /// The serde attributes of an optional member of a form.
    fn lenient(&self) -> Tokens {
        match (self.serde.as_slice(), self.is_option, &self.count) {
            ([], true, _) if self.told.is_state => {
                quote!(#[serde(skip_deserializing, skip_serializing_if = "Option::is_none")])
            }
            ([], false, _) if self.told.is_state => {
                quote!(#[serde(skip_deserializing, default = "domain::base::word::first")])
            }
            ([], true, _) => quote!(#[serde(default, skip_serializing_if = "Option::is_none")]),
            ([], false, Some((None, _))) => quote!(#[serde(default)]),
            (own, ..) => quote!(#(#own)*),
        }
    }

    fn judged(&self) -> Tokens {
        if self.told.is_state {
            return quote!();
        }
        if let own @ [_, ..] = self.validate.as_slice() {
            return quote!(#(#own)*);
        }
        let mut checks = Vec::new();
        if let Some((min, max)) = &self.within {
            checks.push(quote!(range(min = #min, max = #max)));
        }
        match &self.count {
            Some((Some(min), max)) => checks.push(quote!(length(min = #min, max = #max))),
            Some((None, max)) => checks.push(quote!(length(max = #max))),
            None => {}
        }
        if self.has_rules() {
            checks.push(quote!(nested));
        }
        if checks.is_empty() { quote!() } else { quote!(#[validate(#(#checks),*)]) }
    }

    fn has_rules(&self) -> bool {
        let judged = argument(&self.inner, "Vec").filter(|_| self.is_list).unwrap_or(&self.inner);
        !PLAIN.contains(&word(judged).as_str())
    }

    fn schema(&self) -> Tokens {
        let mut all = Vec::new();
        if self.is_option && !self.schema.iter().any(|it| it.to_string().contains("nullable")) {
            all.push(quote!(nullable = false));
        }
        if let Some((min, max)) = &self.within {
            all.push(quote!(minimum = #min, maximum = #max));
        }
        if let Some((min, max)) = &self.count {
            let min = min.iter().filter(|it| quote!(#it).to_string() != "0");
            all.push(quote!(#(min_items = #min,)* max_items = #max));
        }
        all.extend(self.schema.iter().cloned());
        if all.is_empty() { quote!() } else { quote!(#[schema(#(#all),*)]) }
    }
}

/// The parts of an entry that follow from a member.
impl Member {
    pub(crate) fn is_owner(&self) -> bool {
        self.told.is_owner
    }
    pub(crate) fn is_sealed(&self) -> bool {
        self.told.is_sealed
    }
    pub(crate) fn names_an_institution(&self) -> bool {
        !self.is_option && word(&self.inner) == "OrganizationId"
    }
    /// Whether a list can be ordered by it.
    pub(crate) fn orders(&self) -> bool {
        !self.is_option && !self.told.is_sealed && (self.is_day() || self.is_text())
    }
    fn is_text(&self) -> bool {
        let word = word(&self.inner);
        !self.is_json() && !word.ends_with("Id") && (word == "String" || !PLAIN.contains(&word.as_str()))
    }
    /// Refuses attributes that contradict each other or the type.
    pub(crate) fn judge(&self, order: Option<&Ident>, taken: &[&str]) -> syn::Result<()> {
        let told = &self.told;
        let is_of_place = told.beginning.is_some() || told.place.is_some();
        let is_asked = told.filter.is_some() || is_of_place || told.unique.is_some() || told.is_told;
        let is_ordered = order.is_some_and(|it| self.is_named(it));
        let wrong = [
            (
                told.is_sealed && !self.is_text() && !self.is_json(),
                "only a text, a list or a structure is sealed",
            ),
            (
                told.is_sealed && (is_asked || is_ordered),
                "a sealed member is in no fact, filter, order or unique rule",
            ),
            (
                told.is_state && (self.is_json() || !self.serde.is_empty()),
                "a state is a word, and what a step sets beside it is one optional value",
            ),
            (told.is_json && self.is_option, "a structure in one column is always there"),
            (self.is_list && self.is_option, "a list is always there: it may be empty"),
            (is_of_place && word(&self.inner) != "Oktmo", "only the code of a place is asked for so"),
            (
                told.between.is_some() && !(is_ordered && self.is_day()),
                "only the day of the order is asked for between days",
            ),
            (
                told.among.is_some() && (!self.is_list || told.is_sealed),
                "only a list that is not sealed is asked for one of its values",
            ),
            (
                word(&self.inner) == "f64" && self.within.is_none(),
                "a fraction has bounds: #[within(-90.0..=90.0)]",
            ),
            (taken.contains(&self.text().as_str()), "every table or SQL has this name already"),
        ];
        match wrong.into_iter().find(|it| it.0) {
            Some((_, why)) => Err(syn::Error::new(self.name.span(), why)),
            None => Ok(()),
        }
    }
    /// The state of an entry for the contract, or what a step sets beside it: the body has none.
    pub(crate) fn state(&self) -> Option<Tokens> {
        let (text, inner, doc) = (self.text(), &self.inner, self.doc());
        let (name, schema) = match self.is_day() {
            true => (quote!(None), quote!(domain::base::entry::schema_of_day())),
            false => (
                quote!(Some(<#inner as utoipa::ToSchema>::name().into_owned())),
                quote!(<#inner as utoipa::PartialSchema>::schema()),
            ),
        };
        self.told.is_state.then(
            || quote!(domain::base::entry::State { name: #text, about: #doc, named: #name, schema: #schema }),
        )
    }
    /// Its documentation.
    fn doc(&self) -> String {
        let line = |it: &Attribute| {
            let Meta::NameValue(it) = &it.meta else { return None };
            let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &it.value else { return None };
            it.path.is_ident("doc").then(|| text.value().trim().to_owned())
        };
        self.attrs.iter().filter_map(line).collect::<Vec<_>>().join(" ")
    }
    pub(crate) fn is_named(&self, name: &Ident) -> bool {
        self.name == *name
    }
    pub(crate) fn is_day(&self) -> bool {
        word(&self.inner) == "NaiveDate"
    }
    pub(crate) fn is_day_or_none(&self) -> bool {
        self.is_day() && self.is_option
    }
    pub(crate) fn text(&self) -> String {
        self.name.to_string()
    }
    fn column(&self) -> String {
        if word(&self.inner) == "f64" { format!("{}_e6", self.name) } else { self.text() }
    }
    fn is_json(&self) -> bool {
        self.is_list || self.told.is_json
    }
    /// The value of its column.
    pub(crate) fn value(&self) -> Tokens {
        let name = &self.name;
        match (self.is_json(), self.told.is_sealed) {
            (true, true) => quote!(domain::base::kept::text_of_json(&self.#name)),
            (true, false) => quote!(domain::base::kept::json(&self.#name)),
            (false, _) => quote!(domain::base::kept::Kept::value(&self.#name)),
        }
    }
    /// The member, read from the value of its column.
    pub(crate) fn back(&self) -> Tokens {
        let (name, text) = (&self.name, self.text());
        match self.is_json() {
            true => quote!(#name: domain::base::kept::of_json(#text, values.next())?),
            false => quote!(#name: domain::base::kept::Kept::of(#text, values.next())?),
        }
    }
    /// The member in the fact of entering.
    pub(crate) fn told(&self) -> Option<Tokens> {
        let (name, text) = (&self.name, self.text());
        self.told
            .is_told
            .then(|| quote!((#text.to_owned(), serde_json::to_value(&self.#name).unwrap_or_default())))
    }
    /// The things that the member refers to.
    pub(crate) fn reference(&self) -> Option<Tokens> {
        let (kind, name, pointer) = (self.refers()?, &self.name, format!("/{}", self.name));
        let is_owner = self.told.is_owner;
        let ids = match (self.is_list, self.is_option) {
            (true, _) => quote! {
                self.#name.iter().enumerate().map(|(n, it)| (std::borrow::Cow::Owned(format!("{}/{n}", #pointer)), *it))
            },
            (false, true) => {
                quote!(self.#name.into_iter().map(|it| (std::borrow::Cow::Borrowed(#pointer), it)))
            }
            (false, false) => quote!([(std::borrow::Cow::Borrowed(#pointer), self.#name)].into_iter()),
        };
        Some(quote! {
            #ids.map(|(pointer, it)| domain::base::entry::Reference {
                pointer,
                subject: domain::base::change::Subject::new(domain::base::change::SubjectKind::#kind, it),
                is_owner: #is_owner,
            }).collect::<Vec<_>>()
        })
    }
    pub(crate) fn fixed(&self) -> Option<Tokens> {
        let (name, rule, pointer) = (&self.name, self.told.fixed.as_ref()?, format!("/{}", self.name));
        Some(quote! {
            if before.is_some_and(|it| it.#name != form.#name) { reasons.push(#rule.reason().at(#pointer)); }
        })
    }
    /// A state is not in the body of an edit: it stays as it was.
    pub(crate) fn carried(&self) -> Option<Tokens> {
        let name = &self.name;
        self.told.is_state.then(|| quote!(self.#name = before.#name.clone();))
    }
    /// The data of the member.
    pub(crate) fn about(&self, table: &str) -> Tokens {
        let (text, inner, column) = (self.text(), &self.inner, self.column());
        let kind = match (self.is_json(), self.told.is_sealed) {
            // A sealed value is a text.
            (true, true) => quote!(domain::base::kept::ColumnKind::Text),
            (true, false) => quote!(domain::base::kept::ColumnKind::Json),
            (false, _) => quote!(<#inner as domain::base::kept::Kept>::KIND),
        };
        let refers = self
            .refers()
            .map_or_else(|| quote!(None), |it| quote!(Some(domain::base::change::SubjectKind::#it)));
        let unique = self.told.unique.as_ref().map_or_else(
            || quote!(None),
            |rule| {
                let index = format!("{table}_{column}_key");
                quote!(Some((#index, &#rule)))
            },
        );
        let Told { is_owner, is_told, is_sealed, is_state, .. } = self.told;
        let is_fixed = self.told.fixed.is_some();
        let is_optional = self.is_option;
        let shown = match self.told.is_told {
            true => quote!(<#inner as domain::base::telling::Telling>::SHOWN),
            false => quote!(domain::base::telling::Shown::Plain),
        };
        quote! {
            domain::base::entry::Member {
                name: #text, column: #column, kind: #kind, refers: #refers, unique: #unique, is_optional: #is_optional,
                is_owner: #is_owner, is_told: #is_told, is_sealed: #is_sealed, is_state: #is_state, is_fixed: #is_fixed,
                shown: #shown,
            }
        }
    }
    /// A member of an id type refers to a thing: `UserId` to a `User`, a list of ids to several. A member that only steps set is no reference of a
    /// caller.
    fn refers(&self) -> Option<Ident> {
        if self.told.is_state {
            return None;
        }
        if let Some(kind) = &self.told.refers {
            return Some(kind.clone());
        }
        let word = word(argument(&self.inner, "Vec").unwrap_or(&self.inner));
        let kind = word.strip_suffix("Id").filter(|it| !it.is_empty())?;
        Some(Ident::new(kind, self.name.span()))
    }
}
