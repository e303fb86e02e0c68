//! `larmor report`: a sample's spectra as papers print them.

use std::io::Write;

use super::results::{Common, text};
use super::sample_name::sample_name;
use larmor_client::proto::get_report_request::Sample;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::{GetReportRequest, ReportStyle};
use larmor_client::{ClientError, connect, json};
use larmor_command_line::{CommandError, output};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Style {
    /// American Chemical Society.
    Acs,
    /// Royal Society of Chemistry.
    Rsc,
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
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(report(arguments))
}

async fn report(arguments: &Arguments) -> Result<(), CommandError> {
    let channel = connect(&arguments.common.address).await?;
    let style = match arguments.style {
        Style::Acs => ReportStyle::Acs,
        Style::Rsc => ReportStyle::Rsc,
    };
    let request = GetReportRequest { sample: Some(sample(&arguments.sample)), style: style.into() };
    let answer = SampleServiceClient::new(channel).get_report(request).await;
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

/// An identity, or a name with its group before a slash.
fn sample(named: &str) -> Sample {
    if uuid::Uuid::try_parse(named).is_ok() {
        return Sample::Id(named.to_owned());
    }
    Sample::Name(sample_name(named))
}
