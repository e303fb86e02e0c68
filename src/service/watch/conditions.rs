//! What keeps the server from working, told on a stream beside its events.

use tonic::Status;

use super::outlet::Outlet;
use crate::conditions::Conditions;
use crate::service::wire;

/// Tells it at once, then whenever it changes. Returns only when the stream
/// has to end.
pub(super) async fn tell(conditions: Conditions, outlet: &Outlet) -> Result<(), Status> {
    let mut changes = conditions.changes();
    loop {
        outlet.send(wire::conditions(conditions.list())).await?;
        // Never an error: `conditions` is here.
        let _ = changes.changed().await;
    }
}
