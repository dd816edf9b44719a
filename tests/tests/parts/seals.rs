use persistence::engine::seal::{MasterKey, RegionKeys};
use tests::Installation;
use uuid::Uuid;

fn keys(region: &str) -> RegionKeys {
    MasterKey::new([7; 32]).of_region(region).unwrap()
}

#[test]
fn a_sealed_value_opens_only_in_its_own_place() {
    let (row, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let sealed = keys("kirov").seal("people.private", row, &"тайна").unwrap();
    assert_eq!(keys("kirov").open::<String>("people.private", row, &sealed).unwrap(), "тайна");
    assert!(keys("kirov").open::<String>("people.private", other, &sealed).is_err(), "another row");
    assert!(keys("kirov").open::<String>("people.other", row, &sealed).is_err(), "another column");
    assert!(keys("omsk").open::<String>("people.private", row, &sealed).is_err(), "another region");
}

#[test]
fn equal_values_of_two_regions_have_different_keys() {
    assert_eq!(keys("kirov").blind("c", "1"), keys("kirov").blind("c", "1"));
    assert_ne!(keys("kirov").blind("c", "1"), keys("omsk").blind("c", "1"));
    assert_ne!(keys("kirov").blind("c", "1"), keys("kirov").blind("d", "1"));
}

#[test]
fn a_mark_of_another_text_is_not_ours() {
    let mark = keys("kirov").mark("a");
    assert!(keys("kirov").is_mark("a", &mark));
    assert!(!keys("kirov").is_mark("b", &mark));
}

/// The worlds of tests hash cheaply; the program that serves children's data must not be brought to it by any setting.
#[test]
fn the_program_hashes_passwords_at_their_full_price() {
    if tests::postgres_url().is_some() {
        return; // The same program; no file to look into.
    }
    let installation = Installation::new();
    let file = installation.folder().join(format!("regions/{}.sqlite", installation.region));
    let conn = rusqlite::Connection::open(file).unwrap();
    let hash: String = conn.query_row("SELECT password_hash FROM users", [], |row| row.get(0)).unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
}
