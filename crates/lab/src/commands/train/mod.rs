//! `larmor-lab train`: train a network.

mod acml;
mod backbone;
mod fit_lists;
mod kmaid;
mod none;
mod options;
mod shift;
mod shift_ensemble;
mod specmol;
mod verdict;

use larmor_command_line::CommandError;

/// Options of `larmor-lab train`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    network: Network,
}

#[derive(Debug, clap::Subcommand)]
enum Network {
    /// The shift network: 13C and 1H shifts from a structure.
    Shift(shift::Arguments),
    /// Puts trained shift networks together into one model that answers with their mean.
    ShiftEnsemble(shift_ensemble::Arguments),
    /// K-M3AID: 13C spectra and molecules, peaks and atoms side by side.
    Kmaid(kmaid::Arguments),
    /// ACML: a graph network taught by a frozen encoder of 13C or 1H spectra.
    Acml(acml::Arguments),
    /// SpecMol: does a molecule match a pair of 1H and 13C spectra?
    Specmol(specmol::Arguments),
    /// Converts the picture network under SpecMol (ImageNet ResNet-50) to this program's layout.
    Backbone(backbone::Arguments),
    /// The weights by which the discrepancies of a proposed structure are judged.
    Verdict(verdict::Arguments),
    /// How probable it is that none of the candidates of a search is right.
    None(none::Arguments),
}

pub(crate) fn train(arguments: &Arguments) -> Result<(), CommandError> {
    match &arguments.network {
        Network::Shift(arguments) => shift::train(arguments),
        Network::ShiftEnsemble(arguments) => shift_ensemble::combine(arguments),
        Network::Kmaid(arguments) => kmaid::train(arguments),
        Network::Acml(arguments) => acml::train(arguments),
        Network::Specmol(arguments) => specmol::train(arguments),
        Network::Backbone(arguments) => backbone::convert(arguments),
        Network::Verdict(arguments) => verdict::train(arguments),
        Network::None(arguments) => none::train(arguments),
    }
}
