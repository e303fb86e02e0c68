//! Points of spectra that were processed before points were kept: processed again where the data
//! still are.

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;
use tracing::debug;
use uuid::Uuid;

use larmor_nmr::spectrum::{Peak, PeakClass, ProcessingParameters};
use larmor_nmr::trace::{Drawn, Trace};
use larmor_store::{Store, StoreError, StoredSpectrum};

use super::completion::{LIMIT, Lacking};
use super::compute::ComputeThread;
use super::processing::read_and_process;
use crate::watch::decode_path;

/// Least height, relative to its own, that the points have where the tallest line was picked.
const LEAST_HEIGHT: f32 = 0.5;

/// Traces of stored spectra.
pub(super) struct Traces<'a> {
    pub(super) parameters: &'a ProcessingParameters,
    pub(super) compute: &'a ComputeThread,
    /// The process is to end, whatever hangs.
    pub(super) drain: &'a CancellationToken,
    /// Those of older spectra are not kept.
    pub(super) since: Option<DateTime<Utc>>,
}

impl Lacking for Traces<'_> {
    fn name(&self) -> &'static str {
        "traces"
    }

    async fn next(
        &self,
        store: &Store,
        after: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        store.untraced_spectra(self.since, after, most).await
    }

    async fn make(&self, store: &Store, id: Uuid) -> Result<bool, StoreError> {
        let stored = store.spectrum(id).await?;
        let acquisition = store.acquisition(stored.acquisition).await?;
        let (path, digest) = (decode_path(&acquisition.path), acquisition.digest);
        let parameters = self.parameters.clone();
        let again = self
            .compute
            .execute_until(self.drain.cancelled(), LIMIT, move || {
                read_and_process(&path, digest.as_deref(), &parameters)
            })
            .await;
        let processed = match again {
            Ok(Ok(processed)) => processed,
            Ok(Err(failure)) => {
                debug!(spectrum = %id, reason = failure.reason, "its points cannot be made again");
                return Ok(false);
            }
            Err(error) => {
                debug!(spectrum = %id, %error, "its points cannot be made again");
                return Ok(false);
            }
        };
        let mut trace = processed.spectrum.trace;
        let Some(axis) = stored.axis() else { return Ok(false) };
        // Its axis may have been taken from another spectrum of the tube.
        trace.shift(axis.shift_ppm - processed.referencing.shift_ppm);
        if !shows(&trace, &stored) {
            debug!(spectrum = %id, "its points, made again, do not show its lines");
            return Ok(false);
        }
        store.keep_trace(id, &trace).await
    }
}

/// Whether the points have the tallest picked line where it was picked.
fn shows(trace: &Trace, stored: &StoredSpectrum) -> bool {
    let compound = stored.peaks.iter().filter(|peak| peak.class == PeakClass::Compound);
    let Some(tallest) = compound.max_by(|a, b| height(a).total_cmp(&height(b))) else {
        return true;
    };
    let around = tallest.width_hz / stored.frequency_mhz;
    let window = trace.window(tallest.ppm - around, tallest.ppm + around, trace.len().max(1));
    let Drawn::Points(points) = window.drawn else { return false };
    #[allow(clippy::cast_possible_truncation)]
    let wanted = LEAST_HEIGHT * height(tallest) as f32;
    points.iter().any(|point| point.abs() >= wanted)
}

fn height(peak: &Peak) -> f64 {
    peak.intensity.abs()
}
