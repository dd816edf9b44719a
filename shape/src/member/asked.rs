//! The parameters by which a list of entries is narrowed, and the questions that they ask.
use super::Member;
use crate::arguments::{Among, argument, word};
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Expr, ExprRange, Type};

impl Member {
    /// The parameter that narrows the list by it.
    pub(crate) fn narrowing(&self) -> Option<Tokens> {
        let Self { name, inner, told, .. } = self;
        if let Some((doc, bounds, example)) = &told.beginning {
            let Expr::Range(ExprRange { start: Some(min), end: Some(max), .. }) = bounds else { return None };
            return Some(quote! {
                #[doc = #doc]
                #[param(min_length = #min, max_length = #max, example = #example)]
                pub #name: Option<String>
            });
        }
        let doc = told.filter.as_ref()?;
        match is_asked_alone(inner) {
            true => Some(quote!(#[doc = #doc] pub #name: Option<#inner>)),
            false => Some(quote!(#[doc = #doc] pub #name: Option<domain::base::filters::any::AnyOf<#inner>>)),
        }
    }
    /// The parameter that narrows the list to what is there for a place.
    pub(crate) fn placing(&self) -> Option<Tokens> {
        let doc = self.told.place.as_ref()?;
        Some(quote! {
            #[doc = #doc]
            #[param(min_length = 2, max_length = 11, example = "25655101001")]
            pub place: Option<String>
        })
    }
    pub(crate) fn placed(&self) -> Option<Tokens> {
        let text = self.text();
        self.told.place.as_ref()?;
        Some(quote!(self.place.clone().map(|it| (#text, domain::base::entry::Asked::At(it)))))
    }
    pub(crate) fn narrowed(&self) -> Option<Tokens> {
        let (name, text) = (&self.name, self.text());
        if self.told.beginning.is_some() {
            return Some(
                quote!(self.#name.clone().map(|it| (#text, domain::base::entry::Asked::Beginning(it)))),
            );
        }
        self.told.filter.as_ref()?;
        let values = values_of(&self.inner);
        Some(quote!(self.#name.as_ref().map(|it| (#text, domain::base::entry::Asked::AnyOf(#values)))))
    }
    /// The parameters that narrow the list to days.
    pub(crate) fn spanning(&self) -> Option<Tokens> {
        let (from, to) = self.told.between.as_ref()?;
        let day = &self.inner;
        Some(quote!(#[doc = #from] pub from: Option<#day>, #[doc = #to] pub to: Option<#day>))
    }
    pub(crate) fn spanned(&self) -> Option<Tokens> {
        let text = self.text();
        self.told.between.as_ref()?;
        let asked = |name: Tokens, kind: Tokens| {
            quote!(self.#name.as_ref().map(|it| {
                (#text, domain::base::entry::Asked::#kind(domain::base::kept::Kept::value(it)))
            }))
        };
        let (from, to) = (asked(quote!(from), quote!(NotBefore)), asked(quote!(to), quote!(NotAfter)));
        Some(quote!(#from, #to))
    }
    /// Whether a list is narrowed by values of the list in each entry.
    pub(crate) fn is_found_by_values(&self) -> bool {
        self.told.among.is_some()
    }
    /// The parameter that narrows the list to the entries whose list has a value, or one of several.
    pub(crate) fn choosing(&self) -> Option<Tokens> {
        let Among { name, doc, .. } = self.told.among.as_ref()?;
        let one = argument(&self.inner, "Vec")?;
        match is_asked_alone(one) {
            true => Some(quote!(#[doc = #doc] pub #name: Option<#one>)),
            false => Some(quote!(#[doc = #doc] pub #name: Option<domain::base::filters::any::AnyOf<#one>>)),
        }
    }
    pub(crate) fn chosen(&self) -> Option<Tokens> {
        let (text, by) = (self.text(), self.beside()?);
        let name = &self.told.among.as_ref()?.name;
        let values = values_of(argument(&self.inner, "Vec")?);
        Some(quote!(self.#name.as_ref().map(|it| (#text, domain::base::entry::Asked::Among(#by, #values)))))
    }
    /// The table beside the entry that has the values of the list.
    fn beside(&self) -> Option<Tokens> {
        let Among { name, table, .. } = self.told.among.as_ref()?;
        let column = name.to_string();
        Some(quote!(domain::base::entry::Beside { table: #table, column: #column }))
    }
    /// The values that this table has of the entry.
    pub(crate) fn listed(&self) -> Option<Tokens> {
        let (name, by) = (&self.name, self.beside()?);
        let values = match &self.told.among.as_ref()?.told_by {
            Some(function) => {
                quote!(self.#function().map(|it| domain::base::kept::Kept::value(&it)).collect())
            }
            None => quote!(self.#name.iter().map(domain::base::kept::Kept::value).collect()),
        };
        Some(quote!(domain::base::entry::Listed { by: #by, values: #values }))
    }
}

/// Whether a list is narrowed by one value of that type, and not by several.
fn is_asked_alone(it: &Type) -> bool {
    let word = word(it);
    word.ends_with("Id") || word == "bool"
}

/// The values of a parameter of that type.
fn values_of(it: &Type) -> Tokens {
    match is_asked_alone(it) {
        true => quote!(vec![domain::base::kept::Kept::value(it)]),
        false => quote!(it.values().iter().map(domain::base::kept::Kept::value).collect()),
    }
}
