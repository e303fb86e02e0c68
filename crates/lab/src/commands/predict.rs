//! `larmor-lab predict`: predicted shifts of a list of structures, for networks to learn from.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use larmor_chemistry::Molecule;
use larmor_command_line::{CommandError, output};
use larmor_lab::data::{PredictedCarbon, PredictedHydrogens, PredictedRecord};
use larmor_networks::{AtomShift, ShiftEnsemble, choose_device};

/// Molecules predicted at a time.
const BATCH: usize = 256;

/// Options of `larmor-lab predict`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Structures: a SMILES first on each line, gzipped or not.
    #[arg(value_name = "FILE")]
    structures: PathBuf,
    /// Folder of the shift network.
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
    /// File to write: JSON lines, gzipped.
    #[arg(long, value_name = "FILE.jsonl.gz")]
    out: PathBuf,
    /// Take one structure in so many.
    #[arg(long, default_value_t = 1)]
    every: usize,
    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    #[arg(long, default_value = "auto")]
    device: String,
}

pub(crate) fn predict(arguments: &Arguments) -> Result<(), CommandError> {
    tch::set_num_threads(1);
    let device = choose_device(&arguments.device)?;
    let (net, _) = ShiftEnsemble::open(&arguments.model, device)?;
    let at = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let lines =
        BufReader::new(open(&arguments.structures).map_err(|e| at(&arguments.structures, e))?)
            .lines()
            .step_by(arguments.every.max(1));
    let file = File::create(&arguments.out).map_err(|e| at(&arguments.out, e))?;
    let mut out = GzEncoder::new(BufWriter::new(file), Compression::default());
    let (mut waiting, mut written, mut refused) = (Vec::new(), 0_usize, 0_usize);
    for line in lines {
        let line = line.map_err(|e| at(&arguments.structures, e))?;
        let smiles = line.split_whitespace().next().unwrap_or_default().to_owned();
        match Molecule::from_smiles(&smiles) {
            Ok(molecule) if !molecule.inchikey.is_empty() => waiting.push((smiles, molecule)),
            _ => refused += 1,
        }
        if waiting.len() == BATCH {
            written += write(&net, &mut waiting, &mut out)?;
        }
    }
    written += write(&net, &mut waiting, &mut out)?;
    out.finish()?.flush()?;
    writeln!(output(), "{written} molecules written, {refused} not understood")?;
    Ok(())
}

fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    let zipped = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if zipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// Predicts and writes what waits.
fn write(
    net: &ShiftEnsemble,
    waiting: &mut Vec<(String, Molecule)>,
    out: &mut impl Write,
) -> Result<usize, CommandError> {
    let graphs: Vec<_> = waiting.iter().map(|(_, molecule)| molecule.graph.clone()).collect();
    let written = waiting.len();
    for ((smiles, molecule), shifts) in waiting.drain(..).zip(net.predict(&graphs)?) {
        let rounded = |value: f32, to: f64| (f64::from(value) * to).round() / to;
        let of_atoms = |shifts: Vec<Option<AtomShift>>| {
            let sources = molecule.source.clone();
            shifts.into_iter().zip(sources).filter_map(|(shift, atom)| Some((atom, shift?)))
        };
        let record = PredictedRecord {
            smiles,
            inchikey: molecule.inchikey_block().to_owned(),
            solvent: None,
            c13: of_atoms(shifts.c13)
                .map(|(atom, shift)| {
                    let spread = Some(rounded(shift.spread, 100.0));
                    PredictedCarbon(atom, rounded(shift.ppm, 100.0), spread)
                })
                .collect(),
            h1: of_atoms(shifts.h1)
                .map(|(atom, shift)| {
                    let apart = molecule.source.iter().position(|&source| source == atom);
                    let apart = apart.and_then(|place| *shifts.geminal.get(place)?);
                    let halves = apart.map(|apart| [-apart.ppm / 2.0, apart.ppm / 2.0]);
                    let ppm = match halves {
                        Some(halves) => halves.map(|half| rounded(shift.ppm + half, 1000.0)).into(),
                        None => vec![rounded(shift.ppm, 1000.0)],
                    };
                    PredictedHydrogens(atom, ppm, Some(rounded(shift.spread, 1000.0)))
                })
                .collect(),
        };
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(written)
}
