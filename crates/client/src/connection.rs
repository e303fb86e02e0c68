//! The connection to a server.

use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use crate::error::ClientError;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// A silent connection is asked for a sign of life this often, so that a server that vanished
/// without a word is noticed.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// The server at an address such as `http://127.0.0.1:50151`; `http://` may be left out. Nothing is
/// connected yet.
///
/// ```
/// use larmor_client::{ClientError, endpoint};
///
/// let endpoint = endpoint("127.0.0.1:50151")?;
/// assert_eq!(endpoint.uri().to_string(), "http://127.0.0.1:50151/");
/// # Ok::<(), ClientError>(())
/// ```
///
/// # Errors
/// [`ClientError::Address`] for what is no address, [`ClientError::Scheme`] for an `https://`
/// address: the connection would not be encrypted as it says.
pub fn endpoint(address: &str) -> Result<Endpoint, ClientError> {
    let url = match address.split_once("://") {
        None => format!("http://{address}"),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => address.to_owned(),
        Some((scheme, _)) => {
            let scheme = scheme.to_ascii_lowercase();
            return Err(ClientError::Scheme { address: address.to_owned(), scheme });
        }
    };
    let endpoint = Endpoint::from_shared(url)
        .map_err(|cause| ClientError::Address { address: address.to_owned(), cause })?;
    Ok(endpoint
        .connect_timeout(CONNECT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE)
        .keep_alive_while_idle(true))
}

/// A connection to the server at an address, for the clients in [`proto`](crate::proto).
///
/// # Errors
/// Those of [`endpoint`], and [`ClientError::Unreachable`] when nothing answers.
pub async fn connect(address: &str) -> Result<Channel, ClientError> {
    endpoint(address)?
        .connect()
        .await
        .map_err(|cause| ClientError::Unreachable { address: address.to_owned(), cause })
}
