//! Organizations of the demonstration: those of source 002 and their neighbours.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// The organizations of source 002 and their neighbours.
const ORGANIZATIONS: &[(&str, &str, &str, &str)] = &[
    (
        "ministry",
        "executive_authority",
        "Министерство социального развития Демонстрационной области",
        "25000000",
    ),
    ("agency", "social_service_agency", "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "25655000"),
    ("agency2", "social_service_agency", "ОГБУ «КЦСОН города Прибрежного»", "25701000"),
    (
        "guardians",
        "guardianship_authority",
        "Отдел опеки и попечительства по Эхирит-Булагатскому району",
        "25655000",
    ),
    ("ngo", "ngo", "АНО «Доброе дело»", "25655000"),
    ("ngo2", "ngo", "БФ «Мост поколений»", "25655000"),
    ("home", "residential_care", "Детский дом «Солнышко»", "25655000"),
    (
        "aftercare",
        "aftercare_service",
        "Служба сопровождения выпускников при детском доме «Солнышко»",
        "25655000",
    ),
    ("centre", "aftercare_centre", "Центр постинтернатного сопровождения «Расправь крылья»", "25701000"),
    ("school", "vocational_school", "Прибрежный аграрный техникум", "25701000"),
    ("placement", "family_placement_centre", "ЦМПСС «Семья»", "25701000"),
    ("university", "university", "Прибрежный государственный университет", "25701000"),
    ("business", "business", "ООО «Байкальский хлеб»", "25655000"),
    ("police", "police", "Отдел полиции по Эхирит-Булагатскому району", "25655000"),
];

/// Tells the chapter.
pub async fn organizations(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (name, kind, title, territory) in ORGANIZATIONS {
        let focus =
            if *kind == "ngo" { json!(["mentoring", "volunteering"]) } else { json!(["family_support"]) };
        let form = json!({"kind": kind, "name": title, "territory": territory, "focus_areas": focus,
            "contacts": {"phones": ["+73954100001"], "emails": ["office@example.org"]}});
        let parent = match (cast.get("home"), *name) {
            (Some(parent), "aftercare") => json!({"parent_id": parent}),
            _ => json!({}),
        };
        cast.insert(name, client.add("admin", "/organizations", with(form, parent)).await?);
    }
    let units = format!("/organizations/{}/units", id(cast, "agency")?);
    for title in ["Отделение помощи семье и детям", "Отделение срочного социального обслуживания"]
    {
        client.post("admin", &units, json!({"name": title})).await?;
    }
    let programs = client.get("admin", "/programs").await?;
    for it in programs.get("items").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| it.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("code").as_str() {
            "family-mentoring" => cast.insert("family-mentoring", text("id")),
            "together-six-meetings" => cast.insert("together-six-meetings", text("id")),
            "long-term" => cast.insert("long-term", text("id")),
            _ => None,
        };
    }
    Ok(())
}
