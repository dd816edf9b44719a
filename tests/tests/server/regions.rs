//! Regions of an installation on SQLite: the register, broken files, the master key, and the check of a region.
use persistence::db::sealed_places;
use rusqlite::Connection;
use serde_json::json;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use tests::{Installation, PASSWORD, Process, postgres_url};

/// Runs a command over all regions, and tells whether it succeeded and what it said.
fn run(it: &Installation, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = it.command().args(arguments).output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn file(it: &Installation, code: &str) -> PathBuf {
    it.folder().join(format!("regions/{code}.sqlite"))
}

fn add(it: &Installation, code: &str) {
    let (done, said) =
        run(it, &["region", "add", "--code", code, "--name", "Вторая", "--territory", "33000000"]);
    assert!(done, "{said}");
}

fn serve(it: &Installation) -> Process {
    let mut command = it.command();
    command.arg("serve").stderr(Stdio::null());
    it.serve_with(command)
}

/// A file and a person with something to seal.
fn fill(it: &Installation) {
    let process = serve(it);
    let admin = process.admin(it);
    let person = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": "1990-04-17", "sex": "female"});
    process.client.post(&admin, "/people", person);
    process.client.file(&admin, "other");
    assert!(process.terminate());
}

fn change(it: &Installation, sql: &str) {
    let conn = Connection::open(file(it, &it.region)).unwrap();
    assert!(conn.execute(sql, []).unwrap() > 0, "{sql}");
}

#[test]
fn a_copy_beside_the_regions_is_left_alone() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    let code = &it.region;
    std::fs::copy(file(&it, code), file(&it, "another")).unwrap();
    std::fs::write(file(&it, "junk"), "no database").unwrap();
    let (done, said) = run(&it, &["region", "list"]);
    assert!(
        done && said.contains("another.sqlite is no registered") && said.contains("junk.sqlite"),
        "{said}"
    );
    assert_eq!(said.lines().filter(|it| it.contains('\t')).count(), 1, "{said}");
    let (done, said) = run(&it, &["region", "register", "--code", "another"]);
    assert!(!done && said.contains(code.as_str()), "{said}");
    // The same holds where there is no register yet, and a restored file can be taken in later.
    std::fs::remove_file(it.folder().join("regions/regions.txt")).unwrap();
    let (done, said) = run(&it, &["region", "list"]);
    assert!(
        done && said.contains(&format!("{code}\tПроверка")) && said.contains("another.sqlite is no"),
        "{said}"
    );
    std::fs::write(it.folder().join("regions/regions.txt"), "").unwrap();
    assert!(!run(&it, &["region", "check", "--code", code]).0);
    assert!(run(&it, &["region", "register", "--code", code]).0);
    assert!(run(&it, &["region", "check", "--code", code]).0);
}

#[test]
fn a_code_registered_twice_stops_the_start() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    let code = &it.region;
    std::fs::write(it.folder().join("regions/regions.txt"), format!("{code}\n{code}\n")).unwrap();
    let (done, said) = run(&it, &["serve"]);
    assert!(
        !done && said.lines().count() == 1 && said.contains("regions.txt") && said.contains("twice"),
        "{said}"
    );
}

#[test]
fn a_broken_region_stays_closed_while_the_others_serve() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    add(&it, "broken");
    let whole = std::fs::read(file(&it, "broken")).unwrap();
    for (what, bytes) in [
        ("truncated", &whole[..20_000]),
        ("emptied", [].as_slice()),
        ("not a database", b"something else".as_slice()),
    ] {
        std::fs::write(file(&it, "broken"), bytes).unwrap();
        let (done, said) = run(&it, &["region", "list"]);
        assert!(done && said.contains("broken.sqlite") && said.contains("backup"), "{what}: {said}");
        let process = serve(&it);
        let admin = process.admin(&it);
        process.client.get(&admin, "/organizations").expect(200);
        process.client.ask("GET", "/health/ready").send().expect(200);
        let form = json!({"region": "broken", "login": "admin", "password": PASSWORD});
        let login = process.client.ask("POST", "/api/v1/auth/login").json(&form).send();
        login.refused(503, "server.unavailable");
    }
    std::fs::remove_file(file(&it, "broken")).unwrap();
    let (done, said) = run(&it, &["migrate"]);
    assert!(!done && said.contains("broken.sqlite"), "{said}");
    std::fs::write(file(&it, "broken"), whole).unwrap();
    assert!(run(&it, &["region", "check", "--code", "broken"]).0);
    std::fs::write(file(&it, "broken"), "").unwrap();
    assert!(run(&it, &["region", "remove", "--code", "broken", "--yes"]).0);
    assert!(!file(&it, "broken").exists());
}

