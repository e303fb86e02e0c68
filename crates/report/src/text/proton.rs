//! 1H.

use super::{Style, couplings, opening, sentence};
use larmor_nmr::spectrum::{Multiplet, Peak, multiplet};

/// An integral further than this from a whole number is printed as it is.
const WHOLE: f64 = 0.35;
/// Multiplets wider than this are printed as a range, ppm.
const RANGE: f64 = 0.015;

/// The compound's multiplets, falling in shift, of a spectrum taken at `mhz`; `peaks` are the
/// spectrum's. Where hydrogens were counted, traces of less than a third of one are left out.
#[must_use]
pub fn proton(
    multiplets: &[Multiplet],
    peaks: &[Peak],
    mhz: f64,
    solvent: Option<&str>,
    style: Style,
) -> String {
    let mut compound = multiplet::of_compound(multiplets);
    compound.sort_by(|a, b| b.ppm.total_cmp(&a.ppm));
    let signals: Vec<String> = compound.iter().map(|one| signal(one, peaks, style)).collect();
    sentence(&opening(["1H", "H"], mhz, solvent, style), &signals)
}

fn signal(multiplet: &Multiplet, peaks: &[Peak], style: Style) -> String {
    let pattern = match multiplet.pattern.as_str() {
        "s" if multiplet.is_broad(peaks) => "br s",
        "" => "m",
        pattern => pattern,
    };
    let is_range = pattern == "m" && multiplet.to_ppm - multiplet.from_ppm > RANGE;
    let shift = if is_range {
        format!("{:.2}–{:.2}", multiplet.to_ppm, multiplet.from_ppm)
    } else {
        format!("{:.2}", multiplet.ppm)
    };
    let mut parts = vec![pattern.to_owned()];
    if !multiplet.couplings_hz.is_empty() {
        parts.push(couplings(&multiplet.couplings_hz, style));
    }
    if let Some(hydrogens) = multiplet.hydrogens.and_then(hydrogens) {
        match style {
            Style::Acs => parts.push(format!("{hydrogens}H")),
            Style::Rsc => parts.insert(0, format!("{hydrogens} H")),
        }
    }
    format!("{shift} ({})", parts.join(", "))
}

/// A whole number where it is nearly one.
fn hydrogens(measured: f64) -> Option<String> {
    let whole = measured.round();
    if !measured.is_finite() || measured < 0.05 {
        None
    } else if whole >= 1.0 && (measured - whole).abs() <= WHOLE {
        Some(format!("{whole:.0}"))
    } else {
        Some(format!("{measured:.1}"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::test_peak;
    use larmor_nmr::spectrum::PeakClass;

    fn multiplet(ppm: f64, pattern: &str, couplings_hz: &[f64], hydrogens: f64) -> Multiplet {
        Multiplet {
            ppm,
            from_ppm: ppm - 0.03,
            to_ppm: ppm + 0.03,
            area: 0.2,
            pattern: pattern.to_owned(),
            couplings_hz: couplings_hz.to_vec(),
            class: PeakClass::Compound,
            peaks: vec![0],
            hydrogens: Some(hydrogens),
        }
    }

    fn line(width_hz: f64) -> Peak {
        Peak { width_hz, ..test_peak(2.0) }
    }

    #[test]
    fn multiplets_are_printed_as_either_society_wants_them() {
        let solvent = Multiplet { class: PeakClass::Solvent, ..multiplet(7.26, "s", &[], 1.0) };
        let all = [
            multiplet(1.236, "t", &[7.12], 3.04),
            solvent,
            multiplet(3.71, "dq", &[9.96, 7.1], 1.9),
            multiplet(7.33, "m", &[], 4.8),
            multiplet(2.005, "s", &[], 0.97),
        ];
        let peaks = [line(14.0)];
        assert_eq!(
            proton(&all, &peaks, 499.88, Some("CDCl3"), Style::Acs),
            "1H NMR (500 MHz, CDCl3) δ 7.36–7.30 (m, 5H), 3.71 (dq, J = 10.0, 7.1 Hz, 2H), 2.00 \
             (br s, 1H), 1.24 (t, J = 7.1 Hz, 3H)."
        );
        assert_eq!(
            proton(&all[..1], &peaks, 400.13, Some("CDCl3"), Style::Rsc),
            "δH (400 MHz; CDCl3) 1.24 (3 H, t, J 7.1)."
        );
    }

    #[test]
    fn traces_beside_whole_hydrogens_are_left_out() {
        let uncounted = Multiplet { hydrogens: None, ..multiplet(3.0, "s", &[], 0.0) };
        let all = [multiplet(2.0, "s", &[], 0.2), uncounted, multiplet(4.0, "s", &[], 3.0)];
        let text = proton(&all, &[line(1.0)], 400.0, None, Style::Acs);
        assert_eq!(text, "1H NMR (400 MHz) δ 4.00 (s, 3H).");
    }

    #[test]
    fn an_integral_that_is_no_whole_number_is_not_made_one() {
        let half = [multiplet(4.0, "s", &[], 1.46)];
        let unknown = [Multiplet { hydrogens: None, ..multiplet(4.0, "s", &[], 0.0) }];
        assert!(proton(&half, &[line(1.0)], 400.0, None, Style::Acs).ends_with("4.00 (s, 1.5H)."));
        assert_eq!(
            proton(&unknown, &[line(1.0)], 400.0, None, Style::Acs),
            "1H NMR (400 MHz) δ 4.00 (s)."
        );
        assert_eq!(proton(&[], &[], 400.0, None, Style::Rsc), "δH (400 MHz) no signals.");
    }
}
