//! Who calls, and what he may see and change: the one place that decides it. A secret leads to a
//! credential, a credential to a role and to groups; a rule for each call of the protocol says which
//! role it asks for. Rows are held against the groups where they are read.

mod audit;
mod caller;
mod denial;
mod directory;
mod rules;
mod secret;
mod settings;

pub use audit::Audit;
pub use caller::Caller;
pub use denial::Denial;
pub use directory::{Access, Grant};
pub use rules::{Effect, Rule, rule};
pub use secret::Secret;
pub use settings::AccessSettings;
