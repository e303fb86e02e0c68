//! Which events a request asks for.

use tonic::Status;

use crate::service::{filters, status};
use larmor_client::proto::WatchResultsRequest;
use larmor_nmr::fid::Nucleus;
use larmor_store::EventFilter;

/// Most values of one field: every event is held against them all.
const MOST: usize = 100;

/// The filter of a request.
pub(super) fn of(request: WatchResultsRequest) -> Result<EventFilter, Status> {
    let kinds: Result<_, Status> =
        bounded(request.kinds, "kinds")?.into_iter().map(filters::event_kind).collect();
    let states: Result<_, Status> =
        bounded(request.states, "states")?.into_iter().map(filters::state_of_filter).collect();
    let nuclei = names(request.nuclei, String::new(), "nuclei")?.into_iter().map(|name| {
        let Ok(nucleus) = name.parse::<Nucleus>();
        nucleus
    });
    Ok(EventFilter {
        groups: names(request.groups, request.group, "groups")?,
        instruments: names(request.instruments, request.instrument, "instruments")?,
        samples: names(request.samples, request.sample, "samples")?,
        kinds: kinds.map_err(|wrong| status::invalid_request(wrong.message()))?,
        states: states.map_err(|wrong| status::invalid_request(wrong.message()))?,
        nuclei: nuclei.collect(),
        ..EventFilter::default()
    })
}

/// The names of a repeated field and the one of the single field beside it, where that is set.
fn names(mut many: Vec<String>, one: String, field: &str) -> Result<Vec<String>, Status> {
    if many.iter().any(String::is_empty) {
        return Err(status::invalid_request(format!("{field} has an empty name")));
    }
    if !one.is_empty() {
        many.push(one);
    }
    bounded(many, field)
}

fn bounded<T>(values: Vec<T>, field: &str) -> Result<Vec<T>, Status> {
    if values.len() > MOST {
        let said = format!("{field} has {} values, at most {MOST} may be given", values.len());
        return Err(status::invalid_request(said));
    }
    Ok(values)
}