#[test]
fn a_making_that_was_killed_leaves_no_region_and_can_be_repeated() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    for pause_ms in [5, 20, 40, 80, 160] {
        let mut command = it.command();
        command.args(["region", "add", "--code", "second", "--name", "Вторая", "--territory", "33000000"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause_ms));
        child.kill().unwrap();
        child.wait().unwrap();
        let (done, said) = run(&it, &["region", "list"]);
        assert!(done && !said.contains("closed"), "{said}");
        if said.contains("second.sqlite is no registered") {
            assert!(run(&it, &["region", "register", "--code", "second"]).0, "it is whole");
        }
        if said.contains("second") {
            assert!(run(&it, &["region", "check", "--code", "second"]).0);
            assert!(run(&it, &["region", "remove", "--code", "second", "--yes"]).0);
        }
    }
    add(&it, "second");
}

#[test]
fn another_or_a_lost_master_key_stops_the_start() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    fill(&it);
    let key = it.folder().join("keys/master.key");
    let right = std::fs::read(&key).unwrap();
    let refuses = |what: &str| {
        let (done, said) = run(&it, &["serve"]);
        assert!(!done && said.lines().count() == 1 && said.contains("master.key"), "{what}: {said}");
    };
    std::fs::remove_file(&key).unwrap();
    refuses("lost");
    assert!(!key.exists(), "no key is made beside sealed data");
    std::fs::write(&key, "aa".repeat(32)).unwrap();
    refuses("another");
    // A region from before the check value tells by its seals.
    change(&it, "UPDATE region SET key_check = NULL");
    refuses("another, by an old seal");
    std::fs::write(&key, right).unwrap();
    assert!(run(&it, &["region", "check", "--code", &it.region]).0);
    std::fs::write(&key, "aa".repeat(32)).unwrap();
    refuses("another, after the region has got its value");
}

#[test]
fn the_check_names_the_first_seal_that_does_not_open() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::new();
    fill(&it);
    let check = || run(&it, &["region", "check", "--code", &it.region]);
    assert!(check().0);
    let backup = std::fs::read(file(&it, &it.region)).unwrap();
    let flip = "substr(bytes, 1, 20) || X'00112233' || substr(bytes, 25)";
    for (sql, named) in [
        (
            "UPDATE people SET private = substr(private, 1, 30) || 'AAAA' || substr(private, 35)".to_owned(),
            "people.private",
        ),
        ("UPDATE people SET private = 'open'".to_owned(), "people.private"),
        ("UPDATE files SET name = (SELECT private FROM people)".to_owned(), "files.name"),
        (format!("UPDATE file_chunks SET bytes = CAST({flip} AS BLOB)"), "chunk 0"),
        ("DELETE FROM file_chunks".to_owned(), "chunk 0 is missing"),
        ("UPDATE files SET sha256 = sha256 || 'x'".to_owned(), "not what was stored"),
    ] {
        change(&it, &sql);
        let (done, said) = check();
        assert!(!done && said.contains(named), "{sql}: {said}");
        std::fs::write(file(&it, &it.region), &backup).unwrap();
    }
}

/// Every text of the demonstration region that is sealed.
#[test]
fn the_check_knows_every_sealed_place() {
    if postgres_url().is_some() {
        return;
    }
    let it = Installation::demonstration();
    assert!(run(&it, &["region", "check", "--code", &it.region]).0);
    let conn = Connection::open(file(&it, &it.region)).unwrap();
    let columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'TEXT'";
    let mut query = conn.prepare(columns).unwrap();
    let columns: Vec<(String, String)> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let known = sealed_places();
    for (table, column) in columns {
        let sealed = format!("SELECT count(*) FROM \"{table}\" WHERE \"{column}\" LIKE 'v1.1.%'");
        let sealed: i64 = conn.query_row(&sealed, [], |row| row.get(0)).unwrap();
        let place = format!("{table}.{column}");
        assert!(column != "annulment_reason" || known.contains(&place), "{place}");
        assert!(sealed == 0 || place == "region.key_check" || known.contains(&place), "{place}");
    }
}
