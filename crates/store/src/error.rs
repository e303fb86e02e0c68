//! What can go wrong between Larmor and its database.

use std::time::Duration;

use sqlx::migrate::MigrateError;
use uuid::Uuid;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is not one.
    #[error(
        "'{url}' is not a database address; write it as postgres://user@host/database \
         (setting database.url)"
    )]
    Address {
        /// The address, without its password.
        url: String,
        /// What is wrong with it.
        #[source]
        cause: sqlx::Error,
    },
    /// The database is away; what was asked may be asked again.
    #[error("the database cannot be reached; it will be tried again")]
    Unavailable(#[source] sqlx::Error),
    /// The database took a connection and then said nothing.
    #[error("the database did not answer within {} s; it will be tried again", after.as_secs())]
    NoAnswer {
        /// How long it was waited for.
        after: Duration,
    },
    /// The tables could not be brought to this version.
    #[error("the database could not be brought to this version of Larmor")]
    Migration(#[source] MigrateError),
    /// The database refused.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
    /// Something in the database is not what this version writes.
    #[error("the database holds {what} that this version of Larmor does not understand: {found}")]
    Foreign {
        /// What it is.
        what: &'static str,
        /// What stands there.
        found: String,
    },
    /// The points of a spectrum are damaged.
    #[error("the stored points of spectrum {spectrum} cannot be read")]
    Trace {
        /// The spectrum.
        spectrum: Uuid,
        /// Why not.
        #[source]
        cause: larmor_nmr::trace::TraceError,
    },
    /// A value could not be written as JSON.
    #[error("{what} could not be written as JSON")]
    Unwritable {
        /// What it is.
        what: &'static str,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// The lease ran out and someone else has taken the work over.
    #[error("the lease on acquisition {acquisition} was lost: another worker has it")]
    LeaseLost {
        /// The acquisition that was leased.
        acquisition: Uuid,
    },
    /// There is no such thing.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its identity.
        id: String,
    },
    /// Several groups have a sample of this name.
    #[error("several groups have a sample '{sample}', say which: {}", groups.join(", "))]
    Ambiguous {
        /// The name.
        sample: String,
        /// The groups.
        groups: Vec<String>,
    },
    /// A group has a sample of this name already.
    #[error("group {group} has a sample '{name}' already; merge the two, or choose another name")]
    NameTaken {
        /// The group.
        group: String,
        /// The name.
        name: String,
    },
    /// Only two samples of one group can be merged.
    #[error("samples {} and {} are not two samples of one group", samples[0], samples[1])]
    NotOneGroup {
        /// What was to be merged.
        samples: [Uuid; 2],
    },
    /// The acquisition is in a state from which it cannot be processed again.
    #[error("acquisition {acquisition} is {state}: only a done or failed one can be reprocessed")]
    NotReprocessable {
        /// The acquisition.
        acquisition: Uuid,
        /// Its state.
        state: super::AcquisitionState,
    },
    /// Events after this cursor have been removed.
    #[error("cursor {cursor} is too old: events up to {oldest} are no longer kept")]
    CursorTooOld {
        /// The cursor asked for.
        cursor: i64,
        /// The oldest cursor one can resume from.
        oldest: i64,
    },
    /// No event has reached this cursor yet.
    #[error("cursor {cursor} is from the future: the newest event is {newest}")]
    CursorFromFuture {
        /// The cursor asked for.
        cursor: i64,
        /// The newest cursor there is.
        newest: i64,
    },
    /// The log was restored from a backup and went on otherwise than what was read.
    #[error(
        "the event at cursor {cursor} is not the one that was read: the database was restored from \
         a backup; the newest event is {newest}"
    )]
    AnotherHistory {
        /// The cursor asked for.
        cursor: i64,
        /// The newest cursor there is.
        newest: i64,
    },
}

impl StoreError {
    /// True when waiting may help, whatever is asked: the database is away, starting or ending, its
    /// disk is full, or it takes nothing to be written.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::NoAnswer { .. })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(cause: sqlx::Error) -> Self {
        if is_of_the_surroundings(&cause) {
            Self::Unavailable(cause)
        } else {
            Self::Database(cause)
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(cause: MigrateError) -> Self {
        match cause {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
                if is_of_the_surroundings(&cause) =>
            {
                Self::Unavailable(cause)
            }
            cause => Self::Migration(cause),
        }
    }
}

fn is_of_the_surroundings(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // 08: connection; 53: disk full, out of memory, too many connections; 57: shut down by the
        // operator, crashed, starting, cancelled for taking too long; 58: its files cannot be
        // read or written; 25006: read-only, such as a primary that became a standby; 28: this
        // account may not log in now; 55P03: a lock was not to be had in time.
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
            ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class))
                || matches!(code.as_ref(), "25006" | "55P03")
        }),
        _ => false,
    }
}
