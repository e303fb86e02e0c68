//! `larmor.toml` and `LARMOR_*`, typed and validated.
//!
//! A setting is one field of one struct in `settings`; its key, its environment variable
//! and its place in the error messages follow from there.

mod check;
mod environment;
mod error;
mod fields;
mod load;
mod models;
mod settings;
mod source;

pub use error::{ConfigError, Origin};
pub use load::{Loaded, load};
pub use settings::{Config, Database, Library, Models, RetentionSettings, Role};
