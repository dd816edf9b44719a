//! Shape: attributes that follow from the type of a member, defined once for all forms, cards, filters and entries.
//!
//! - [`macro@form`]: a request body. It is read strictly, and each member is checked.
//! - [`macro@card`]: a response. A member without a value is left out.
//! - [`macro@filter`]: the query parameters of a list.
//!
//! An attribute written on a member replaces the generated attribute of the same name.
mod member;

use member::Member;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{ItemStruct, parse_macro_input};

/// A form: a request body that refuses unknown members and checks each member by its type.
///
/// - `Option<T>`: an optional member, never `null`.
/// - `#[at_most(20)] Vec<T>`: an optional list, empty by default. `#[count(1..=20)] Vec<T>`: a required list.
/// - `#[within(1..=240)]`: a number in this range.
///
/// `#[form(secret)]` marks a form with a password or a token. Such a form can be read, but never written out or compared.
#[proc_macro_attribute]
pub fn form(about: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    let plain = about.is_empty().then(|| quote!(PartialEq, serde::Serialize,));
    let derives = quote!(Debug, Clone, #plain serde::Deserialize, utoipa::ToSchema, validator::Validate);
    made(&it, &derives, &quote!(#[serde(deny_unknown_fields)]), Member::read)
}

/// A card: the result of a query that an endpoint returns.
#[proc_macro_attribute]
pub fn card(_: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    made(&it, &quote!(Debug, serde::Serialize, utoipa::ToSchema), &quote!(), Member::shown)
}

/// A filter: the query parameters of a list, as they are written in the address. Unknown parameters are refused.
#[proc_macro_attribute]
pub fn filter(_: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    let derives = quote!(Debug, Clone, Default, serde::Serialize, serde::Deserialize, utoipa::IntoParams);
    made(
        &it,
        &derives,
        &quote!(#[serde(deny_unknown_fields)] #[into_params(parameter_in = Query)]),
        Member::asked,
    )
}

fn made(it: &ItemStruct, derives: &Tokens, beside: &Tokens, shape: fn(&Member) -> Tokens) -> TokenStream {
    let members: syn::Result<Vec<Member>> = it.fields.iter().map(Member::of).collect();
    let members = match members {
        Ok(members) => members,
        Err(wrong) => return wrong.into_compile_error().into(),
    };
    let (attrs, vis, name, shaped) = (&it.attrs, &it.vis, &it.ident, members.iter().map(shape));
    quote! {
        #[derive(#derives)]
        #(#attrs)*
        #beside
        #vis struct #name { #(#shaped,)* }
    }
    .into()
}
