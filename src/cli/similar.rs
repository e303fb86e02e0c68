//! `larmor similar`: who here measured something like this?

use std::io::Write;

use clap::builder::PossibleValuesParser;

use super::judgement;
use super::results::text;
use super::sample_name::sample_name;
use super::server::Common;
use larmor_client::proto::find_similar_spectra_request::Query;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::{FindSimilarSpectraRequest, SimilarSpectrum, Verdict};
use larmor_client::{ClientError, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor similar`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Name of a sample, GROUP/NAME where several groups have one of that name; or the identity of
    /// an acquisition.
    #[arg(value_name = "SAMPLE|ACQUISITION")]
    of: String,
    /// Only by spectra of this nucleus.
    #[arg(long, value_parser = PossibleValuesParser::new(["13C", "1H"]))]
    nucleus: Option<String>,
    /// How many at most of each nucleus.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..=100))]
    limit: i32,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(find(arguments))
}

async fn find(arguments: &Arguments) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let request = FindSimilarSpectraRequest {
        query: Some(query(&arguments.of)),
        nucleus: arguments.nucleus.clone().unwrap_or_default(),
        limit: arguments.limit,
    };
    let answer = ResultServiceClient::new(channel).find_similar_spectra(request).await;
    let spectra = answer.map_err(ClientError::from)?.into_inner().spectra;
    for found in &spectra {
        if arguments.common.json {
            writeln!(output(), "{}", json::to_value(found)?)?;
        } else {
            writeln!(output(), "{}", line(found))?;
        }
    }
    if spectra.is_empty() && !arguments.common.json {
        writeln!(output(), "nothing else has been measured that can be compared")?;
    }
    output().flush()?;
    Ok(())
}

/// What is asked for: an identity is an acquisition's, anything else names a sample.
fn query(of: &str) -> Query {
    if uuid::Uuid::try_parse(of).is_ok() {
        return Query::AcquisitionId(of.to_owned());
    }
    Query::Sample(sample_name(of))
}

/// A similar spectrum, one line.
fn line(found: &SimilarSpectrum) -> String {
    let place = format!("{}/{}", found.group, found.sample);
    let mut line = format!(
        "{:.4}  {:<3}  {}  {}  {}",
        found.similarity,
        text::clean(&found.nucleus),
        text::rfc3339(found.acquired_time),
        text::clean(&place),
        found.acquisition_id
    );
    if found.best_smiles.is_empty() {
        return line;
    }
    line.push_str("  ");
    line.push_str(&text::label(&found.best_name, &found.best_smiles));
    match (found.verdict(), found.best_probability) {
        (Verdict::Unspecified, _) => line.push_str("  (proposed)"),
        (verdict, probability) => {
            let said = judgement::verdict(&verdict.to_string(), probability);
            line.push_str(&format!("  {said}"));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use larmor_client::proto::SampleName;

    #[test]
    fn an_identity_is_an_acquisition_and_a_name_is_a_sample() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(query(id), Query::AcquisitionId(id.to_owned()));
        for (of, group, name) in [("S1", "", "S1"), ("rossi/S1", "rossi", "S1")] {
            let sample = SampleName { group: group.to_owned(), name: name.to_owned() };
            assert_eq!(query(of), Query::Sample(sample));
        }
    }
}
