use serde_json::json;
use tests::given::{BOUNDARY, PDF, multipart, upload_body};
use tests::{Account, World};

/// A file of 600 KB that begins like a PDF. No two chunks are equal, so a misplaced one is detected.
fn large() -> Vec<u8> {
    let numbers = (0_u32..150_000).flat_map(|it| it.wrapping_mul(2_654_435_761).to_le_bytes());
    b"%PDF-1.4\n".iter().copied().chain(numbers).collect()
}

fn staff(world: &World, login: &str, organization: &str) -> Account {
    world.account(login, json!([{"role": "support_specialist", "organization_id": organization}]), None)
}

fn agency(world: &World, name: &str) -> String {
    world.organization("social_service_agency", name, "25655000")
}

/// The SHA-256 of the bytes in the form of RFC 9530.
fn digest(bytes: &[u8]) -> String {
    use base64::Engine as _;
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    format!("sha-256=:{}:", base64::engine::general_purpose::STANDARD.encode(digest))
}

#[test]
fn a_file_comes_back_as_it_was_sent() {
    let world = World::new();
    let admin = world.admin();
    let content = large();
    let body = upload_body("passport_copy", "Паспорт Морозовой.pdf", "application/pdf", &content);
    let sent = world.uploading(&admin, body).send().expect(201);
    assert_eq!(
        (&sent.body["name"], &sent.body["media_type"], &sent.body["size_bytes"], &sent.body["purpose"]),
        (&json!("Паспорт Морозовой.pdf"), &json!("pdf"), &json!(content.len()), &json!("passport_copy"))
    );
    let path = format!("/files/{}", sent.id());
    assert_eq!(world.get(&admin, &path).expect(200).body, sent.body);
    let got = world.get(&admin, &format!("{path}/content")).expect(200);
    assert!(got.bytes == content, "the content differs");
    assert_eq!(got.header("content-type"), Some("application/pdf"));
    assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.header("repr-digest"), Some(digest(&content).as_str()));
    assert_eq!(
        got.header("content-disposition"),
        Some(
            "attachment; filename=\"_______ _________.pdf\"; filename*=UTF-8''%D0%9F%D0%B0%D1%81%D0%BF%D0%BE%D1%80%D1%82%20%D0%9C%D0%BE%D1%80%D0%BE%D0%B7%D0%BE%D0%B2%D0%BE%D0%B9.pdf"
        )
    );
}

#[test]
fn a_range_is_read_as_rfc_9110_has_it() {
    const TEN: &[u8] = b"%PDF-1.4\n\n";
    let world = World::new();
    let admin = world.admin();
    let id = world.uploading(&admin, upload_body("other", "a.pdf", "application/pdf", TEN)).send().id();
    let path = format!("/api/v1/files/{id}/content");
    let part = |range: &str| world.ask("GET", &path).by(&admin).header("range", range).send();
    for (range, told) in [
        ("bytes=0-3", "bytes 0-3/10"),
        ("bytes=7-", "bytes 7-9/10"),
        ("bytes=-3", "bytes 7-9/10"),
        ("bytes=-30", "bytes 0-9/10"),
        ("bytes=9-99", "bytes 9-9/10"),
    ] {
        assert_eq!(part(range).expect(206).header("content-range"), Some(told), "{range}");
    }
    for beyond in ["bytes=10-", "bytes=-0"] {
        part(beyond).refused(416, "request.range");
    }
    for whole in ["bytes=0-1,3-4", "bytes=3-1", "bytes=-", "bytes=a-b", "items=0-1"] {
        assert_eq!(part(whole).expect(200).bytes, TEN, "{whole}");
    }
}

fn zip(names: &[&str]) -> Vec<u8> {
    let entry = |name: &&str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes(), b"content"].concat();
    names.iter().flat_map(entry).collect()
}

#[test]
fn an_office_document_is_known_in_whatever_order_it_was_written() {
    let world = World::new();
    let admin = world.admin();
    let send = |names: &[&str]| {
        world.uploading(&admin, upload_body("other", "a", "application/octet-stream", &zip(names))).send()
    };
    let odd = ["docProps/app.xml", "docProps/core.xml", "docProps/custom.xml", "word/document.xml"];
    assert_eq!(send(&odd).expect(201).body["media_type"], "docx");
    assert_eq!(send(&["[Content_Types].xml", "xl/workbook.xml"]).expect(201).body["media_type"], "xlsx");
    send(&["readme.txt", "setup.exe"]).refused(422, "file.media_type");
}

