//! What an ACML network is: its nucleus and its sizes.

use serde::{Deserialize, Serialize};

use crate::gin::{AtomDescription, GinSize};
use crate::kmaid::SOFT_PROJECTION;
use crate::spectrum_encoder::{ShiftInput, TeacherConfig};
use larmor_nmr::fid::Nucleus;

/// The nucleus whose spectra a network is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AcmlNucleus {
    /// 13C: a list of shifts.
    #[serde(rename = "13C")]
    Carbon,
    /// 1H: a trace from 0 to 12 ppm.
    #[serde(rename = "1H")]
    Proton,
}

impl AcmlNucleus {
    /// As the rest of the program names it.
    #[must_use]
    pub fn nucleus(self) -> Nucleus {
        match self {
            Self::Carbon => Nucleus::Carbon,
            Self::Proton => Nucleus::Proton,
        }
    }
}

/// What a network is shown of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AcmlInput {
    /// As published: 13C shifts in bins, a 1H trace.
    Published,
    /// The set of 13C shifts or of 1H signals, each of soft place.
    Peaks,
}

/// An ACML network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcmlConfig {
    /// Whose spectra it takes.
    pub nucleus: AcmlNucleus,
    /// How they are shown.
    pub input: AcmlInput,
    /// What the graph network is told of atoms and bonds.
    pub atoms: AtomDescription,
    /// Width of atom and graph vectors.
    pub width: i64,
    /// Layers of the graph network.
    pub layers: i64,
    /// Width of the space both sides are projected into.
    pub projection: i64,
    /// Dropout in the graph network while training.
    pub dropout: f64,
    /// Points of a 1H trace; 32,769 in the paper, 4,096 where there is no GPU.
    pub points: usize,
    /// Heights of a 1H trace, its maximum being 1, are taken as asinh(height / knee), so that a
    /// methyl's singlet does not hide the rest; 0 takes them as they are, as in the paper.
    pub knee: f64,
}

impl AcmlConfig {
    /// Sizes as published, but for the 1H trace: 4,096 points, compressed.
    #[must_use]
    pub fn published(nucleus: AcmlNucleus) -> Self {
        Self {
            nucleus,
            input: AcmlInput::Published,
            atoms: AtomDescription::WithoutHybridisation,
            width: 128,
            layers: 5,
            projection: 512,
            dropout: 0.2,
            points: 4_096,
            knee: 0.02,
        }
    }

    /// What ships: peaks of soft place, atoms described in full.
    #[must_use]
    pub fn soft(nucleus: AcmlNucleus) -> Self {
        let GinSize { layers, width, dropout, description: atoms } = GinSize::shipped();
        Self {
            input: AcmlInput::Peaks,
            atoms,
            layers,
            width,
            projection: SOFT_PROJECTION,
            dropout,
            ..Self::published(nucleus)
        }
    }

    /// The encoder and its teacher.
    #[must_use]
    pub fn teacher(&self) -> TeacherConfig {
        let Self { layers, width, dropout, atoms, .. } = *self;
        let carbon = (self.nucleus == AcmlNucleus::Carbon).then_some(self.shifts());
        TeacherConfig { carbon, layers, width, dropout, atoms }
    }

    pub(super) fn shifts(&self) -> ShiftInput {
        match self.input {
            AcmlInput::Published => ShiftInput::Bins,
            AcmlInput::Peaks => ShiftInput::Soft,
        }
    }

    pub(super) fn gin(&self) -> GinSize {
        let Self { layers, width, dropout, atoms: description, .. } = *self;
        GinSize { layers, width, dropout, description }
    }
}
