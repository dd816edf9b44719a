//! Tasks of the demonstration: one done late, one returned, one reported, one overdue, one open.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// The accounts that give the tasks of the institution, those that do them, and the case that some of them are about.
struct Desk<'c> {
    client: &'c Client,
    head: &'c str,
    specialist: Value,
    case: Value,
}

impl Desk<'_> {
    /// Gives a task so many days ago, due at another day, and tells its address.
    async fn give(
        &self,
        title: &str,
        days_ago: i64,
        due_days_ago: i64,
        more: Value,
    ) -> Result<String, String> {
        self.client.days_ago(days_ago);
        let order = json!({"kind": "other", "title": title, "assignee": self.specialist, "case_id": self.case,
            "controller_user_id": self.head, "due_on": self.client.day(due_days_ago)});
        Ok(format!("/tasks/{}", self.client.add("head", "/tasks", with(order, more)).await?))
    }
    async fn step(&self, who: &str, days_ago: i64, path: &str, order: Value) -> Result<(), String> {
        self.client.days_ago(days_ago);
        self.client.post(who, path, order).await.map(drop)
    }
}

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let beneficiary = id(cast, "young-sokolova")?;
    let cases = client.get("specialist", &format!("/cases?beneficiary_id={beneficiary}")).await?;
    let case = cases.pointer("/items/0/id").cloned().ok_or_else(|| format!("no case in {cases}"))?;
    let specialist = json!({"kind": "user", "id": id(cast, "specialist")?});
    let desk = Desk { client, head: id(cast, "head")?, specialist, case };
    let late = desk.give("Собрать документы для постановки на очередь", 40, 30, json!({})).await?;
    let result = json!({"result": "Справка о составе семьи пришла с опозданием, документы переданы."});
    desk.step("specialist", 26, &format!("{late}/report"), result).await?;
    desk.step("head", 25, &format!("{late}/acceptance"), json!({"note": "Принято."})).await?;
    let returned = desk.give("Обойти жилое помещение", 20, -3, json!({"priority": "high"})).await?;
    let result = json!({"result": "Помещение осмотрено, акт составлен."});
    desk.step("specialist", 9, &format!("{returned}/report"), result).await?;
    let missing = json!({"note": "В акте нет подписи нанимателя."});
    desk.step("head", 8, &format!("{returned}/return"), missing).await?;
    let reported = desk.give("Согласовать консультацию юриста", 12, -2, json!({})).await?;
    let result = json!({"result": "Консультация назначена на следующую неделю."});
    desk.step("specialist", 4, &format!("{reported}/report"), result).await?;
    desk.give("Обновить сведения об успеваемости", 15, 3, json!({"priority": "urgent"})).await?;
    let mentor = json!({"kind": "mentor", "id": id(cast, "mentor-belov")?});
    let order = json!({"assignee": mentor, "case_id": null, "note": "Расписание есть на сайте колледжа."});
    desk.give("Сходить на день открытых дверей", 5, -12, order).await.map(drop)
}
