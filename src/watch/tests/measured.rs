//! What watching costs, with a database. Figures for people; run by name with `--ignored`.

use super::*;
use crate::watch::dataset_search::Ways;
use crate::watch::store_sink::StoreSink;
use larmor_fixtures::TestDatabase;
use tokio::runtime::Runtime;

/// Datasets that are known.
const KNOWN: usize = 50_000;
/// Datasets in the directory of a sample.
const IN_A_SAMPLE: usize = 10;
/// Datasets that are discovered with everything that this takes.
const DISCOVERED: usize = 1_000;

/// Time that this process has computed.
fn computed() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().map(|at| fields[*at].parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn start(root: &Path, database: &TestDatabase, runtime: &Runtime) -> Watcher<StoreSink> {
    let root = WatchedRoot::new(root_settings(root)).unwrap();
    let sink = StoreSink::new(
        database.store.clone(),
        runtime.handle().clone(),
        crate::conditions::Conditions::default(),
    );
    Watcher::new(root, SETTINGS, sink, Arc::default())
}

/// Files that are two-dimensional by their names: recorded, and nothing for a worker.
fn write(root: &Path, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let sample = root.join(format!("rossi/S{}", number / IN_A_SAMPLE));
        let dataset = sample.join(format!("{}", number % IN_A_SAMPLE + 10));
        fs::create_dir_all(&dataset).unwrap();
        fs::write(dataset.join("acqus"), "##TITLE= Parameter file\n##$DATE= 17\n##END=\n").unwrap();
        fs::write(dataset.join("acqu2s"), "").unwrap();
        fs::write(dataset.join("ser"), [0; 64]).unwrap();
    }
}

#[test]
#[ignore = "measures: some minutes"]
fn a_start_with_50000_known_datasets_a_discovery_and_idle_scans() {
    let runtime = Runtime::new().unwrap();
    let database = runtime.block_on(TestDatabase::new());
    let root = tempfile::tempdir().unwrap();
    write(root.path(), 0..DISCOVERED);
    thread::sleep(Duration::from_millis(2500));
    let (before, begun) = (computed(), Instant::now());
    start(root.path(), &database, &runtime).scan(None);
    let (took, cpu) = (begun.elapsed(), computed() - before);
    let each = cpu / u32::try_from(DISCOVERED).unwrap();
    eprintln!("{DISCOVERED} datasets discovered in {took:?}, {each:?} computed for each");

    // The others as if they had been discovered the same way.
    write(root.path(), DISCOVERED..KNOWN);
    let basis = start(root.path(), &database, &runtime).basis();
    let (store, mut observed) = (&database.store, Vec::new());
    let first = runtime
        .block_on(
            store.acquisitions(&Default::default(), &larmor_store::Page { after: None, size: 1 }),
        )
        .unwrap()
        .remove(0);
    for found in search(&Disk, &Known::new(), &Ways::new(), root.path(), root.path()) {
        let Found::Dataset(path, stamps) = found else { continue };
        let stamps = (*stamps).unwrap().fingerprint(&basis).to_string();
        observed.push(ObservedFiles { path: encode_path(&path), acquisition: first.id, stamps });
    }
    assert_eq!(observed.len(), KNOWN);
    runtime.block_on(store.remember_files("avance-500", &observed)).unwrap();

    let mut watcher = start(root.path(), &database, &runtime);
    let (before, begun) = (computed(), Instant::now());
    watcher.scan(None);
    let (took, cpu) = (begun.elapsed(), computed() - before);
    eprintln!("{KNOWN} known datasets ready in {took:?}, {cpu:?} computed");
    assert_eq!(watcher.observed.len(), KNOWN);

    // As they are once they have been left alone for long.
    watcher.observed.age(Duration::from_secs(86_400));
    let (before, begun) = (computed(), Instant::now());
    for _ in 0..20 {
        watcher.scan(None);
    }
    let (took, cpu) = (begun.elapsed() / 20, (computed() - before) / 20);
    let share = cpu.as_secs_f64() / 30.0;
    eprintln!("an idle scan takes {took:?}, {cpu:?} computed: {:.2} % of a core", share * 100.0);
}
