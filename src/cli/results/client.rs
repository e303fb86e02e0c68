//! The connection to a server.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use larmor_command_line::CommandError;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// A silent connection is asked for a sign of life this often, so that a server that vanished
/// without a word is noticed.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// The server at an address; `http://` may be left out.
pub(super) fn endpoint(address: &str) -> Result<Endpoint, CommandError> {
    let url =
        if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let endpoint = Endpoint::from_shared(url).map_err(|cause| {
        format!("'{address}' is not an address such as http://host:50151: {cause}")
    })?;
    Ok(endpoint
        .connect_timeout(CONNECT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE)
        .keep_alive_while_idle(true))
}

/// A connection to the server.
pub(super) async fn connect(address: &str) -> Result<Channel, CommandError> {
    endpoint(address)?
        .connect()
        .await
        .map_err(|_| format!("no server answers at {address}; is larmor serve running?").into())
}

/// What a status means, in a sentence.
pub(super) fn explain(status: Status) -> CommandError {
    match status.code() {
        Code::Unavailable => format!("the server cannot answer now: {}", status.message()).into(),
        _ => status.message().to_owned().into(),
    }
}
