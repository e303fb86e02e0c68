//! The whole daemon: the real program, a real Postgres, real acquisitions, real gRPC.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bruker;
mod credentials;
mod events;
mod model;
mod running;

mod access;
mod axis;
mod configuration;
mod discovery;
mod doctor;
mod faults;
mod files;
mod folders;
mod history;
mod judging;
mod load;
mod page;
mod queue;
mod retention;
mod roles;
mod service_manager;
mod stream_cost;
mod streams;
mod submission;
mod surroundings;
