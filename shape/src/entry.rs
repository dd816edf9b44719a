//! An entry: a form that is all there is to a resource. The form tells its columns, references, filters and rules once.
use crate::member::Member;
use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Ident, ItemStruct, LitStr, Token};

/// `Unit: UnitId, at "units", named "unit" "units", tag "organizations", read ReadOrganizations, edit EditUnits,
/// under Organization "organizations", called title, by name, annul, past, judged`.
pub(crate) struct About {
    name: Ident,
    id: Ident,
    at: LitStr,
    one: LitStr,
    many: LitStr,
    tag: LitStr,
    read: Ident,
    edit: Ident,
    parent: Option<(Ident, LitStr)>,
    /// The member that is its name.
    called: Ident,
    order: Option<Ident>,
    is_own_owner: bool,
    has_annulment: bool,
    /// Whether it tells of the past, and so has the term of corrections.
    is_past: bool,
    /// The member with the last day of what goes on until then.
    goes_on: Option<Ident>,
    is_personal: bool,
    is_judged: bool,
    is_entered_once: bool,
    /// The action of its entering, where its parent has entries of several kinds.
    entering: Option<Ident>,
    /// A column of the parent that never changes, kept beside.
    keeping: Option<Ident>,
    /// The member with the last day, after which a list leaves the entry out.
    until: Option<Ident>,
    /// Whether all but its owner read it as its own function `discreet` tells it.
    is_discreet: bool,
    /// The state, of which a draft is seen by those alone who may edit it.
    draft: Option<Ident>,
}

impl Parse for About {
    fn parse(from: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = from.parse()?;
        from.parse::<Token![:]>()?;
        let id = from.parse()?;
        let (mut at, mut named, mut tag, mut read, mut edit) = (None, None, None, None, None);
        let (mut parent, mut called, mut order, mut entering, mut keeping) = (None, None, None, None, None);
        let (mut until, mut draft) = (None, None);
        let (mut is_own_owner, mut has_annulment, mut is_judged, mut is_personal, mut is_entered_once) =
            (false, false, false, false, false);
        let (mut is_discreet, mut is_past, mut goes_on) = (false, false, None);
        while from.parse::<Option<Token![,]>>()?.is_some() {
            let word: Ident = from.parse()?;
            match word.to_string().as_str() {
                "at" => at = Some(from.parse()?),
                "named" => named = Some((from.parse()?, from.parse()?)),
                "tag" => tag = Some(from.parse()?),
                "read" => read = Some(from.parse()?),
                "edit" => edit = Some(from.parse()?),
                "under" => parent = Some((from.parse()?, from.parse()?)),
                "called" => called = Some(from.parse()?),
                "by" => order = Some(from.parse()?),
                "entering" => entering = Some(from.parse()?),
                "keeping" => keeping = Some(from.parse()?),
                "until" => until = Some(from.parse()?),
                "draft" => draft = Some(from.parse()?),
                "itself" => is_own_owner = true,
                "annul" => has_annulment = true,
                "past" => (is_past, goes_on) = (true, from.parse::<Option<Ident>>()?),
                "personal" => is_personal = true,
                "judged" => is_judged = true,
                "once" => is_entered_once = true,
                "discreet" => is_discreet = true,
                other => return Err(syn::Error::new(word.span(), format!("an entry knows no '{other}'"))),
            }
        }
        let missing = |what: &str| syn::Error::new(name.span(), format!("an entry tells '{what}'"));
        let (one, many) = named.ok_or_else(|| missing("named"))?;
        Ok(Self {
            at: at.ok_or_else(|| missing("at"))?,
            tag: tag.ok_or_else(|| missing("tag"))?,
            read: read.ok_or_else(|| missing("read"))?,
            edit: edit.ok_or_else(|| missing("edit"))?,
            one,
            many,
            called: called.unwrap_or_else(|| Ident::new("name", name.span())),
            name,
            id,
            parent,
            order,
            is_own_owner,
            has_annulment,
            is_past,
            goes_on,
            is_personal,
            is_judged,
            is_entered_once,
            entering,
            keeping,
            until,
            is_discreet,
            draft,
        })
    }
}

