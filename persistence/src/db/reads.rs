//! The writing of noted reads of personal data to the journal, some at once and beside the requests.
use super::Region;
use crate::engine::failure::Failure;
use crate::journal;
use crate::tx::{Actor, Read, Tx};

impl Region {
    /// Writes the noted reads of personal data to the journal.
    pub async fn flush_reads(&self) -> Result<(), Failure> {
        let turn = self.0.reads.turn().await;
        let noted = self.0.reads.take();
        if noted.is_empty() {
            return Ok(());
        }
        let kept = self.keep_reads(&noted).await;
        if kept.is_err() {
            self.0.reads.put_back(noted);
        }
        drop(turn);
        if kept? { self.tidy_reads().await } else { Ok(()) }
    }

    async fn keep_reads(&self, noted: &[Read]) -> Result<bool, Failure> {
        let batches = journal::reads::pack(noted)?;
        let keep = async move |tx: &mut Tx<'_>| journal::reads::keep(tx, &batches).await;
        self.write(Actor::system("reads"), keep).await
    }

    /// Joins or sorts the reads that are due for it, beside the requests.
    async fn tidy_reads(&self) -> Result<(), Failure> {
        let due = self
            .read_long(Actor::system("reads"), async |tx: &mut Tx<'_>| journal::reads::due(tx).await)
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        let tidied = tokio::task::spawn_blocking(move || journal::reads::tidy(&due)).await;
        let tidied = tidied.map_err(Failure::broken)??;
        let replace = async move |tx: &mut Tx<'_>| journal::reads::replace(tx, &tidied).await;
        self.write_long(Actor::system("reads"), replace).await
    }
}
