//! The commands of `larmor-lab`.

pub(crate) mod evaluate;
pub(crate) mod train;
