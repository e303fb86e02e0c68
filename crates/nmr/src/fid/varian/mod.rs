//! Varian and Agilent datasets: `X.fid/{fid,procpar,log,text}`.

mod acquisition;
mod blocks;
mod inspection;
mod procpar;
mod program;

use std::path::Path;

pub(super) use inspection::inspect;

use acquisition::AcquisitionParameters;
use blocks::Layout;
use procpar::Procpar;

use super::error::FidError;
use super::file_names::{Has, within};
use super::problem::Unsupported;
use super::signal::{Fid, Origin};
use super::vendor::Vendor;
use super::{plain_file, points, text};

/// Largest title file read.
const MAX_TITLE_BYTES: u64 = 64 << 10;

/// A directory with `fid` and `procpar`, or with one of them and a name that ends in `.fid`.
pub(super) fn recognise(path: &Path, has: Has<'_>) -> bool {
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("fid"));
    match (has("fid"), has("procpar")) {
        (true, true) => true,
        (fid, procpar) => named && (fid || procpar),
    }
}

/// Reads the FID of a dataset.
pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    let acquisition = header(path)?;
    let (layout, bytes) = first_block(path, &acquisition)?;
    let points = layout.points(&bytes);
    points::check(&points, Vendor::Varian, &within(path, "fid"))?;
    Ok(Fid {
        points,
        origin: Origin::Acquired,
        sweep_width_hz: acquisition.sweep_width_hz,
        carrier_mhz: acquisition.carrier_mhz,
        reference_mhz: acquisition.base_mhz,
        calibrated_mhz: None,
        title: title(path, &acquisition),
        nucleus: acquisition.nucleus,
        experiment: acquisition.experiment,
        // The console takes its filter's build-up away before it stores a scan.
        group_delay: 0.0,
        solvent: acquisition.solvent,
        solvent_name: acquisition.solvent_name,
        water_suppressed: acquisition.water_suppressed,
        temperature_k: acquisition.temperature_k,
        scans: layout.completed_scans(&bytes).filter(|&n| n > 0).or(acquisition.scans),
        pulse_program: acquisition.pulse_program,
    })
}

fn header(path: &Path) -> Result<AcquisitionParameters, FidError> {
    let file = within(path, "procpar");
    let procpar = Procpar::parse(&plain_file::read(&file, procpar::MAX_BYTES)?, &file)?;
    AcquisitionParameters::from_procpar(&procpar, &file)
}

/// The file up to the end of its one trace. Nothing is read before the file is known to hold all
/// that its header declares.
fn first_block(
    path: &Path,
    acquisition: &AcquisitionParameters,
) -> Result<(Layout, Vec<u8>), FidError> {
    let data = within(path, "fid");
    let (file, metadata) = plain_file::open(&data)?;
    let start = plain_file::read_prefix(&data, file, blocks::FILE_HEADER as u64)?;
    let layout = Layout::parse(&start, metadata.len(), &data)?;
    let traces = layout.traces.max(acquisition.traces);
    if traces > 1 {
        let reason = if acquisition.increments > 1 {
            Unsupported::Plane { traces }
        } else {
            Unsupported::Array { traces }
        };
        return Err(FidError::Unsupported {
            vendor: Vendor::Varian,
            path: path.to_owned(),
            reason,
        });
    }
    let (file, _) = plain_file::open(&data)?;
    let expected = layout.bytes_needed();
    let bytes = plain_file::read_prefix(&data, file, expected)?;
    let found = bytes.len() as u64;
    if found < expected {
        return Err(FidError::TooShort { vendor: Vendor::Varian, path: data, expected, found });
    }
    Ok((layout, bytes))
}

/// What the operator wrote, else the name of the sample.
fn title(path: &Path, acquisition: &AcquisitionParameters) -> String {
    plain_file::read(&within(path, "text"), MAX_TITLE_BYTES)
        .map(|bytes| text::decode(&bytes).trim().to_owned())
        .ok()
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| acquisition.sample.clone())
}
