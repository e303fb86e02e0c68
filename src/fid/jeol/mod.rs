//! JEOL Delta datasets: one `.jdf` file.

use std::path::Path;

use super::dataset::Inspection;
use super::{Fid, FidError};

pub(super) fn recognise(_path: &Path) -> bool {
    false
}

pub(super) fn inspect(path: &Path) -> Result<Inspection, FidError> {
    Err(FidError::NotADataset { path: path.to_owned() })
}

pub(super) fn read(path: &Path) -> Result<Fid, FidError> {
    Err(FidError::NotADataset { path: path.to_owned() })
}
