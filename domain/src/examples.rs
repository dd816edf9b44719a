//! The examples in the contract, for tests. Each example must be valid for its form.
use serde::de::DeserializeOwned;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

/// The form, read from the example in its schema.
pub(crate) fn of<T: PartialSchema + DeserializeOwned>() -> T {
    let RefOr::T(Schema::Object(object)) = T::schema() else { panic!("not an object") };
    let example = object.example.clone().or_else(|| object.examples.first().cloned());
    serde_json::from_value(example.expect("the form has an example")).expect("the example fits")
}
