//! Plans on PostgreSQL, with sequential scans forbidden: a scan that is left has no index at all.
//!
//! The region is empty, because no plan may depend on statistics: those of a young region are old within a minute.
use super::{LARGE, run, stale};
use serde_json::Value;
use std::collections::BTreeSet;
use tests::{World, filled};
use tokio_postgres::{Client, Error, NoTls, SimpleQueryMessage};

/// Statements that may scan, by a part of their text, each with its reason.
const MAY_SCAN: &[(&str, &str)] = &[
    ("FROM information_schema.schemata", REGIONS),
    ("FROM nastavnik.regions", REGIONS),
    ("FROM schema_migrations ORDER BY", "all steps of a region are read at its opening"),
    ("(jobs.lane = $1) AND (jobs.state = ANY($2))", "few jobs are queued or run at a time"),
];

const REGIONS: &str = "all regions of the database are read at a start";

/// A plan as a tree of nodes.
struct Node<'p>(&'p Value);

impl<'p> Node<'p> {
    fn text(&self, name: &str) -> &'p str {
        self.0[name].as_str().unwrap_or_default()
    }
    fn has(&self, name: &str) -> bool {
        !self.0[name].is_null()
    }
    fn parts(&self) -> impl Iterator<Item = Node<'p>> {
        self.0["Plans"].as_array().into_iter().flatten().map(Node)
    }
    /// The scans below. `is_walk` tells that rows are read in their order until a page is full.
    fn scans(&self, is_walk: bool, told: &mut Vec<String>) {
        let kind = self.text("Node Type");
        let reads_all = match kind {
            "Seq Scan" => true,
            "Index Scan" | "Index Only Scan" => !self.has("Index Cond") && (!is_walk || self.has("Filter")),
            _ => false,
        };
        let table = self.text("Relation Name");
        if reads_all && !table.is_empty() && filled::rows(table) > LARGE {
            told.push(format!("{kind} of {table}"));
        }
        if kind == "Bitmap Index Scan" && !self.has("Index Cond") {
            told.push(format!("{kind} of {}", self.text("Index Name")));
        }
        let goes_on = kind == "Limit" || is_walk && matches!(kind, "Nested Loop" | "Subquery Scan");
        self.parts().enumerate().for_each(|(n, it)| it.scans(goes_on && n == 0, told));
    }
}

/// The number of values that a statement binds.
fn values(sql: &str) -> usize {
    let numbers =
        sql.split('$').skip(1).map(|it| it.chars().take_while(char::is_ascii_digit).collect::<String>());
    numbers.filter_map(|it| it.parse().ok()).max().unwrap_or(0)
}

/// The plan of a statement for any values.
async fn plan(client: &Client, sql: &str) -> Result<Value, Error> {
    client.batch_execute(&format!("PREPARE asked AS {sql}")).await?;
    let values = vec!["NULL"; values(sql)].join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    let told = client.simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE asked{values}")).await;
    client.batch_execute("DEALLOCATE asked").await?;
    let text = told?.iter().find_map(|it| match it {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(serde_json::from_str(&text.expect("a plan")).expect("a plan"))
}

async fn connect(world: &World) -> Client {
    let (client, socket) = tokio_postgres::connect(&world.url, NoTls).await.expect("a connection");
    actix_web::rt::spawn(socket);
    let settings = format!(
        "SET search_path = \"region_{}\"; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_sort = off",
        world.region
    );
    client.batch_execute(&settings).await.expect("settings");
    client
}

pub(super) fn faults() -> (Vec<String>, Vec<&'static str>) {
    // Before the world is made: its first statement begins a new record.
    let statements = run();
    let world = World::new();
    let (mut told, mut met) = (Vec::new(), BTreeSet::new());
    actix_web::rt::System::new().block_on(async {
        let client = connect(&world).await;
        for it in statements {
            let plan = match plan(&client, &it.sql).await {
                Ok(plan) => plan,
                Err(error) => {
                    told.push(format!("{error}\n  {}", it.sql));
                    continue;
                }
            };
            let mut scans = Vec::new();
            Node(&plan[0]["Plan"]).scans(false, &mut scans);
            if scans.is_empty() {
                continue;
            }
            let quiet = format!("{};", it.sql.replace('"', ""));
            match MAY_SCAN.iter().find(|may| quiet.contains(may.0)) {
                Some((part, _)) => drop(met.insert(*part)),
                None => told.push(format!("{}\n  {quiet}", scans.join(", "))),
            }
        }
    });
    (told, stale(MAY_SCAN, &met))
}
