//! The capacity of an organization, computed from its work: technologies, trainings, mentors, volunteers, agreements, grants (000 L24–27).
//!
//! It is never a single score.
//!
//! Invariant: a figure about people that rests on fewer than five of them is told to those alone who read what is inside the organization.
use crate::engine::card::Card;
use crate::engine::column::DbJson;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::statement::Statement;
use crate::sight::reaches;
use crate::tx::Tx;
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::OrganizationId;
use domain::base::kept::Value;
use domain::base::text::Money;
use domain::partnership::words::{FEWEST_SHOWN, Technology};
use shape::card;
use std::collections::BTreeMap;

/// The work of an organization by a technology.
#[card]
pub struct TechnologyCount {
    /// The technology.
    pub technology: Technology,
    /// Held events and projects that run or are completed by it.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 4)]
    pub works: i64,
}

/// The capacity of an organization.
#[card]
pub struct OrganizationCapacity {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Technologies by which it works, the most frequent first.
    #[schema(max_items = 20)]
    pub technologies: Vec<TechnologyCount>,
    /// Held events, and projects that run or are completed.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 12)]
    pub works: i64,
    /// The part of them that is gifts and entertainment, in per cent. Absent where there are none.
    #[schema(minimum = 0, maximum = 100, example = 25)]
    pub gift_entertainment_percent: Option<i64>,
    /// Completed trainings of its specialists. Absent for other organizations where they are of fewer than five people.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 12)]
    pub trainings: Option<i64>,
    /// Mentors whom it has approved, or who came from it. Absent for other organizations where they are fewer than five.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 14)]
    pub mentors: Option<i64>,
    /// Confirmed hours of volunteers at its events. Absent for other organizations where they are of fewer than five people.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 120)]
    pub volunteer_hours: Option<i64>,
    /// Agreements in force to which it is a party.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 3)]
    pub agreements_in_force: i64,
    /// Projects with a grant.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 1)]
    pub grants: i64,
    /// The sum of the grants.
    pub granted: Money,
}

impl Card for OrganizationCapacity {}

