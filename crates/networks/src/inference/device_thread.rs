//! The thread that owns the networks of a device. Every operating system thread that calls torch
//! gets a team of OpenMP workers of its own, so there is one such thread for a device and it
//! lives long.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::Served;
use super::lane::{Handle, Lane, lane};
use crate::NetworkError;

/// A device thread that is not running yet: networks are added, then it starts.
pub(super) struct DeviceThread {
    lanes: Vec<Box<dyn Lane>>,
    wake: SyncSender<()>,
    woken: Receiver<()>,
}

impl DeviceThread {
    pub(super) fn new() -> Self {
        let (wake, woken) = sync_channel(1);
        Self { lanes: Vec::new(), wake, woken }
    }

    /// Gives the thread a network; its handle answers once the thread has started.
    pub(super) fn add<N: Served>(&mut self, net: N, digest: &str) -> Handle<N> {
        let (lane, handle) = lane(net, digest, &self.wake);
        self.lanes.push(lane);
        handle
    }

    /// Starts the thread; it ends when the last handle is gone.
    pub(super) fn start(self) -> Result<(), NetworkError> {
        let Self { mut lanes, wake, woken } = self;
        drop(wake);
        std::thread::Builder::new()
            .name("inference".to_owned())
            .spawn(move || {
                tch::set_num_threads(1);
                while woken.recv().is_ok() {
                    // In turns, so that a long queue of one network keeps none of the others.
                    let mut worked = true;
                    while worked {
                        worked = false;
                        for lane in &mut lanes {
                            worked |= lane.step();
                        }
                    }
                }
            })
            .map(|_| ())
            .map_err(|e| NetworkError::Device(format!("no thread for inference: {e}")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::super::InferenceError;
    use super::*;
    use crate::{ModelCard, Placement};

    /// Multiplies; a network of another kind answers in words.
    struct Times(u64);
    struct Words;

    fn closed<T>(folder: &Path) -> Result<(T, ModelCard), NetworkError> {
        Err(NetworkError::Device(folder.display().to_string()))
    }

    impl Served for Times {
        type Input = u64;
        type Output = u64;

        fn open(folder: &Path, _: Placement) -> Result<(Self, ModelCard), NetworkError> {
            closed(folder)
        }

        fn fitting(inputs: &[u64]) -> usize {
            inputs.len().min(3)
        }

        fn run(&self, inputs: &[u64]) -> Result<Vec<u64>, NetworkError> {
            assert!(!inputs.is_empty() && inputs.len() <= 3);
            match inputs.contains(&13) {
                true => Err(NetworkError::Torch("thirteen".to_owned())),
                false => Ok(inputs.iter().map(|input| input * self.0).collect()),
            }
        }
    }

    impl Served for Words {
        type Input = String;
        type Output = usize;

        fn open(folder: &Path, _: Placement) -> Result<(Self, ModelCard), NetworkError> {
            closed(folder)
        }

        fn fitting(inputs: &[String]) -> usize {
            inputs.len()
        }

        fn run(&self, inputs: &[String]) -> Result<Vec<usize>, NetworkError> {
            Ok(inputs.iter().skip(1).map(String::len).collect())
        }
    }

    fn times() -> Handle<Times> {
        let mut thread = DeviceThread::new();
        let handle = thread.add(Times(2), "abc");
        thread.start().unwrap();
        handle
    }

    #[test]
    fn networks_of_several_kinds_share_a_thread_and_each_caller_gets_its_own_answer() {
        let mut thread = DeviceThread::new();
        let (twice, thrice) = (thread.add(Times(2), "abc"), thread.add(Times(3), "def"));
        thread.start().unwrap();
        assert_eq!((twice.digest(), thrice.digest()), ("abc", "def"));
        std::thread::scope(|scope| {
            for count in 0..40_u64 {
                let (twice, thrice) = (&twice, &thrice);
                scope.spawn(move || {
                    let inputs: Vec<u64> = (100..100 + count).collect();
                    let times = |by| inputs.iter().map(|i| i * by).collect::<Vec<_>>();
                    assert_eq!(twice.run(inputs.clone()).unwrap(), times(2));
                    assert_eq!(thrice.run(inputs.clone()).unwrap(), times(3));
                });
            }
        });
    }

    #[test]
    fn a_failure_is_told_and_the_next_request_is_answered() {
        let handle = times();
        let failed = handle.run(vec![1, 2, 3, 13]);
        assert!(matches!(failed, Err(InferenceError::Network(reason)) if reason.contains("thirt")));
        assert_eq!(handle.run(vec![4]).unwrap(), [8]);
    }

    #[test]
    fn a_network_that_answers_too_little_is_found_out() {
        let mut thread = DeviceThread::new();
        let words = thread.add(Words, "abc");
        thread.start().unwrap();
        let failed = words.run(vec!["one".to_owned(), "two".to_owned()]);
        assert!(matches!(failed, Err(InferenceError::Network(reason)) if reason.contains("1 ans")));
    }

    #[test]
    fn a_handle_of_a_thread_that_never_started_says_so() {
        let mut thread = DeviceThread::new();
        let handle = thread.add(Times(2), "abc");
        drop(thread);
        assert_eq!(handle.run(vec![1]), Err(InferenceError::Stopped));
    }
}
