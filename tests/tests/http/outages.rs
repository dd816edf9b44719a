//! An outage is never «not found»: behind each read of the registry the table is taken away.
use super::access::{at, operations, without_effect};
use crate::parts::raw::Raw;
use actix_web::rt::System;
use tests::{Realm, postgres_url, watch};

/// The table of a collection is named as the collection is.
fn table(collection: &str) -> String {
    match collection {
        // The table `consents` holds those of mentorships.
        "consents" => "personal_consents".to_owned(),
        // Members of clubs and of groups are one table.
        "club-members" | "volunteer-group-members" => "community_members".to_owned(),
        other => other.replace('-', "_"),
    }
}

#[test]
fn a_thing_whose_table_is_gone_is_an_outage_and_never_not_found() {
    let (world, home, _) = Realm::in_world();
    if postgres_url().is_none() {
        // Each renaming reads the whole schema, most of which is the watch. The matrix of access asks all of this under it.
        watch::take_away(&rusqlite::Connection::open(world.region_file()).expect("a region's file"));
    }
    let everybody = [world.admin(), home.accounts["D"].clone(), home.accounts["M"].clone()];
    let all = operations();
    System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        for collection in persistence::registry::collections() {
            let (table, one) = (table(collection), format!("/api/v1/{collection}/{{id}}"));
            raw.batch(&format!("ALTER TABLE {table} RENAME TO away")).await;
            for (name, method, path) in all.iter().filter(|it| it.2.starts_with(&one)) {
                for who in &everybody {
                    let status = without_effect(&world, Some(who), method, &at(path, &home.objects)).status();
                    let is_read = *method == "GET" && *path == one;
                    let is_told = if is_read { status >= 500 } else { status != 404 };
                    assert!(is_told, "{name} of {} without {table} answered {status}", who.login);
                }
            }
            raw.batch(&format!("ALTER TABLE away RENAME TO {table}")).await;
        }
    });
}
