//! Names beside ids. A name is shown by the right to see its row, otherwise left out. All names of an answer are asked for at once,
//! in a few statements for each kind of row, however many rows. A name that a card of the answer has read by the same right is not read
//! again.
use crate::engine::failure::Failure;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The names of rows that the caller sees.
#[derive(Debug, Default)]
pub struct Names(HashMap<Subject, String>);

impl Names {
    /// The names of those of the given rows that the caller sees. To show the name of a person is to show personal data.
    pub async fn of(tx: &mut Tx<'_>, asked: impl IntoIterator<Item = Subject>) -> Result<Self, Failure> {
        let mut ids: BTreeMap<SubjectKind, BTreeSet<Uuid>> = BTreeMap::new();
        let mut all = HashMap::new();
        for it in asked {
            if let Some(name) = tx.noted_name(it) {
                all.insert(it, name.clone());
            } else {
                ids.entry(it.kind).or_default().insert(it.id);
            }
        }
        for (kind, ids) in ids {
            let found = of_kind(tx, kind, ids.into_iter().collect()).await?;
            all.extend(found.into_iter().map(|(id, name)| (Subject { kind, id }, name)));
        }
        tx.disclose(all.keys().copied().filter(|it| is_personal(it.kind)))?;
        Ok(Self(all))
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The name of a row, if the caller sees it.
    pub fn name(&self, kind: SubjectKind, id: Uuid) -> Option<&str> {
        self.0.get(&Subject { kind, id }).map(String::as_str)
    }
}

/// The names of rows of one kind, by the caller's right to read that kind.
async fn of_kind(tx: &mut Tx<'_>, kind: SubjectKind, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>, Failure> {
    let Some(right) = tx.above().right_to_see(kind) else { return Ok(Vec::new()) };
    let before = tx.use_scope_of(right);
    // The caller's own account has a name for the caller without any right.
    let found = match tx.scope().is_nothing() && kind != SubjectKind::User {
        true => Ok(Vec::new()),
        false => tx.above().names(tx, kind, ids).await,
    };
    tx.restore_scope(before);
    found
}

/// Whether the names of the kind are names of people.
fn is_personal(kind: SubjectKind) -> bool {
    use SubjectKind::{Application, Beneficiary, Case, Family, Mentor, Mentorship, Person, Representative};
    matches!(kind, Application | Beneficiary | Case | Family | Mentor | Mentorship | Person | Representative)
}
