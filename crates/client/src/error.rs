//! What can go wrong between a client and its server.

use std::io;
use std::path::PathBuf;

use tonic::{Code, Status, transport};
use tonic_types::StatusExt;

use crate::end_reason::EndReason;

/// Why a server cannot be reached, or what it answered instead of a result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The address cannot be read.
    #[error("'{address}' is not an address such as http://host:50151: {cause}")]
    Address {
        /// The address as it was given.
        address: String,
        /// What is wrong with it.
        #[source]
        cause: transport::Error,
    },
    /// The address asks for something other than HTTP/2.
    #[error("'{address}' asks for {scheme}, but Larmor speaks http:// and https:// only")]
    Scheme {
        /// The address as it was given.
        address: String,
        /// What it asks for, such as `ftp`.
        scheme: String,
    },
    /// The certificates of the authority cannot be read.
    #[error("no encrypted connection to {address} can be made: {cause}")]
    Tls {
        /// The address as it was given.
        address: String,
        /// Why not.
        #[source]
        cause: transport::Error,
    },
    /// A token cannot be shown.
    #[error("the token has signs in it that none has; is it the whole line that was printed?")]
    Token,
    /// A token would go to another machine without TLS.
    #[error(
        "the token would cross the network to {address} in the clear: name its https:// address, or \
         say that the network between is safe"
    )]
    TokenInTheClear {
        /// The address as it was given.
        address: String,
    },
    /// Nothing answers at the address.
    #[error("no server answers at {address}; is larmor serve running?")]
    Unreachable {
        /// The address as it was given.
        address: String,
        /// Why not.
        #[source]
        cause: transport::Error,
    },
    /// A dataset that was to be submitted cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Unreadable {
        /// File or directory.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// The server, its database or the connection is away; the same call may succeed later.
    #[error("the server cannot answer now: {}", .0.message())]
    Unavailable(Box<Status>),
    /// Events after the cursor are no longer kept: read the state with `ListResults`, then follow
    /// from `oldest`.
    #[error("{}", .status.message())]
    CursorTooOld {
        /// The oldest cursor that can be followed from.
        oldest: i64,
        /// What the server said.
        status: Box<Status>,
    },
    /// The cursor comes from another database, or from before this one was restored.
    #[error("{}", .status.message())]
    CursorFromFuture {
        /// Cursor of the newest event there is.
        newest: i64,
        /// What the server said.
        status: Box<Status>,
    },
    /// A limit of the server is reached; the same call may succeed later, or with less open.
    #[error("{}", .0.message())]
    Exhausted(Box<Status>),
    /// The server refused the call; calling again would end the same way.
    #[error("{}", .0.message())]
    Refused(Box<Status>),
}

impl ClientError {
    /// The status that the server answered with, where it answered.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Unavailable(status)
            | Self::Exhausted(status)
            | Self::Refused(status)
            | Self::CursorTooOld { status, .. }
            | Self::CursorFromFuture { status, .. } => Some(status),
            Self::Address { .. }
            | Self::Scheme { .. }
            | Self::Tls { .. }
            | Self::Token
            | Self::TokenInTheClear { .. }
            | Self::Unreachable { .. }
            | Self::Unreadable { .. } => None,
        }
    }

    /// Why the server ended the stream or refused the call, where it said so.
    #[must_use]
    pub fn reason(&self) -> Option<EndReason> {
        EndReason::of(self.status()?)
    }
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        match status.code() {
            Code::Unavailable => return Self::Unavailable(Box::new(status)),
            Code::ResourceExhausted => return Self::Exhausted(Box::new(status)),
            _ => {}
        }
        let info = status.get_details_error_info();
        let cursor = |name: &str| info.as_ref()?.metadata.get(name)?.parse().ok();
        match EndReason::of(&status) {
            Some(EndReason::CursorTooOld) => match cursor("oldest") {
                Some(oldest) => Self::CursorTooOld { oldest, status: Box::new(status) },
                None => Self::Refused(Box::new(status)),
            },
            Some(EndReason::CursorFromFuture) => match cursor("newest") {
                Some(newest) => Self::CursorFromFuture { newest, status: Box::new(status) },
                None => Self::Refused(Box::new(status)),
            },
            _ => Self::Refused(Box::new(status)),
        }
    }
}
