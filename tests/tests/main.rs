//! Sentences about the program. Each runs on SQLite and, when `TEST_DATABASE_URL` is set, on PostgreSQL.
mod durability;
mod edge;
mod identity;
mod organizations;
mod readme;
