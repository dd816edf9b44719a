//! Councils of the demonstration: the commission with three sides and its decision № 14 (001 L3–14, L73–97), and a board of trustees with
//! people of three НКО (003 L48–50). The facts are those of the sources; the people are invented.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first, with};
use serde_json::{Value, json};

/// Members of the commission: name, side, role.
const COMMISSION: &[(&str, &str, &str)] = &[
    ("Соколов Пётр Андреевич, заместитель Губернатора", "authority", "coordinator"),
    ("Зимина Вера Павловна, министр", "authority", "member"),
    ("Горбунов Илья Сергеевич, федерация профсоюзов", "unions", "deputy"),
    ("Орлова Нина Петровна, профсоюз работников образования", "unions", "member"),
    ("Кириллов Семён Олегович, объединение работодателей", "employers", "chair"),
    ("Дёмин Артём Юрьевич, союз предприятий", "employers", "member"),
];

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(40);
    let accounts = [
        ("minister", "director", "министр", "ministry"),
        ("clerk", "support_specialist", "специалист министерства", "ministry"),
        ("bakery", "director", "директор предприятия", "business"),
    ];
    let mut opened = Vec::new();
    for (login, role, name, of) in accounts {
        let grants = json!([{"role": role, "organization_id": id(cast, of)?}]);
        opened.push(client.account(login, name, grants).await?);
    }
    let commission = commission(client, cast).await?;
    fourteen(client, cast, &commission).await?;
    meetings(client, cast, &commission).await?;
    trustees(client, cast).await?;
    interagency(client, cast, opened.first()).await
}

/// Items of the inter-agency plan of 004: one was done, the other one is reported on each year.
async fn interagency(client: &Client, cast: &Cast, minister: Option<&String>) -> Result<(), String> {
    client.days_ago(18);
    let plans = client.get("minister", "/action-plans?kind=interagency").await?;
    let item = |title: &str, term: Value| {
        let form = json!({"kind": "interagency_item", "title": title, "source": {"kind": "action_plan", "id": first(&plans)?},
            "assignee": {"kind": "organization", "id": id(cast, "ministry")?}, "controller_user_id": minister});
        Ok::<Value, String>(with(form, term))
    };
    let recommendations = item("Подготовить методические рекомендации", json!({"due_on": "2018-12-31"}))?;
    let task = format!("/tasks/{}", client.add("minister", "/tasks", recommendations).await?);
    let report = json!({"result": "Рекомендации утверждены и разосланы."});
    client.post("clerk", &format!("{task}/report"), report).await?;
    client.post("minister", &format!("{task}/acceptance"), json!({})).await?;
    let yearly = item("Сверять списки выпускников", json!({"report_every": "year"}))?;
    let task = format!("/tasks/{}", client.add("minister", "/tasks", yearly).await?);
    let report = json!({"result": "Списки сверены за все годы плана."});
    client.post("clerk", &format!("{task}/report"), report).await.map(drop)
}

struct Council {
    id: String,
    members: Vec<String>,
}

async fn commission(client: &Client, cast: &Cast) -> Result<Council, String> {
    let side = |code: &str, name: &str| json!({"code": code, "name": name});
    let sides = json!([
        side("authority", "Правительство области"),
        side("unions", "Объединения профсоюзов"),
        side("employers", "Объединения работодателей")
    ]);
    let form = json!({"organization_id": id(cast, "ministry")?, "kind": "commission", "name": "Областная трёхсторонняя комиссия",
        "level": "regional", "founded_on": "2012-02-01", "quorum": "half", "decides_by": "sides", "sides": sides, "meets_per_year": 4,
        "publishes": true});
    let council = client.add("minister", "/councils", form).await?;
    let mut members = Vec::new();
    for (name, side, role) in COMMISSION {
        let form = json!({"name": name, "side": side, "role": role, "voting": true, "from_on": "2012-02-01"});
        let path = format!("/councils/{council}/council-members");
        members.push(client.add("minister", &path, form).await?);
    }
    Ok(Council { id: council, members })
}

