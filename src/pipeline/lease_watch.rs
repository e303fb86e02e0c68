//! Work of workers that went without a word is taken back, by whichever process sees it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tracing::{debug, warn};
use uuid::Uuid;

use larmor_store::{HeldLease, Store};

/// A worker that has told nothing for so long has gone.
const LEASE: Duration = Duration::from_secs(15);
/// Between two looks.
const PERIOD: Duration = Duration::from_secs(2);

/// What one process has seen of all leases. Time is counted by its own clock, which never goes back.
#[derive(Debug, Default)]
struct SeenLeases {
    /// By acquisition and token: the renewals, and when they were seen first.
    seen: HashMap<(Uuid, i64), (i64, Instant)>,
    looked: Option<Instant>,
}

impl SeenLeases {
    /// Nothing is known of the time before: the database was away, or this process did not run.
    fn forget(&mut self) {
        self.seen.clear();
        self.looked = None;
    }

    /// Notes every lease that there is, and tells those that have not changed for long enough.
    fn note(&mut self, held: &[HeldLease], now: Instant) -> Vec<HeldLease> {
        // Stopped meanwhile: so may have been those who would have told something.
        if self.looked.is_some_and(|last| now.duration_since(last) > 3 * PERIOD) {
            self.forget();
        }
        self.looked = Some(now);
        let before = std::mem::take(&mut self.seen);
        let mut abandoned = Vec::new();
        for lease in held {
            let key = (lease.acquisition, lease.token);
            let since = match before.get(&key) {
                Some(&(renewals, since)) if renewals == lease.renewals => since,
                _ => now,
            };
            self.seen.insert(key, (lease.renewals, since));
            if now.duration_since(since) >= LEASE {
                abandoned.push(*lease);
            }
        }
        abandoned
    }
}

/// Watches for ever.
pub(super) async fn take_back_abandoned(store: &Store) {
    let mut seen = SeenLeases::default();
    loop {
        match store.held_leases().await {
            Ok(held) => {
                for lease in seen.note(&held, Instant::now()) {
                    take_back(store, &lease).await;
                }
            }
            Err(error) => {
                debug!(%error, "leases cannot be watched for now");
                seen.forget();
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

async fn take_back(store: &Store, lease: &HeldLease) {
    match store.take_back(lease).await {
        Ok(true) => warn!(
            acquisition = %lease.acquisition,
            "its worker went without a word; it is processed again"
        ),
        Ok(false) => {}
        Err(error) => debug!(%error, "a lease could not be taken back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(number: u128, renewals: i64) -> HeldLease {
        HeldLease { acquisition: Uuid::from_u128(number), token: 7, renewals }
    }

    /// Looks every two seconds; tells what was found abandoned at each look.
    fn looks(seen: &mut SeenLeases, from: Instant, held: &[&[HeldLease]]) -> Vec<usize> {
        let look =
            |(number, held): (u32, &&[HeldLease])| seen.note(held, from + number * PERIOD).len();
        (0..).zip(held).map(look).collect()
    }

    #[test]
    fn only_a_worker_that_tells_nothing_loses_its_lease() {
        let begin = Instant::now();
        let silent: Vec<HeldLease> = vec![lease(1, 3); 9];
        let telling: Vec<HeldLease> = (0..9).map(|renewals| lease(2, renewals)).collect();
        let both: Vec<Vec<HeldLease>> =
            silent.iter().zip(&telling).map(|(one, other)| vec![*one, *other]).collect();
        let both: Vec<&[HeldLease]> = both.iter().map(Vec::as_slice).collect();
        let mut seen = SeenLeases::default();
        assert_eq!(looks(&mut seen, begin, &both), [0, 0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn a_time_that_was_not_watched_does_not_count() {
        let begin = Instant::now();
        let mut seen = SeenLeases::default();
        let one = [lease(1, 3)];
        let held: [&[HeldLease]; 5] = [&one; 5];
        assert_eq!(looks(&mut seen, begin, &held), [0; 5]);
        assert_eq!(looks(&mut seen, begin + Duration::from_secs(60), &held), [0; 5], "stopped");
        seen.forget();
        assert_eq!(looks(&mut seen, begin + Duration::from_secs(70), &held), [0; 5], "away");
    }

    #[test]
    fn another_lease_on_the_same_acquisition_is_another_one() {
        let begin = Instant::now();
        let mut seen = SeenLeases::default();
        let taken = HeldLease { token: 8, ..lease(1, 3) };
        let one = [lease(1, 3)];
        let held: [&[HeldLease]; 9] = [&one; 9];
        assert_eq!(looks(&mut seen, begin, &held[..8]), [0; 8]);
        assert!(seen.note(&[taken], begin + 8 * PERIOD).is_empty());
    }
}
