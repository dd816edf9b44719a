//! Clients that take their answers slowly, or leave before.
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tests::given::upload_body;
use tests::{Account, World};

const BYTES: usize = 20 * 1024 * 1024;

/// Asks over a plain connection.
fn asked(world: &World, who: &Account, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    let token = &who.token;
    let ask = format!(
        "GET {path} HTTP/1.1\r\nHost: world\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).unwrap();
    stream
}

/// Asks for a file, waits, and then reads what there is.
fn taken_after(world: &World, path: &str, wait: Duration) -> usize {
    let mut stream = asked(world, &world.admin(), path);
    std::thread::sleep(wait);
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut all, mut part) = (0, vec![0; 65536]);
    while let Ok(count @ 1..) = stream.read(&mut part) {
        all += count;
    }
    all
}

#[test]
fn a_client_that_takes_nothing_is_cut_off() {
    if cfg!(not(target_os = "linux")) {
        return; // Elsewhere the system has no such limit.
    }
    let world = World::with(&["--reader-seconds", "1"]);
    let mut content = b"%PDF-1.4\n".to_vec();
    content.resize(BYTES, b'x');
    let scan = upload_body("other", "скан.pdf", "application/pdf", &content);
    let id = world.uploading(&world.admin(), scan).send().expect(201).id();
    let path = format!("/api/v1/files/{id}/content");
    assert!(taken_after(&world, &path, Duration::ZERO) > BYTES, "who takes it gets it whole");
    assert!(taken_after(&world, &path, Duration::from_secs(4)) < BYTES, "who does not is cut off");
}

#[test]
fn a_client_that_leaves_gives_its_place_in_the_queue_to_others() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, mentor) = world.helps(&stage, json!({}));
    let (_, beneficiary) = world.waits(&stage, 10, json!({}));
    let path = format!("/beneficiaries/{beneficiary}/candidates/{mentor}");
    let is_busy = || world.get(&stage.director, &path).status == 503;
    let occupied = world.without_long_reads();
    let queue: Vec<TcpStream> =
        (0..64).map(|_| asked(&world, &stage.director, &format!("/api/v1{path}"))).collect();
    let began = Instant::now();
    std::thread::sleep(Duration::from_millis(300));
    assert!(is_busy(), "all places of the queue are taken");
    drop(queue);
    std::thread::scope(|all| {
        let mut next = all.spawn(is_busy);
        std::thread::sleep(Duration::from_millis(100));
        // The server may need a moment to see that they have left.
        while next.is_finished() && began.elapsed() < Duration::from_secs(8) {
            next = all.spawn(is_busy);
            std::thread::sleep(Duration::from_millis(100));
        }
        drop(occupied);
        assert!(!next.join().unwrap(), "who stays is answered");
    });
}
