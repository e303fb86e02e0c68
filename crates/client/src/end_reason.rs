//! Why a stream ended, in words that programs compare.

use tonic::Status;
use tonic_types::StatusExt;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// Why a server ended a stream or refused to open one: the reason in the
        /// `google.rpc.ErrorInfo` of its status.
        ///
        /// ```
        /// use larmor_client::EndReason;
        /// use tonic::Status;
        ///
        /// let from_elsewhere = Status::unavailable("no route to host");
        /// assert_eq!(EndReason::of(&from_elsewhere), None);
        /// assert_eq!(EndReason::SlowConsumer.name(), "SLOW_CONSUMER");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EndReason {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl EndReason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name that stands in `ErrorInfo`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

reasons! {
    /// The server shuts down: resume at your cursor.
    ShuttingDown = "SHUTTING_DOWN",
    /// Nothing was read for too long: resume at your cursor and read faster.
    SlowConsumer = "SLOW_CONSUMER",
    /// Events after the cursor are no longer kept.
    CursorTooOld = "CURSOR_TOO_OLD",
    /// The cursor comes from another database, or from before this one was restored.
    CursorFromFuture = "CURSOR_FROM_FUTURE",
    /// All clients together have as many streams open as the server takes: try again later.
    TooManyStreams = "TOO_MANY_STREAMS",
    /// This client has as many streams open as one may have: end some.
    TooManyStreamsOfClient = "TOO_MANY_STREAMS_OF_CLIENT",
    /// As many submissions are being received as the server takes: send it later.
    TooManySubmissions = "TOO_MANY_SUBMISSIONS",
    /// Nothing more came of a submission for too long: send it again.
    SlowSender = "SLOW_SENDER",
    /// The request is wrong; the message says where.
    InvalidRequest = "INVALID_REQUEST",
    /// The credential that the stream was opened with was revoked, or its time is over.
    AccessEnded = "ACCESS_ENDED",
    /// The server cannot reach its database: try again later.
    DatabaseAway = "DATABASE_AWAY",
    /// Something went wrong in the server, whose log says what.
    ServerFault = "SERVER_FAULT",
}

impl EndReason {
    /// The reason that a status carries; None where it carries none that this version knows.
    #[must_use]
    pub fn of(status: &Status) -> Option<Self> {
        let info = status.get_details_error_info()?;
        Self::ALL.iter().copied().find(|reason| reason.name() == info.reason)
    }
}
