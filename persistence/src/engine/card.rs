//! What every read model tells of itself.
use domain::base::change::Subject;
use serde::Serialize;

/// A read model: the answer of every endpoint about that thing.
pub trait Card: Serialize + Send {
    /// Grows with every change; none for what is computed and has no versions.
    fn version(&self) -> Option<i64> {
        None
    }
    /// Where it can be read again.
    fn path(&self) -> Option<String> {
        None
    }
    /// Whose personal data it shows: each is a journaled read.
    fn personal(&self) -> Vec<Subject> {
        Vec::new()
    }
}

/// `cards! { OrganizationCard in "organizations"; PersonCard in "people" about Person; }`
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
