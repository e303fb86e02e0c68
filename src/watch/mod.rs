//! Watched directories: what lies there, whether it is complete, whose it is.
//!
//! Each root has a thread of its own, and a few more for steps on files, which may hang. A periodic
//! scan is the truth; notifications from the kernel only make it inspect sooner. What a dataset's
//! files say decides whether it is complete, and only what has changed since the last inspection is
//! read again, also after a restart.

mod account;
mod dataset_name;
mod dataset_search;
mod file_access;
mod file_stamps;
mod guarded_files;
mod inspect;
mod notifications;
mod observed_datasets;
mod passed_over;
mod path_text;
mod preview;
mod pulse;
mod quiet;
mod reports;
mod root_presence;
mod rule;
mod scan;
mod settings;
mod sink;
mod steps;
mod store_sink;
mod threads;
mod unreadable;
mod watcher;

pub use inspect::with_inspection;
pub use path_text::{decode_path, encode_path};
pub use preview::{Preview, preview};
pub use rule::{Identity, PathRule, RuleError};
pub use settings::{RootSettings, WatchSettings, WatchedRoot};
pub use sink::ObservationSink;
pub use threads::{Watching, watch};
