//! Counts of what there is on each of the three levels of partnership (000 L39–53).
use crate::engine::card::Card;
use crate::engine::column::DbText;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::statement::Statement;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use domain::base::kept::Value;
use domain::base::word::Word;
use domain::partnership::levels::LevelFigure;
use domain::partnership::words::{EventKind, PartnershipLevel};
use shape::card;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A figure of a level.
#[card]
pub struct LevelCount {
    /// The thing that is counted.
    pub figure: LevelFigure,
    /// The number.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 5)]
    pub count: i64,
}

/// A level of partnership with its figures.
#[card]
pub struct LevelCard {
    /// The level.
    pub level: PartnershipLevel,
    /// The figures that are not zero.
    #[schema(max_items = 20)]
    pub figures: Vec<LevelCount>,
}

/// The three levels of partnership.
#[card]
pub struct PartnershipLevels {
    /// The day for which they are counted.
    pub on: NaiveDate,
    /// The levels.
    #[schema(max_items = 3)]
    pub levels: Vec<LevelCard>,
}

impl Card for PartnershipLevels {}

/// A word of the rows that are counted together, and their number.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = DbText)]
    word: String,
    #[diesel(sql_type = BigInt)]
    level_number: i64,
}

/// The word by which a figure is counted, and the rows that count on the day. `?` stands for it.
fn rows_of(figure: LevelFigure) -> (&'static str, &'static str) {
    match figure {
        LevelFigure::Agreements => (
            "partnership_level",
            "agreements WHERE annulment_reason IS NULL AND (ended_on IS NULL OR ended_on >= ?) AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)",
        ),
        LevelFigure::Councils => (
            "kind",
            "councils WHERE annulment_reason IS NULL AND (founded_on IS NULL OR founded_on <= ?) AND (closed_on IS NULL OR closed_on >= ?)",
        ),
        LevelFigure::Projects => ("state", "projects WHERE annulment_reason IS NULL AND state = 'running'"),
        LevelFigure::Replications => (
            "technology",
            "replications INNER JOIN practices ON practices.id = replications.practice_id WHERE replications.annulment_reason IS NULL AND practices.annulment_reason IS NULL AND replications.started_on <= ? AND (replications.ended_on IS NULL OR replications.ended_on >= ?)",
        ),
        LevelFigure::Practices => {
            ("technology", "practices WHERE annulment_reason IS NULL AND stage <> 'retired'")
        }
        LevelFigure::Publications => ("kind", "publications WHERE annulment_reason IS NULL"),
        LevelFigure::Clubs => (
            "kind",
            "clubs WHERE annulment_reason IS NULL AND opened_on <= ? AND (closed_on IS NULL OR closed_on >= ?)",
        ),
        LevelFigure::Events => ("kind", "events WHERE annulment_reason IS NULL AND state = 'held'"),
    }
}

/// Figures of the caller's region on each level today.
pub async fn levels(tx: &mut Tx<'_>) -> Result<PartnershipLevels, Failure> {
    let on = tx.today();
    let mut counts: BTreeMap<(PartnershipLevel, LevelFigure), i64> = BTreeMap::new();
    for figure in LevelFigure::ALL.iter().copied() {
        for line in lines_of(tx, figure, on).await? {
            let level = match figure {
                LevelFigure::Agreements => PartnershipLevel::parse(&line.word),
                LevelFigure::Events => EventKind::parse(&line.word).map(EventKind::level),
                other => other.level(),
            };
            let level = level.ok_or_else(|| Failure::broken(format!("'{}' is of no level", line.word)))?;
            *counts.entry((level, figure)).or_default() += line.level_number;
        }
    }
    let of = |level: PartnershipLevel| {
        let own = counts.iter().filter(|it| it.0.0 == level);
        LevelCard {
            level,
            figures: own.map(|(key, count)| LevelCount { figure: key.1, count: *count }).collect(),
        }
    };
    Ok(PartnershipLevels { on, levels: PartnershipLevel::ALL.iter().copied().map(of).collect() })
}

async fn lines_of(tx: &mut Tx<'_>, figure: LevelFigure, on: NaiveDate) -> Result<Vec<Line>, Failure> {
    let (word, rows) = rows_of(figure);
    let mut all =
        Statement::default().text("SELECT ").text(word).text(" AS word, COUNT(*) AS level_number FROM ");
    all = all.marked(rows, &[('?', Value::Day(Some(on)))]);
    let scope = tx.scope();
    if !scope.everything {
        if scope.organizations.is_empty() {
            return Ok(Vec::new());
        }
        let own: Vec<Uuid> = scope.organizations.iter().map(|it| Uuid::from(*it)).collect();
        all = all.text(" AND organization_id IN (").ids(own).text(")");
    }
    let all = all.text(" GROUP BY ").text(word);
    Ok(db!(tx, load, all)?)
}
