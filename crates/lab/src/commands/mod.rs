//! The commands of `larmor-lab`.

pub(crate) mod clean;
pub(crate) mod evaluate;
pub(crate) mod predict;
pub(crate) mod train;
