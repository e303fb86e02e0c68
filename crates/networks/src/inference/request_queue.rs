//! One network's queue on the device thread, and the handle that fills it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::time::{Duration, Instant};

use super::error::InferenceError;
use super::hosted::Hosted;
use crate::batch_model::BatchModel;
use crate::error::NetworkError;

/// Most requests that may wait for one network.
const QUEUE: usize = 256;
/// How long a batch waits for company.
const WAIT: Duration = Duration::from_millis(1);

type Reply<N> = Result<Vec<<N as BatchModel>::Output>, InferenceError>;

/// Something to be done with a network, with the way back of the answer in it.
type Question<N> = Box<dyn FnOnce(&mut Hosted<N>) + Send>;

/// What waits for a network.
enum Request<N: BatchModel> {
    /// Inputs, which go through it together with those of others.
    Batch(Batch<N>),
    /// Something else that it can do.
    Other(Question<N>),
}

struct Batch<N: BatchModel> {
    inputs: Vec<N::Input>,
    reply: Sender<Reply<N>>,
}

/// Puts questions to a network on the device thread. Cheap to clone; the network runs until the
/// last handle of its device is gone.
pub struct ModelHandle<N: BatchModel> {
    requests: SyncSender<Request<N>>,
    wake: SyncSender<()>,
    digest: Arc<str>,
}

impl<N: BatchModel> Clone for ModelHandle<N> {
    fn clone(&self) -> Self {
        Self {
            requests: self.requests.clone(),
            wake: self.wake.clone(),
            digest: Arc::clone(&self.digest),
        }
    }
}

impl<N: BatchModel> ModelHandle<N> {
    /// Answers the inputs in order. Blocks the calling thread.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    pub fn infer(&self, inputs: Vec<N::Input>) -> Reply<N> {
        let (reply, answer) = channel();
        self.send(Request::Batch(Batch { inputs, reply }))?;
        answer.recv().map_err(|_| InferenceError::Stopped)?
    }

    /// Lets the network do something else than answer batches, in its turn: once more on the
    /// processor where its device fails. Blocks the calling thread.
    ///
    /// # Errors
    /// As [`infer`](Self::infer).
    pub fn ask<T: Send + 'static>(
        &self,
        question: impl Fn(&N) -> Result<T, NetworkError> + Send + 'static,
    ) -> Result<T, InferenceError> {
        let (reply, answer) = channel();
        // A caller that has gone away is no concern.
        self.send(Request::Other(Box::new(move |net| drop(reply.send(net.ask(&question))))))?;
        let answer = answer.recv().map_err(|_| InferenceError::Stopped)?;
        answer.map_err(|error| InferenceError::Network(error.to_string()))
    }

    fn send(&self, request: Request<N>) -> Result<(), InferenceError> {
        self.requests.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => InferenceError::Overloaded { limit: QUEUE },
            TrySendError::Disconnected(_) => InferenceError::Stopped,
        })?;
        // A wake-up that waits already covers this request too.
        match self.wake.try_send(()) {
            Err(TrySendError::Disconnected(())) => Err(InferenceError::Stopped),
            _ => Ok(()),
        }
    }

    /// Identity of the weights: SHA-256 of the weight file, hex.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// A network of whatever kind with its queue, as the device thread sees it.
pub(super) trait BatchQueue: Send {
    /// Answers one batch of what waits; false when nothing does.
    fn infer_next_batch(&mut self) -> bool;
}

struct RequestQueue<N: BatchModel> {
    net: Hosted<N>,
    requests: Receiver<Request<N>>,
}

/// A network with its queue, and the handle that fills it; `wake` wakes the device thread.
pub(super) fn request_queue<N: BatchModel>(
    net: Hosted<N>,
    digest: &str,
    wake: &SyncSender<()>,
) -> (Box<dyn BatchQueue>, ModelHandle<N>) {
    let (sender, requests) = sync_channel(QUEUE);
    let handle = ModelHandle { requests: sender, wake: wake.clone(), digest: digest.into() };
    (Box::new(RequestQueue { net, requests }), handle)
}

impl<N: BatchModel> BatchQueue for RequestQueue<N> {
    fn infer_next_batch(&mut self) -> bool {
        match self.requests.try_recv() {
            Ok(Request::Batch(first)) => {
                let (inputs, replies) = self.gather(first);
                self.answer(&inputs, replies);
            }
            Ok(Request::Other(question)) => question(&mut self.net),
            Err(_) => return false,
        }
        true
    }
}

impl<N: BatchModel> RequestQueue<N> {
    /// Adds requests that wait already or come soon, up to a batch. Returns all inputs, and who
    /// waits for how many of them.
    #[allow(clippy::type_complexity)]
    fn gather(&mut self, first: Batch<N>) -> (Vec<N::Input>, Vec<(Sender<Reply<N>>, usize)>) {
        let deadline = Instant::now() + WAIT;
        let mut replies = vec![(first.reply, first.inputs.len())];
        let mut inputs = first.inputs;
        while N::batch_len(&inputs) >= inputs.len() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.requests.recv_timeout(left) {
                Ok(Request::Batch(mut next)) => {
                    replies.push((next.reply, next.inputs.len()));
                    inputs.append(&mut next.inputs);
                }
                Ok(Request::Other(question)) => question(&mut self.net),
                Err(_) => break,
            }
        }
        (inputs, replies)
    }

    /// Runs the inputs of all requests together; a caller that has gone away is no concern.
    fn answer(&mut self, inputs: &[N::Input], replies: Vec<(Sender<Reply<N>>, usize)>) {
        let mut answers = Vec::with_capacity(inputs.len());
        let mut rest = inputs;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(N::batch_len(rest).clamp(1, rest.len()));
            match self.net.infer(now) {
                Ok(more) if more.len() == now.len() => answers.extend(more),
                outcome => {
                    let reason = match outcome {
                        Err(error) => error.to_string(),
                        Ok(more) => format!("{} answers to {} inputs", more.len(), now.len()),
                    };
                    for (reply, _) in replies {
                        let _ = reply.send(Err(InferenceError::Network(reason.clone())));
                    }
                    return;
                }
            }
            rest = later;
        }
        let mut answers = answers.into_iter();
        for (reply, count) in replies {
            let _ = reply.send(Ok(answers.by_ref().take(count).collect()));
        }
    }
}
