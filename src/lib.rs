//! Larmor watches NMR spectrometers, processes each acquisition, ranks candidate molecules and
//! assigns every peak to atoms.
//!
//! The modules are the steps of one road, each importing only from those above it:
//! [`fid`] → [`spectrum`] → [`molecule`] → [`network`] → [`inference`] → [`library`] →
//! [`elucidation`] → [`training`], [`evaluation`] → [`store`] → [`watch`] → [`pipeline`] →
//! [`service`] → [`cli`].

pub mod cli;
pub mod config;
pub mod elucidation;
pub mod evaluation;
pub mod fid;
pub mod inference;
pub mod library;
pub mod molecule;
pub mod network;
pub mod pipeline;
pub mod service;
pub mod spectrum;
pub mod store;
pub mod telemetry;
pub mod training;
pub mod watch;
