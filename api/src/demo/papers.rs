//! Papers that several stories of the demonstration sign.
use super::cast::{Cast, id};
use super::client::{Client, with};
use serde_json::{Value, json};

/// A signature under a consent; a representative signs by the authority.
pub fn signature(
    client: &Client,
    cast: &Cast,
    (signatory, person): (&str, &str),
    days_ago: i64,
    paper: &str,
) -> Result<Value, String> {
    let form = json!({"signatory": signatory, "person_id": id(cast, person)?, "signed_on": client.day(days_ago), "file_id": paper});
    if signatory != "representative" {
        return Ok(form);
    }
    let authority = if person == "hamaganova" { "representative-dugarov" } else { "representative-sokolova" };
    Ok(with(form, json!({"representative_id": id(cast, authority)?})))
}
