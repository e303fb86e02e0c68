//! The server that a command asks, and what it is shown.

use std::fs;
use std::path::PathBuf;

use larmor_client::{Connection, Server, ServerOptions};
use larmor_command_line::CommandError;

/// Where a token is looked for that no file is named of: never on the command line, which everybody on
/// the machine can read.
const TOKEN: &str = "LARMOR_TOKEN";

/// The server and the form of what is printed.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Address of the server, http:// or https://.
    #[arg(
        long,
        value_name = "URL",
        env = "LARMOR_ADDRESS",
        default_value = "http://127.0.0.1:50151"
    )]
    pub(super) address: String,
    /// File that holds the token which says who you are (else: the variable LARMOR_TOKEN).
    #[arg(long, value_name = "FILE", env = "LARMOR_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// File with the certificate, PEM, of the authority that the server's certificate comes from
    /// (else: those that this machine trusts).
    #[arg(long, value_name = "FILE", env = "LARMOR_CA")]
    ca: Option<PathBuf>,
    /// Send the token without TLS to another machine, too: where the network between is safe.
    #[arg(long)]
    plaintext: bool,
    /// One line of JSON for each entry instead of text; docs/api.md says what is in it.
    #[arg(long)]
    pub(super) json: bool,
}

impl Common {
    /// The server.
    pub(super) fn server(&self) -> Result<Server, CommandError> {
        let read = |path: &PathBuf| {
            fs::read(path).map_err(|cause| format!("cannot read {}: {cause}", path.display()))
        };
        let token = match &self.token_file {
            Some(path) => Some(String::from_utf8_lossy(&read(path)?).into_owned()),
            None => token_of_environment(),
        };
        let authority = self.ca.as_ref().map(read).transpose()?;
        let options = ServerOptions { token, authority, token_in_the_clear: self.plaintext };
        Ok(Server::new(&self.address, &options)?)
    }

    /// Under which name something is done: a token has a name of its own.
    pub(super) fn by(&self) -> String {
        if self.token_file.is_some() || token_of_environment().is_some() {
            return String::new();
        }
        std::env::var("USER").unwrap_or_else(|_| "somebody".to_owned())
    }

    /// A connection to it.
    pub(super) async fn connect(&self) -> Result<Connection, CommandError> {
        Ok(self.server()?.connect().await?)
    }
}

fn token_of_environment() -> Option<String> {
    std::env::var(TOKEN).ok().filter(|token| !token.is_empty())
}
