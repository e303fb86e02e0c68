//! Watched directories: what is seen, whether it is complete, whose it is.