#[derive(QueryableByName)]
struct Work {
    #[diesel(sql_type = DbJson)]
    technologies: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A figure, and the number of people on whom it rests.
#[derive(QueryableByName)]
struct OfPeople {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    people: i64,
}

impl OfPeople {
    /// The figure as this caller reads it.
    fn shown(self, is_inside: bool) -> Option<i64> {
        let is_small = (1..i64::from(FEWEST_SHOWN)).contains(&self.people);
        (is_inside || !is_small).then_some(self.number)
    }
}

#[derive(QueryableByName)]
struct Grant {
    #[diesel(sql_type = crate::engine::column::DbText)]
    grant_amount: String,
}

/// A statement whose `?` stands for the organization, and `!` for today.
fn about(tx: &Tx<'_>, of: OrganizationId, text: &'static str) -> Statement {
    let marks = [('?', Value::Uuid(Some(of.into()))), ('!', Value::Day(Some(tx.today())))];
    Statement::default().marked(text, &marks)
}

async fn number(tx: &mut Tx<'_>, of: OrganizationId, text: &'static str) -> Result<i64, Failure> {
    let all = about(tx, of, text);
    let found: Number = db!(tx, get_result, all)?;
    Ok(found.number)
}

async fn of_people(tx: &mut Tx<'_>, of: OrganizationId, text: &'static str) -> Result<OfPeople, Failure> {
    let all = about(tx, of, text);
    Ok(db!(tx, get_result, all)?)
}

const EVENTS: &str = "SELECT technologies FROM events WHERE organization_id = ? AND state = 'held' AND annulment_reason IS NULL";
const PROJECTS: &str = "SELECT technologies FROM projects WHERE organization_id = ? AND state IN ('running', 'completed') AND annulment_reason IS NULL";
const GRANTS: &str = "SELECT grant_amount FROM projects WHERE organization_id = ? AND grant_amount IS NOT NULL AND state IN ('running', 'completed') AND annulment_reason IS NULL";
const TRAININGS: &str = "SELECT COUNT(*) AS number, COUNT(DISTINCT COALESCE(user_id, person_id)) AS people FROM specialist_trainings WHERE organization_id = ? AND annulment_reason IS NULL";
const MENTORS: &str = "SELECT COUNT(*) AS number, COUNT(*) AS people FROM (SELECT id FROM mentors WHERE organization_id = ? UNION SELECT id FROM mentors WHERE ngo_id = ?) AS theirs";
const MINUTES: &str = "SELECT CAST(COALESCE(SUM(volunteer_work.minutes * COALESCE(volunteer_work.people, 1)), 0) AS BIGINT) AS number, COUNT(DISTINCT volunteer_work.person_id) + COALESCE(MAX(volunteer_work.people), 0) AS people FROM volunteer_work INNER JOIN events ON events.id = volunteer_work.event_id WHERE events.organization_id = ? AND volunteer_work.state = 'confirmed' AND volunteer_work.annulment_reason IS NULL AND events.annulment_reason IS NULL";
const AGREEMENTS: &str = "SELECT COUNT(*) AS number FROM agreement_parties INNER JOIN agreements ON agreements.id = agreement_parties.agreement_id WHERE agreement_parties.organization_id = ? AND agreements.annulment_reason IS NULL AND (agreements.ended_on IS NULL OR agreements.ended_on >= !) AND agreements.starts_on <= ! AND (agreements.ends_on IS NULL OR agreements.ends_on >= !)";

/// Minutes of an hour.
const HOUR: i64 = 60;

/// The capacity of an organization that the caller sees.
pub async fn of_organization(tx: &mut Tx<'_>, id: OrganizationId) -> Result<OrganizationCapacity, Failure> {
    let subject = Subject::new(SubjectKind::Organization, id);
    if !reaches(tx, subject).await? {
        return Err(Failure::NotFound(Some(subject)));
    }
    let mut works = technologies(tx, id, EVENTS).await?;
    works.extend(technologies(tx, id, PROJECTS).await?);
    let all = i64::try_from(works.len()).map_err(Failure::broken)?;
    let mut counts: BTreeMap<Technology, i64> = BTreeMap::new();
    for it in works.into_iter().flatten() {
        *counts.entry(it).or_default() += 1;
    }
    let gifts = counts.get(&Technology::GiftEntertainment).copied().unwrap_or_default();
    let mut technologies: Vec<TechnologyCount> =
        counts.into_iter().map(|(technology, works)| TechnologyCount { technology, works }).collect();
    technologies.sort_by_key(|it| std::cmp::Reverse(it.works));
    let statement = about(tx, id, GRANTS);
    let grants: Vec<Grant> = db!(tx, load, statement)?;
    let is_inside = tx.scope_of(Right::ReadPartnershipInside).answers_for(id);
    let minutes = of_people(tx, id, MINUTES).await?.shown(is_inside);
    let sum: i64 = grants.iter().map(|it| Money::new(&it.grant_amount).kopecks()).sum();
    Ok(OrganizationCapacity {
        organization_id: id,
        technologies,
        works: all,
        gift_entertainment_percent: (gifts * 100).checked_div(all),
        trainings: of_people(tx, id, TRAININGS).await?.shown(is_inside),
        mentors: of_people(tx, id, MENTORS).await?.shown(is_inside),
        volunteer_hours: minutes.map(|it| it / HOUR),
        agreements_in_force: number(tx, id, AGREEMENTS).await?,
        grants: i64::try_from(grants.len()).map_err(Failure::broken)?,
        granted: Money::of_kopecks(sum),
    })
}

/// The technologies of each work.
async fn technologies(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    text: &'static str,
) -> Result<Vec<Vec<Technology>>, Failure> {
    let statement = about(tx, of, text);
    let works: Vec<Work> = db!(tx, load, statement)?;
    let read = |it: &Work| serde_json::from_str(&it.technologies).map_err(Failure::broken);
    works.iter().map(read).collect()
}
