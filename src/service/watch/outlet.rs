//! Where the messages of a stream go out to its client.

use std::time::Duration;

use prost::bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::service::status;
use larmor_client::EndReason;

/// What a stream yields.
pub(in crate::service) type Item = Result<Bytes, Status>;

/// The client's end of a stream.
pub(super) struct Outlet {
    pub(super) sender: mpsc::Sender<Item>,
    /// A client that takes nothing for longer is given up.
    pub(super) patience: Duration,
}

impl Outlet {
    pub(super) async fn send(&self, message: Bytes) -> Result<(), Status> {
        match timeout(self.patience, self.sender.send(Ok(message))).await {
            // A closed channel means that the client has gone, which ends the stream.
            Ok(_) => Ok(()),
            Err(_) => Err(status::ended(
                Code::ResourceExhausted,
                format!(
                    "nothing was read for {:.0} s; resume at your cursor and read faster",
                    self.patience.as_secs_f64()
                ),
                EndReason::SlowConsumer,
                [],
            )),
        }
    }
}
