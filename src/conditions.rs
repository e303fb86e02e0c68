//! What around Larmor keeps it from working, while it does: a database that is away, a share that
//! does not answer. Each is said once when it begins and once when it has passed, and whoever asks
//! whether Larmor serves is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::{info, warn};

/// What a condition is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The database: nothing can be recorded.
    Database,
    /// The data of an instrument: they cannot be reached.
    Instrument(String),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database => f.write_str("the database"),
            Self::Instrument(name) => write!(f, "the data of {name}"),
        }
    }
}

/// The conditions that hold now. Cloning shares them.
#[derive(Debug, Clone, Default)]
pub struct Conditions(Arc<Mutex<BTreeMap<Subject, String>>>);

impl Conditions {
    /// Begins a condition, which is logged, or gives another reason for one that holds.
    pub fn begin(&self, subject: Subject, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.holding().contains_key(&subject) {
            warn!(%subject, reason, "work waits until this has passed; nothing is lost");
        }
        self.hold(subject, reason);
    }

    /// The same without a word in the log: whoever noticed has said it there.
    pub fn hold(&self, subject: Subject, reason: impl Into<String>) {
        self.holding().insert(subject, reason.into());
    }

    /// Ends a condition, if it holds.
    pub fn end(&self, subject: &Subject) {
        if self.holding().remove(subject).is_some() {
            info!(%subject, "this has passed; work goes on");
        }
    }

    /// Those that hold, each with its reason.
    #[must_use]
    pub fn list(&self) -> Vec<(Subject, String)> {
        let holding = self.holding();
        holding.iter().map(|(subject, reason)| (subject.clone(), reason.clone())).collect()
    }

    fn holding(&self) -> MutexGuard<'_, BTreeMap<Subject, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_holds_with_its_latest_reason_until_it_ends() {
        let conditions = Conditions::default();
        let share = || Subject::Instrument("av500".to_owned());
        conditions.begin(share(), "nothing came for 30 s");
        conditions.begin(share(), "the root is empty");
        conditions.begin(Subject::Database, "the disk is full");
        let held = [(Subject::Database, "the disk is full"), (share(), "the root is empty")];
        assert_eq!(conditions.list(), held.map(|(subject, reason)| (subject, reason.to_owned())));
        conditions.end(&Subject::Database);
        conditions.end(&Subject::Database);
        assert_eq!(conditions.clone().list().len(), 1);
    }
}
