//! What around Larmor keeps it from working, while it does: a database that is away, a share that
//! does not answer. Each is said once when it begins and once when it has passed, and whoever asks
//! whether Larmor serves is told.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
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

/// Something that holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What it is of.
    pub subject: Subject,
    /// Why, as it was said last.
    pub reason: String,
    /// When it was noticed.
    pub since: DateTime<Utc>,
}

/// The conditions that hold now. Cloning shares them.
#[derive(Debug, Clone, Default)]
pub struct Conditions(watch::Sender<BTreeMap<Subject, Condition>>);

impl Conditions {
    /// Begins a condition, which is logged. One that holds keeps its reason: whoever meets it while
    /// doing something else says it in other words.
    pub fn begin(&self, subject: Subject, reason: impl Into<String>) {
        let reason = reason.into();
        let begun = self.0.send_if_modified(|holding| {
            let begins = !holding.contains_key(&subject);
            holding.entry(subject.clone()).or_insert_with(|| Condition {
                subject: subject.clone(),
                reason: reason.clone(),
                since: Utc::now(),
            });
            begins
        });
        if begun {
            warn!(%subject, reason, "work waits until this has passed; nothing is lost");
        }
    }

    /// Begins a condition without a word in the log, where whoever noticed has said it, or gives another
    /// reason for one that holds.
    pub fn hold(&self, subject: Subject, reason: impl Into<String>) {
        let reason = reason.into();
        self.0.send_if_modified(|holding| {
            let since = holding.get(&subject).map_or_else(Utc::now, |held| held.since);
            let condition = Condition { subject: subject.clone(), reason, since };
            holding.insert(subject, condition.clone()) != Some(condition)
        });
    }

    /// Ends a condition, if it holds.
    pub fn end(&self, subject: &Subject) {
        if self.0.send_if_modified(|holding| holding.remove(subject).is_some()) {
            info!(%subject, "this has passed; work goes on");
        }
    }

    /// Those that hold.
    #[must_use]
    pub fn list(&self) -> Vec<Condition> {
        self.0.borrow().values().cloned().collect()
    }

    /// Changes whenever one begins, ends or has another reason.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<BTreeMap<Subject, Condition>> {
        self.0.subscribe()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_holds_with_its_latest_reason_until_it_ends() {
        let conditions = Conditions::default();
        let share = || Subject::Instrument("av500".to_owned());
        conditions.begin(share(), "nothing came for 30 s");
        let begun = conditions.list()[0].since;
        conditions.hold(share(), "the root is empty");
        conditions.begin(Subject::Database, "the disk is full");
        conditions.begin(Subject::Database, "UPDATE was refused");
        let held: Vec<_> =
            conditions.list().into_iter().map(|one| (one.subject, one.reason)).collect();
        let expected = [(Subject::Database, "the disk is full"), (share(), "the root is empty")];
        assert_eq!(held, expected.map(|(subject, reason)| (subject, reason.to_owned())));
        assert_eq!(conditions.list()[1].since, begun);
        conditions.end(&Subject::Database);
        conditions.end(&Subject::Database);
        assert_eq!(conditions.clone().list().len(), 1);
    }

    #[test]
    fn only_what_is_new_is_a_change() {
        let conditions = Conditions::default();
        let mut changes = conditions.changes();
        let mut changed = || {
            let changed = changes.has_changed().unwrap();
            changes.mark_unchanged();
            changed
        };
        conditions.end(&Subject::Database);
        assert!(!changed());
        conditions.begin(Subject::Database, "the disk is full");
        assert!(changed());
        conditions.begin(Subject::Database, "the disk is full");
        assert!(!changed());
        conditions.hold(Subject::Database, "it takes no connections");
        assert!(changed());
        conditions.end(&Subject::Database);
        assert!(changed());
    }
}
