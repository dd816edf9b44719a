//! People of the demonstration: who they are, their accounts, and a neighbour who asks for a card.
//!
//! - [`organizations`]: where they work. [`families`]: beneficiaries with their cases. [`mentors`]: candidates. [`register`]: the register.
pub mod families;
pub mod mentors;
pub mod organizations;
pub mod register;

use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use crate::demo::{ACCOUNTS, PASSWORD};
use serde_json::json;

/// Short name, family name, given name, patronymic, born, sex, СНИЛС.
type Human =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Nobody here has ever lived.
const PEOPLE: &[Human] = &[
    ("belov", "Белов", "Игорь", "Андреевич", "1984-03-12", "male", "11223344595"),
    ("kim", "Ким", "Светлана", "Родионовна", "1979-11-02", "female", "08765430300"),
    ("orlov", "Орлов", "Павел", "Ильич", "1990-07-21", "male", ""),
    ("ergalova", "Ергалова", "Туяна", "Баировна", "1988-01-30", "female", ""),
    ("vetrov", "Ветров", "Степан", "Олегович", "1995-09-09", "male", ""),
    ("lunina", "Лунина", "Ксения", "Марковна", "1992-05-17", "female", ""),
    ("morozova", "Морозова", "Алёна", "Сергеевна", "1986-04-17", "female", ""),
    ("morozov-k", "Морозов", "Кирилл", "Денисович", "2014-08-05", "male", ""),
    ("gurova", "Гурова", "Нина", "Петровна", "1981-12-24", "female", ""),
    ("gurova-l", "Гурова", "Лида", "Антоновна", "2017-02-11", "female", ""),
    ("zayats", "Заяц", "Роман", "Юрьевич", "1977-06-01", "male", ""),
    ("zayats-m", "Заяц", "Марк", "Романович", "2012-10-19", "male", ""),
    ("halzanova", "Халзанова", "Дарима", "Цыреновна", "1991-03-03", "female", ""),
    ("halzanov-b", "Халзанов", "Баир", "Зориктуевич", "2016-05-28", "male", ""),
    ("sokolova", "Соколова", "Дарья", "Витальевна", "2009-09-14", "female", ""),
    ("sokolova-g", "Соколова", "Галина", "Фёдоровна", "1958-02-02", "female", ""),
    ("ryabov", "Рябов", "Артём", "Игоревич", "2007-04-08", "male", ""),
    ("chernov", "Чернов", "Никита", "Львович", "2006-01-16", "male", ""),
    ("losev", "Лосев", "Антон", "Павлович", "", "male", ""),
    ("dashiev", "Дашиев", "Баир", "Доржиевич", "1982-05-09", "male", ""),
    ("sanzhieva", "Санжиева", "Эржена", "Владимировна", "1976-10-03", "female", ""),
    ("toroev", "Тороев", "Мэргэн", "Алексеевич", "1989-04-25", "male", ""),
    ("vasilev", "Васильев", "Глеб", "Романович", "1993-02-14", "male", ""),
    ("badmaeva", "Бадмаева", "Оюна", "Бадмаевна", "1987-09-30", "female", ""),
    ("badmaev-t", "Бадмаев", "Тимур", "Аюрович", "2013-01-22", "male", ""),
    ("tarasova", "Тарасова", "Вера", "Ивановна", "1990-06-06", "female", ""),
    ("tarasova-k", "Тарасова", "Катя", "Егоровна", "2015-11-11", "female", ""),
];

/// Tells the chapter.
pub async fn people(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (n, (name, family_name, given_name, patronymic, born, sex, snils)) in PEOPLE.iter().enumerate() {
        let phone = format!("+7912000{n:04}");
        // Losev has just turned 23, whenever the story is told.
        let born = if *name == "losev" { client.born(23, 10) } else { (*born).to_owned() };
        let form = json!({"family_name": family_name, "given_name": given_name, "patronymic": patronymic, "birth_date": born,
            "sex": sex, "residence": "25655000", "contacts": {"phones": [phone], "address": "п. Усть-Ордынский"}});
        let snils = if snils.is_empty() { json!({}) } else { json!({"snils": snils}) };
        cast.insert(name, client.add("specialist", "/people", with(form, snils)).await?);
    }
    Ok(())
}

/// The administrator is there; a mentor's and a mentee's account come after the person behind it.
pub async fn accounts(
    client: &Client,
    cast: &mut Cast,
    are_meant: impl Fn(&str) -> bool,
) -> Result<(), String> {
    for (n, (login, role, who)) in ACCOUNTS.iter().enumerate().skip(1).filter(|it| are_meant(it.1.1)) {
        let grant = match *role {
            "director" | "unit_head" | "support_specialist" => {
                json!({"role": role, "organization_id": id(cast, "agency")?})
            }
            "program_coordinator" => json!({"role": role, "program_id": id(cast, "together-six-meetings")?}),
            "guardianship_officer" => json!({"role": role, "territory": "25655000"}),
            _ => json!({"role": role}),
        };
        let phone = format!("+739541{:05}", 100 + n);
        let form = json!({"login": login, "name": who, "work_phone": phone, "grants": [grant], "password": PASSWORD});
        let person = match *role {
            "mentor" => json!({"person_id": id(cast, "belov")?}),
            "mentee" => json!({"person_id": id(cast, "sokolova")?}),
            _ => json!({}),
        };
        cast.insert(login, client.add("admin", "/users", with(form, person)).await?);
    }
    Ok(())
}

/// A neighbouring institution asks for the card of somebody whom this one has on record.
pub async fn neighbours(client: &Client, cast: &Cast) -> Result<(), String> {
    let grants = json!([{"role": "support_specialist", "organization_id": id(cast, "agency2")?}]);
    client.account("neighbour", "Вдовина Раиса Егоровна", grants).await?;
    let asked =
        json!({"snils": "11223344595", "reason": "Переезжает в Прибрежный и хочет стать наставником здесь."});
    client.add("neighbour", "/access-requests", asked).await.map(drop)
}
