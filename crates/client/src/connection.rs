//! The connection to a server.

use std::time::Duration;

use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Uri};
use tonic::{Request, Status};

use crate::error::ClientError;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// A silent connection is asked for a sign of life this often, so that a server that vanished
/// without a word is noticed.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// A connection that shows a token with every call, for the clients in [`proto`](crate::proto).
pub type Connection = InterceptedService<Channel, ShowToken>;

/// How a server is reached, beside its address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerOptions {
    /// Token that says who calls.
    pub token: Option<String>,
    /// Certificates, as PEM, of the authority that the server's certificate comes from; without them
    /// those that the system trusts.
    pub authority: Option<Vec<u8>>,
    /// Send the token to another machine without TLS, too: where the network between is safe.
    pub token_in_the_clear: bool,
}

/// A server: its address, and what it is shown.
#[derive(Debug, Clone)]
pub struct Server {
    address: String,
    endpoint: Endpoint,
    token: ShowToken,
}

/// Shows a token with every call, where there is one.
#[derive(Clone, Default)]
pub struct ShowToken(Option<AsciiMetadataValue>);

impl std::fmt::Debug for ShowToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "ShowToken(..)" } else { "ShowToken(none)" })
    }
}

impl Interceptor for ShowToken {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    }
}

impl Server {
    /// The server at an address such as `https://nmr.example:50151`; without a scheme it is `http://`.
    /// Nothing is connected yet.
    ///
    /// ```
    /// use larmor_client::{ClientError, Server, ServerOptions};
    ///
    /// let token = Some("larmor_0123".to_owned());
    /// let options = ServerOptions { token, ..ServerOptions::default() };
    /// assert!(Server::new("https://nmr.example:50151", &options).is_ok());
    /// let refused = Server::new("http://nmr.example:50151", &options).unwrap_err();
    /// assert!(matches!(refused, ClientError::TokenInTheClear { .. }));
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Address`] for what is no address, [`ClientError::Scheme`] for one that is neither
    /// `http` nor `https`, [`ClientError::Tls`] for certificates that cannot be read,
    /// [`ClientError::Token`] for what can be no token, and [`ClientError::TokenInTheClear`] where a
    /// token would go to another machine without TLS.
    pub fn new(address: &str, options: &ServerOptions) -> Result<Self, ClientError> {
        let owned = || address.to_owned();
        let (scheme, url) = match address.split_once("://") {
            None => ("http".to_owned(), format!("http://{address}")),
            Some((scheme, _)) => (scheme.to_ascii_lowercase(), owned()),
        };
        let encrypted = match scheme.as_str() {
            "http" => false,
            "https" => true,
            _ => return Err(ClientError::Scheme { address: owned(), scheme }),
        };
        let mut endpoint = Endpoint::from_shared(url)
            .map_err(|cause| ClientError::Address { address: owned(), cause })?
            .connect_timeout(CONNECT)
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
            .keep_alive_while_idle(true);
        if encrypted {
            let tls = match &options.authority {
                Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
                None => ClientTlsConfig::new().with_native_roots(),
            };
            endpoint = endpoint
                .tls_config(tls)
                .map_err(|cause| ClientError::Tls { address: owned(), cause })?;
        }
        let token = match options.token.as_deref().map(str::trim).filter(|token| !token.is_empty())
        {
            Some(_)
                if !encrypted
                    && !options.token_in_the_clear
                    && !is_this_machine(endpoint.uri()) =>
            {
                return Err(ClientError::TokenInTheClear { address: owned() });
            }
            Some(token) => {
                let value = format!("Bearer {token}").parse();
                let mut value: AsciiMetadataValue = value.map_err(|_| ClientError::Token)?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        Ok(Self { address: owned(), endpoint, token: ShowToken(token) })
    }

    /// Connects.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] when nothing answers, or not as the one that was asked for.
    pub async fn connect(&self) -> Result<Connection, ClientError> {
        let channel = self.endpoint.connect().await;
        let channel = channel
            .map_err(|cause| ClientError::Unreachable { address: self.address.clone(), cause })?;
        Ok(InterceptedService::new(channel, self.token.clone()))
    }

    /// A connection that is made with the first call.
    #[must_use]
    pub fn connect_lazy(&self) -> Connection {
        InterceptedService::new(self.endpoint.connect_lazy(), self.token.clone())
    }
}

impl TryFrom<&str> for Server {
    type Error = ClientError;

    fn try_from(address: &str) -> Result<Self, ClientError> {
        Self::new(address, &ServerOptions::default())
    }
}

/// A connection to the server at an address that asks nobody who he is.
///
/// # Errors
/// Those of [`Server::new`] and [`Server::connect`].
pub async fn connect(address: &str) -> Result<Connection, ClientError> {
    Server::try_from(address)?.connect().await
}

/// Whether what goes there never leaves this machine.
fn is_this_machine(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
