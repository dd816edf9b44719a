//! The things that the product gives to every region: courses, programs, annexes, forms of plans, scales, the programme of independent
//! living and standards of services, as data.
use crate::accompaniment::{assessments, living, plan_forms};
use crate::help::service_standards;
use crate::region::{annexes, programs};
use persistence::engine::failure::Failure;
use persistence::tx::Tx;

/// Gives a new region all that it does not have.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    programs::ship(tx).await?;
    accompaniment(tx).await
}

/// Gives a region that was made by an older program what the product has got since. Programs are the region's own: none is added.
pub async fn ship_later(tx: &mut Tx<'_>) -> Result<(), Failure> {
    annexes::ship(tx).await?;
    accompaniment(tx).await
}

/// Forms of plans, scales, the programme of independent living, and standards of services.
async fn accompaniment(tx: &mut Tx<'_>) -> Result<(), Failure> {
    plan_forms::ship(tx).await?;
    assessments::ship(tx).await?;
    living::ship(tx).await?;
    service_standards::ship(tx).await
}
