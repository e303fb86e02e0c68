//! Who may see and change what: credentials, whose data something is, and a record of what was read
//! and changed.

mod audit;
mod credentials;
mod owner;
mod role;
mod scope;

pub use audit::{AuditEntry, AuditOutcome, AuditRecord};
pub use credentials::{Credential, CredentialKind, NewCredential, StandingCredential};
pub use owner::{Owner, Subject};
pub use role::Role;
pub use scope::Scope;
