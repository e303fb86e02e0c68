//! How far a JCAMP-DX file is.
//!
//! Nobody signs these files: a file is whole when every block has its end and every table the
//! points it declares, and done when it has also stopped changing.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::{document, header::Header, parsed, selection};
use crate::fid::dataset::{Inspection, Status, Vendor};
use crate::fid::{Experiment, Fid, FidError, Nucleus};

/// Looks at a file, which takes decoding it.
pub(in crate::fid) fn look(path: &Path) -> Result<(Inspection, Option<Fid>), FidError> {
    let metadata = std::fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
    let mut inspection = Inspection {
        vendor: Vendor::Jcamp,
        status: Status::Incomplete { reason: String::new() },
        vendor_evidence: false,
        nucleus: None,
        experiment: None,
        digest: None,
        title: String::new(),
        pulse_program: String::new(),
        last_written: metadata.modified().ok(),
    };
    let mut decoded = None;
    inspection.status = match decode(path, &mut inspection) {
        Ok(fid) => {
            decoded = Some(fid);
            Status::Complete {
                evidence: "every block has its ##END= and all its points".to_owned(),
                halted: false,
            }
        }
        Err(error @ FidError::Io { .. }) => return Err(error),
        Err(FidError::ParametersCutOff { .. }) => {
            Status::Incomplete { reason: "no ##END=: still being written or copied".to_owned() }
        }
        Err(FidError::Unsupported { reason, .. }) => Status::Unsupported { reason },
        Err(other) => Status::Corrupt { reason: other.to_string() },
    };
    Ok((inspection, decoded))
}

fn decode(path: &Path, inspection: &mut Inspection) -> Result<Fid, FidError> {
    let bytes = super::compressed::read(path)?;
    let blocks = document::blocks(&bytes).map_err(|problem| problem.of(path))?;
    let chosen = selection::choose(&blocks);
    // What is refused is still shown for what it is.
    let shown = chosen.as_ref().map_or(blocks.first(), |(block, _)| Some(*block));
    if let Some(header) = shown.map(Header::of) {
        inspection.nucleus = Some(header.nucleus);
        inspection.experiment = Some(header.experiment);
        inspection.title = header.title;
        inspection.pulse_program = header.pulse_program;
    }
    let fid = chosen.and_then(|(block, kind)| parsed(block, kind)).map_err(|p| p.of(path))?;
    inspection.digest = Some(digest(&fid));
    Ok(fid)
}

/// SHA-256 over the points and what gives them meaning: the same data as another form of table,
/// or compressed, are the same.
fn digest(fid: &Fid) -> String {
    let Fid { sweep_width_hz, carrier_mhz, reference_mhz, .. } = fid;
    let (nucleus, experiment): (&Nucleus, &Experiment) = (&fid.nucleus, &fid.experiment);
    let mut hasher = Sha256::new();
    hasher.update(
        format!(
            "larmor jcamp 1|{}|{sweep_width_hz}|{carrier_mhz}|{reference_mhz}|{nucleus}|\
             {experiment}|{}|{}|{:?}|{:?}",
            fid.points.len(),
            fid.pulse_program,
            fid.group_delay,
            fid.solvent,
            fid.origin,
        )
        .as_bytes(),
    );
    for point in &fid.points {
        hasher.update(point.re.to_le_bytes());
        hasher.update(point.im.to_le_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
