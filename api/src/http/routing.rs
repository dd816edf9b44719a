//! Routes: each operation is named once, for the server and for the contract.
//!
//! A server does not make the contract of what it serves: each of its workers would, and a start would take twice as long.
//!
//! Hundreds of patterns stand in few places: the first word of an address. The router tries patterns one after another, so that it is
//! asked for the patterns of one place only.
use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{self, GuardContext};
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Scope, web};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
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

/// The served operations under an address, by the first word after it.
struct Places {
    under: &'static str,
    scopes: BTreeMap<String, Scope>,
}

impl Places {
    fn add(&mut self, at: &str, it: impl HttpServiceFactory + 'static) {
        let place = at.split('/').nth(1).unwrap_or_default().to_owned();
        let scope = self.scopes.remove(&place).unwrap_or_else(|| scope_of(self.under, place.clone()));
        self.scopes.insert(place, scope.service(it));
    }
}

/// A scope of the addresses that have this word after those under which all stand. It takes nothing away from them, since an operation
/// knows its whole address.
fn scope_of(under: &'static str, place: String) -> Scope {
    web::scope("").guard(guard::fn_guard(move |asked: &GuardContext<'_>| {
        let first = asked.head().uri.path().strip_prefix(under).and_then(|it| it.split('/').nth(1));
        first.is_some_and(|it| it == place || percent_decode_str(it).eq(place.bytes()))
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

    /// Adds a handler whose operation is told by [`describe`](Self::describe). What it does not take is answered where unknown
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
    let scope = places.scopes.into_values().fold(web::scope(under), Scope::service);
    routes.service(scope);
}

/// Adds the operations that the areas name to a contract, under a path.
pub fn describe(contract: &mut OpenApi, under: &str, areas: impl FnOnce(&mut ServiceConfig<'_>)) {
    let mut operations = Operations::default();
    areas(&mut ServiceConfig(To::Contract(&mut operations)));
    let Operations { paths, schemas } = operations;
    contract.paths.paths.extend(paths.paths.into_iter().map(|(path, item)| (format!("{under}{path}"), item)));
    contract.components.get_or_insert_with(Components::new).schemas.extend(schemas);
}
