//! Older data as clients see them.

use super::convert::timestamp;
use larmor_client::proto;
use larmor_store::BackfillStatus;

pub(super) fn backfill(stands: BackfillStatus) -> proto::Backfill {
    let estimated_seconds = estimate(&stands);
    proto::Backfill {
        paused: stands.paused,
        changed_by: stands.changed_by,
        changed_at: Some(timestamp(stands.changed_at)),
        waiting: stands.waiting,
        held: stands.held,
        finished_last_hour: stands.finished_last_hour,
        estimated_seconds,
    }
}

/// Seconds until none waits but those that stay, at the rate of the last hour.
#[allow(clippy::cast_precision_loss)]
fn estimate(stands: &BackfillStatus) -> Option<f64> {
    let left = (stands.waiting - stands.held).max(0);
    (stands.finished_last_hour > 0).then(|| left as f64 * 3600.0 / stands.finished_last_hour as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_leaves_out_what_stays() {
        let stands = BackfillStatus {
            paused: false,
            changed_by: String::new(),
            changed_at: chrono::Utc::now(),
            waiting: 1500,
            held: 500,
            finished_last_hour: 2000,
        };
        assert_eq!(estimate(&stands), Some(1800.0));
        assert_eq!(estimate(&BackfillStatus { finished_last_hour: 0, ..stands }), None);
    }
}
