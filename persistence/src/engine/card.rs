//! Cards: the read models, with the metadata that every answer needs.
use domain::base::change::Subject;
use serde::Serialize;

/// A read model: the form in which every endpoint returns that thing.
pub trait Card: Serialize + Send {
    /// Whether it holds a token, a key or a password. Such an answer is not compressed: its length would tell of the secret.
    const HOLDS_SECRET: bool = false;
    /// Whether it shows data of other rows, such as a name, a due day or what the caller may do, which change without its version.
    /// Its tag has a digest behind the version. Only a card of nothing but its own row says that it does not.
    const IS_JOINED: bool = true;
    /// The version, which grows with every change. None for computed read models without versions.
    fn version(&self) -> Option<i64> {
        None
    }
    /// The path of the thing in the API.
    fn path(&self) -> Option<String> {
        None
    }
    /// The subjects whose personal data the card shows. Each is a read that the journal records.
    fn personal(&self) -> Vec<Subject> {
        Vec::new()
    }
}

/// Declares cards, their collections and the subjects of their personal data. Example: `cards! { OrganizationCard in
/// "organizations"; PersonCard in "people" about Person; }`
macro_rules! cards {
    ($($name:ident in $collection:literal $(about $kind:ident)?;)+) => {$(
        impl $crate::engine::card::Card for $name {
            fn version(&self) -> Option<i64> { Some(self.version) }
            fn path(&self) -> Option<String> { Some(format!(concat!("/api/v1/", $collection, "/{}"), self.id)) }
            $(fn personal(&self) -> Vec<domain::base::change::Subject> {
                vec![domain::base::change::Subject::new(domain::base::change::SubjectKind::$kind, self.id)]
            })?
        }
    )+};
}
pub(crate) use cards;
