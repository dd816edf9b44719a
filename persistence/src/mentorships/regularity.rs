//! How regularly pairs meet, in the database: a row for each mentorship that has begun.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{contacts, meetings, mentorships};
use crate::journal;
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{EditionId, MentorshipId};
use domain::base::moment::Moment;
use domain::mentorships::MentorshipState;
use domain::mentorships::regularity::Contact;
use std::collections::HashMap;

type Row = (MentorshipId, Option<NaiveDate>, NaiveDate);

/// The contacts of these mentorships, where they have begun.
pub(crate) async fn of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, Contact>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = contacts::table.filter(contacts::mentorship_id.eq_any(binds(ids)));
    let rows: Vec<Row> =
        db!(tx, load, some.select((contacts::mentorship_id, contacts::last_on, contacts::due_on)))?;
    Ok(rows.into_iter().map(|(id, last_on, due_on)| (id, Contact { last_on, due_on })).collect())
}

/// What is known of one mentorship, with its edition's deadline in days.
async fn one(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(Contact, i32), Failure> {
    let row = mentorships::table.find(bind(id)).select((mentorships::edition_id, mentorships::starts_on));
    let (edition_id, starts_on): (EditionId, Option<NaiveDate>) = db!(tx, first, row)?;
    let starts_on = starts_on.ok_or_else(|| Failure::broken(format!("mentorship {id} has not begun")))?;
    let deadline_days = programs::edition_of(tx, edition_id).await?.form.contact_deadline_days;
    let known = of(tx, &[id]).await?.remove(&id);
    Ok((known.unwrap_or_else(|| Contact::begin(starts_on, deadline_days)), deadline_days))
}

/// The contacts of a mentorship that has begun.
pub(crate) async fn contact(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Contact, Failure> {
    Ok(one(tx, id).await?.0)
}

async fn save(tx: &mut Tx<'_>, id: MentorshipId, it: Contact) -> Result<(), Failure> {
    let own = contacts::table.find(bind(id));
    let set = (contacts::last_on.eq(it.last_on), contacts::due_on.eq(it.due_on));
    let known = db!(tx, execute, diesel::update(own).set(set))?;
    if known == 0 {
        let row = (contacts::mentorship_id.eq(bind(id)), set);
        db!(tx, execute, diesel::insert_into(contacts::table).values(row))?;
    }
    Ok(())
}

/// Begins to count for a mentorship that was confirmed in this transaction.
pub(crate) async fn begin(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(), Failure> {
    let contact = contact(tx, id).await?;
    save(tx, id, contact).await
}

/// The pair has met at that instant.
pub(crate) async fn meet(tx: &mut Tx<'_>, id: MentorshipId, at: Moment) -> Result<(), Failure> {
    let (contact, deadline_days) = one(tx, id).await?;
    let on = tx.zone().day(at);
    save(tx, id, contact.meet(on, deadline_days)).await
}

/// A pause of the mentorship ended on that day: the next meeting is due within the deadline from then.
pub async fn resume(tx: &mut Tx<'_>, id: MentorshipId, on: NaiveDate) -> Result<(), Failure> {
    let (contact, deadline_days) = one(tx, id).await?;
    save(tx, id, contact.resume(on, deadline_days)).await
}

/// The day on which the two of a mentorship last met, in a group too.
pub async fn met_on(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<NaiveDate>, Failure> {
    Ok(of(tx, &[id]).await?.remove(&id).and_then(|it| it.last_on))
}

/// Gives a row to every active mentorship that has none: they began before contacts were counted.
pub(crate) async fn fill(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let known = contacts::table.select(contacts::mentorship_id);
    let unknown = mentorships::table
        .filter(mentorships::state.eq(bind(MentorshipState::Active)))
        .filter(mentorships::id.ne_all(known))
        .select(mentorships::id);
    let ids: Vec<MentorshipId> = db!(tx, load, unknown)?;
    if ids.is_empty() {
        return Ok(());
    }
    let zone = journal::region_info(tx).await?.zone;
    for id in ids {
        let (contact, deadline_days) = one(tx, id).await?;
        let held = meetings::table
            .filter(meetings::mentorship_id.eq(bind(id)))
            .filter(meetings::began_at.is_not_null());
        let latest = held.order(meetings::at.desc()).select(meetings::at);
        let last: Option<Moment> = db!(tx, first, latest).optional()?;
        let met = last.map(|it| contact.meet(zone.day(it), deadline_days));
        save(tx, id, met.unwrap_or(contact)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Limits};
    use crate::engine::column::machine_clock;
    use crate::engine::page::RegionInfo;
    use crate::engine::seal::MasterKey;
    use crate::tx::Actor;
    use std::sync::Arc;
    use uuid::Uuid;

    /// Two mentorships that began before contacts were counted; the first has met once.
    const BEFORE: &str = "PRAGMA defer_foreign_keys = ON;
        INSERT INTO editions (id, program_id, number, effective_from, form, created_at) VALUES (X'00000000000000000000000000000005', X'00000000000000000000000000000009', 1, '2024-01-01',
          '{\"effective_from\":\"2024-01-01\",\"serves\":\"person\",\"completion\":{\"kind\":\"term\",\"max_months\":12},\"contact_deadline_days\":20}', 0);
        INSERT INTO mentorships (id, version, program_id, edition_id, organization_id, beneficiary_id, mentor_id, state, proposed_on, planned_starts_on, lapses_after,
          mentor_accepted_on, recipient_accepted_on, starts_on, ends_on, created_at, updated_at)
          SELECT it, 1, X'00000000000000000000000000000009', X'00000000000000000000000000000005', it, it, it, 'active', '2026-01-01', '2026-01-10', '2026-02-01',
            '2026-01-02', '2026-01-03', '2026-01-10', '2026-12-31', 0, 0
          FROM (SELECT X'00000000000000000000000000000001' AS it UNION SELECT X'00000000000000000000000000000002');
        INSERT INTO meetings (id, version, mentorship_id, state, at, planned_at, method, directions, online, began_at, minutes, held_directions, held_topic, created_at, updated_at)
          VALUES (X'00000000000000000000000000000003', 1, X'00000000000000000000000000000001', 'held', 1770000000000000, 1770000000000000, 'talk', '[]', 0, 1770000000000000, 60, '[]', 'x', 0, 0)";

    #[test]
    fn what_began_before_contacts_were_counted_gets_its_row() {
        let folder = std::env::temp_dir().join(format!("nastavnik-contacts-{}", std::process::id()));
        let url = format!("sqlite:{}", folder.display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, async {
            let info = RegionInfo {
                code: "contacts".into(),
                name: "x".into(),
                territory: String::from("25000000").into(),
                zone: "Asia/Kamchatka".parse().unwrap(),
            };
            let db =
                Db::at(&url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).unwrap();
            let region = db.add_region(info).await.unwrap();
            let filled = async |tx: &mut Tx<'_>| -> Result<(), Failure> {
                tx.conn.batch(BEFORE).await?;
                fill(tx).await?;
                let ids = [1, 2].map(|it| MentorshipId::from(Uuid::from_u128(it)));
                let [met, silent] = ids;
                let all = of(tx, &ids).await?;
                let day = |text: &str| text.parse::<NaiveDate>().unwrap();
                let last_on = Some(day("2026-02-02")); // 14:40 in Kamchatka
                assert_eq!(all[&met], Contact { last_on, due_on: day("2026-02-22") });
                assert_eq!(all[&silent], Contact { last_on: None, due_on: day("2026-01-30") });
                let contact = contact(tx, silent).await?;
                assert_eq!(contact.silent_days(day("2026-01-10"), day("2026-02-10")), 31);
                resume(tx, silent, day("2026-03-01")).await?;
                fill(tx).await?;
                assert_eq!(of(tx, &ids).await?[&silent].due_on, day("2026-03-21"));
                Err(Failure::Broken("taken back: nobody else of theirs is on record".into()))
            };
            let taken_back = region.write(Actor::system("test"), filled).await.unwrap_err().to_string();
            assert!(taken_back.contains("taken back"), "{taken_back}");
        });
        std::fs::remove_dir_all(folder).unwrap();
    }
}
