//! What holds of each list with counts, and of each that is ordered by time.
use crate::{Account, World};
use serde_json::json;
use std::collections::BTreeMap;

impl World {
    /// The rows that somebody sees are counted by each of these members as the list shows them. They are 200 at most.
    pub fn must_count_as_listed(&self, who: &Account, list: &str, members: &[&str]) {
        let rows = self.get(who, &format!("/{list}?limit=200")).expect(200);
        for member in members {
            let told = self.get(who, &format!("/{list}/counts?group_by={member}")).expect(200).body;
            let mut expected: BTreeMap<String, i64> = BTreeMap::new();
            for row in rows.items() {
                *expected.entry(row[*member].to_string()).or_default() += 1;
            }
            let counts = told["counts"].as_array().expect("counts").iter();
            let count = |it: &serde_json::Value| it["count"].as_i64().expect("a number");
            let found: BTreeMap<String, i64> =
                counts.map(|it| (it["value"].to_string(), count(it))).collect();
            assert_eq!(found, expected, "{list} by {member}, {}", who.login);
            assert_eq!(told["total"], json!(rows.items().len()), "{list} by {member}, {}", who.login);
        }
    }
    /// A list of two rows or more is read from either end, the latest first if nothing is asked for.
    pub fn must_read_from_either_end(&self, who: &Account, list: &str) {
        let mut rows = self.get(who, &format!("/{list}?sort=latest_first")).expect(200).ids();
        assert!(rows.len() > 1, "{list}, {}", who.login);
        assert_eq!(self.get(who, &format!("/{list}")).expect(200).ids(), rows, "{list}, {}", who.login);
        rows.reverse();
        let first = format!("/{list}?sort=earliest_first&limit=1");
        let (mut walked, mut path) = (Vec::new(), first.clone());
        loop {
            let page = self.get(who, &path).expect(200);
            walked.extend(page.ids());
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("{first}&cursor={cursor}");
        }
        assert_eq!(walked, rows, "{list}, {}", who.login);
    }
    /// The ids of a part of somebody's agenda.
    pub fn on_desk(&self, who: &Account, part: &str) -> Vec<String> {
        let agenda = self.get(who, "/me/agenda").expect(200).body;
        agenda[part].as_array().unwrap_or_else(|| panic!("{part}")).iter().map(crate::Reply::id_of).collect()
    }
}