/// Names that every card or table has already, and words of SQL.
const TAKEN: [&str; 16] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "annulment",
    "annulment_reason",
    "order",
    "from",
    "to",
    "group",
    "user",
    "end",
    "select",
    "where",
    "table",
    "limit",
];

/// Refuses a form that would be kept, shown or ordered wrongly.
pub(crate) fn judged(about: &About, all: Vec<Member>) -> syn::Result<Vec<Member>> {
    let owners = all.iter().filter(|it| it.is_owner()).count();
    if owners > 1 || all.iter().any(|it| it.is_owner() && !it.names_an_institution()) {
        return Err(syn::Error::new(
            about.name.span(),
            "one member of the type OrganizationId is the owner, and it is not optional",
        ));
    }
    if about.keeping.is_some() && about.parent.is_none() {
        return Err(syn::Error::new(about.name.span(), "a column is kept of the parent"));
    }
    if let Some(until) = &about.until
        && !all.iter().any(|it| it.is_named(until) && it.is_day_or_none())
    {
        return Err(syn::Error::new(until.span(), "the last day is a member, and it is optional"));
    }
    if let Some(draft) = &about.draft
        && (owners == 0 || !all.iter().any(|it| it.is_named(draft)))
    {
        return Err(syn::Error::new(draft.span(), "an entry with drafts has that state, and an owner"));
    }
    if about.is_entered_once && !about.has_annulment {
        return Err(syn::Error::new(about.name.span(), "an entry that is entered once can be annulled"));
    }
    if about.is_past && !about.has_annulment {
        return Err(syn::Error::new(about.name.span(), "an entry about the past can be annulled"));
    }
    if let Some(last) = &about.goes_on
        && !all.iter().any(|it| it.is_named(last) && it.is_day_or_none())
    {
        return Err(syn::Error::new(last.span(), "what goes on has an optional last day"));
    }
    if !all.iter().any(|it| it.is_named(&about.called) && it.orders()) {
        return Err(syn::Error::new(
            about.called.span(),
            "an entry has a `name`, or another text or day that it is `called` by, neither optional nor sealed",
        ));
    }
    if let Some(by) = &about.order {
        let is_one = all.iter().any(|it| it.is_named(by) && it.orders());
        if !is_one {
            return Err(syn::Error::new(
                by.span(),
                "a list is ordered by a day or a text that is neither optional nor sealed",
            ));
        }
    }
    let is_by_day =
        all.iter().any(|it| about.order.as_ref().is_some_and(|by| it.is_named(by)) && it.is_day());
    if !is_by_day && all.iter().any(Member::is_found_by_values) {
        return Err(syn::Error::new(
            about.name.span(),
            "a list that is asked for one of its values is by a day",
        ));
    }
    for it in &all {
        it.judge(about.order.as_ref(), &TAKEN)?;
    }
    Ok(all)
}

