//! Which work a worker takes next.

use larmor_store::{Lease, StoreError, WorkFilter, WorkKind, WorkRange};

use super::worker::{Worker, answered};

impl Worker {
    /// Takes what comes first and works on it; false where there was nothing to take.
    pub(super) async fn take_and_work(&self) -> Result<bool, StoreError> {
        let shared = &self.shared;
        // Nothing else runs beside what ended the process twice.
        let together = shared.alone.read().await;
        let place = shared.backfill.take();
        let range = match &place {
            Some(_) => shared.settings.backfill.range(),
            None => WorkRange::WithoutBackfill,
        };
        match self.lease(range).await? {
            Some(lease) => {
                let place = place.filter(|_| lease.work == WorkKind::Backfill);
                self.work_on(&lease).await;
                if let Some(place) = place {
                    place.rest(shared.work.clone(), shared.drain.clone());
                }
                Ok(true)
            }
            None => {
                drop((together, place));
                self.take_isolated().await
            }
        }
    }

    /// Takes what ended the process twice, while no other worker has anything.
    async fn take_isolated(&self) -> Result<bool, StoreError> {
        let Ok(_alone) = self.shared.alone.try_write() else { return Ok(false) };
        match self.lease(WorkRange::Isolated).await? {
            Some(lease) => {
                self.work_on(&lease).await;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    async fn lease(&self, range: WorkRange) -> Result<Option<Lease>, StoreError> {
        let filter = WorkFilter { range, away: self.shared.away.excluded() };
        answered(self.shared.store.lease(&self.name, &filter)).await
    }
}
