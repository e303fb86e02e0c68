//! What the gRPC services promise, over a real connection and a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod calls;
mod command;
mod http;
mod limits;
mod sample_changes;
mod samples;
mod search;
mod submission;
mod tail;
mod tls;
mod watch;
