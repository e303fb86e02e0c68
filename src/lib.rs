//! The `larmor` daemon and its command line.
//!
//! It watches NMR spectrometers, processes each acquisition, ranks candidate molecules and assigns
//! every peak to atoms. What it does with data lies in crates below it; here is what drives them:
//! [`telemetry`] → [`conditions`] → [`access`] → [`watch`] → [`pipeline`] → [`service`] → [`web`] → [`config`] → [`cli`], each importing
//! only from those before it.

pub mod access;
pub mod cli;
pub mod conditions;
pub mod config;
mod duration;
pub mod pipeline;
pub mod service;
pub mod telemetry;
pub mod watch;
pub mod web;
