//! `larmor-lab train backbone`: converts the picture network that `SpecMol` stands on.

use std::io::Write;
use std::path::PathBuf;

use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_lab::specmol::convert_backbone;

/// Options of `larmor-lab train backbone`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder with `model.json` and its shards: ImageNet ResNet-50 as TensorFlow.js layers.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// File to write.
    #[arg(long, value_name = "FILE.safetensors")]
    out: PathBuf,
}

pub(super) fn convert(arguments: &Arguments) -> Result<(), CommandError> {
    let converted = convert_backbone(&arguments.from, &arguments.out)?;
    writeln!(output(), "{}", serde_json::to_string_pretty(&converted)?)?;
    Ok(())
}
