//! `larmor-lab evaluate matching`: does SpecMol tell right molecules from wrong ones?

use std::path::PathBuf;

use super::options::Common;
use larmor_command_line::CommandError;
use larmor_lab::data::{Dropped, TrainedOn, read_folds};
use larmor_lab::evaluation::Selection;
use larmor_lab::protocols;
use larmor_lab::specmol::{
    NegativeKind, SpecmolEvaluationSet, SpecmolMolecule, read_specmol_molecules,
};
use larmor_networks::{Placement, SpecMol};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Random,
    Different,
    Similar,
    NearIsomer,
}

/// Options of `larmor-lab evaluate matching`.
#[derive(Debug, clap::Args)]
#[group(id = "origin", required = true, multiple = false)]
struct Origin {
    /// Published list of molecules (CSV with `smiles` and `label`): spectra are drawn from predicted
    /// shifts.
    #[arg(long, value_name = "CSV")]
    pairs: Option<PathBuf>,
    /// Molecules with measured shifts of both nuclei (JSON lines): spectra are drawn from these.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Measured FIDs: JSON lines with `smiles`, `proton` and `carbon`, paths of datasets beside the
    /// file.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
}

/// Options of `larmor-lab evaluate matching`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    origin: Origin,
    /// How wrong molecules are chosen; may be given several times (default: all).
    #[arg(long, value_enum)]
    kind: Vec<Kind>,
    /// More molecules that wrong ones are chosen from (CSV with `smiles` and `label`); those the
    /// model was trained on are left out.
    #[arg(long, value_name = "CSV")]
    pool: Option<PathBuf>,
    /// Folder of the shift network, for --pairs.
    #[arg(long, value_name = "DIR", default_value = "models/fold0/shift")]
    shift_model: PathBuf,
    /// How far shifts are moved from what is predicted, for --pairs: up to so many widths.
    #[arg(long, default_value_t = 0.0)]
    shift_noise: f64,
    /// Fold of the published split of nmrshiftdb2, for --data.
    #[arg(long, default_value_t = 0)]
    fold: u8,
    /// Published folds, for --data: CSV lines `id,fold` (default: what the records say).
    #[arg(long, value_name = "CSV")]
    folds: Option<PathBuf>,
    /// Also molecules of other elements than C, N, O and H and of more than 16 heavy atoms, for
    /// --data.
    #[arg(long)]
    any_molecule: bool,
}

pub(super) fn specmol(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.common;
    tch::set_num_threads(1);
    let (net, card) = SpecMol::open(&common.model, Placement::named(&common.device)?)?;
    if card.model != "specmol" {
        return Err("only a SpecMol network judges pairs of spectra".into());
    }
    let trained_on = TrainedOn::read(&common.model)?;
    let selection = Selection {
        fold: arguments.fold,
        folds: arguments.folds.as_deref().map(read_folds).transpose()?,
        most: common.queries,
        seed: common.seed,
        ..Selection::default()
    };
    let (origin, form) = (&arguments.origin, net.config().spectra.into());
    let set = if let Some(pairs) = &origin.pairs {
        let (model, noise) = (&arguments.shift_model, arguments.shift_noise);
        SpecmolEvaluationSet::drawn(pairs, model, noise, form, &selection, &trained_on)?
    } else if let Some(data) = &origin.data {
        SpecmolEvaluationSet::measured_shifts(
            data,
            arguments.any_molecule,
            form,
            &selection,
            &trained_on,
        )?
    } else if let Some(samples) = &origin.samples {
        SpecmolEvaluationSet::samples(samples, form, &trained_on)?
    } else {
        return Err("state what to test on: --pairs, --data or --samples".into());
    };
    let mut pool: Vec<SpecmolMolecule> = set.list.iter().map(|own| own.molecule.clone()).collect();
    let mut dropped = Dropped::default();
    if let Some(more) = &arguments.pool {
        let mut more = read_specmol_molecules(more, None, common.seed)?;
        more.retain("trained on", |molecule| !trained_on.contains(&molecule.block));
        pool.append(&mut more.examples);
        dropped = more.dropped;
    }
    let kinds: Vec<NegativeKind> = if arguments.kind.is_empty() {
        NegativeKind::ALL.to_vec()
    } else {
        arguments.kind.iter().map(|&kind| kind.into()).collect()
    };
    let mut report = protocols::specmol(&net, &set, &pool, &kinds, common.seed)?;
    if !dropped.is_empty() {
        report.notes.push(format!("left out of the pool's file: {dropped}"));
    }
    common.print(&report)
}

impl From<Kind> for NegativeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Random => Self::Random,
            Kind::Different => Self::Different,
            Kind::Similar => Self::Similar,
            Kind::NearIsomer => Self::NearIsomer,
        }
    }
}
