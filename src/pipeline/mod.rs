//! The worker: lease an acquisition, process it, commit or record the failure.
//!
//! A worker is a task that talks to the store and a thread that computes. The store's lease,
//! renewed while work goes on and fenced by a token, makes sure that a result is committed once
//! whatever happens to the worker.

mod away;
mod backfill;
mod completion;
mod compute;
mod embedding;
mod failure;
mod gather;
mod lease_watch;
mod pool;
mod processing;
mod processing_run;
mod reading;
mod sample_axis;
mod settings;
mod substitute;
mod taking;
mod traces;
mod worker;

pub(crate) use gather::sample_spectrum;
pub use pool::{Pipeline, PipelineError, Surroundings};
pub use settings::{BackfillSettings, PipelineSettings};
