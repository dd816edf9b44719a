//! Uploads: slots and a quota per account, so that one account leaves room for the others.
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tests::given::{BOUNDARY, PDF, upload_body};
use tests::{Account, Reply, World};

/// The length that a slow upload announces.
const ANNOUNCED: usize = 100_000;

/// An upload that has begun and does not go on.
fn slow(world: &World, who: &Account) -> TcpStream {
    let mut socket = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    let head = format!(
        "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {ANNOUNCED}\r\nConnection: close\r\n\r\n--{BOUNDARY}\r\n",
        who.token
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket
}

fn upload(world: &World, who: &Account, bytes: usize) -> Reply {
    let mut content = PDF.to_vec();
    content.resize(bytes.max(PDF.len()), b' ');
    let send = || world.uploading(who, upload_body("other", "a.pdf", "application/pdf", &content)).attempt();
    // A refusal that came before the body was read closes the connection, which the client may still have kept.
    send().or_else(|_| send()).expect("an answer")
}

/// Uploads again until the slots are free, for three seconds at most.
fn upload_soon(world: &World, who: &Account) {
    let began = Instant::now();
    while upload(world, who, 100).status != 201 {
        assert!(began.elapsed() < Duration::from_secs(3), "the slots are not free again");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn sixteen_slow_uploads_of_one_account_refuse_no_other() {
    let world = World::new();
    let (ivan, olga) = (
        world.account("ivan", json!([{"role": "mentee"}]), None),
        world.account("olga", json!([{"role": "mentee"}]), None),
    );
    let mut sockets: Vec<TcpStream> = (0..16).map(|_| slow(&world, &ivan)).collect();
    let mut refused = 0;
    for it in &mut sockets {
        let mut answer = String::new();
        let _ = it.read_to_string(&mut answer);
        refused += usize::from(answer.contains("upload.slots") && answer.contains("retry-after"));
    }
    assert_eq!(refused, 13);
    upload(&world, &ivan, 100).refused(429, "upload.slots");
    upload(&world, &olga, 100).expect(201);
    drop(sockets);
    upload_soon(&world, &ivan);
}

#[test]
fn a_refused_upload_leaves_its_slot_to_the_next() {
    let world = World::with(&["--upload-slots", "1"]);
    let admin = world.admin();
    for _ in 0..5 {
        world.uploading(&admin, upload_body("other", "a.exe", "application/pdf", b"MZ")).send().expect(422);
    }
    upload(&world, &admin, 100).expect(201);
    upload(&world, &admin, 100).expect(201);
}

#[test]
fn an_account_uploads_so_many_bytes_a_day_and_others_upload_theirs() {
    const MOST: usize = 700_000;
    let world = World::with(&["--upload-quota", "1"]);
    let (ivan, olga) = (
        world.account("ivan", json!([{"role": "mentee"}]), None),
        world.account("olga", json!([{"role": "mentee"}]), None),
    );
    upload(&world, &ivan, MOST).expect(201);
    let refused = upload(&world, &ivan, MOST).refused(409, "file.quota");
    assert_eq!(refused.body["errors"][0]["pointer"], "/file");
    let free = json!([{"name": "free_bytes", "value": (1024 * 1024 - MOST).to_string()}]);
    assert_eq!(refused.body["errors"][0]["params"], free);
    upload(&world, &ivan, 1024 * 1024 - MOST).expect(201);
    upload(&world, &ivan, 100).refused(409, "file.quota");
    upload(&world, &olga, MOST).expect(201);
    world.advance(chrono::TimeDelta::hours(25));
    upload(&world, &world.login("ivan"), MOST).expect(201);
}

#[test]
fn a_repeated_upload_is_answered_as_before_although_the_quota_is_used_up() {
    let world = World::with(&["--upload-quota", "1"]);
    let admin = world.admin();
    let mut content = PDF.to_vec();
    content.resize(1024 * 1024, b' ');
    let send = |key: &str| {
        let body = upload_body("other", "a.pdf", "application/pdf", &content);
        world.uploading(&admin, body).header("idempotency-key", key).send()
    };
    let first = send("one").expect(201);
    assert_eq!(send("one").expect(201).id(), first.id());
    send("two").refused(409, "file.quota");
}
