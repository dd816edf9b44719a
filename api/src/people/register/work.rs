//! The job of the register: a scan of the region for pairs that may be one person.
use crate::region::jobs::handle::{Handle, JobFailure};
use domain::base::access::Right;
use domain::base::id::{PersonId, RegisterEntryId, RegisterScanId};
use domain::people::likeness::{self, Likeness, Traits};
use domain::people::register::candidates::pair;
use domain::people::register::scans::Scan;
use domain::region::jobs::Outcome;
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::people::everybodys_traits;
use persistence::people::register::scans;
use persistence::region::jobs::{self, Claimed};
use persistence::tx::Tx;
use std::collections::HashMap;

/// The progress after everybody is loaded, per mille.
const LOADED: u16 = 400;
/// The progress after everybody is compared, per mille.
const COMPARED: u16 = 600;
/// Pairs that one transaction notes.
const NOTED: usize = 200;

type Entries = HashMap<PersonId, RegisterEntryId>;
/// Entries that are merged, each with the one into which it is.
type Merged = HashMap<RegisterEntryId, RegisterEntryId>;
type Pair = ((RegisterEntryId, RegisterEntryId), Likeness);

/// Compares all entries of the region and notes the pairs that may be one person.
pub async fn scan(region: Region, claimed: Claimed, handle: Handle) -> Result<(), JobFailure> {
    let id = RegisterScanId::from(claimed.subject_id);
    let actor = handle.actor(Right::ManageRegister).await?;
    let (traits, entries, merged) = region.read_long(actor.clone(), loaded).await?;
    handle.progress(LOADED);
    let compared = i64::try_from(traits.len()).map_err(Failure::broken)?;
    let scanning = tokio::task::spawn_blocking(move || pairs(traits, &entries, &merged));
    let pairs = scanning.await.map_err(|it| Failure::broken(format!("a scan broke off: {it}")))?;
    handle.progress(COMPARED);
    let count = pairs.len().max(1);
    for (n, some) in pairs.chunks(NOTED).enumerate() {
        if handle.stop() {
            return Err(JobFailure::Stopped);
        }
        let some = some.to_vec();
        let note = async move |tx: &mut Tx<'_>| scans::note_all(tx, &some).await;
        region.write_long(actor.clone(), note).await?;
        let done = usize::from(1000 - COMPARED) * n * NOTED / count;
        handle.progress(COMPARED + u16::try_from(done).unwrap_or_default());
    }
    let (job, runner) = (claimed.id, handle.runner());
    let end = async move |tx: &mut Tx<'_>| {
        let found = scans::found_since(tx, id).await?;
        scans::save_done(tx, Scan { id }.end(compared, found)).await?;
        jobs::finish(tx, job, runner, Outcome::Done).await
    };
    Ok(region.write_long(actor, end).await?)
}

/// Everybody on the register, the entries, and those that are merged already.
async fn loaded(tx: &mut Tx<'_>) -> Result<(Vec<(PersonId, Traits)>, Entries, Merged), Failure> {
    let entries = scans::registered(tx).await?;
    let (mut traits, mut after) = (Vec::new(), None);
    loop {
        let some = everybodys_traits(tx, after).await?;
        let Some((last, _)) = some.last() else { break };
        after = Some(*last);
        traits.extend(some.into_iter().filter(|it| entries.contains_key(&it.0)));
    }
    let merged = scans::merged_pairs(tx).await?;
    Ok((traits, entries, merged.into_iter().map(|(one, other)| (other, one)).collect()))
}

/// The pairs of entries that are alike and not merged.
fn pairs(traits: Vec<(PersonId, Traits)>, entries: &Entries, merged: &Merged) -> Vec<Pair> {
    let (people, traits): (Vec<PersonId>, Vec<Traits>) = traits.into_iter().unzip();
    let entry = |place: usize| people.get(place).and_then(|it| entries.get(it)).copied();
    let alike = likeness::scan(&traits).into_iter();
    let alike = alike.filter_map(|it| Some((pair(entry(it.one)?, entry(it.other)?), it.likeness)));
    alike.filter(|it| first(it.0.0, merged) != first(it.0.1, merged)).collect()
}

/// The entry into which this one is merged in the end. No entry is merged into itself through others.
fn first(mut of: RegisterEntryId, merged: &Merged) -> RegisterEntryId {
    while let Some(next) = merged.get(&of) {
        of = *next;
    }
    of
}
