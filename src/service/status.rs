//! What the store says, as a status a client can act on.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use larmor_client::EndReason;
use larmor_store::StoreError;

/// Names this service in error details.
const DOMAIN: &str = "larmor";

/// The status for an error of the store.
pub(super) fn of(error: StoreError) -> Status {
    let said = error.to_string();
    match error {
        StoreError::Unavailable(_) => ended(Code::Unavailable, said, EndReason::DatabaseAway, []),
        StoreError::NotFound { .. } => Status::not_found(said),
        StoreError::Ambiguous { .. } => Status::invalid_argument(said),
        StoreError::NameTaken { .. } => Status::already_exists(said),
        StoreError::NotOneGroup { .. } => Status::failed_precondition(said),
        StoreError::NotReprocessable { state, .. } => detailed(
            Code::FailedPrecondition,
            said,
            "NOT_REPROCESSABLE",
            [("state", state.word().to_owned())],
        ),
        StoreError::CursorTooOld { cursor, oldest } => detailed(
            Code::OutOfRange,
            said,
            EndReason::CursorTooOld.name(),
            [("cursor", cursor.to_string()), ("oldest", oldest.to_string())],
        ),
        StoreError::CursorFromFuture { cursor, newest }
        | StoreError::AnotherHistory { cursor, newest } => detailed(
            Code::OutOfRange,
            said,
            EndReason::CursorFromFuture.name(),
            [("cursor", cursor.to_string()), ("newest", newest.to_string())],
        ),
        error => {
            // What went wrong inside is for the operator, not for every client.
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a call failed because of the database"
            );
            let said = "the server could not do this; its log says why";
            ended(Code::Internal, said.to_owned(), EndReason::ServerFault, [])
        }
    }
}

/// What ends calls when the server shuts down.
pub(super) fn shutting_down() -> Status {
    let said = "the server shuts down; resume at your cursor";
    ended(Code::Unavailable, said.to_owned(), EndReason::ShuttingDown, [])
}

/// A request that is wrong; the message says where.
pub(super) fn invalid_request(message: impl Into<String>) -> Status {
    ended(Code::InvalidArgument, message.into(), EndReason::InvalidRequest, [])
}

/// A status with one of the reasons that a stream ends for.
pub(super) fn ended<const N: usize>(
    code: Code,
    message: String,
    reason: EndReason,
    metadata: [(&str, String); N],
) -> Status {
    detailed(code, message, reason.name(), metadata)
}

/// A status with a reason that programs can compare.
pub(super) fn detailed<const N: usize>(
    code: Code,
    message: String,
    reason: &str,
    metadata: [(&str, String); N],
) -> Status {
    let metadata: HashMap<String, String> =
        metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
    Status::with_error_details(code, message, details)
}
