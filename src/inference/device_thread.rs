//! The thread that owns a network. Every operating system thread that calls torch gets a team of
//! OpenMP workers of its own, so there is one such thread for a device and it lives long.

use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::time::{Duration, Instant};

use super::{InferenceError, PredictShifts};
use crate::molecule::MolecularGraph;
use crate::network::{NetworkError, PredictedShifts, ShiftEnsemble};

/// Most requests that may wait.
const QUEUE: usize = 256;
/// Most atoms in one batch: bounds memory and keeps the tensors in the cache.
const BATCH_ATOMS: usize = 8_192;
/// Most pairs of places in one batch once every molecule is padded to the longest.
const BATCH_PAIRS: usize = 1 << 21;
/// How long a batch waits for company.
const WAIT: Duration = Duration::from_millis(1);

type Reply = Result<Vec<PredictedShifts>, InferenceError>;

struct Request {
    graphs: Vec<MolecularGraph>,
    reply: Sender<Reply>,
}

pub(super) struct DeviceThread {
    queue: SyncSender<Request>,
    digest: String,
}

impl DeviceThread {
    pub(super) fn start(net: ShiftEnsemble, digest: String) -> Result<Self, NetworkError> {
        let (queue, requests) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("inference".to_owned())
            .spawn(move || run(&net, &requests))
            .map_err(|e| NetworkError::Device(format!("no thread for inference: {e}")))?;
        Ok(Self { queue, digest })
    }
}

impl PredictShifts for DeviceThread {
    fn predict_shifts(&self, graphs: Vec<MolecularGraph>) -> Reply {
        let (reply, answer) = channel();
        self.queue.try_send(Request { graphs, reply }).map_err(|error| match error {
            TrySendError::Full(_) => InferenceError::Overloaded { limit: QUEUE },
            TrySendError::Disconnected(_) => InferenceError::Stopped,
        })?;
        answer.recv().map_err(|_| InferenceError::Stopped)?
    }

    fn model_digest(&self) -> &str {
        &self.digest
    }
}

fn run(net: &ShiftEnsemble, requests: &Receiver<Request>) {
    tch::set_num_threads(1);
    while let Ok(first) = requests.recv() {
        let batch = gather(first, requests);
        answer(net, batch);
    }
}

/// Adds requests that wait already or come soon, up to a batch.
fn gather(first: Request, requests: &Receiver<Request>) -> Vec<Request> {
    let deadline = Instant::now() + WAIT;
    let mut atoms = count_atoms(&first.graphs);
    let mut batch = vec![first];
    while atoms < BATCH_ATOMS {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(next) = requests.recv_timeout(left) else { break };
        atoms += count_atoms(&next.graphs);
        batch.push(next);
    }
    batch
}

/// Runs the graphs of all requests together; a caller that has gone away is no concern.
fn answer(net: &ShiftEnsemble, batch: Vec<Request>) {
    let counts: Vec<usize> = batch.iter().map(|request| request.graphs.len()).collect();
    let (graphs, replies): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|request| (request.graphs, request.reply)).unzip();
    let graphs: Vec<MolecularGraph> = graphs.into_iter().flatten().collect();
    match predict(net, &graphs) {
        Ok(predicted) => {
            let mut predicted = predicted.into_iter();
            for (reply, count) in replies.iter().zip(counts) {
                let _ = reply.send(Ok(predicted.by_ref().take(count).collect()));
            }
        }
        Err(error) => {
            let error = InferenceError::Network(error.to_string());
            for reply in &replies {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}

fn predict(
    net: &ShiftEnsemble,
    graphs: &[MolecularGraph],
) -> Result<Vec<PredictedShifts>, NetworkError> {
    let mut predicted = Vec::with_capacity(graphs.len());
    let mut rest = graphs;
    while !rest.is_empty() {
        let (mut atoms, mut longest) = (0, 0);
        let fitting = rest
            .iter()
            .enumerate()
            .take_while(|(before, graph)| {
                atoms += graph.len();
                longest = longest.max(graph.len());
                atoms <= BATCH_ATOMS && (before + 1) * longest * longest <= BATCH_PAIRS
            })
            .count()
            .max(1);
        let (now, later) = rest.split_at(fitting);
        predicted.extend(net.predict(now)?);
        rest = later;
    }
    Ok(predicted)
}

fn count_atoms(graphs: &[MolecularGraph]) -> usize {
    graphs.iter().map(MolecularGraph::len).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::molecule::Molecule;
    use crate::network::{Parameters, ShiftConfig, ShiftNet};
    use tch::Device;

    fn predictor() -> DeviceThread {
        let mut parameters = Parameters::random(7, Device::Cpu);
        let config =
            ShiftConfig { layers: 2, width: 16, dropout: 0.1, attention_every: 2, solvent: true };
        let net = ShiftNet::build(&mut parameters, config).unwrap();
        let net = ShiftEnsemble::single(net, Device::Cpu);
        DeviceThread::start(net, "test".to_owned()).unwrap()
    }

    fn graph(smiles: &str) -> MolecularGraph {
        Molecule::graph_only(smiles).unwrap().graph
    }

    #[test]
    fn a_molecule_is_predicted_alike_alone_and_in_company() {
        let predictor = predictor();
        let alone = predictor.predict_shifts(vec![graph("CCO")]).unwrap();
        let company = predictor.predict_shifts(vec![graph("c1ccccc1"), graph("CCO")]).unwrap();
        for (a, b) in alone[0].c13.iter().zip(&company[1].c13) {
            assert_eq!(a.is_some(), b.is_some());
            if let (Some(a), Some(b)) = (a, b) {
                assert!((a.ppm - b.ppm).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn equivalent_atoms_get_equal_shifts_and_only_carbons_get_13c() {
        let predicted = predictor().predict_shifts(vec![graph("Cc1ccccc1O")]).unwrap();
        assert!(predicted[0].c13[7].is_none() && predicted[0].h1[7].is_some());
        let toluene = predictor().predict_shifts(vec![graph("Cc1ccccc1")]).unwrap();
        let ortho = [2, 6].map(|atom| toluene[0].c13[atom].unwrap().ppm);
        assert!((ortho[0] - ortho[1]).abs() < 1e-3);
    }

    #[test]
    fn many_threads_are_served_each_its_own_answer() {
        let predictor = predictor();
        std::thread::scope(|scope| {
            for carbons in 1..20 {
                let predictor = &predictor;
                scope.spawn(move || {
                    let predicted =
                        predictor.predict_shifts(vec![graph(&"C".repeat(carbons))]).unwrap();
                    assert_eq!(predicted[0].c13.len(), carbons);
                });
            }
        });
    }

    #[test]
    fn no_molecules_give_no_predictions() {
        assert!(predictor().predict_shifts(Vec::new()).unwrap().is_empty());
    }
}