pub(crate) fn rules(about: &About, it: &ItemStruct, all: &[Member]) -> Tokens {
    let (entry, filter, told) = (entry(about, it, all), filter(about, it, all), about_of(about, it, all));
    quote! { #entry #filter #told }
}

fn entry(about: &About, it: &ItemStruct, all: &[Member]) -> Tokens {
    let About { name, id, one, read, edit, is_past, is_judged, is_discreet, .. } = about;
    let annul = if *is_past { quote!(AnnulRecords) } else { quote!(#edit) };
    let (form, vis) = (&it.ident, &it.vis);
    let doc = format!("{} as the rules see it.", with_article(&one.value()));
    let (values, reads) = (all.iter().map(Member::value), all.iter().map(Member::back));
    let told = all.iter().filter_map(Member::told);
    let references = all.iter().filter_map(Member::reference);
    let fixed = all.iter().filter_map(Member::fixed);
    let carried = all.iter().filter_map(Member::carried);
    let states = all.iter().filter_map(Member::state);
    let listed = all.iter().filter_map(Member::listed);
    let own = is_judged.then(|| quote! { reasons.extend(form.judge(id, before)); });
    let filter = filter_name(form);
    let discreetly = is_discreet.then(|| {
        quote!(
            fn discreetly(&self) -> Option<Self> {
                Some(self.discreet())
            }
        )
    });
    quote! {
        #[doc = #doc]
        #vis type #name = domain::base::entry::Entered<#form>;
        impl domain::base::entry::Entry for #form {
            type Id = domain::base::id::#id;
            type Read = domain::base::access::may::#read;
            type Edit = domain::base::access::may::#edit;
            type Annul = domain::base::access::may::#annul;
            type Filter = #filter;
            const ABOUT: &'static domain::base::entry::About = &#form::ABOUT;
            fn values(&self) -> Vec<domain::base::kept::Value> { vec![#(#values),*] }
            fn of(values: Vec<domain::base::kept::Value>) -> Result<Self, String> {
                let mut values = values.into_iter();
                Ok(Self { #(#reads,)* })
            }
            fn told(&self) -> serde_json::Map<String, serde_json::Value> {
                [#(#told),*].into_iter().collect()
            }
            fn references(&self) -> Vec<domain::base::entry::Reference> {
                let all: Vec<Vec<domain::base::entry::Reference>> = vec![#(#references),*];
                all.into_iter().flatten().collect()
            }
            fn against(&self, id: Self::Id, before: Option<&Self>) -> Vec<domain::base::refusal::Reason> {
                let (form, mut reasons) = (self, Vec::new());
                #(#fixed)*
                #own
                let _ = (form, id, before);
                reasons
            }
            fn states() -> Vec<domain::base::entry::State> { vec![#(#states),*] }
            fn listed(&self) -> Vec<domain::base::entry::Listed> { vec![#(#listed),*] }
            fn carry(&mut self, before: &Self) {
                #(#carried)*
                let _ = before;
            }
            #discreetly
        }
    }
}

fn filter(about: &About, it: &ItemStruct, all: &[Member]) -> Tokens {
    let (filter, vis) = (filter_name(&it.ident), &it.vis);
    let doc = format!("Filters of the list of {}.", about.many.value());
    let members = all
        .iter()
        .flat_map(|it| [it.narrowing(), it.placing(), it.spanning(), it.choosing()].into_iter().flatten());
    let asked = all
        .iter()
        .flat_map(|it| [it.narrowed(), it.placed(), it.spanned(), it.chosen()].into_iter().flatten());
    let annulled = about.has_annulment.then(|| {
        quote! {
            /// `true`: only annulled ones, which are left out otherwise.
            pub annulled: Option<bool>,
        }
    });
    let shown = if about.has_annulment { quote!(self.annulled.unwrap_or(false)) } else { quote!(false) };
    let ended = about.until.is_some().then(|| {
        quote! {
            /// `true`: only those whose last day has passed, which are left out otherwise.
            pub ended: Option<bool>,
        }
    });
    let over = if about.until.is_some() { quote!(self.ended.unwrap_or(false)) } else { quote!(false) };
    quote! {
        #[doc = #doc]
        #[shape::filter]
        #vis struct #filter { #(#members,)* #annulled #ended }
        impl domain::base::entry::Narrow for #filter {
            fn asked(&self) -> Vec<(&'static str, domain::base::entry::Asked)> {
                let all: Vec<Option<(&'static str, domain::base::entry::Asked)>> = vec![#(#asked),*];
                all.into_iter().flatten().collect()
            }
            fn annulled(&self) -> bool { #shown }
            fn ended(&self) -> bool { #over }
        }
    }
}

fn about_of(about: &About, it: &ItemStruct, all: &[Member]) -> Tokens {
    let About { name, at, one, many, tag, .. } = about;
    let form = &it.ident;
    let table = LitStr::new(&snake(&many.value()), many.span());
    let fact = snake_of(&name.to_string());
    let facts = ["added", "edited", "annulled"].map(|it| format!("{fact}.{it}"));
    let [added, edited, annulled] = facts;
    let stem = form.to_string().trim_end_matches("Form").to_owned();
    let (card, page) = (format!("{stem}Card"), format!("{stem}Page"));
    let members = all.iter().map(|it| it.about(&table.value()));
    let parent = match &about.parent {
        Some((kind, at)) => {
            let column = format!("{}_id", snake_of(&kind.to_string()));
            let id_name = format!("{kind}Id");
            quote!(Some(domain::base::entry::Parent {
                kind: domain::base::change::SubjectKind::#kind, at: #at, column: #column, id: #id_name,
            }))
        }
        None => quote!(None),
    };
    let order = match &about.order {
        None => quote!(domain::base::entry::Order::Newest),
        Some(by) if all.iter().any(|it| it.is_named(by) && it.is_day()) => {
            let by = by.to_string();
            quote!(domain::base::entry::Order::Day(#by))
        }
        Some(by) => {
            let by = by.to_string();
            quote!(domain::base::entry::Order::Name(#by))
        }
    };
    let owner = match (about.is_own_owner, &about.parent, all.iter().find(|it| it.is_owner())) {
        (true, ..) => quote!(domain::base::entry::Owner::Itself),
        (_, _, Some(member)) => {
            let column = member.text();
            quote!(domain::base::entry::Owner::Column(#column))
        }
        (_, Some((kind, _)), _) if kind == "Organization" => {
            quote!(domain::base::entry::Owner::Column("organization_id"))
        }
        (_, Some(_), _) => quote!(domain::base::entry::Owner::Parent),
        _ => quote!(domain::base::entry::Owner::Nobody),
    };
    let naming = about.called.to_string();
    let (has_annulment, is_entered_once) = (about.has_annulment, about.is_entered_once);
    let entering = about.entering.clone().unwrap_or_else(|| Ident::new("Add", name.span()));
    let column = |named: &Option<Ident>| match named.as_ref().map(Ident::to_string) {
        Some(it) => quote!(Some(#it)),
        None => quote!(None),
    };
    let (keeping, until, draft) = (column(&about.keeping), column(&about.until), column(&about.draft));
    let goes_on = column(&about.goes_on);
    let past = if about.is_past {
        quote!(Some(domain::base::entry::correction::Past { until: #goes_on }))
    } else {
        quote!(None)
    };
    let is_personal = about.is_personal || all.iter().any(Member::is_sealed);
    quote! {
        impl #form {
            /// The data of the entry.
            pub const ABOUT: domain::base::entry::About = domain::base::entry::About {
                kind: domain::base::change::SubjectKind::#name,
                at: #at, naming: #naming, one: #one, many: #many, tag: #tag, table: #table, card: #card, page: #page,
                added: #added, edited: #edited, annulled: #annulled,
                members: &[#(#members),*],
                parent: #parent, order: #order, owner: #owner, has_annulment: #has_annulment, past: #past, is_personal: #is_personal,
                is_entered_once: #is_entered_once, entering: domain::base::action::Action::#entering,
                keeping: #keeping, until: #until, draft: #draft,
            };
        }
    }
}

fn filter_name(form: &Ident) -> Ident {
    format_ident!("{}Filter", form.to_string().trim_end_matches("Form"))
}
fn snake(text: &str) -> String {
    text.replace([' ', '-'], "_")
}
/// `JointActivity` to `joint_activity`.
fn snake_of(name: &str) -> String {
    let mut text = String::new();
    for it in name.chars() {
        if it.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(it.to_lowercase());
    }
    text
}
fn with_article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if is_vowel { "An" } else { "A" })
}
