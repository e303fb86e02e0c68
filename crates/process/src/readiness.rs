//! Whether a dataset can be taken now.

use std::path::Path;

use super::line::Line;
use super::modified;
use larmor_nmr::fid::{Fid, Inspection, Origin, Status, Vendor};

/// Whether the operator stopped a whole acquisition early; the line that says why nothing is taken
/// from one that is not whole.
pub(super) fn halted(
    path: &Path,
    inspection: &Inspection,
    modified: Option<&str>,
) -> Result<bool, Box<Line>> {
    let modified = || modified.map(str::to_owned);
    let skipped = |reason: String| Err(Box::new(Line::skipped(path, reason, modified())));
    let failed = |reason: String| Err(Box::new(Line::failed(path, reason, modified())));
    match &inspection.status {
        Status::Complete { halted, .. } => Ok(*halted),
        Status::Incomplete { reason } => skipped(format!("incomplete: {reason}")),
        Status::CutOff { reason } if modified::is_recent(inspection.last_written) => {
            skipped(format!("incomplete: still being written or copied: {reason}"))
        }
        Status::CutOff { reason } => failed(format!("{}: {reason}", path.display())),
        Status::Unsupported { reason } => skipped(format!("unsupported: {reason}")),
        Status::Corrupt { reason } => failed(reason.clone()),
    }
}

/// The line for a Bruker spectrum without a FID that was written just now: it may be one that is
/// being copied, its FID still to come.
pub(super) fn fid_still_to_come(
    path: &Path,
    inspection: &Inspection,
    fid: &Fid,
    modified: Option<&str>,
) -> Option<Line> {
    let unsigned = inspection.vendor == Vendor::Bruker
        && fid.origin == Origin::Spectrum
        && !inspection.vendor_evidence;
    (unsigned && modified::is_recent(inspection.last_written)).then(|| {
        let reason = "incomplete: a spectrum that was written just now; its fid may be to come";
        Line::skipped(path, reason.to_owned(), modified.map(str::to_owned))
    })
}
