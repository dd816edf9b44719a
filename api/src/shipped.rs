//! What the product gives to every region: courses, programs, annexes and forms of plans, as data.
use crate::accompaniment::plan_forms;
use crate::region::{annexes, programs};
use persistence::engine::failure::Failure;
use persistence::tx::Tx;

/// Gives a new region all that it does not have.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    programs::ship(tx).await?;
    plan_forms::ship(tx).await
}

/// Gives a region that was made by an older program what the product has got since. Programs are the region's own: none is added.
pub async fn ship_later(tx: &mut Tx<'_>) -> Result<(), Failure> {
    annexes::ship(tx).await?;
    plan_forms::ship(tx).await
}
