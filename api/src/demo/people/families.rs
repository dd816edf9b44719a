//! Families and young people of the demonstration: beneficiaries of the agency, each with an open case.
use crate::demo::accompaniment;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::json;

/// Short name of the family, its title, the adult, the child.
const FAMILIES: &[(&str, &str, &str, &str)] = &[
    ("family-morozov", "Семья Морозовых", "morozova", "morozov-k"),
    ("family-gurov", "Семья Гуровых", "gurova", "gurova-l"),
    ("family-zayats", "Семья Заяц", "zayats", "zayats-m"),
    ("family-halzanov", "Семья Халзановых", "halzanova", "halzanov-b"),
    ("family-badmaev", "Семья Бадмаевых", "badmaeva", "badmaev-t"),
    ("family-tarasov", "Семья Тарасовых", "tarasova", "tarasova-k"),
];

/// Young people on record: short name, the person, the category, the representative of a minor.
const YOUNG: &[(&str, &str, &str, &str)] = &[
    ("young-sokolova", "sokolova", "without_parental_care", "sokolova-g"),
    ("young-ryabov", "ryabov", "without_parental_care", ""),
    ("young-chernov", "chernov", "without_parental_care", ""),
    ("young-losev", "losev", "former_care_adult", ""),
];

/// Tells the chapter.
pub async fn families(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.days_ago(290);
    let agency = id(cast, "agency")?.to_owned();
    let common = json!({"organization_id": agency, "guardianship_authority_id": id(cast, "guardians")?, "territory": "25655000"});
    for (name, title, adult, child) in FAMILIES {
        let role = if *adult == "zayats" { "father" } else { "mother" };
        let members = json!([{"person_id": id(cast, adult)?, "role": role}, {"person_id": id(cast, child)?, "role": "child"}]);
        let family = json!({"name": title, "has_minor_children": true, "hardship_causes": ["low_income", "single_parent"],
            "risk_flags": ["school_absence"], "members": members, "primary_contact_id": id(cast, adult)?});
        let family = client.add("specialist", "/families", family).await?;
        let own = json!({"kind": "family", "family_id": family, "category": "hardship_family"});
        let form = with(common.clone(), own);
        let beneficiary = client.add("specialist", "/beneficiaries", form).await?;
        accompaniment::open(client, cast, &beneficiary, name).await?;
        cast.insert(name, beneficiary);
    }
    for (name, person, category, representative) in YOUNG {
        let own = json!({"kind": "person", "person_id": id(cast, person)?, "category": category, "origin": "childrens_home"});
        let form = with(common.clone(), own);
        let beneficiary = client.add("specialist", "/beneficiaries", form).await?;
        if !representative.is_empty() {
            let authority = json!({"person_id": id(cast, representative)?, "basis": "guardian",
                "document": "Распоряжение органа опеки № 54", "valid_from": "2021-03-12"});
            let path = format!("/beneficiaries/{beneficiary}/representatives");
            let added = client.add("specialist", &path, authority).await?;
            cast.insert("representative-sokolova", added);
        }
        accompaniment::open(client, cast, &beneficiary, name).await?;
        cast.insert(name, beneficiary);
    }
    Ok(())
}
