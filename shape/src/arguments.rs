//! The arguments of attributes, and the parts of a type.
use syn::parse::ParseStream;
use syn::{Attribute, Expr, ExprRange, Ident, LitStr, Token, Type};

/// The sentence that an attribute tells.
pub(crate) fn sentence(attr: &Attribute) -> syn::Result<LitStr> {
    match &attr.meta.require_name_value()?.value {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(it), .. }) => Ok(it.clone()),
        other => Err(syn::Error::new_spanned(other, "a sentence")),
    }
}

/// `"Only where the code begins so.", 2..=8, "25655"`: the sentence, the length of the beginning, an example.
pub(crate) fn beginning(from: ParseStream<'_>) -> syn::Result<(LitStr, Expr, LitStr)> {
    let doc = from.parse()?;
    from.parse::<Token![,]>()?;
    let bounds = from.parse()?;
    from.parse::<Token![,]>()?;
    Ok((doc, bounds, from.parse()?))
}

/// `"Only on this day or later.", "Only on this day or earlier."`.
pub(crate) fn between(from: ParseStream<'_>) -> syn::Result<(LitStr, LitStr)> {
    let first = from.parse()?;
    from.parse::<Token![,]>()?;
    Ok((first, from.parse()?))
}

/// The question of a list for the entries whose list has a value.
pub(crate) struct Among {
    /// The parameter, and the column of the table.
    pub(crate) name: Ident,
    /// The table beside the entry.
    pub(crate) table: LitStr,
    pub(crate) doc: LitStr,
    /// The function of the form that tells the values. None: they are those of the member.
    pub(crate) told_by: Option<Ident>,
}

/// `audience, "event_audiences", "Only for this audience."`, and the function that tells the values where the member does not.
pub(crate) fn among(from: ParseStream<'_>) -> syn::Result<Among> {
    let name = from.parse()?;
    from.parse::<Token![,]>()?;
    let table = from.parse()?;
    from.parse::<Token![,]>()?;
    let doc = from.parse()?;
    let has_function = from.parse::<Option<Token![,]>>()?.is_some();
    let told_by = if has_function { Some(from.parse()?) } else { None };
    Ok(Among { name, table, doc, told_by })
}

/// Both bounds, the upper one included.
pub(crate) fn bounds(attr: &Attribute) -> syn::Result<(Expr, Expr)> {
    let range: ExprRange = attr.parse_args()?;
    match (range.start, range.end) {
        (Some(start), Some(end)) if matches!(range.limits, syn::RangeLimits::Closed(_)) => Ok((*start, *end)),
        _ => Err(syn::Error::new_spanned(attr, "both bounds are told, the upper one included: 1..=1000")),
    }
}

/// The type `T` of `Option<T>` or `Vec<T>`.
pub(crate) fn argument<'t>(it: &'t Type, of: &str) -> Option<&'t Type> {
    let Type::Path(path) = it else { return None };
    let last = path.path.segments.last().filter(|it| it.ident == of)?;
    let syn::PathArguments::AngleBracketed(all) = &last.arguments else { return None };
    match all.args.first() {
        Some(syn::GenericArgument::Type(it)) => Some(it),
        _ => None,
    }
}

/// The last segment of the path of a type.
pub(crate) fn word(it: &Type) -> String {
    match it {
        Type::Path(it) => it.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}
