//! The examples of the contract, for tests: each must be what its form accepts.
use serde::de::DeserializeOwned;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

/// The example in the schema of a form, read as the form.
pub(crate) fn of<T: PartialSchema + DeserializeOwned>() -> T {
    let RefOr::T(Schema::Object(object)) = T::schema() else { panic!("not an object") };
    let example = object.example.clone().or_else(|| object.examples.first().cloned());
    serde_json::from_value(example.expect("the form has an example")).expect("the example fits")
}
