//! How far a JCAMP-DX file is.
//!
//! Nobody signs these files: a file is whole when every block has its end and every table the
//! points it declares, and done when it has also stopped changing.

use std::path::Path;

use super::{document, header::Header, parsed, selection};
use crate::fid::digest::digest as sha256;
use crate::fid::inspection::{Inspection, Status};
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, Fid, FidError, Nucleus};

/// Inspects a file, which takes decoding it.
pub(in crate::fid) fn inspect_with_fid(path: &Path) -> Result<(Inspection, Option<Fid>), FidError> {
    std::fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
    let mut inspection = Inspection::begin(Vendor::Jcamp, &[path]);
    let mut decoded = None;
    inspection.status = match decode(path, &mut inspection) {
        Ok(fid) => {
            decoded = Some(fid);
            Status::complete("every block has its ##END= and all its points", false)
        }
        Err(error @ FidError::Io { .. }) => return Err(error),
        Err(FidError::ParametersCutOff { .. }) => {
            Status::incomplete("no ##END=: still being written or copied")
        }
        Err(FidError::Unsupported { reason, .. }) => Status::unsupported(reason.to_string()),
        Err(other) => Status::corrupt(other.to_string()),
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
    let meaning = format!(
        "larmor jcamp 1|{}|{sweep_width_hz}|{carrier_mhz}|{reference_mhz}|{nucleus}|\
         {experiment}|{}|{}|{:?}|{:?}",
        fid.points.len(),
        fid.pulse_program,
        fid.group_delay,
        fid.solvent,
        fid.origin,
    );
    let parts =
        fid.points.iter().flat_map(|point| [point.re.to_le_bytes(), point.im.to_le_bytes()]);
    sha256(&meaning, parts)
}
