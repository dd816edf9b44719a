//! Shape: attributes that follow from the type of a member, said once for all forms, cards, filters and entries.
//!
//! - [`macro@form`]: a body that comes in: read strictly, judged member by member.
//! - [`macro@card`]: a read model that goes out: a member without a value is left out.
//! - [`macro@filter`]: parameters that narrow a list.
//!
//! An attribute that the author writes on a member replaces the one of the same name that would be made.
mod member;

use member::Member;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{ItemStruct, parse_macro_input};

/// A form: unknown members are refused, and each member is judged by its type.
///
/// - `Option<T>`: may be left out, is never `null`.
/// - `#[at_most(20)] Vec<T>`: may be left out, then it is empty. `#[count(1..=20)] Vec<T>`: must be there.
/// - `#[within(1..=240)]`: a number between bounds.
///
/// `#[form(secret)]` is for a form that holds a password or a token: it can be read, and never be written out or compared.
#[proc_macro_attribute]
pub fn form(about: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    let plain = about.is_empty().then(|| quote!(PartialEq, serde::Serialize,));
    let derives = quote!(Debug, Clone, #plain serde::Deserialize, utoipa::ToSchema, validator::Validate);
    made(&it, &derives, &quote!(#[serde(deny_unknown_fields)]), Member::read)
}

/// A card: what one query answers and an endpoint shows.
#[proc_macro_attribute]
pub fn card(_: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    made(&it, &quote!(Debug, serde::Serialize, utoipa::ToSchema), &quote!(), Member::shown)
}

/// A filter: each parameter of a list, as it stands in an address. Unknown parameters are refused.
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
