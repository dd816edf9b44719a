//! The last day for a decision, for applications that came before deadlines were kept.
use super::is_considered;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::mentor_applications;
use crate::region::programs::must_be_in_force;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{ApplicationId, ProgramId};
use domain::mentors::ApplicationState;

/// So many applications get their last day for a decision in one transaction.
const DATED_AT_ONCE: i64 = 200;

/// Gives what was submitted before deadlines were kept its last day for a decision.
pub async fn date(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let undated = mentor_applications::table
        .filter(is_considered!())
        .filter(mentor_applications::decide_by.is_null())
        .select((
            mentor_applications::id,
            mentor_applications::program_id,
            mentor_applications::submitted_on.assume_not_null(),
        ))
        .limit(DATED_AT_ONCE);
    let found: Vec<(ApplicationId, ProgramId, NaiveDate)> = db!(tx, load, undated)?;
    for (id, program, submitted_on) in found {
        let edition = must_be_in_force(tx, program, submitted_on).await?;
        let set = mentor_applications::decide_by.eq(edition.form.decide_by(submitted_on));
        let rows = db!(tx, execute, diesel::update(mentor_applications::table.find(bind(id))).set(set))?;
        tx.established(rows, Vec::new())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Limits};
    use crate::engine::page::RegionInfo;
    use crate::engine::seal::MasterKey;
    use crate::region::programs;
    use crate::tx::Actor;
    use domain::base::moment::Moment;
    use domain::region::programs::{Edition, Program, shipped};
    use std::sync::Arc;

    /// An application submitted on 20 February 2026 as the version before this one left it, to the program with that id.
    fn left_behind(program: ProgramId) -> String {
        let id = |n: u8| format!("x'{}'", uuid::Uuid::from_u128(n.into()).simple());
        let program = uuid::Uuid::from(program).simple();
        let (organization, person, application) = (id(1), id(2), id(3));
        format!(
            "INSERT INTO organizations (id, version, kind, name, name_key, territory, focus_areas, contacts, created_at, updated_at)
               VALUES ({organization}, 1, 'ngo', 'Дом', 'дом', '25655000', '[]', '{{}}', 0, 0);
             INSERT INTO people (id, version, family_name, given_name, name_key, birth_date, sex, private, created_at, updated_at)
               VALUES ({person}, 1, 'Петрова', 'Мария', 'петрова', '1985-06-01', 'female', '', 0, 0);
             INSERT INTO mentor_applications (id, version, state, person_id, organization_id, program_id, statement, questionnaire,
               documents, submitted_on, created_at, updated_at)
               VALUES ({application}, 1, 'submitted', {person}, {organization}, x'{program}', '', '', '[]', '2026-02-20', 0, 0);"
        )
    }

    async fn dated(region: &crate::db::Region) -> Vec<Option<NaiveDate>> {
        let all = mentor_applications::table.select(mentor_applications::decide_by);
        let read = async |tx: &mut Tx<'_>| Ok(db!(tx, load, all)?);
        region.read(Actor::system("test"), read).await.unwrap()
    }

    async fn what_waits_gets_its_day(url: &str) {
        let clock = Arc::new(|| Moment::from_micros(1_772_000_000_000_000).unwrap());
        let db = Db::at(url, MasterKey::new([1; 32]), clock, Limits::default()).unwrap();
        let info = RegionInfo {
            code: "undated".into(),
            name: "Область".into(),
            territory: "25000000".to_owned().into(),
            zone: "Europe/Moscow".parse().unwrap(),
        };
        let region = db.add_region(info).await.unwrap();
        let enter = async |tx: &mut Tx<'_>| {
            let (form, edition) = shipped().remove(0);
            let added = Program::add(tx.mint(), &form);
            let program = added.value().clone();
            programs::save_added(tx, added).await?;
            let issued = Edition::issue(tx.mint(), &program, None, &edition)?;
            programs::save_issued(tx, issued).await?;
            Ok(tx.conn.batch(&left_behind(program.id)).await?)
        };
        region.write(Actor::system("test"), enter).await.unwrap();
        assert_eq!(dated(&region).await, [None]);
        for _ in 0..2 {
            region.write(Actor::system("clock"), async |tx: &mut Tx<'_>| date(tx).await).await.unwrap();
            assert_eq!(dated(&region).await, ["2026-03-02".parse().ok()]);
        }
        db.close().await;
    }

    #[test]
    fn what_was_submitted_before_deadlines_were_kept_gets_its_last_day() {
        let folder = std::env::temp_dir().join(format!("nastavnik-deadlines-{}", std::process::id()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let url = format!("sqlite:{}", folder.display());
        tokio::task::LocalSet::new().block_on(&runtime, what_waits_gets_its_day(&url));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
