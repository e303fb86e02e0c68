//! What is sent back: the acquisition, then its events until there is nothing more to come.

use std::pin::Pin;
use std::task::{Context, Poll};

use prost::Message as _;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::service::watch::Item;
use larmor_client::proto::event::Body;
use larmor_client::proto::submit_fid_response::Message;
use larmor_client::proto::watch_results_response::Message as Streamed;
use larmor_client::proto::{Event, SubmitFidResponse, SubmittedFid, WatchResultsResponse};

/// The answer to one submission.
#[derive(Debug)]
pub(in crate::service) struct Answer {
    submitted: Option<SubmittedFid>,
    /// None once there is nothing more to come.
    events: Option<ReceiverStream<Item>>,
}

impl Answer {
    /// Tells of an acquisition, then its events where some are to come.
    pub(super) fn new(submitted: SubmittedFid, events: Option<ReceiverStream<Item>>) -> Self {
        Self { submitted: Some(submitted), events }
    }
}

impl Stream for Answer {
    type Item = Result<SubmitFidResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let answer = |message| Poll::Ready(Some(Ok(SubmitFidResponse { message: Some(message) })));
        if let Some(submitted) = self.submitted.take() {
            return answer(Message::Submitted(submitted));
        }
        loop {
            let Some(events) = self.events.as_mut() else { return Poll::Ready(None) };
            let event = match Pin::new(events).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => None,
                Poll::Ready(Some(sent)) => match sent.and_then(|message| event(&message)) {
                    // Bookmarks are of no use here.
                    Ok(None) => continue,
                    Ok(Some(event)) => Some(event),
                    Err(status) => {
                        self.events = None;
                        return Poll::Ready(Some(Err(status)));
                    }
                },
            };
            let Some(event) = event else { return Poll::Ready(None) };
            if is_last(&event) {
                self.events = None;
            }
            return answer(Message::Event(event));
        }
    }
}

/// The event that a message of a stream carries.
fn event(message: &[u8]) -> Result<Option<Event>, Status> {
    let message = WatchResultsResponse::decode(message)
        .map_err(|error| Status::internal(format!("an event cannot be passed on: {error}")))?;
    Ok(message.message.and_then(|message| match message {
        Streamed::Event(event) => Some(event),
        Streamed::Bookmark(_) | Streamed::Conditions(_) => None,
    }))
}

/// Whether nothing follows an event but what somebody else brings about.
fn is_last(event: &Event) -> bool {
    match &event.body {
        Some(
            Body::Skipped(_)
            | Body::Failed(_)
            | Body::Vanished(_)
            | Body::Superseded(_)
            | Body::Elucidated(_),
        ) => true,
        Some(Body::Processed(processed)) => !processed.unjudged.is_empty(),
        Some(Body::Discovered(_) | Body::Incomplete(_) | Body::Moved(_)) | None => false,
    }
}
