//! `GetTrace`: the points of a spectrum.

use tonic::{Code, Status};

use super::view::View;
use super::{paging, status};
use larmor_client::proto::{GetTraceRequest, GetTraceResponse};
use larmor_nmr::trace::{Drawn, Trace};

/// Columns when the client does not say, and at most.
const WIDTH: (usize, usize) = (2_000, 1 << 17);

pub(super) async fn get(view: &View, request: GetTraceRequest) -> Result<GetTraceResponse, Status> {
    let id = paging::id(&request.spectrum_id)?;
    let width = match usize::try_from(request.width) {
        Err(_) => return Err(Status::invalid_argument("width is negative")),
        Ok(0) => WIDTH.0,
        Ok(width) => width.min(WIDTH.1),
    };
    let from = request.from_ppm.unwrap_or(f64::NEG_INFINITY);
    let to = request.to_ppm.unwrap_or(f64::INFINITY);
    if from.is_nan() || to.is_nan() {
        return Err(Status::invalid_argument("from_ppm or to_ppm is no number"));
    }
    let Some(trace) = view.trace(id).await? else {
        view.spectrum(id).await?;
        return Err(status::detailed(
            Code::FailedPrecondition,
            format!(
                "the points of spectrum {id} are not kept: a later spectrum of its acquisition has \
                 replaced it, or it was processed before points were kept and its data are away"
            ),
            "NO_TRACE",
            [("spectrum_id", id.to_string())],
        ));
    };
    Ok(response(&trace, from, to, width))
}

fn response(trace: &Trace, from: f64, to: f64, width: usize) -> GetTraceResponse {
    let window = trace.window(from, to, width);
    let (mut points, mut lowest, mut highest) = (Vec::new(), Vec::new(), Vec::new());
    match window.drawn {
        Drawn::Points(all) => points = all,
        Drawn::Columns(columns) => {
            (lowest, highest) = columns.into_iter().map(|[low, high]| (low, high)).unzip();
        }
    }
    let last = trace.len().saturating_sub(1) as f64;
    GetTraceResponse {
        first_ppm: window.first_ppm,
        step_ppm: window.step_ppm,
        points,
        lowest,
        highest,
        lower_end_ppm: trace.first_ppm(),
        upper_end_ppm: trace.first_ppm() + last * trace.step_ppm(),
        spectrum_points: i32::try_from(trace.len()).unwrap_or(i32::MAX),
    }
}
