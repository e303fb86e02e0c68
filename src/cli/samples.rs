//! `larmor samples`: which samples are there, and which have this structure?

use std::io::Write;

use super::judgement;
use super::results::{text, verdict};
use super::server::Common;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::{ListSamplesRequest, ReviewDecision, SampleSummary, Verdict};
use larmor_client::{ClientError, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor samples`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Only those with a structure of this molecular formula.
    #[arg(long, value_name = "FORMULA")]
    formula: Option<String>,
    /// Only those with a structure of this InChIKey, or whose InChIKey begins so.
    #[arg(long, value_name = "KEY")]
    inchikey: Option<String>,
    /// Only those with a structure of which this SMILES, or else SMARTS, is a part.
    #[arg(long, value_name = "SMILES|SMARTS")]
    substructure: Option<String>,
    /// Only this group's.
    #[arg(long)]
    group: Option<String>,
    /// Only those that this instrument measured.
    #[arg(long)]
    instrument: Option<String>,
    /// Only those in whose name this stands, in capitals or not.
    #[arg(long)]
    name: Option<String>,
    /// Only with this verdict.
    #[arg(long, value_parser = verdict())]
    verdict: Option<Verdict>,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(list(arguments))
}

async fn list(arguments: &Arguments) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let mut client = SampleServiceClient::new(channel);
    let asked = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut request = ListSamplesRequest {
        page_size: 0,
        page_token: String::new(),
        group: asked(&arguments.group),
        instrument: asked(&arguments.instrument),
        name_contains: asked(&arguments.name),
        verdict: arguments.verdict.unwrap_or(Verdict::Unspecified).into(),
        formula: asked(&arguments.formula),
        inchikey: asked(&arguments.inchikey),
        substructure: asked(&arguments.substructure),
    };
    let mut left = arguments.limit;
    while left > 0 {
        request.page_size = i32::try_from(left.min(500)).unwrap_or(500);
        let answer = client.list_samples(request.clone()).await;
        let page = answer.map_err(ClientError::from)?.into_inner();
        for sample in page.samples.iter().take(left) {
            if arguments.common.json {
                writeln!(output(), "{}", json::to_value(sample)?)?;
            } else {
                writeln!(output(), "{}", line(sample))?;
            }
        }
        // A search among structures may take several parts to find anything.
        output().flush()?;
        left = left.saturating_sub(page.samples.len());
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    output().flush()?;
    Ok(())
}

/// A sample, one line.
fn line(sample: &SampleSummary) -> String {
    let place = format!("{}/{}", sample.group, sample.name);
    let said = match sample.verdict() {
        Verdict::Unspecified => "not judged".to_owned(),
        verdict => judgement::verdict(&verdict.to_string(), sample.verdict_probability),
    };
    let mut line =
        format!("{}  {}  {said}", text::rfc3339(sample.update_time), text::clean(&place));
    match sample.decision() {
        ReviewDecision::Unspecified | ReviewDecision::Open => {}
        decision => line.push_str(&format!(", {decision} by a chemist")),
    }
    if !sample.best_smiles.is_empty() {
        let label = text::label(&sample.best_name, &sample.best_smiles);
        line.push_str(&format!("  {}  {label}", text::clean(&sample.best_formula)));
    }
    for (count, what) in [(sample.waiting, "waiting"), (sample.failed, "failed")] {
        if count > 0 {
            line.push_str(&format!("  ({count} {what})"));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_line_that_says_what_is_known_of_it() {
        let judged = SampleSummary {
            group: "g".to_owned(),
            name: "a\u{7}".to_owned(),
            verdict: Verdict::Consistent.into(),
            verdict_probability: Some(0.97),
            decision: ReviewDecision::Confirmed.into(),
            best_smiles: "CCO".to_owned(),
            best_formula: "C2H6O".to_owned(),
            failed: 2,
            ..SampleSummary::default()
        };
        let said = line(&judged);
        assert!(
            said.contains("consistent (0.97), confirmed by a chemist  C2H6O  CCO  (2 failed)")
                && !said.contains('\u{7}'),
            "{said}"
        );
        let waiting = SampleSummary { waiting: 1, ..SampleSummary::default() };
        assert!(line(&waiting).ends_with("not judged  (1 waiting)"), "{}", line(&waiting));
    }
}