/// Decision № 14 of 28.09.2017: one item is noted, three instruct the ministry, two recommend.
async fn fourteen(client: &Client, cast: &Cast, of: &Council) -> Result<(), String> {
    let ministry = id(cast, "ministry")?;
    let instruct = |no: &str, text: &str| json!({"no": no, "kind": "instruction", "text": text, "organization_id": ministry, "report_every": "year"});
    let class = json!({"text": "Предприятия и организации области", "organization_kinds": ["business", "ngo", "university"]});
    let advise =
        |no: &str, text: &str| json!({"no": no, "kind": "recommendation", "text": text, "addressee": class});
    let items = json!([
        {"no": "1", "kind": "noted", "text": "Информацию о развитии наставничества над выпускниками принять к сведению."},
        instruct("2.1", "Продолжить внедрение успешных практик, в том числе программы краткосрочного наставничества."),
        instruct("2.2", "Развивать общественно-государственное партнёрство в долгосрочном наставничестве."),
        instruct("2.3", "Проводить обучающие мероприятия для наставников."),
        advise("3.1", "Развивать наставничество вместе со СМИ, преодолевать стереотипы о подопечных и наставниках."),
        advise("3.2", "Проводить мониторинг и оценку эффективности наставничества."),
    ]);
    let signatory = json!({"position": "Заместитель Губернатора области, координатор комиссии", "name": "Соколов Пётр Андреевич"});
    let text = json!({"number": "14", "title": "О развитии наставничества над воспитанниками и выпускниками", "items": items,
        "signatory": signatory});
    let decision = json!({"council_id": of.id, "adopted_on": "2017-09-28", "decision": text});
    let decision = client.add("minister", "/decisions", decision).await?;
    let path = format!("/tasks?source_kind=decision&source_id={decision}&sort=earliest_first");
    let tasks = client.get("minister", &path).await?;
    let task = |n: usize| {
        let found = tasks.pointer(&format!("/items/{n}/id")).and_then(Value::as_str);
        found.map(|it| format!("/tasks/{it}")).ok_or_else(|| format!("no task {n} in {tasks}"))
    };
    // A report of the year was accepted, another one waits; the third instruction is overdue.
    client.days_ago(20);
    let report = json!({"result": "Практика «Вместе шесть встреч» внедрена в восьми районах.", "share": 80});
    client.post("clerk", &format!("{}/report", task(0)?), report).await?;
    client.post("minister", &format!("{}/acceptance", task(0)?), json!({"note": "Принято."})).await?;
    let result = json!({"result": "Подписано соглашение о долгосрочном наставничестве.", "share": 50});
    client.post("clerk", &format!("{}/report", task(1)?), result).await?;
    let advice = client.get("bakery", "/tasks?source_kind=decision").await?;
    let answer = json!({"organization_id": id(cast, "business")?, "answer": "adopted",
        "text": "О наставниках предприятия рассказано в районной газете."});
    client.post("bakery", &format!("/tasks/{}/answers", first(&advice)?), answer).await?;
    Ok(())
}

/// A closed meeting with a decision by sides, a held one, a cancelled one, and a planned one.
async fn meetings(client: &Client, cast: &Cast, of: &Council) -> Result<(), String> {
    let agenda = json!([{"question": "О постинтернатном сопровождении на предприятиях", "kind": "decision", "speaker": "Зимина Вера Павловна"},
        {"question": "О ходе выполнения решения № 14", "kind": "report"}]);
    let plan = |planned_at: String| json!({"council_id": of.id, "planned_at": planned_at, "place": "Малый зал", "agenda": agenda});
    let attendance: Vec<Value> =
        of.members.iter().map(|it| json!({"member_id": it, "presence": "present"})).collect();
    for days_ago in [35, 6] {
        client.days_ago(days_ago + 10);
        let meeting = client.add("minister", "/council-meetings", plan(client.moment(days_ago))).await?;
        client.days_ago(days_ago - 1);
        let held = json!({"began_at": client.moment(days_ago), "minutes": 95, "attendance": attendance,
            "guests": [{"name": "Директор предприятия", "organization_id": id(cast, "business")?}]});
        client.post("minister", &format!("/council-meetings/{meeting}/holding"), held).await?;
        if days_ago == 35 {
            sign(client, cast, of, &meeting).await?;
        }
    }
    let dropped = client.add("minister", "/council-meetings", plan(client.moment(-3))).await?;
    let reason = json!({"reason": "Перенесено на следующую неделю."});
    client.post("minister", &format!("/council-meetings/{dropped}/cancellation"), reason).await?;
    client.post("minister", "/council-meetings", plan(client.moment(-5))).await.map(drop)
}

