//! What the store promises, against a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cluster;
mod commits;
mod events;
mod history;
mod leases;
mod migration;
mod observations;
mod proposals;
mod questions;
mod reviews;
mod samples;
mod schema;
mod traces;
