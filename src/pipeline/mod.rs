//! The worker: lease an acquisition, run the road, commit or record the failure.
//!
//! A worker is a task that talks to the store and a thread that computes. The store's lease,
//! kept alive by heartbeats and fenced by a token, makes sure that a result is committed once
//! whatever happens to the worker.

mod backoff;
mod compute;
mod failure;
mod gather;
mod place;
mod pool;
mod road;
mod settings;
mod walk;
mod worker;

pub use pool::{Pipeline, PipelineError};
pub use settings::PipelineSettings;
