//! How far a JCAMP-DX file is.
//!
//! Nobody signs these files: a file is whole when every block has its end and every table the
//! points it declares, and done when it has also stopped changing. One without its end is cut off.

use std::path::Path;

use super::document::{self, Block};
use super::header::Header;
use super::identity::Identity;
use super::problem::Problem;
use super::{parsed, selection};
use crate::fid::digest::digest as sha256;
use crate::fid::inspection::{Inspection, Status};
use crate::fid::vendor::Vendor;
use crate::fid::{Fid, FidError};

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
        Err(Failure::File(error @ FidError::Io { .. })) => return Err(error),
        Err(Failure::File(FidError::ParametersCutOff { .. })) => {
            Status::cut_off("the compressed data end before their end")
        }
        Err(Failure::File(error)) => Status::corrupt(error.to_string()),
        Err(Failure::Text(Problem::CutOff { line: 0 })) => Status::cut_off("the file is empty"),
        Err(Failure::Text(Problem::CutOff { line })) => {
            Status::cut_off(format!("line {line}: the file ends without ##END="))
        }
        Err(Failure::Text(Problem::Unsupported(reason))) => Status::unsupported(reason.to_string()),
        Err(Failure::Text(problem)) => Status::corrupt(problem.of(path).to_string()),
    };
    Ok((inspection, decoded))
}

/// What kept a file from being decoded.
enum Failure {
    File(FidError),
    Text(Problem),
}

fn decode(path: &Path, inspection: &mut Inspection) -> Result<Fid, Failure> {
    let bytes = super::compressed::read(path).map_err(Failure::File)?;
    let blocks = document::blocks(&bytes).map_err(Failure::Text)?;
    let chosen = selection::choose(&blocks);
    // What is refused is still shown for what it is.
    let shown = chosen.as_ref().map_or(blocks.first(), |(block, _)| Some(*block));
    if let Some(header) = shown.map(Header::of) {
        inspection.nucleus = Some(header.nucleus);
        inspection.experiment = Some(header.experiment);
        inspection.title = header.title;
        inspection.pulse_program = header.pulse_program;
    }
    let (block, kind) = chosen.map_err(Failure::Text)?;
    let fid = parsed(&blocks, block, kind).map_err(Failure::Text)?;
    inspection.digest = Some(digest(&fid, block));
    Ok(fid)
}

/// SHA-256 over the points and what gives them meaning: the same data as another form of table,
/// or compressed, are the same.
fn digest(fid: &Fid, block: &Block<'_>) -> String {
    let Fid { sweep_width_hz, carrier_mhz, nucleus, .. } = fid;
    let Identity { solvent, experiment, reference_mhz } = Identity::of(block, fid);
    let meaning = format!(
        "larmor jcamp 1|{}|{sweep_width_hz}|{carrier_mhz}|{reference_mhz}|{nucleus}|\
         {experiment}|{}|{}|{solvent}|{:?}",
        fid.points.len(),
        fid.pulse_program,
        fid.group_delay,
        fid.origin,
    );
    let parts =
        fid.points.iter().flat_map(|point| [point.re.to_le_bytes(), point.im.to_le_bytes()]);
    sha256(&meaning, parts)
}
