//! `larmor report`: a sample's spectra as papers print them, and as files for people and programs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::results::text;
use super::sample_name::sample_name;
use super::server::Common;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::{
    ExportFormat, ExportSampleRequest, GetReportRequest, ReportStyle, export_sample_request,
    get_report_request,
};
use larmor_client::{ClientError, Connection, json};
use larmor_command_line::{CommandError, output};

/// Largest file that is taken from a server, bytes: the points of some spectra as text.
const LARGEST: usize = 256 << 20;

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Style {
    /// American Chemical Society.
    Acs,
    /// Royal Society of Chemistry.
    Rsc,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The texts that are printed otherwise.
    Text,
    /// A figure of each spectrum.
    Svg,
    /// The same, to be printed.
    Pdf,
    /// Structure, signals and assignments as NMReDATA.
    Nmredata,
    /// The points of each spectrum as JCAMP-DX.
    Jcamp,
    /// A file that NMRium opens.
    Nmrium,
}

/// Options of `larmor report`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Name of a sample, GROUP/NAME where several groups have one of that name; or its identity.
    sample: String,
    /// Whose rules the texts follow.
    #[arg(long, value_enum, default_value = "acs")]
    style: Style,
    /// Write files into this directory instead.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What the files are: several between commas; all where none is named.
    #[arg(long, value_enum, value_delimiter = ',', requires = "out")]
    format: Vec<Format>,
    /// Replace files that are there.
    #[arg(long, requires = "out")]
    force: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(report(arguments))
}

async fn report(arguments: &Arguments) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let client = SampleServiceClient::new(channel).max_decoding_message_size(LARGEST);
    match &arguments.out {
        Some(directory) => export(client, arguments, directory).await,
        None => print(client, arguments).await,
    }
}

async fn print(
    mut client: SampleServiceClient<Connection>,
    arguments: &Arguments,
) -> Result<(), CommandError> {
    use get_report_request::Sample;
    let sample = match identity(&arguments.sample) {
        Some(id) => Sample::Id(id),
        None => Sample::Name(sample_name(&arguments.sample)),
    };
    let request = GetReportRequest { sample: Some(sample), style: arguments.style() };
    let answer = client.get_report(request).await;
    let spectra = answer.map_err(ClientError::from)?.into_inner().spectra;
    for spectrum in &spectra {
        if arguments.common.json {
            writeln!(output(), "{}", json::to_value(spectrum)?)?;
        } else {
            writeln!(output(), "{}", text::clean(&spectrum.text))?;
        }
    }
    if spectra.is_empty() && !arguments.common.json {
        writeln!(output(), "there is no spectrum of the whole compound")?;
    }
    output().flush()?;
    Ok(())
}

/// Writes the files and tells their paths. Where all formats are asked for, one that needs a structure
/// is passed over if there is none.
async fn export(
    mut client: SampleServiceClient<Connection>,
    arguments: &Arguments,
    directory: &Path,
) -> Result<(), CommandError> {
    use export_sample_request::Sample;
    let all =
        [Format::Text, Format::Svg, Format::Pdf, Format::Nmredata, Format::Jcamp, Format::Nmrium];
    let wanted = if arguments.format.is_empty() { &all[..] } else { &arguments.format };
    fs::create_dir_all(directory).map_err(|cause| format!("{}: {cause}", directory.display()))?;
    let sample = match identity(&arguments.sample) {
        Some(id) => Sample::Id(id),
        None => Sample::Name(sample_name(&arguments.sample)),
    };
    for &format in wanted {
        let request = ExportSampleRequest {
            sample: Some(sample.clone()),
            format: asked(format).into(),
            style: arguments.style(),
        };
        let answer = match client.export_sample(request).await {
            Err(status)
                if status.code() == tonic::Code::FailedPrecondition
                    && arguments.format.is_empty() =>
            {
                continue;
            }
            answer => answer.map_err(ClientError::from)?.into_inner(),
        };
        for file in answer.files {
            // A server's name for a file leads nowhere else.
            let name = Path::new(&file.name).file_name().ok_or("the server names no file")?;
            let path = directory.join(name);
            write(&path, &file.content, arguments.force)?;
            if arguments.common.json {
                writeln!(output(), "{}", serde_json::json!({"path": path}))?;
            } else {
                writeln!(output(), "{}", path.display())?;
            }
        }
    }
    output().flush()?;
    Ok(())
}

fn write(path: &Path, content: &[u8], force: bool) -> Result<(), CommandError> {
    let told = |cause: std::io::Error| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("{} is there already; --force replaces it", path.display())
        }
        _ => format!("{}: {cause}", path.display()),
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).create_new(!force);
    options.open(path).and_then(|mut file| file.write_all(content)).map_err(told)?;
    Ok(())
}

impl Arguments {
    fn style(&self) -> i32 {
        match self.style {
            Style::Acs => ReportStyle::Acs.into(),
            Style::Rsc => ReportStyle::Rsc.into(),
        }
    }
}

fn asked(format: Format) -> ExportFormat {
    match format {
        Format::Text => ExportFormat::Text,
        Format::Svg => ExportFormat::Svg,
        Format::Pdf => ExportFormat::Pdf,
        Format::Nmredata => ExportFormat::Nmredata,
        Format::Jcamp => ExportFormat::JcampDx,
        Format::Nmrium => ExportFormat::Nmrium,
    }
}

/// An identity; `None` of what can only be a name.
fn identity(named: &str) -> Option<String> {
    uuid::Uuid::try_parse(named).is_ok().then(|| named.to_owned())
}
