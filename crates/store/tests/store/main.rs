//! What the store promises, against a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod cluster;
mod commits;
mod events;
mod history;
mod leases;
mod lost_data;
mod migration;
mod moves;
mod observations;
mod proposals;
mod questions;
mod retention;
mod reviews;
mod sample_changes;
mod samples;
mod schema;
mod told;
mod traces;