#[test]
fn a_range_crosses_chunks_and_beyond_the_end_there_is_nothing() {
    let world = World::new();
    let admin = world.admin();
    let content = large();
    let id = world.uploading(&admin, upload_body("other", "a.pdf", "application/pdf", &content)).send().id();
    let path = format!("/api/v1/files/{id}/content");
    let part = |range: &str| world.ask("GET", &path).by(&admin).header("range", range).send();
    let crossing = part("bytes=262140-524290").expect(206);
    assert!(crossing.bytes == content[262_140..=524_290], "the range differs");
    let size = content.len();
    assert_eq!(crossing.header("content-range"), Some(format!("bytes 262140-524290/{size}").as_str()));
    assert_eq!(part("bytes=-5").expect(206).bytes, content[size - 5..]);
    assert_eq!(part("bytes=0-0").expect(206).bytes, b"%");
    assert_eq!(part("bytes=0-1,4-5").expect(200).bytes.len(), size, "several ranges: the whole");
    let beyond = part(&format!("bytes={size}-")).refused(416, "request.range");
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{size}").as_str()));
    let tag = crossing.etag();
    let again = world.ask("GET", &path).by(&admin).header("if-none-match", &tag).send();
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    let changed =
        world.ask("GET", &path).by(&admin).header("range", "bytes=0-0").header("if-range", "\"x\"").send();
    assert_eq!(changed.expect(200).bytes.len(), size, "not the file that was begun: the whole");
    let head = world.ask("HEAD", &path).by(&admin).send().expect(200);
    assert_eq!(head.header("content-length"), Some(size.to_string().as_str()));
}

