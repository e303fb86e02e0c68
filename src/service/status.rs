//! What the store says, as a status a client can act on.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use larmor_store::StoreError;

/// Names this service in error details.
const DOMAIN: &str = "larmor";

/// The status for an error of the store.
pub(super) fn of(error: StoreError) -> Status {
    let said = error.to_string();
    match error {
        StoreError::Unavailable(_) => Status::unavailable(said),
        StoreError::NotFound { .. } => Status::not_found(said),
        StoreError::Ambiguous { .. } => Status::invalid_argument(said),
        StoreError::NotReprocessable { state, .. } => detailed(
            Code::FailedPrecondition,
            said,
            "NOT_REPROCESSABLE",
            [("state", state.word().to_owned())],
        ),
        StoreError::CursorTooOld { cursor, oldest } => detailed(
            Code::OutOfRange,
            said,
            "CURSOR_TOO_OLD",
            [("cursor", cursor.to_string()), ("oldest", oldest.to_string())],
        ),
        StoreError::CursorFromFuture { cursor, newest } => detailed(
            Code::OutOfRange,
            said,
            "CURSOR_FROM_FUTURE",
            [("cursor", cursor.to_string()), ("newest", newest.to_string())],
        ),
        error => {
            // What went wrong inside is for the operator, not for every client.
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a call failed because of the database"
            );
            Status::internal("the server could not do this; its log says why")
        }
    }
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
