//! `ShareSample`: a link that shows one sample.

use chrono::{TimeDelta, Utc};
use tonic::{Code, Status};

use super::view::View;
use super::{convert, paging, status};
use crate::access::Secret;
use larmor_client::proto::{ShareSampleRequest, ShareSampleResponse};

/// Days that a link holds when the client does not say, and at most.
const DAYS: (i32, i32) = (30, 365);

pub(super) async fn sample(
    view: &View,
    request: ShareSampleRequest,
) -> Result<ShareSampleResponse, Status> {
    let sample = paging::id(&request.sample_id)?;
    let days = match request.days {
        0 => DAYS.0,
        days if (1..=DAYS.1).contains(&days) => days,
        _ => return Err(Status::invalid_argument("days is not from 1 to 365")),
    };
    if view.caller.credential.is_none() {
        return Err(status::detailed(
            Code::FailedPrecondition,
            "this server asks nobody who he is: whoever reaches it sees the sample without a link"
                .to_owned(),
            "NOBODY_IS_ASKED",
            [],
        ));
    }
    let expires_at = Utc::now() + TimeDelta::days(days.into());
    let secret = Secret::new()
        .map_err(|error| Status::internal(format!("the system gives no secret: {error}")))?;
    let id = view.share_sample(sample, &secret, expires_at).await?;
    Ok(ShareSampleResponse {
        credential_id: id.to_string(),
        secret: secret.reveal().to_owned(),
        path: format!("/sample/{sample}#link={}", secret.reveal()),
        expire_time: Some(convert::timestamp(expires_at)),
    })
}