#[test]
fn only_what_is_listed_comes_in_whatever_it_calls_itself() {
    let world = World::new();
    let admin = world.admin();
    let send = |name: &str, media_type: &str, content: &[u8]| {
        world.uploading(&admin, upload_body("other", name, media_type, content)).send()
    };
    let eicar = br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
    send("a.pdf", "application/pdf", eicar).refused(422, "file.media_type");
    send("a.html", "text/html", b"<html><script>alert(1)</script>").refused(422, "file.media_type");
    send("a.png", "application/pdf", PDF).refused(422, "file.media_type");
    send("a.pdf", "image/png", PDF).refused(422, "file.media_type");
    send("a.pdf", "application/pdf", b"PK\x03\x04and no document").refused(422, "file.media_type");
    send("a.exe", "application/octet-stream", b"MZ\x90\x00").refused(422, "file.media_type");
    send("a.pdf", "application/pdf", b"").refused(422, "file.empty");
    send("", "application/pdf", PDF).refused(422, "file.name");
    let renamed = send("../../etc/x.html", "application/octet-stream", PDF).expect(201);
    assert_eq!(renamed.body["name"], "x.html.pdf");
    let png = send("фото.png", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect(201);
    assert_eq!(png.body["media_type"], "png");
}

#[test]
fn a_file_of_more_than_25_mib_does_not_come_in() {
    let world = World::new();
    let admin = world.admin();
    let mut content = PDF.to_vec();
    content.resize(25 * 1024 * 1024, b' ');
    let whole = world
        .uploading(&admin, upload_body("other", "a.pdf", "application/pdf", &content))
        .send()
        .expect(201);
    let got = world.get(&admin, &format!("/files/{}/content", whole.id())).expect(200);
    assert!(got.bytes == content, "the content differs");
    content.push(b' ');
    let more = world.uploading(&admin, upload_body("other", "a.pdf", "application/pdf", &content)).send();
    more.refused(422, "file.too_large");
}

#[test]
fn a_digest_is_checked_where_it_is_sent() {
    let world = World::new();
    let admin = world.admin();
    let body = upload_body("other", "a.pdf", "application/pdf", PDF);
    let send = |value: &str| world.uploading(&admin, body.clone()).header("content-digest", value).send();
    send(&digest(&body)).expect(201);
    send(&format!("md5=:AAAA:, {}", digest(&body))).expect(201);
    send(&digest(b"something else")).refused(422, "file.digest");
    send("sha-256=abc").refused(400, "request.header");
    let part = |digest: &str| {
        let headers = format!(
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\nContent-Digest: {digest}"
        );
        let parts =
            [("Content-Disposition: form-data; name=\"purpose\"", b"other".as_slice()), (&headers, PDF)];
        world.uploading(&admin, multipart(&parts)).send()
    };
    part(&digest(PDF)).expect(201);
    part(&digest(b"something else")).refused(422, "file.digest");
}

#[test]
fn an_upload_has_two_parts_and_no_other() {
    let world = World::new();
    let admin = world.admin();
    const PURPOSE: &str = "Content-Disposition: form-data; name=\"purpose\"";
    const FILE: &str =
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf";
    let send = |parts: &[(&str, &[u8])]| world.uploading(&admin, multipart(parts)).send();
    let pointer =
        |reply: &tests::Reply| reply.body["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned();
    let missing = send(&[(PURPOSE, b"other")]).expect(422);
    assert_eq!((missing.codes(), pointer(&missing).as_str()), (vec!["field.missing"], "/file"));
    let missing = send(&[(FILE, PDF)]).expect(422);
    assert_eq!((missing.codes(), pointer(&missing).as_str()), (vec!["field.missing"], "/purpose"));
    let wrong = send(&[(PURPOSE, b"no-such-purpose"), (FILE, PDF)]).expect(422);
    assert_eq!((wrong.codes(), pointer(&wrong).as_str()), (vec!["field.word"], "/purpose"));
    let unknown = send(&[("Content-Disposition: form-data; name=\"x\"", b"1")]).expect(422);
    assert_eq!(unknown.codes(), ["field.unknown", "field.missing", "field.missing"]);
    assert_eq!(pointer(&unknown), "/x");
    send(&[(PURPOSE, b"other"), (PURPOSE, b"other"), (FILE, PDF)]).refused(400, "request.malformed");
    send(&[(FILE, PDF), (PURPOSE, b"other")]).expect(201);
    world.post(&admin, "/files", json!({})).refused(415, "request.media_type");
    let cut = format!("--{BOUNDARY}\r\n{PURPOSE}\r\n\r\nother").into_bytes();
    world.uploading(&admin, cut).send().refused(400, "request.malformed");
}

#[test]
fn an_upload_repeated_with_its_key_is_one_file() {
    let world = World::new();
    let admin = world.admin();
    let send = |content: &[u8]| {
        let body = upload_body("other", "a.pdf", "application/pdf", content);
        world.uploading(&admin, body).header("idempotency-key", "one").send()
    };
    let first = send(PDF).expect(201);
    let again = send(PDF).expect(201);
    assert_eq!((again.id(), again.header("idempotency-replayed")), (first.id(), Some("true")));
    send(b"%PDF-1.4 another").refused(422, "idempotency.reused");
}

#[test]
fn a_file_is_seen_by_its_uploader_their_institution_and_the_region() {
    let world = World::new();
    let (ours, theirs) = (agency(&world, "Наше"), agency(&world, "Чужое"));
    let (anna, boris, stranger) =
        (staff(&world, "anna", &ours), staff(&world, "boris", &ours), staff(&world, "stranger", &theirs));
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), None);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let id = world.file(&anna, "certificate");
    for (who, status) in
        [(&anna, 200), (&boris, 200), (&world.admin(), 200), (&stranger, 404), (&mentee, 404)]
    {
        world.get(who, &format!("/files/{id}")).expect(status);
        world.get(who, &format!("/files/{id}/content")).expect(status);
    }
    world.get(&analyst, &format!("/files/{id}")).refused(404, "request.not_found");
    world
        .uploading(&analyst, upload_body("other", "a.pdf", "application/pdf", PDF))
        .send()
        .refused(403, "access.forbidden");
    let own = world.file(&mentee, "refusal");
    world.get(&mentee, &format!("/files/{own}")).expect(200);
    world.get(&anna, &format!("/files/{own}")).refused(404, "request.not_found");
    world.ask("GET", &format!("/api/v1/files/{id}/content")).send().refused(401, "auth.required");
}
