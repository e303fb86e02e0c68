//! Spectra as the experimental part of a paper prints them.
//!
//! ```
//! use larmor_report::text::{Style, carbon};
//! use larmor_nmr::spectrum::{Peak, PeakClass};
//!
//! let peak = |ppm| Peak {
//!     ppm,
//!     intensity: 1.0,
//!     width_hz: 1.5,
//!     area: 0.25,
//!     signal_to_noise: 90.0,
//!     class: PeakClass::Compound,
//!     multiplicity: None,
//!     errors: None,
//!     splitting: None,
//!     substance: None,
//! };
//! let peaks = [14.19, 21.04, 60.38, 171.13].map(peak);
//! assert_eq!(
//!     carbon(&peaks, 125.76, Some("CDCl3"), Style::Acs),
//!     "13C NMR (126 MHz, CDCl3) δ 171.1, 60.4, 21.0, 14.2."
//! );
//! ```

mod carbon;
mod proton;

pub use carbon::carbon;
pub use proton::proton;

/// Whose rules a text follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// American Chemical Society: `1H NMR (500 MHz, CDCl3) δ 7.26 (d, J = 8.1 Hz, 2H)`.
    Acs,
    /// Royal Society of Chemistry: `δH (500 MHz; CDCl3) 7.26 (2 H, d, J 8.1)`.
    Rsc,
}

/// A sharp line of the compound.
#[cfg(test)]
fn test_peak(ppm: f64) -> larmor_nmr::spectrum::Peak {
    larmor_nmr::spectrum::Peak {
        ppm,
        intensity: 1.0,
        width_hz: 1.5,
        area: 0.2,
        signal_to_noise: 60.0,
        class: larmor_nmr::spectrum::PeakClass::Compound,
        multiplicity: None,
        errors: None,
        splitting: None,
        substance: None,
    }
}

/// What stands before the first shift.
fn opening(nucleus: [&str; 2], mhz: f64, solvent: Option<&str>, style: Style) -> String {
    let mhz = format!("{mhz:.0} MHz");
    let (between, name) = match style {
        Style::Acs => (", ", format!("{} NMR", nucleus[0])),
        Style::Rsc => ("; ", format!("δ{}", nucleus[1])),
    };
    let conditions = [Some(mhz.as_str()), solvent].into_iter().flatten();
    let conditions = conditions.collect::<Vec<_>>().join(between);
    match style {
        Style::Acs => format!("{name} ({conditions}) δ "),
        Style::Rsc => format!("{name} ({conditions}) "),
    }
}

/// One opening, the signals between commas, and a full stop.
fn sentence(opening: &str, signals: &[String]) -> String {
    if signals.is_empty() {
        return format!("{opening}no signals.");
    }
    format!("{opening}{}.", signals.join(", "))
}

/// Couplings as either style writes them, largest first.
fn couplings(hz: &[f64], style: Style) -> String {
    let values = hz.iter().map(|hz| format!("{hz:.1}"));
    match style {
        Style::Acs => format!("J = {} Hz", values.collect::<Vec<_>>().join(", ")),
        Style::Rsc => format!("J {}", values.collect::<Vec<_>>().join(", ")),
    }
}
