//! Routes: each operation is named once, for the server and for the contract.
//!
//! A server does not make the contract of what it serves: each of its workers would, and a start would take twice as long.
use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

/// The place where an area names its operations.
pub struct ServiceConfig<'a>(To<'a>);

enum To<'a> {
    Server(&'a mut web::ServiceConfig),
    Contract(&'a mut Operations),
}

/// Operations of the contract with the schemas that they name.
#[derive(Default)]
struct Operations {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl ServiceConfig<'_> {
    /// Adds an operation.
    pub fn service(&mut self, it: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            To::Server(routes) => drop(routes.service(it)),
            To::Contract(operations) => {
                operations.paths.merge(it.paths());
                it.schemas(&mut operations.schemas);
            }
        }
        self
    }
}

/// Serves the operations that the areas name.
pub fn serve(routes: &mut web::ServiceConfig, areas: impl FnOnce(&mut ServiceConfig<'_>)) {
    areas(&mut ServiceConfig(To::Server(routes)));
}

/// Adds the operations that the areas name to a contract, under a path.
pub fn describe(contract: &mut OpenApi, under: &str, areas: impl FnOnce(&mut ServiceConfig<'_>)) {
    let mut operations = Operations::default();
    areas(&mut ServiceConfig(To::Contract(&mut operations)));
    let Operations { paths, schemas } = operations;
    contract.paths.paths.extend(paths.paths.into_iter().map(|(path, item)| (format!("{under}{path}"), item)));
    contract.components.get_or_insert_with(Components::new).schemas.extend(schemas);
}
