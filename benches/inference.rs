//! Molecules a second through the networks: one thread, by size of batch. Weights do not matter
//! for speed, so that what is not trained yet is measured with random ones.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use larmor::molecule::{MolecularGraph, Molecule};
use larmor::network::{Acml, AcmlConfig, AcmlNucleus, Parameters, ShiftEnsemble};
use tch::Device;

/// Molecules of the test set of MOSES, drug-like, 21 heavy atoms on average.
fn molecules(count: usize) -> Vec<MolecularGraph> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("third_party/test-data/molsets/test.csv")).unwrap();
    let smiles = text.lines().skip(1).filter_map(|line| line.split(',').next());
    smiles.filter_map(|s| Molecule::graph_only(s).ok()).map(|m| m.graph).take(count).collect()
}

fn networks(bencher: &mut Criterion) {
    tch::set_num_threads(1);
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default");
    let (shifts, _) = ShiftEnsemble::open(&models.join("shift"), Device::Cpu).unwrap();
    let config = AcmlConfig::new(AcmlNucleus::Carbon);
    let acml = Acml::build(&mut Parameters::random(1, Device::Cpu), &config, Device::Cpu).unwrap();
    let molecules = molecules(256);
    let mut group = bencher.benchmark_group("networks");
    group.sample_size(10).warm_up_time(Duration::from_secs(1));
    for batch in [1, 16, 64, 256] {
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(format!("shifts of {batch}"), |b| {
            b.iter(|| shifts.predict(&molecules[..batch]).unwrap());
        });
        group.bench_function(format!("embeddings of {batch}"), |b| {
            b.iter(|| acml.embed_molecules(&molecules[..batch]).unwrap());
        });
    }
    group.finish();
    bencher.bench_function("structures read", |b| {
        b.iter(|| Molecule::graph_only("COc1ccc(-c2cc(=O)c3c(O)c(OC)c(OC)cc3o2)cc1O").unwrap());
    });
}

criterion_group!(benches, networks);
criterion_main!(benches);
