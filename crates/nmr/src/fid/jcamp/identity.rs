//! What version 0.2.0 read from a header into a digest, frozen as the tables of `fid/identity.rs`
//! are and for the same reason.

use super::document::Block;
use super::header::{program_name, without_brackets};
use crate::fid::bruker::pulse_program;
use crate::fid::identity::{NO_SOLVENT, solvent};
use crate::fid::signal::{Fid, Origin};

/// Farther from the carrier than this, as a part of it, 0.2.0 took no frequency for that of 0 ppm.
const NEAR: f64 = 1e-3;

/// What stands in a digest beside the points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Identity {
    pub solvent: &'static str,
    pub experiment: &'static str,
    /// The frequency of 0 ppm, MHz.
    pub reference_mhz: f64,
}

impl Identity {
    /// Of a block and what was read from it.
    pub fn of(block: &Block<'_>, fid: &Fid) -> Self {
        // The two labels that 0.2.0 looked at.
        let names =
            [block.private.text("SOLVENT"), block.get(".SOLVENTNAME").map(without_brackets)];
        let mut solvents = names.into_iter().flatten().map(solvent);
        let reference_mhz = match fid.origin {
            Origin::Acquired => reference_mhz(block, fid),
            Origin::Spectrum => fid.reference_mhz,
        };
        Self {
            solvent: solvents.find(|&solvent| solvent != NO_SOLVENT).unwrap_or(NO_SOLVENT),
            experiment: pulse_program::identity_experiment(program_name(block), &block.private),
            reference_mhz,
        }
    }
}

/// What the operator calibrated, else the spectrometer's base frequency, else the point with a
/// known shift, else the carrier.
fn reference_mhz(block: &Block<'_>, fid: &Fid) -> f64 {
    let carrier_mhz = fid.carrier_mhz;
    let near = |&mhz: &f64| (mhz / carrier_mhz - 1.0).abs() < NEAR;
    let base = block.private.number("BF1").filter(near);
    let calibrated = block.private.number("SF").filter(near);
    if let Some(known) = calibrated.or(base) {
        return known;
    }
    let Some((point, ppm)) = shift_reference(block) else { return carrier_mhz };
    let above = (0.5 - (point - 1.0) / fid.points.len() as f64) * fid.sweep_width_hz;
    let reference = (carrier_mhz + above / 1e6) / (1.0 + ppm / 1e6);
    Some(reference).filter(near).unwrap_or(carrier_mhz)
}

/// The point that `.SHIFT REFERENCE` names, and its shift.
fn shift_reference(block: &Block<'_>) -> Option<(f64, f64)> {
    let text = block.get(".SHIFTREFERENCE")?.trim_matches(['(', ')']);
    let mut from_end = text.rsplit(',').map(|field| {
        let first = field.split([' ', '\t']).find(|part| !part.is_empty())?;
        first.parse::<f64>().ok().filter(|number| number.is_finite())
    });
    let ppm = from_end.next()??;
    let point = from_end.next()??;
    Some((point, ppm))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fid::jcamp::document;

    /// What 0.2.0 took from a FID's header; its two points have 100 MHz in their middle.
    fn identity(header: &str) -> Identity {
        let text = format!(
            "##TITLE= x\n##DATA TYPE= NMR FID\n##.OBSERVE FREQUENCY= 100\n##.OBSERVE NUCLEUS= ^1H\n\
             {header}##NTUPLES= NMR FID\n##SYMBOL= X, R, I, N\n##VAR_DIM= 2, 2, 2, 2\n\
             ##UNITS= SECONDS, , ,\n##FIRST= 0, 1, 1, 1\n##LAST= 0.001, 1, 1, 2\n\
             ##FACTOR= 0.001, 1, 1, 1\n##PAGE= N=1\n##DATA TABLE= (X++(R..R))\n0 1 2\n##PAGE= N=2\n\
             ##DATA TABLE= (X++(I..I))\n0 1 2\n##END NTUPLES= NMR FID\n##END=\n"
        );
        let blocks = document::blocks(text.as_bytes()).unwrap();
        let fid = crate::fid::jcamp::signal::read(&blocks[0]).unwrap();
        Identity::of(&blocks[0], &fid)
    }

    #[test]
    fn zero_is_where_version_0_2_0_saw_it() {
        for (header, mhz) in [
            ("", 100.0),
            ("##$BF1= 100.01\n", 100.01),
            ("##$BF1= 100.01\n##$SF= 100.0101\n", 100.0101),
            ("##$SF= 25\n", 100.0),
            ("##.SHIFT REFERENCE= INTERNAL, TMS, 1, 0\n", 100.0005),
            ("##.SHIFT REFERENCE= (INTERNAL, TMS, 2, 0)\n", 100.0),
            ("##$OFFSET= 9\n", 100.0),
        ] {
            let found = identity(header).reference_mhz;
            assert!((found - mhz).abs() < 1e-9, "{header}: {found}");
        }
    }

    #[test]
    fn names_are_those_that_version_0_2_0_knew() {
        for (header, solvent, experiment) in [
            ("##$SOLVENT= <CDCl3>\n##$PULPROG= <zg30>\n", "Some(Chloroform)", "1D"),
            ("##.SOLVENT NAME= <CDCl3_SPE>\n##.PULSE SEQUENCE= selnogp\n", NO_SOLVENT, "1D"),
            ("##$SOLVENT= <urine>\n##.SOLVENT NAME= D2O\n", "Some(Water)", "1D"),
            ("##SOLVENT NAME= CDCl3\n##$PULPROG= <dept90>\n", NO_SOLVENT, "DEPT90"),
            ("##$PULPROG= <dept>\n##$P= (0..3)\n5 1 1 10\n", NO_SOLVENT, "DEPT45"),
        ] {
            let found = identity(header);
            assert_eq!((found.solvent, found.experiment), (solvent, experiment), "{header}");
        }
    }
}
