//! Accompaniment: the work of an institution with a beneficiary before, during and after mentoring.
//!
//! - [`cases`]: a beneficiary on accompaniment in an institution, with a specialist.
//! - [`case_problems`]: problems noticed in a case, and their recorded changes.
//! - [`case_contacts`]: contacts of specialists in a case.
//! - [`snapshots`]: how somebody on accompaniment lives, day by day.
//! - [`life_periods`]: forms of care, education, work and hobbies of a beneficiary.
//! - [`consilia`]: sittings that move stages and decide.
//! - [`monthly_records`]: the record of each month of a case, signed.
//! - [`rules`]: quorum, dissents, protocols, teams, tasks and lost contact, in editions.
//! - [`sharing`]: grounds on which another organization reads parts of a case.
//! - [`scales`], [`assessments`]: measures, and how somebody was rated before and after.
//! - [`living`]: programmes of independent living, those who take part, and encounters with work.
//! - [`team`]: the accounts of several organizations that work on a case.
//! - [`transfers`]: another organization takes a case over.
//! - [`plan_forms`]: forms of plans, in editions. [`plans`]: plans with versions, approvals and results.
//! - [`tasks`]: orders with a day, given within an institution or about a case.
//!
//! Invariant: a beneficiary has at most one open case in an institution.
pub mod assessments;
pub mod case_contacts;
pub mod case_problems;
pub mod cases;
pub mod consilia;
pub mod life_periods;
pub mod living;
pub mod monthly_records;
pub mod plan_forms;
pub mod plans;
pub mod rules;
pub mod scales;
pub mod sharing;
pub mod snapshots;
pub mod tasks;
pub mod team;
pub mod transfers;
