//! Routes: each operation is named once, for the server and for the contract.
//!
//! A server does not make the contract of what it serves: each of its workers would, and a start would take twice as long.
//!
//! Hundreds of patterns stand in few places: the first and the third word of an address. The router tries patterns one after another, so
//! that it is asked for the patterns of one place only.
use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{self, GuardContext};
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Scope, web};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::iter::Skip;
use std::str::Split;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

/// Schemas of a contract by their names.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// The place where an area names its operations.
pub struct ServiceConfig<'a>(To<'a>);

enum To<'a> {
    Server(&'a mut Places),
    Contract(&'a mut Operations),
}

/// Operations of the contract with the schemas that they name.
#[derive(Default)]
struct Operations {
    paths: Paths,
    schemas: Schemas,
}

/// The served operations under an address, by the first word after it and then by the third one: the second is an id mostly.
struct Places {
    under: &'static str,
    scopes: BTreeMap<String, BTreeMap<Third, Scope>>,
}

/// The third word of a pattern. Words stand before a parameter, which takes what they leave.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Third {
    Absent,
    Word(String),
    Parameter,
}

impl Third {
    fn of(pattern: &str) -> Self {
        match pattern.split('/').nth(3) {
            None => Self::Absent,
            Some(it) if it.starts_with('{') => Self::Parameter,
            Some(it) => Self::Word(it.to_owned()),
        }
    }
    fn fits(&self, word: Option<&str>) -> bool {
        match (self, word) {
            (Self::Absent, None) | (Self::Parameter, Some(_)) => true,
            (Self::Word(own), Some(word)) => is_word(word, own),
            _ => false,
        }
    }
}

fn is_word(sent: &str, own: &str) -> bool {
    sent == own || percent_decode_str(sent).eq(own.bytes())
}

impl Places {
    fn add(&mut self, at: &str, it: impl HttpServiceFactory + 'static) {
        let (under, third) = (self.under, Third::of(at));
        let place = self.scopes.entry(at.split('/').nth(1).unwrap_or_default().to_owned()).or_default();
        let scope = place.remove(&third).unwrap_or_else(|| {
            let third = third.clone();
            scope_of(under, move |words| third.fits(words.nth(2)))
        });
        place.insert(third, scope.service(it));
    }
    fn scope(self) -> Scope {
        let under = self.under;
        let places = self.scopes.into_iter().map(|(first, all)| {
            let place = scope_of(under, move |words| words.next().is_some_and(|it| is_word(it, &first)));
            all.into_values().fold(place, Scope::service)
        });
        places.fold(web::scope(under), Scope::service)
    }
}

/// A scope of the addresses whose words after those under which all stand fit. It takes nothing away from them, since an operation knows
/// its whole address.
fn scope_of(under: &'static str, fits: impl Fn(&mut Skip<Split<'_, char>>) -> bool + 'static) -> Scope {
    web::scope("").guard(guard::fn_guard(move |asked: &GuardContext<'_>| {
        let rest = asked.head().uri.path().strip_prefix(under);
        rest.is_some_and(|it| fits(&mut it.split('/').skip(1)))
    }))
}

impl ServiceConfig<'_> {
    /// Adds an operation.
    pub fn service<T>(&mut self, it: T) -> &mut Self
    where
        T: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static,
    {
        match &mut self.0 {
            To::Server(places) => places.add(&T::path(), it),
            To::Contract(operations) => {
                operations.paths.merge(it.paths());
                it.schemas(&mut operations.schemas);
            }
        }
        self
    }

    /// Adds a handler whose operation is told by [`describe`](Self::describe). A request that it does not take is answered where unknown
    /// addresses are.
    pub fn handle<H, Args>(&mut self, method: Method, at: &str, handler: H) -> &mut Self
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        if let To::Server(places) = &mut self.0 {
            places.add(at, web::resource(at).guard(guard::Method(method)).to(handler));
        }
        self
    }

    /// Tells a contract of operations that are not made by a macro.
    pub fn describe(&mut self, paths: fn() -> Paths, schemas: fn(&mut Schemas)) {
        if let To::Contract(operations) = &mut self.0 {
            operations.paths.merge(paths());
            schemas(&mut operations.schemas);
        }
    }
}

/// Serves the operations that the areas name, under a path.
pub fn serve(
    routes: &mut web::ServiceConfig,
    under: &'static str,
    areas: impl FnOnce(&mut ServiceConfig<'_>),
) {
    let mut places = Places { under, scopes: BTreeMap::new() };
    areas(&mut ServiceConfig(To::Server(&mut places)));
    routes.service(places.scope());
}

/// Adds the operations that the areas name to a contract, under a path.
pub fn describe(contract: &mut OpenApi, under: &str, areas: impl FnOnce(&mut ServiceConfig<'_>)) {
    let mut operations = Operations::default();
    areas(&mut ServiceConfig(To::Contract(&mut operations)));
    let Operations { paths, schemas } = operations;
    contract.paths.paths.extend(paths.paths.into_iter().map(|(path, item)| (format!("{under}{path}"), item)));
    contract.components.get_or_insert_with(Components::new).schemas.extend(schemas);
}
