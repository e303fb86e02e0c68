//! Understand, predict, write. One thread reads, as many as there are cores understand the chemistry,
//! the caller's thread predicts in batches and writes in the order of the file.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::build::Build;
use super::error::LibraryError;
use super::import_report::ImportOptions;
use super::profile::Profile;
use super::source::RawStructure;
use crate::expected_shifts::expected_shifts;
use larmor_chemistry::Molecule;
use larmor_networks::inference::Predictor;
use larmor_nmr::structure::StructureFormat;

/// Records handed from thread to thread at a time; also the size of a prediction batch.
const BATCH: usize = 256;
/// Batches under way at most: bounds memory whatever the input.
const IN_FLIGHT: usize = 24;
/// Batches, and time, after which a checkpoint is due.
const CHECKPOINT_EVERY: u64 = 32;
const CHECKPOINT_AFTER: Duration = Duration::from_secs(3);
/// Threads for chemistry: a molecule's names cost it as much as the network on a CPU and far more
/// than on a GPU. Beyond the most, the one that writes is the slowest.
const CHEMISTS: RangeInclusive<usize> = 2..=12;
/// Canonicalisation recurses with the length of a chain.
const STACK_BYTES: usize = 64 << 20;

type Understood = Result<Molecule, String>;
type Batch<T> = (u64, Vec<T>);

/// Adds every record of `records` to the build.
pub(super) fn add_records(
    build: &mut Build,
    records: impl Iterator<Item = Result<RawStructure, LibraryError>> + Send,
    predictor: &Predictor,
    options: &ImportOptions,
    progress: &mut dyn FnMut(&Build),
) -> Result<(), LibraryError> {
    let skip = usize::try_from(build.state.records).unwrap_or(usize::MAX);
    let failure: Mutex<Option<LibraryError>> = Mutex::new(None);
    let (raw_in, raw_out) = sync_channel::<Batch<RawStructure>>(IN_FLIGHT);
    let (done_in, done_out) = sync_channel::<Batch<(RawStructure, Understood)>>(IN_FLIGHT);
    let (permit_in, permit_out) = sync_channel::<()>(IN_FLIGHT);
    let raw_out = Mutex::new(raw_out);
    let outcome = thread::scope(|scope| {
        let failure = &failure;
        let reader = scope.spawn(move || {
            let records = records.skip(skip);
            if let Err(error) = read_batches(records, &raw_in, &permit_out) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        let mut chemists = Vec::new();
        let cores = thread::available_parallelism().map_or(0, NonZero::get);
        for _ in 0..cores.clamp(*CHEMISTS.start(), *CHEMISTS.end()) {
            let (raw_out, done_in) = (&raw_out, done_in.clone());
            let spawned = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, move || understand_batches(raw_out, &done_in));
            chemists.push(spawned.map_err(|cause| LibraryError::io(Path::new("thread"), cause)));
        }
        drop(done_in);
        let outcome = match chemists.iter_mut().find(|c| c.is_err()) {
            Some(_) => Err(LibraryError::Worker),
            None => collect(build, done_out, permit_in, predictor, options, progress),
        };
        let joined = chemists.into_iter().flatten().all(|c| c.join().is_ok());
        let read = reader.join().is_ok();
        if joined && read { outcome } else { outcome.and(Err(LibraryError::Worker)) }
    });
    // A file that cannot be read to its end is the cause of whatever else went wrong, but what
    // was read stays in the checkpoint: where nothing else went wrong, since a batch that was
    // counted and not predicted must be read again.
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) if outcome.is_ok() => build.checkpoint().and(Err(error)),
        Some(error) => Err(error),
        None => outcome,
    }
}

