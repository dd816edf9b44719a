//! The events of the demonstration region during the last ten months.
use super::Progress;
use super::cast::Cast;
use super::client::Client;
use super::people::{families, mentors, organizations, register};
use super::{accompaniment, help, matching, mentorships, partnership, people};
use persistence::db::Db;

/// Tells the story from its first day to today.
pub async fn play(db: &Db, tell: Box<dyn Fn(Progress)>) -> Result<(), String> {
    let client = Client::open(db, 300, tell).await?;
    let mut cast = Cast::new();
    begin(&client, &mut cast).await?;
    pair(&client, &mut cast).await?;
    accompany(&client, &cast).await?;
    help_and_register(&client, &cast).await?;
    work_together(&client, &mut cast).await?;
    crate::server::clock::due(client.region()).await.map_err(|it| it.to_string())?;
    client.close().await;
    Ok(())
}

/// Organizations, people and mentors of the beginning.
async fn begin(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.chapter("organizations and accounts");
    organizations::organizations(client, cast).await?;
    people::accounts(client, cast, |role| !matches!(role, "mentor" | "mentee")).await?;
    client.chapter("people and families");
    people::people(client, cast).await?;
    people::accounts(client, cast, |role| matches!(role, "mentor" | "mentee")).await?;
    families::families(client, cast).await?;
    client.chapter("mentors");
    mentors::mentors(client, cast).await
}

/// Pairs, what the agency does around them, and matching.
async fn pair(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.chapter("mentorships");
    mentorships::play(client, cast).await?;
    client.chapter("meetings and reports");
    mentorships::course::play(client, cast).await?;
    client.chapter("tasks");
    accompaniment::tasks::play(client, cast).await?;
    client.chapter("plans");
    accompaniment::plans::play(client, cast).await?;
    client.chapter("a team");
    accompaniment::team::play(client, cast).await?;
    client.chapter("matching");
    matching::play(client, cast).await?;
    client.days_ago(3);
    people::neighbours(client, cast).await?;
    client.chapter("a handover");
    mentorships::handover::play(client, cast).await
}

async fn accompany(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(0);
    client.chapter("accompaniment");
    accompaniment::play(client, cast).await?;
    accompaniment::readiness::play(client, cast).await?;
    client.chapter("a consilium");
    accompaniment::consilia::play(client, cast).await?;
    client.chapter("monthly records");
    accompaniment::records::play(client, cast).await
}

async fn help_and_register(client: &Client, cast: &Cast) -> Result<(), String> {
    client.chapter("needs and services");
    help::services::play(client, cast).await?;
    client.chapter("urgent aid and documents");
    help::aid::play(client, cast).await?;
    client.chapter("referrals");
    help::referrals::play(client, cast).await?;
    client.chapter("the register");
    register::play(client, cast).await?;
    client.chapter("crises");
    help::crises::play(client, cast).await?;
    client.chapter("a social hotel");
    help::places::play(client, cast).await
}

async fn work_together(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.chapter("agreements and a package of measures");
    partnership::agreements::play(client, cast).await?;
    client.chapter("clubs, volunteers, practices and stories");
    partnership::community::play(client, cast).await?;
    client.chapter("councils and decisions");
    partnership::councils::play(client, cast).await?;
    client.days_ago(0);
    client.chapter("projects and events");
    partnership::projects::play(client, cast).await
}
