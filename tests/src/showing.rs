//! Subjects shown to an account, as an answer of the API shows them.
use domain::base::access::{Caller, Narrowing, Right};
use domain::base::change::Subject;
use domain::base::id::UserId;
use persistence::db::Region;
use persistence::tx::{Actor, Tx};
use std::sync::Arc;

/// Shows subjects to an account that has no other right, and notes the read.
pub async fn show(region: &Region, to: UserId, request_id: &str, subjects: Vec<Subject>) {
    let caller = Caller {
        user: to,
        grants: Vec::new(),
        person: None,
        mentor: None,
        beneficiaries: Vec::new(),
        only: None,
        narrowing: Narrowing::default(),
        granted: Vec::new(),
    };
    let caller = Some(Arc::new(caller));
    let actor = Actor { caller, right: Right::UseAccount, request_id: request_id.to_owned(), expected: None };
    let shown = async move |tx: &mut Tx<'_>| tx.disclose(subjects.clone());
    region.read(actor, shown).await.expect("the read is noted");
}
