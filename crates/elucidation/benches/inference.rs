//! Molecules a second through the networks: one thread, by size of batch. Weights do not matter
//! for speed, so that what is not trained yet is measured with random ones.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_fixtures::{project, test_data};
use larmor_networks::{
    Acml, AcmlConfig, AcmlNucleus, Parameters, ShiftConfig, ShiftEnsemble, ShiftNet,
};
use tch::Device;

/// Molecules of the test set of MOSES, drug-like, 21 heavy atoms on average.
fn molecules(count: usize) -> Vec<MolecularGraph> {
    let text = fs::read_to_string(test_data("molsets/test.csv")).unwrap();
    let smiles = text.lines().skip(1).filter_map(|line| line.split(',').next());
    smiles.filter_map(|s| Molecule::graph_only(s).ok()).map(|m| m.graph).take(count).collect()
}

/// Two networks, each with half of the molecules on a thread of its own.
fn on_two_threads<N: Send>(
    networks: &mut [N; 2],
    molecules: &[MolecularGraph],
    run: impl Fn(&N, &[MolecularGraph]) + Sync,
) {
    std::thread::scope(|scope| {
        for (network, half) in networks.iter_mut().zip(molecules.chunks(molecules.len() / 2)) {
            let run = &run;
            scope.spawn(move || run(network, half));
        }
    });
}

fn networks(bencher: &mut Criterion) {
    tch::set_num_threads(1);
    let models = project("models/default");
    let shifts = || ShiftEnsemble::open(&models.join("shift"), Device::Cpu).unwrap().0;
    // The size `larmor-lab train shift` takes unless told otherwise: one network of 5 layers, 128 wide.
    let small = || {
        let mut parameters = Parameters::random(1, Device::Cpu);
        let net = ShiftNet::build(&mut parameters, ShiftConfig::default()).unwrap();
        ShiftEnsemble::single(net, Device::Cpu)
    };
    let acml = || {
        let config = AcmlConfig::soft(AcmlNucleus::Carbon);
        let mut parameters = Parameters::random(1, Device::Cpu);
        Acml::build(&mut parameters, &config, Device::Cpu).unwrap()
    };
    let mut shifts = [shifts(), shifts()];
    let mut small = [small(), small()];
    let mut acml = [acml(), acml()];
    let molecules = molecules(512);
    let mut group = bencher.benchmark_group("networks");
    group.sample_size(10).warm_up_time(Duration::from_secs(1));
    for batch in [1, 16, 64, 256] {
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(format!("shifts of {batch}"), |b| {
            b.iter(|| shifts[0].predict(&molecules[..batch]).unwrap());
        });
        group.bench_function(format!("shifts of {batch}, small size"), |b| {
            b.iter(|| small[0].predict(&molecules[..batch]).unwrap());
        });
        group.bench_function(format!("embeddings of {batch}"), |b| {
            b.iter(|| acml[0].embed_molecules(&molecules[..batch]).unwrap());
        });
    }
    group.throughput(Throughput::Elements(molecules.len() as u64));
    let shifts_of = |net: &ShiftEnsemble, half: &[MolecularGraph]| {
        net.predict(half).unwrap();
    };
    group.bench_function("shifts on two threads", |b| {
        b.iter(|| on_two_threads(&mut shifts, &molecules, shifts_of));
    });
    group.bench_function("shifts on two threads, small size", |b| {
        b.iter(|| on_two_threads(&mut small, &molecules, shifts_of));
    });
    group.bench_function("embeddings on two threads", |b| {
        b.iter(|| {
            on_two_threads(&mut acml, &molecules, |net, half| {
                net.embed_molecules(half).unwrap();
            });
        });
    });
    group.finish();
    bencher.bench_function("structures read", |b| {
        b.iter(|| Molecule::graph_only("COc1ccc(-c2cc(=O)c3c(O)c(OC)c(OC)cc3o2)cc1O").unwrap());
    });
}

criterion_group!(benches, networks);
criterion_main!(benches);
