//! Messages of a stream in the form they are sent in. They are encoded once, however many streams
//! carry them.

use prost::Message as _;
use prost::bytes::{BufMut, Bytes};
use tonic::Status;
use tonic::codec::{Codec, EncodeBuf, Encoder};
use tonic_prost::{ProstCodec, ProstDecoder};

use super::convert;
use crate::conditions::Condition;
use larmor_client::proto;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Bookmark, WatchResultsRequest, WatchResultsResponse};
use larmor_store::Event;

/// The message that carries an event.
pub(super) fn event(event: Event) -> Bytes {
    encoded(Message::Event(convert::event(event)))
}

/// The message that tells where a stream is.
pub(super) fn bookmark(cursor: i64) -> Bytes {
    encoded(Message::Bookmark(Bookmark { cursor }))
}

/// The message that tells what keeps the server from working.
pub(super) fn conditions(conditions: Vec<Condition>) -> Bytes {
    let conditions = convert::conditions(conditions);
    encoded(Message::Conditions(proto::Conditions { conditions }))
}

fn encoded(message: Message) -> Bytes {
    WatchResultsResponse { message: Some(message) }.encode_to_vec().into()
}

/// Reads requests, and sends answers that are encoded already.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EncodedAnswers;

impl Codec for EncodedAnswers {
    type Encode = Bytes;
    type Decode = WatchResultsRequest;
    type Encoder = Self;
    type Decoder = ProstDecoder<WatchResultsRequest>;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<WatchResultsResponse, WatchResultsRequest>::default().decoder()
    }
}

impl Encoder for EncodedAnswers {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}
