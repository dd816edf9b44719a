//! The arguments of attributes, and the parts of a type.
use syn::parse::ParseStream;
use syn::{Attribute, Expr, ExprRange, LitStr, Token, Type};

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