async fn sign(client: &Client, cast: &Cast, of: &Council, meeting: &str) -> Result<(), String> {
    let vote = |side: &str| json!({"side": side, "vote": "for"});
    let items = json!([{"no": "1", "kind": "instruction", "text": "Предложить предприятиям рабочие места для выпускников.",
        "organization_id": id(cast, "ministry")?, "co_organization_ids": [id(cast, "business")?], "due_on": client.day(-60)}]);
    let text = json!({"number": "3", "title": "О рабочих местах для выпускников", "items": items});
    let chair = of.members.get(4);
    let order = json!({"number": "1", "signed_on": client.day(34), "chair_id": chair, "items": [
        {"agenda_number": 1, "discussed": "Заслушан доклад министра.", "side_ballots": [vote("authority"), vote("unions"), vote("employers")],
            "dissents": [{"member_id": of.members.last(), "text": "Срок следует увеличить."}], "decision": text},
        {"agenda_number": 2, "discussed": "Информация принята."}]});
    client.post("minister", &format!("/council-meetings/{meeting}/protocol"), order).await?;
    // An old decision was cancelled by a later one.
    let noted = |no: &str, text: &str| json!([{"no": no, "kind": "approval", "text": text}]);
    let enter = async |number: &str, day: &str, title: &str, items: Value| {
        let text = json!({"number": number, "title": title, "items": items});
        let form = json!({"council_id": of.id, "adopted_on": day, "decision": text});
        client.add("minister", "/decisions", form).await
    };
    let old =
        enter("2", "2016-03-01", "О составе рабочей группы", noted("1", "Утвердить состав группы.")).await?;
    let new =
        enter("15", "2017-12-20", "О новом составе рабочей группы", noted("1", "Утвердить новый состав."))
            .await?;
    let by = json!({"by_decision_id": new});
    client.post("minister", &format!("/decisions/{old}/cancellation"), by).await.map(drop)
}

/// The board of trustees of the agency, with people of three НКО; nobody of the agency itself.
async fn trustees(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(25);
    let form = json!({"organization_id": id(cast, "agency")?, "kind": "trustees", "name": "Попечительский совет", "level": "institution",
        "founded_on": "2014-05-12", "quorum": "half", "decides_by": "simple_majority", "bars_employees": true, "meets_per_year": 2});
    let council = client.add("director", "/councils", form).await?;
    let mut members = Vec::new();
    let who = [
        ("Лаврова Мария Ильинична", "sober", "chair"),
        ("Мельник Олег Петрович", "path", "secretary"),
        ("Тихонова Анна Львовна", "caritas", "member"),
    ];
    for (name, of, role) in who {
        let form = json!({"name": name, "organization_id": id(cast, of)?, "role": role, "voting": true, "from_on": "2014-05-12"});
        members.push(client.add("director", &format!("/councils/{council}/council-members"), form).await?);
    }
    let left = json!({"name": "Белова Раиса Фёдоровна", "role": "member", "voting": true, "from_on": "2014-05-12", "until_on": client.day(300)});
    client.post("director", &format!("/councils/{council}/council-members"), left).await?;
    let agenda = json!([{"question": "О ремонте игровой комнаты", "kind": "decision"}]);
    let plan =
        json!({"council_id": council, "planned_at": client.moment(20), "online": true, "agenda": agenda});
    let meeting = format!("/council-meetings/{}", client.add("director", "/council-meetings", plan).await?);
    client.days_ago(19);
    let presence = ["present", "online", "excused"];
    let told = members.iter().zip(presence);
    let attendance: Vec<Value> =
        told.map(|(it, presence)| json!({"member_id": it, "presence": presence})).collect();
    let held = json!({"began_at": client.moment(20), "minutes": 60, "attendance": attendance, "guests": []});
    client.post("director", &format!("{meeting}/holding"), held).await?;
    let items = json!([{"no": "1", "kind": "recommendation", "text": "Помочь с ремонтом игровой комнаты.", "organization_id": id(cast, "business")?}]);
    let text = json!({"number": "1", "title": "О ремонте игровой комнаты", "items": items});
    // One is for it and one against: the vote of the chair decides.
    let votes = members.iter().zip(["for", "against"]);
    let ballots: Vec<Value> = votes.map(|(it, vote)| json!({"member_id": it, "vote": vote})).collect();
    let order = json!({"number": "1", "signed_on": client.day(19), "chair_id": members.first(), "items": [
        {"agenda_number": 1, "discussed": "Осмотрена комната.", "ballots": ballots, "decision": text}]});
    client.post("director", &format!("{meeting}/protocol"), order).await.map(drop)
}
