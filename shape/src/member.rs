//! A member of a struct, and the attributes that follow from its type.
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Expr, ExprRange, Field, Ident, Meta, Type, Visibility};

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
}

impl Member {
    pub(crate) fn of(field: &Field) -> syn::Result<Self> {
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
            ([], true) => quote!(#[serde(default, with = "crate::engine::page::plain")]),
            (own, _) => quote!(#(#own)*),
        };
        let Self { attrs, vis, name, whole, .. } = self;
        quote!(#(#attrs)* #serde #vis #name: #whole)
    }

    fn written(&self, beside: &Tokens) -> Tokens {
        let Self { attrs, vis, name, whole, .. } = self;
        let schema = self.schema();
        quote!(#(#attrs)* #beside #schema #vis #name: #whole)
    }

    /// The serde attributes of an optional member of a form.
    fn lenient(&self) -> Tokens {
        match (self.serde.as_slice(), self.is_option, &self.count) {
            ([], true, _) => quote!(#[serde(default, skip_serializing_if = "Option::is_none")]),
            ([], false, Some((None, _))) => quote!(#[serde(default)]),
            (own, ..) => quote!(#(#own)*),
        }
    }

    fn judged(&self) -> Tokens {
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
            let min = min.iter();
            all.push(quote!(#(min_items = #min,)* max_items = #max));
        }
        all.extend(self.schema.iter().cloned());
        if all.is_empty() { quote!() } else { quote!(#[schema(#(#all),*)]) }
    }
}

fn bounds(attr: &Attribute) -> syn::Result<(Expr, Expr)> {
    let range: ExprRange = attr.parse_args()?;
    match (range.start, range.end) {
        (Some(start), Some(end)) => Ok((*start, *end)),
        _ => Err(syn::Error::new_spanned(attr, "both bounds are told: 1..=1000")),
    }
}

/// The type `T` of `Option<T>` or `Vec<T>`.
fn argument<'t>(it: &'t Type, of: &str) -> Option<&'t Type> {
    let Type::Path(path) = it else { return None };
    let last = path.path.segments.last().filter(|it| it.ident == of)?;
    let syn::PathArguments::AngleBracketed(all) = &last.arguments else { return None };
    match all.args.first() {
        Some(syn::GenericArgument::Type(it)) => Some(it),
        _ => None,
    }
}

/// The last segment of the path of a type.
fn word(it: &Type) -> String {
    match it {
        Type::Path(it) => it.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}
