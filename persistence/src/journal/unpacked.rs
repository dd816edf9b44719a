//! Reads of personal data as they were kept before they were packed: a row for each person shown.
use super::reads::{due, keep, pack as packed, replace, tidy};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::tx::{Read, Tx};
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::UserId;
use domain::base::moment::Moment;
use uuid::Uuid;

/// Rows that are packed at once.
const AT_ONCE: i64 = 50_000;

diesel::table! { use crate::engine::column::*;
    reads (id) { id -> DbUuid, at -> DbMoment, user_id -> DbUuid, request_id -> DbText, subject_kind -> DbText, subject_id -> DbUuid, }
}

type Row = (Uuid, Moment, UserId, String, SubjectKind, Uuid);

/// Packs all rows and drops their table, as a part of the migration.
pub(crate) async fn pack(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let mut last = Uuid::nil();
    loop {
        let next = reads::table.filter(reads::id.gt(bind(last))).order(reads::id).limit(AT_ONCE);
        let rows: Vec<Row> = db!(tx, load, next)?;
        let Some(row) = rows.last() else { break };
        last = row.0;
        if keep(tx, &packed(&read(&rows))?).await? {
            let tidied = tidy(&due(tx).await?)?;
            replace(tx, &tidied).await?;
        }
    }
    Ok(tx.conn.batch("DROP TABLE reads").await?)
}

/// The rows of one answer are one read.
fn read(rows: &[Row]) -> Vec<Read> {
    let is_one = |one: &Row, other: &Row| (one.1, one.2, &one.3) == (other.1, other.2, &other.3);
    let read = |of_answer: &[Row]| {
        let (_, at, user, request_id, ..) = of_answer.first()?.clone();
        let subjects = of_answer.iter().map(|it| Subject::new(it.4, it.5)).collect();
        Some(Read { user, subjects, at, request_id })
    };
    rows.chunk_by(is_one).filter_map(read).collect()
}
