//! Watched directories: what lies there, whether it is complete, whose it is.
//!
//! Each root has a thread of its own. A periodic scan is the truth; notifications from the kernel
//! only make it inspect sooner. What a dataset's files say decides whether it is complete, and only
//! what has changed since the last inspection is read again.

mod dataset_name;
mod dataset_search;
mod file_access;
mod file_stamps;
mod inspect;
mod notifications;
mod observed_datasets;
mod passed_over;
mod path_text;
mod rule;
mod settings;
mod threads;
mod watcher;

pub use path_text::{decode_path, encode_path};
pub use rule::{Identity, PathRule, RuleError};
pub use settings::{RootSettings, WatchSettings, WatchedRoot};
pub use threads::{Watching, watch};
pub use watcher::ObservationSink;
