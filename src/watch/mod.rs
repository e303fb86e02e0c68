//! Watched directories: what is seen, whether it is complete, whose it is.
//!
//! Each root has a thread of its own. A periodic scan is the truth; notifications from the kernel
//! only make it look sooner. What a dataset's files say decides whether it is complete, and only
//! what has changed since the last look is read again.

mod dataset_name;
mod evidence;
mod hints;
mod ledger;
mod look;
mod path_text;
mod rule;
mod settings;
mod threads;
mod walk;
mod watcher;

pub use dataset_name::dataset_stem;
pub use path_text::{decode_path, encode_path};
pub use rule::{Identity, PathRule, RuleError};
pub use settings::{Patience, WatchedRoot};
pub use threads::{Watching, watch};
pub use watcher::Sightings;
