//! `larmor library`: import, list, verify, rebuild and export candidate libraries.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

use super::locations::{LocationOptions, Locations};
use larmor_chemistry::MolecularGraph;
use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::library::{
    ImportOptions, ImportSummary, Library, LibraryError, Progress, export_embeddings, import, list,
    rebuild,
};
use larmor_networks::{Acml, Placement};

/// Options of `larmor library`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Import structures: SMILES (one a line, a name behind it), CSV with a SMILES column, SDF;
    /// .gz of any. An interrupted import goes on where it stopped when it is given again.
    Import {
        /// Name of the library.
        name: String,
        /// File of structures.
        file: PathBuf,
        /// Stop after so many accepted molecules.
        #[arg(long, value_name = "N")]
        limit: Option<u64>,
        #[command(flatten)]
        locations: LocationOptions,
    },
    /// List libraries.
    List {
        /// One JSON object a library.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        locations: LocationOptions,
    },
    /// Check every byte of libraries (all of them when none is named).
    Verify {
        /// Names of libraries.
        names: Vec<String>,
        #[command(flatten)]
        locations: LocationOptions,
    },
    /// Write vectors of a library's molecules as a Parquet table, or as a NumPy array with the
    /// molecules beside it.
    Export {
        /// Name of the library.
        name: String,
        /// Folder of an ACML model.
        #[arg(long, value_name = "DIR")]
        model: PathBuf,
        /// The file: a table where it ends in `.parquet`; else an array, the molecules in FILE.smi.
        #[arg(long, value_name = "FILE.npy|parquet")]
        embeddings: PathBuf,
        /// Vectors of the space shared with spectra, not those of the graph encoder.
        #[arg(long)]
        common_space: bool,
        #[command(flatten)]
        locations: LocationOptions,
    },
    /// Predict the shifts of a library again with the model in use.
    Rebuild {
        /// Name of the library.
        name: String,
        #[command(flatten)]
        locations: LocationOptions,
    },
}

pub(super) fn run(arguments: &Arguments, config: Option<&Path>) -> Result<(), CommandError> {
    match &arguments.action {
        Action::Import { name, file, limit, locations } => {
            let locations = locations.resolve(config)?;
            let directory = locations.directory(name)?;
            let predictor = locations.predictor()?;
            let options = ImportOptions { limit: *limit };
            let bar = bar("{bytes}/{total_bytes}");
            let mut show = |progress| advance(&bar, progress);
            let outcome = import(&directory, name, file, &predictor, &options, &mut show);
            bar.finish_and_clear();
            Ok(print_summary(&outcome?)?)
        }
        Action::Rebuild { name, locations } => {
            let locations = locations.resolve(config)?;
            let directory = locations.directory(name)?;
            let predictor = locations.predictor()?;
            let bar = bar("{pos}/{len} molecules");
            let outcome = rebuild(&directory, &predictor, &mut |progress| advance(&bar, progress));
            bar.finish_and_clear();
            Ok(print_summary(&outcome?)?)
        }
        Action::Export { name, model, embeddings, common_space, locations } => {
            let locations = locations.resolve(config)?;
            export(&locations, name, model, embeddings, *common_space)
        }
        Action::List { json, locations } => list_libraries(&locations.resolve(config)?, *json),
        Action::Verify { names, locations } => verify(&locations.resolve(config)?, names),
    }
}

fn export(
    locations: &Locations,
    name: &str,
    model: &Path,
    path: &Path,
    common_space: bool,
) -> Result<(), CommandError> {
    larmor_networks::use_threads(1);
    let library = Library::open_any(&locations.directory(name)?)?;
    let (net, _) = Acml::open(model, Placement::named(&locations.config.models.device)?)?;
    let config = *net.config();
    let width = usize::try_from(if common_space { config.projection } else { config.width })?;
    let bar = bar("{pos}/{len} molecules");
    bar.set_length(library.len().into());
    let embed = |graphs: &[MolecularGraph]| {
        if common_space { net.embed_molecules(graphs) } else { net.describe_molecules(graphs) }
    };
    let mut progress = |done: u32| bar.set_position(done.into());
    let written = export_embeddings(&library, path, width, &embed, &mut progress);
    bar.finish_and_clear();
    let written: Vec<String> = written?.iter().map(|path| path.display().to_string()).collect();
    let mut out = output();
    writeln!(out, "{} molecules of {width} numbers: {}", library.len(), written.join(", "))?;
    Ok(out.flush()?)
}

fn bar(measure: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = format!("{{bar:30}} {measure}  {{msg}}  {{eta}} left");
    if let Ok(style) = ProgressStyle::with_template(&style) {
        bar.set_style(style);
    }
    bar
}

fn advance(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.bytes);
    bar.set_position(progress.consumed);
    bar.set_message(format!("{} taken, {} rejected", progress.accepted, progress.rejected));
}

fn print_summary(summary: &ImportSummary) -> io::Result<()> {
    let mut out = output();
    let manifest = &summary.manifest;
    writeln!(out, "library {}: {} molecules", manifest.name, manifest.count)?;
    writeln!(out, "  version    {}", manifest.version)?;
    writeln!(out, "  model      {}", manifest.model_digest)?;
    writeln!(out, "  duplicates {}", summary.duplicates)?;
    if summary.resumed > 0 {
        writeln!(out, "  resumed    after record {}", summary.resumed)?;
    }
    if summary.rejected > 0 {
        writeln!(
            out,
            "  rejected   {}, listed in {}",
            summary.rejected,
            summary.rejects.display()
        )?;
    }
    out.flush()
}

fn list_libraries(locations: &Locations, json: bool) -> Result<(), CommandError> {
    let mut out = output();
    let found = list(locations.state_dir())?;
    if found.is_empty() && !json {
        writeln!(out, "no libraries in {}", locations.state_dir().display())?;
    }
    for (name, manifest) in found {
        match manifest {
            Ok(manifest) if json => {
                let line = serde_json::json!({
                    "name": name, "version": manifest.version, "count": manifest.count,
                    "model_digest": manifest.model_digest, "created": manifest.created,
                    "source": manifest.source,
                });
                writeln!(out, "{line}")?;
            }
            Err(error) if json => {
                writeln!(
                    out,
                    "{}",
                    serde_json::json!({ "name": name, "error": error.to_string() })
                )?;
            }
            Ok(manifest) => writeln!(
                out,
                "{name}  {} molecules  {} formulas  version {:.12}  model {:.12}  {}",
                manifest.count,
                manifest.formulas.len(),
                manifest.version,
                manifest.model_digest,
                manifest.created,
            )?,
            // A first import that was interrupted has no manifest yet.
            Err(LibraryError::Missing { .. }) => {
                writeln!(out, "{name}  unfinished: give the import again to go on with it")?;
            }
            Err(error) => writeln!(out, "{name}  {error}")?,
        }
    }
    Ok(())
}

fn verify(locations: &Locations, names: &[String]) -> Result<(), CommandError> {
    let mut out = output();
    let names: Vec<String> = if names.is_empty() {
        list(locations.state_dir())?.into_iter().map(|(name, _)| name).collect()
    } else {
        names.to_vec()
    };
    let mut bad = 0;
    for name in &names {
        match Library::open_any(&locations.directory(name)?).and_then(|library| library.check()) {
            Ok(()) => writeln!(out, "{name}  intact")?,
            Err(error) => {
                bad += 1;
                writeln!(out, "{name}  {error}")?;
            }
        }
    }
    if bad > 0 {
        Err(format!("{bad} of {} libraries cannot be used", names.len()).into())
    } else {
        Ok(())
    }
}