fn read_batches(
    mut records: impl Iterator<Item = Result<RawStructure, LibraryError>>,
    out: &SyncSender<Batch<RawStructure>>,
    permits: &Receiver<()>,
) -> Result<(), LibraryError> {
    for number in 0.. {
        if permits.recv().is_err() {
            break;
        }
        let mut batch = Vec::with_capacity(BATCH);
        let mut ended = Ok(());
        for record in records.by_ref().take(BATCH) {
            match record {
                Ok(record) => batch.push(record),
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        let last = batch.len() < BATCH;
        if !batch.is_empty() && out.send((number, batch)).is_err() {
            break;
        }
        ended?;
        if last {
            break;
        }
    }
    Ok(())
}

fn understand_batches(
    raw: &Mutex<Receiver<Batch<RawStructure>>>,
    out: &SyncSender<Batch<(RawStructure, Understood)>>,
) {
    loop {
        let next = raw.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, batch)) = next else { return };
        let understood = batch
            .into_iter()
            .map(|record| {
                let molecule = understand(&record);
                (record, molecule)
            })
            .collect();
        if out.send((number, understood)).is_err() {
            return;
        }
    }
}

fn understand(record: &RawStructure) -> Understood {
    let text = record.text.as_ref().map_err(String::clone)?;
    let molecule = match record.format {
        StructureFormat::Smiles => Molecule::from_smiles(text),
        // The library keeps SMILES, so the atoms are counted in the canonical one.
        StructureFormat::Molblock => {
            Molecule::from_molblock(text).and_then(|m| Molecule::from_smiles(&m.smiles))
        }
    }
    .map_err(|error| error.to_string())?;
    if molecule.carbons() == 0 { Err("no carbon in it".to_owned()) } else { Ok(molecule) }
}

fn collect(
    build: &mut Build,
    done: Receiver<Batch<(RawStructure, Understood)>>,
    permits: SyncSender<()>,
    predictor: &Predictor,
    options: &ImportOptions,
    progress: &mut dyn FnMut(&Build),
) -> Result<(), LibraryError> {
    for _ in 0..IN_FLIGHT {
        let _ = permits.try_send(());
    }
    let limit = options.limit.unwrap_or(u64::MAX);
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    let mut kept = Instant::now();
    while build.state.accepted < limit {
        let Ok((number, batch)) = done.recv() else { break };
        waiting.insert(number, batch);
        while let Some(batch) = waiting.remove(&next) {
            take(build, batch, predictor, limit)?;
            next += 1;
            // The reader may be gone already.
            let _ = permits.try_send(());
            if next % CHECKPOINT_EVERY == 0 || kept.elapsed() > CHECKPOINT_AFTER {
                build.checkpoint()?;
                kept = Instant::now();
            }
            progress(build);
        }
    }
    if waiting.is_empty() || build.state.accepted >= limit {
        Ok(())
    } else {
        Err(LibraryError::Worker)
    }
}

/// Predicts and appends one batch.
fn take(
    build: &mut Build,
    batch: Vec<(RawStructure, Understood)>,
    predictor: &Predictor,
    limit: u64,
) -> Result<(), LibraryError> {
    let mut fresh = Vec::new();
    for (record, molecule) in batch {
        if build.state.accepted + fresh.len() as u64 >= limit {
            break;
        }
        build.state.records += 1;
        match molecule {
            Ok(molecule) => {
                if build.is_new(&molecule) {
                    fresh.push((record, molecule));
                }
            }
            Err(reason) => {
                build.reject(record.line, &reason, record.text.as_deref().unwrap_or(""))?;
            }
        }
    }
    let graphs = fresh.iter().map(|(_, molecule)| &molecule.graph);
    let shifts = expected_shifts(predictor, graphs)?;
    for ((record, molecule), shifts) in fresh.iter().zip(&shifts) {
        let text = match (record.format, &record.text) {
            (StructureFormat::Smiles, Ok(text)) => text,
            _ => &molecule.smiles,
        };
        let profile = Profile::new(molecule, shifts);
        build.append(text, record.name.as_deref(), molecule, &profile)?;
    }
    Ok(())
}
