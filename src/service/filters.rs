//! What filters of requests name.

use tonic::Status;

use larmor_client::proto;
use larmor_nmr::elucidation::Verdict;
use larmor_store::{AcquisitionState, EventKind};

/// The state a filter names, if it names one.
pub(super) fn state_filter(number: i32) -> Result<Option<AcquisitionState>, Status> {
    use proto::AcquisitionState as Sent;
    let sent = Sent::try_from(number)
        .map_err(|_| Status::invalid_argument("state is none this server knows"))?;
    Ok(match sent {
        Sent::Unspecified => None,
        Sent::Discovered => Some(AcquisitionState::Discovered),
        Sent::Incomplete => Some(AcquisitionState::Incomplete),
        Sent::Ready => Some(AcquisitionState::Ready),
        Sent::Processing => Some(AcquisitionState::Processing),
        Sent::Done => Some(AcquisitionState::Done),
        Sent::Failed => Some(AcquisitionState::Failed),
        Sent::Skipped => Some(AcquisitionState::Skipped),
        Sent::Vanished => Some(AcquisitionState::Vanished),
        Sent::Superseded => Some(AcquisitionState::Superseded),
    })
}

/// The verdict a filter names, if it names one.
pub(super) fn verdict_filter(number: i32) -> Result<Option<Verdict>, Status> {
    let sent = proto::Verdict::try_from(number)
        .map_err(|_| Status::invalid_argument("verdict is none this server knows"))?;
    Ok(match sent {
        proto::Verdict::Unspecified => None,
        proto::Verdict::Consistent => Some(Verdict::Consistent),
        proto::Verdict::Inconsistent => Some(Verdict::Inconsistent),
        proto::Verdict::Inconclusive => Some(Verdict::Inconclusive),
        proto::Verdict::BestMatch => Some(Verdict::BestMatch),
        proto::Verdict::NoneFits => Some(Verdict::NoneFits),
    })
}

/// A state that a filter of events names.
pub(super) fn state_of_filter(number: i32) -> Result<AcquisitionState, Status> {
    match state_filter(number) {
        Ok(Some(state)) => Ok(state),
        Ok(None) | Err(_) => {
            Err(Status::invalid_argument("states names one this server does not know"))
        }
    }
}

/// A kind of event that a filter names.
pub(super) fn event_kind(number: i32) -> Result<EventKind, Status> {
    match proto::EventKind::try_from(number) {
        Ok(proto::EventKind::Discovered) => Ok(EventKind::Discovered),
        Ok(proto::EventKind::Incomplete) => Ok(EventKind::Incomplete),
        Ok(proto::EventKind::Skipped) => Ok(EventKind::Skipped),
        Ok(proto::EventKind::Failed) => Ok(EventKind::Failed),
        Ok(proto::EventKind::Vanished) => Ok(EventKind::Vanished),
        Ok(proto::EventKind::Superseded) => Ok(EventKind::Superseded),
        Ok(proto::EventKind::Moved) => Ok(EventKind::Moved),
        Ok(proto::EventKind::Processed) => Ok(EventKind::Processed),
        Ok(proto::EventKind::Elucidated) => Ok(EventKind::Elucidated),
        Ok(proto::EventKind::Unspecified) | Err(_) => {
            Err(Status::invalid_argument("kinds names one this server does not know"))
        }
    }
}
