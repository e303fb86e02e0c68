//! `larmor-lab train specmol`: train SpecMol-SpecMol.

use std::path::PathBuf;

use super::options::{Run, configuration, print_card, print_progress};
use larmor_command_line::CommandError;
use larmor_lab::specmol::{SpecmolTraining, train_specmol};
use larmor_networks::{SPECMOL_CONFIGS, SpecMolConfig, SpectrumInput, choose_device};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Spectra {
    Image,
    Trace,
}

/// Options of `larmor-lab train specmol`. The data are a list of molecules: CSV with `smiles` and
/// `label`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    run: Run,
    /// A built-in configuration (peaks, paper, no-cbam, no-gating, no-residual, single-branch, places,
    /// trace) or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "peaks")]
    variant: String,
    /// Form of the spectra, where it is not the configuration's.
    #[arg(long, value_enum)]
    spectra: Option<Spectra>,
    /// Folder of the shift network whose shifts spectra are drawn from.
    #[arg(long, value_name = "DIR", default_value = "models/fold0/shift")]
    shift_model: PathBuf,
    /// Picture network, as `larmor-lab train backbone` writes it.
    #[arg(long, value_name = "FILE.safetensors")]
    backbone: Option<PathBuf>,
    /// On peaks: weights of ACML for 1H, and of ACML or K-M3AID for 13C (`trained_on.bin` beside them),
    /// whose encoders are taken and left as they are.
    #[arg(long, num_args = 2, value_names = ["1H", "13C"])]
    encoders: Vec<PathBuf>,
    /// Folder for its features of each picture (default: the output folder).
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Train on so many molecules, drawn at random.
    #[arg(long, value_name = "N")]
    molecules: Option<usize>,
    /// How far shifts are moved from what is predicted: up to so many widths of the prediction.
    #[arg(long, default_value_t = 1.0)]
    shift_noise: f64,
    /// Passes over the molecules.
    #[arg(long, default_value_t = 100)]
    epochs: i64,
    /// Pairs in a batch.
    #[arg(long, default_value_t = 32)]
    batch: usize,
    /// Learning rate.
    #[arg(long, default_value_t = 1e-4)]
    learning_rate: f64,
    /// Let the learning rate rise to that and fall again, in place of keeping it.
    #[arg(long)]
    one_cycle: bool,
    /// Decay of weight matrices.
    #[arg(long, default_value_t = 0.0)]
    weight_decay: f64,
    /// Seed of weights, order and spectra.
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

pub(super) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    let common = &arguments.run;
    tch::set_num_threads(common.threads);
    let network = configuration(&arguments.variant, SpecMolConfig::named, &SPECMOL_CONFIGS)?;
    let run = SpecmolTraining {
        data: common.data.clone(),
        out: common.out.clone(),
        held_out: common.held_out()?,
        network: match arguments.spectra {
            None => network,
            Some(Spectra::Image) => network.on(SpectrumInput::Image),
            Some(Spectra::Trace) => network.on(SpectrumInput::Trace),
        },
        shift_model: arguments.shift_model.clone(),
        backbone: arguments.backbone.clone(),
        encoders: arguments.encoders.clone(),
        cache: arguments.cache.clone(),
        molecules: arguments.molecules,
        shift_noise: arguments.shift_noise,
        epochs: arguments.epochs,
        batch: arguments.batch,
        learning_rate: arguments.learning_rate,
        one_cycle: arguments.one_cycle,
        weight_decay: arguments.weight_decay,
        seed: arguments.seed,
        resume: common.resume,
        stop_after: common.stop_after,
        device: choose_device(&common.device)?,
    };
    print_card(train_specmol(&run, &mut print_progress)?)
}
