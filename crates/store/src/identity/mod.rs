//! Which sample data belong to: names that lead to samples, data that are moved on disk, and samples
//! that people rename, merge, split and delete.

mod changes;
mod delete;
mod follow;
mod gone;
mod names;
mod people;
mod transfer;

use std::time::Duration;

pub use changes::{SampleChange, SampleChangeKind};
pub(super) use follow::{Followed, follow};
pub(super) use names::{SampleName, lock_groups};

/// What is gone from one place and turns up at another within this time was moved; what turns up
/// later came back from an archive.
pub(super) const MOVING: Duration = Duration::from_secs(3600);
