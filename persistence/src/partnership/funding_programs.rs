//! Funding programmes in the database: they are entries; here is the place of one among the others.
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::funding_programs;
use crate::entry;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::FundingProgramId;
use domain::base::refusal::Reason;
use domain::partnership::funding_programs::{FundingProgramForm, LEVELS, against_place};

/// The reason against the place of a programme: under one of its own parts, or too deep.
pub(crate) async fn against(
    tx: &mut Tx<'_>,
    id: Option<FundingProgramId>,
    form: &FundingProgramForm,
) -> Result<Vec<Reason>, Failure> {
    let above = entry::way::<FundingProgramForm>(tx, form.parent_id, |it| it.parent_id).await?;
    if above.is_empty() {
        return Ok(Vec::new());
    }
    let below = match id {
        Some(id) => below(tx, id).await?,
        None => 0,
    };
    Ok(against_place(id, &above, below).into_iter().collect())
}

/// The number of levels under a programme.
async fn below(tx: &mut Tx<'_>, id: FundingProgramId) -> Result<usize, Failure> {
    let (mut levels, mut level) = (0, vec![id]);
    while levels < LEVELS {
        let parts = funding_programs::table
            .filter(funding_programs::parent_id.assume_not_null().eq_any(binds(&level)))
            .filter(funding_programs::annulment_reason.is_null())
            .select(funding_programs::id);
        level = db!(tx, load, parts)?;
        if level.is_empty() {
            break;
        }
        levels += 1;
    }
    Ok(levels)
}
