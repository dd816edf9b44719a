//! Clients that take their answers slowly.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use tests::World;
use tests::given::upload_body;

const BYTES: usize = 20 * 1024 * 1024;

/// Asks for a file over a plain connection, waits, and then reads what there is.
fn taken_after(world: &World, path: &str, wait: Duration) -> usize {
    let mut stream = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    let token = world.admin().token;
    let ask = format!(
        "GET {path} HTTP/1.1\r\nHost: world\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).unwrap();
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
