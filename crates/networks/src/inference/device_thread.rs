//! The thread that owns the networks of a device. Every operating system thread that calls torch
//! gets a team of OpenMP workers of its own, so there is one such thread for a device and it
//! lives long.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::hosted::Hosted;
use super::request_queue::{BatchQueue, ModelHandle, request_queue};
use crate::batch_model::BatchModel;
use crate::error::NetworkError;

/// A device thread that is not running yet: networks are added, then it starts.
pub(super) struct DeviceThread {
    queues: Vec<Box<dyn BatchQueue>>,
    wake: SyncSender<()>,
    woken: Receiver<()>,
}

impl DeviceThread {
    pub(super) fn new() -> Self {
        let (wake, woken) = sync_channel(1);
        Self { queues: Vec::new(), wake, woken }
    }

    /// Gives the thread a network that stays where it is.
    #[cfg(test)]
    pub(super) fn add<N: BatchModel>(&mut self, net: N, digest: &str) -> ModelHandle<N> {
        self.host(Hosted::fixed(net), digest)
    }

    /// Gives the thread a network; its handle answers once the thread has started.
    pub(super) fn host<N: BatchModel>(&mut self, net: Hosted<N>, digest: &str) -> ModelHandle<N> {
        let (queue, handle) = request_queue(net, digest, &self.wake);
        self.queues.push(queue);
        handle
    }

    /// Starts the thread; it ends when the last handle is gone.
    pub(super) fn start(self) -> Result<(), NetworkError> {
        let Self { mut queues, wake, woken } = self;
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
                        for queue in &mut queues {
                            worked |= queue.infer_next_batch();
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

    use super::*;
    use crate::acml::{Acml, AcmlComparison, AcmlConfig, AcmlNucleus, AcmlSpectrum};
    use crate::card::ModelCard;
    use crate::inference::error::InferenceError;
    use crate::parameters::Parameters;
    use crate::placement::Placement;
    use larmor_chemistry::Molecule;
    use tch::Device;

    /// Multiplies; a network of another kind answers in words.
    struct Times(u64);
    struct Words;

    fn closed<T>(folder: &Path) -> Result<(T, ModelCard), NetworkError> {
        Err(NetworkError::Device(folder.display().to_string()))
    }

    impl BatchModel for Times {
        type Input = u64;
        type Output = u64;

        fn open(folder: &Path, _: Placement) -> Result<(Self, ModelCard), NetworkError> {
            closed(folder)
        }

        fn batch_len(inputs: &[u64]) -> usize {
            inputs.len().min(3)
        }

        fn infer(&self, inputs: &[u64]) -> Result<Vec<u64>, NetworkError> {
            assert!(!inputs.is_empty() && inputs.len() <= 3);
            match inputs.contains(&13) {
                true => Err(NetworkError::Torch("thirteen".to_owned())),
                false => Ok(inputs.iter().map(|input| input * self.0).collect()),
            }
        }
    }

    impl BatchModel for Words {
        type Input = String;
        type Output = usize;

        fn open(folder: &Path, _: Placement) -> Result<(Self, ModelCard), NetworkError> {
            closed(folder)
        }

        fn batch_len(inputs: &[String]) -> usize {
            inputs.len()
        }

        fn infer(&self, inputs: &[String]) -> Result<Vec<usize>, NetworkError> {
            Ok(inputs.iter().skip(1).map(String::len).collect())
        }
    }

    fn times() -> ModelHandle<Times> {
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
                    assert_eq!(twice.infer(inputs.clone()).unwrap(), times(2));
                    assert_eq!(thrice.infer(inputs.clone()).unwrap(), times(3));
                });
            }
        });
    }

    #[test]
    fn a_failure_is_reported_and_the_next_request_is_answered() {
        let handle = times();
        let failed = handle.infer(vec![1, 2, 3, 13]);
        assert!(matches!(failed, Err(InferenceError::Network(reason)) if reason.contains("thirt")));
        assert_eq!(handle.infer(vec![4]).unwrap(), [8]);
    }

    #[test]
    fn other_questions_are_answered_among_batches() {
        let handle = times();
        std::thread::scope(|scope| {
            for number in 0..20_u64 {
                let handle = &handle;
                scope.spawn(move || match number % 2 {
                    0 => assert_eq!(handle.infer(vec![number]).unwrap(), [2 * number]),
                    _ => assert_eq!(handle.ask(move |net| Ok(net.0 + number)), Ok(2 + number)),
                });
            }
        });
        let failed = handle.ask(|_| Err::<(), _>(NetworkError::Torch("fourteen".to_owned())));
        assert!(matches!(failed, Err(InferenceError::Network(reason)) if reason.contains("fourt")));
    }

    #[test]
    fn a_network_that_answers_too_little_is_found_out() {
        let mut thread = DeviceThread::new();
        let words = thread.add(Words, "abc");
        thread.start().unwrap();
        let failed = words.infer(vec!["one".to_owned(), "two".to_owned()]);
        assert!(matches!(failed, Err(InferenceError::Network(reason)) if reason.contains("1 ans")));
    }

    #[test]
    fn a_handle_of_a_thread_that_never_started_says_so() {
        let mut thread = DeviceThread::new();
        let handle = thread.add(Times(2), "abc");
        drop(thread);
        assert_eq!(handle.infer(vec![1]), Err(InferenceError::Stopped));
    }

    #[test]
    fn each_spectrum_is_held_against_its_own_molecules() {
        let config = AcmlConfig { width: 16, layers: 2, ..AcmlConfig::soft(AcmlNucleus::Carbon) };
        let net =
            Acml::build(&mut Parameters::random(3, Device::Cpu), &config, Device::Cpu).unwrap();
        let mut thread = DeviceThread::new();
        let handle = thread.add(net, "test");
        thread.start().unwrap();
        let graph = |smiles: &str| Molecule::graph_only(smiles).unwrap().graph;
        let ask = |ppm: f64, smiles: &[&str]| AcmlComparison {
            spectrum: AcmlSpectrum::from_shifts([18.0, ppm]),
            molecules: smiles.iter().map(|smiles| graph(smiles)).collect(),
        };
        let alone = handle.infer(vec![ask(58.0, &["CCO"])]).unwrap();
        let company = handle.infer(vec![ask(30.0, &["CC"]), ask(58.0, &["CCO", "CO"])]).unwrap();
        assert_eq!((company[0].len(), company[1].len()), (1, 2));
        assert!((alone[0][0] - company[1][0]).abs() < 1e-3);
        let wrong = AcmlComparison {
            spectrum: AcmlSpectrum::Trace(vec![0.0; 8]),
            molecules: vec![graph("CCO")],
        };
        assert!(matches!(handle.infer(vec![wrong]), Err(InferenceError::Network(_))));
    }
}
