//! Whose files they are.

use crate::name::names;

/// Whose files a dataset consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Bruker TopSpin or XWIN-NMR: a directory with `acqus` and `fid`.
    Bruker,
    /// Varian or Agilent VnmrJ: a directory with `fid` and `procpar`.
    Varian,
    /// JEOL Delta: one `.jdf` file.
    Jeol,
    /// Magritek Spinsolve: a directory with `acqu.par` and `data.1d`.
    Magritek,
    /// JCAMP-DX, whoever wrote it: one `.dx` or `.jdx` file.
    Jcamp,
    /// Many files in one, whosever: a `.zip`, `.tar.gz` and the like. Nothing in it is read.
    Archive,
}

names!(Vendor, "vendor", {
    Bruker => "bruker",
    Varian => "varian",
    Jeol => "jeol",
    Magritek => "magritek",
    Jcamp => "jcamp",
    Archive => "archive",
});
