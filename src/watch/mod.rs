//! Watched directories: what is seen, whether it is complete, whose it is.

mod path_text;
mod rule;

pub use path_text::{decode_path, encode_path};
pub use rule::{Identity, PathRule, RuleError};
