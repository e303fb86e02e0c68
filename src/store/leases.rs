//! Leases: which worker may process which acquisition, and until when. A token that only grows
//! fences off workers that lost theirs.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError};

/// The right to process one acquisition for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// The acquisition.
    pub acquisition: Uuid,
    /// Fencing token: the store takes nothing from an older one.
    pub token: i64,
    /// Where the data lie.
    pub path: String,
    /// Vendor of the format.
    pub vendor: String,
    /// SHA-256 over the content that was seen, hex.
    pub digest: Option<String>,
    /// Name of the instrument.
    pub instrument: String,
    /// Group whose data it is.
    pub group: String,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// Experiment number, where the vendor numbers them.
    pub experiment_number: Option<String>,
    /// How often a worker took it up, this time included.
    pub attempts: i32,
    /// When Larmor first saw it.
    pub sighted_at: DateTime<Utc>,
    /// When the spectrometer last wrote to it.
    pub last_written: Option<DateTime<Utc>>,
    /// How many structures had been proposed for the sample when the lease was given.
    pub(super) proposals: i32,
}

impl Store {
    /// Leases the acquisition that has waited longest, if any is due. Two acquisitions of one
    /// sample are never leased at once; a lease that ran out is taken over.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn lease(&self, worker: &str, ttl: Duration) -> Result<Option<Lease>, StoreError> {
        let _ = (worker, ttl);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }

    /// Makes a lease last `ttl` from now.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn heartbeat(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
        let _ = (lease, ttl);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }

    /// Gives an acquisition back unprocessed, at shutdown; the attempt does not count.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let _ = lease;
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }

    /// Records that processing failed: to be tried again after `retry_in`, or for good.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has taken the acquisition over.
    pub async fn fail(
        &self,
        lease: &Lease,
        reason: &str,
        retry_in: Option<Duration>,
    ) -> Result<(), StoreError> {
        let _ = (lease, reason, retry_in);
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }
}
