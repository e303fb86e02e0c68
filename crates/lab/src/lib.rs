//! The laboratory of Larmor: trains its networks and holds what they say against the truth.
//!
//! A facility needs none of it: what is trained here is a folder of weights and a model card that
//! `larmor` loads. [`training`] has data sets, losses and loops, [`evaluation`] the protocols and
//! their tables; the program `larmor-lab` runs both.

pub mod evaluation;
pub mod training;
