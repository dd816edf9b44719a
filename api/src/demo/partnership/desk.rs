//! An organization of the demonstration that carries projects out, with the account that enters them.
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// An organization that carries projects out, and the account that enters them.
pub struct Desk<'c> {
    pub client: &'c Client,
    pub who: &'static str,
    /// The id of the account; empty where the story does not need it.
    pub account: String,
    pub organization: String,
}

impl Desk<'_> {
    pub async fn project(&self, title: &str, term: [&str; 2], more: Value) -> Result<String, String> {
        let form = json!({"organization_id": self.organization, "title": title, "goal": "Цель в источнике не приведена.",
            "target_groups": ["hardship_families"], "technologies": ["social_partnership"], "level": "municipal",
            "starts_on": term[0], "ends_on": term[1]});
        self.client.add(self.who, "/projects", with(form, more)).await
    }
    pub async fn started(&self, title: &str, term: [&str; 2], more: Value) -> Result<String, String> {
        let id = self.project(title, term, more).await?;
        self.step(&format!("/projects/{id}/start"), json!({"started_on": term[0]})).await?;
        Ok(id)
    }
    pub async fn completed(&self, title: &str, term: [&str; 2]) -> Result<(), String> {
        let id = self.started(title, term, json!({})).await?;
        let end = json!({"ended_on": term[1], "summary": "Итоги в источнике не приведены."});
        self.step(&format!("/projects/{id}/completion"), end).await
    }
    pub async fn event(&self, title: &str, kind: &str, on: &str, more: Value) -> Result<String, String> {
        let form = json!({"organization_id": self.organization, "title": title, "kind": kind, "level": "municipal",
            "online": false, "starts_on": on, "registration": "none"});
        self.client.add(self.who, "/events", with(form, more)).await
    }
    pub async fn held(&self, title: &str, kind: &str, on: &str, more: Value) -> Result<String, String> {
        self.counted(title, kind, on, more, json!([])).await
    }
    pub async fn counted(
        &self,
        title: &str,
        kind: &str,
        on: &str,
        more: Value,
        counts: Value,
    ) -> Result<String, String> {
        let id = self.event(title, kind, on, more).await?;
        self.step(&format!("/events/{id}/holding"), json!({"held_on": on, "counts": counts})).await?;
        Ok(id)
    }
    /// Gives a task that follows from a thing of the organization to the organization itself. Answers its address.
    pub async fn task(&self, (kind, id): (&str, &str), title: &str, due_on: &str) -> Result<String, String> {
        let form = json!({"kind": "key_point", "title": title, "source": {"kind": kind, "id": id}, "due_on": due_on,
            "assignee": {"kind": "organization", "id": self.organization}, "controller_user_id": self.account});
        Ok(format!("/tasks/{}", self.add("/tasks", form).await?))
    }
    pub async fn step(&self, path: &str, order: Value) -> Result<(), String> {
        self.client.post(self.who, path, order).await.map(drop)
    }
    pub async fn add(&self, path: &str, form: Value) -> Result<String, String> {
        self.client.add(self.who, path, form).await
    }
}

/// An organization that works in the story.
pub async fn organization(client: &Client, kind: &str, name: &str, more: Value) -> Result<String, String> {
    let form = json!({"kind": kind, "name": name, "territory": "25701000", "focus_areas": []});
    client.add("admin", "/organizations", with(form, more)).await
}

/// An organization whose director enters what it does.
pub async fn desk<'c>(
    client: &'c Client,
    (login, director): (&'static str, &str),
    organization: String,
) -> Result<Desk<'c>, String> {
    let grants = json!([{"role": "director", "organization_id": organization}]);
    let account = client.account(login, director, grants).await?;
    Ok(Desk { client, who: login, account, organization })
}

/// Holds a figure that comes back against the one of the source.
pub fn figure(told: &Value, pointer: &str, expected: i64) -> Result<(), String> {
    match told.pointer(pointer).and_then(Value::as_i64) {
        Some(it) if it == expected => Ok(()),
        other => Err(format!("{pointer} is {other:?}, and the source tells {expected}")),
    }
}
