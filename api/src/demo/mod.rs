//! The demonstration region: invented people, entered by accounts of the region through the API.
//!
//! The clock is moved to the days that it tells of, so each step has the day on which it happened.
//!
//! - `scenario`: the chapters in their order. `people`, `mentorships`, `matching`, `accompaniment`, `help`, `partnership`: what they tell.
//! - `client`: the API and its clock. `cast`: ids by the names of the story. `papers`: what several chapters sign.
//!
//! Invariant: the demonstration obeys every rule, for nothing is written beside the API.
mod accompaniment;
mod cast;
mod client;
mod help;
mod matching;
mod mentorships;
mod papers;
mod partnership;
mod people;
mod scenario;

use persistence::db::Db;

/// The region's code.
pub const CODE: &str = "demo";
/// The password of every account of the demonstration region.
pub const PASSWORD: &str = "demo-region-password";

/// The accounts of the demonstration region: login, role, who it is.
pub const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("admin", "region_admin", "администратор региона"),
    ("director", "director", "директор УСЗСОН"),
    ("head", "unit_head", "заведующая отделением помощи семье и детям"),
    ("specialist", "support_specialist", "специалист сопровождения"),
    ("coordinator", "program_coordinator", "координатор проекта «Вместе»"),
    ("tutor", "tutor", "тьютор"),
    ("mentor", "mentor", "наставник Игорь Белов"),
    ("mentee", "mentee", "подопечная Дарья Соколова, 16 лет"),
    ("guardianship", "guardianship_officer", "специалист опеки"),
    ("analyst", "analyst", "аналитик"),
    ("robot", "integration", "региональная информационная система"),
];

/// The text for a newcomer: a login for each role.
pub fn greeting() -> String {
    let lines = ACCOUNTS.iter().map(|(login, role, who)| format!("  {login:<14}{role:<22}{who}"));
    let all: Vec<String> = lines.collect();
    format!(
        "The region «{CODE}» is for trying things out. The password of every login is {PASSWORD}\n{}",
        all.join("\n")
    )
}

/// The progress of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The chapter that is being told.
    pub chapter: &'static str,
    /// Requests that were answered so far.
    pub requests: usize,
}

/// Makes the region and fills it. `tell` is called at each step, as it takes a while.
pub async fn load(db: &Db, tell: impl Fn(Progress) + 'static) -> Result<String, String> {
    scenario::play(db, Box::new(tell)).await?;
    Ok(greeting())
}
