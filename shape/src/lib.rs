//! Shape: attributes that follow from the type of a member, defined once for all forms, cards, filters and entries.
//!
//! - [`macro@form`]: a request body. It is read strictly, and each member is checked.
//! - [`macro@card`]: a response. A member without a value is left out.
//! - [`macro@filter`]: the query parameters of a list.
//! - [`macro@entry`]: a form that is the whole resource.
//!
//! An attribute written on a member replaces the generated attribute of the same name.
mod arguments;
mod entry;
mod member;

use member::Member;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, ItemStruct, Meta, MetaList, parse_macro_input, parse_quote};

/// A form: a request body that refuses unknown members and checks each member by its type.
///
/// - `Option<T>`: an optional member, never `null`.
/// - `#[at_most(20)] Vec<T>`: an optional list, empty by default. `#[count(1..=20)] Vec<T>`: a required list.
/// - `#[within(1..=240)]`: a number in this range.
///
/// Inside an answer a form says that it is one (`rename`), for there no names stand beside its ids: an edit sends it back.
///
/// `#[form(secret)]` marks a form with a password or a token. Such a form can be read, but never written out or compared.
#[proc_macro_attribute]
pub fn form(about: TokenStream, item: TokenStream) -> TokenStream {
    let it = parse_macro_input!(item as ItemStruct);
    let members: syn::Result<Vec<Member>> = it.fields.iter().map(Member::of).collect();
    match members {
        Ok(members) => form_of(&it, &members, about.is_empty()).into(),
        Err(wrong) => wrong.into_compile_error().into(),
    }
}

fn form_of(it: &ItemStruct, members: &[Member], is_plain: bool) -> Tokens {
    let plain = is_plain.then(|| quote!(PartialEq, serde::Serialize,));
    let derives = quote!(Debug, Clone, #plain serde::Deserialize, utoipa::ToSchema, validator::Validate);
    let mut it = it.clone();
    it.attrs = it.attrs.into_iter().map(beside_others).collect();
    shaped(&it, members, &derives, &quote!(#[serde(deny_unknown_fields, rename = "form")]), Member::read)
}

/// A rule over several members is judged beside errors in single members, so that all that is wrong is told at once.
fn beside_others(attr: Attribute) -> Attribute {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("validate") => {
            let schema = list.parse_args::<MetaList>().ok().filter(|it| it.path.is_ident("schema"));
            let Some(rule) = schema.map(|it| it.tokens) else { return attr };
            parse_quote!(#[validate(schema(#rule, skip_on_field_errors = false))])
        }
        _ => attr,
    }
}

/// An entry (plain record): a form with an id, entered and edited whole, listed, with a history.
///
/// Members tell more: `#[filter = "…"]` narrows the list, and so do `#[beginning("…", 2..=11, "25655")]` and `#[place = "…"]` of an `Oktmo`:
/// by the territory in which it lies, and by a place for which it is there. `#[between("…", "…")]` of the day of the order narrows it by the
/// parameters `from` and `to`. `#[among(name, "table", "…")]` of a list narrows it to the entries whose list has a value, along a table beside
/// the entry. `#[unique(RULE)]` and `#[fixed(RULE)]` refuse; `#[owner]` names the institution whose row it is; `#[told]` stands in the fact of entering; `#[sealed]`
/// is encrypted; `#[json]` is a structure in one column; `#[state]` changes by steps only. A member of an id type refers to a
/// thing that the caller must see.
#[proc_macro_attribute]
pub fn entry(about: TokenStream, item: TokenStream) -> TokenStream {
    let (about, it) = (parse_macro_input!(about as entry::About), parse_macro_input!(item as ItemStruct));
    let members: syn::Result<Vec<Member>> = it.fields.iter().map(Member::of_entry).collect();
    match members.and_then(|all| entry::judged(&about, all)) {
        Ok(members) => {
            let (form, rules) = (form_of(&it, &members, true), entry::rules(&about, &it, &members));
            quote! { #form #rules }.into()
        }
        Err(wrong) => wrong.into_compile_error().into(),
    }
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
    match members {
        Ok(members) => shaped(it, &members, derives, beside, shape).into(),
        Err(wrong) => wrong.into_compile_error().into(),
    }
}

fn shaped(
    it: &ItemStruct,
    members: &[Member],
    derives: &Tokens,
    beside: &Tokens,
    shape: fn(&Member) -> Tokens,
) -> Tokens {
    let (attrs, vis, name, shaped) = (&it.attrs, &it.vis, &it.ident, members.iter().map(shape));
    quote! {
        #[derive(#derives)]
        #(#attrs)*
        #beside
        #vis struct #name { #(#shaped,)* }
    }
}
