//! 13C.

use super::{Style, couplings, opening, sentence};
use larmor_nmr::spectrum::{Multiplicity, Peak, PeakClass, Splitting};

/// The compound's lines, falling in shift, of a spectrum taken at `mhz`: to a tenth of a ppm, or to a
/// hundredth where two would look the same. The hydrogens on each carbon are printed where an edited
/// spectrum told them of every line.
#[must_use]
pub fn carbon(peaks: &[Peak], mhz: f64, solvent: Option<&str>, style: Style) -> String {
    let mut compound: Vec<&Peak> =
        peaks.iter().filter(|peak| peak.class == PeakClass::Compound).collect();
    compound.sort_by(|a, b| b.ppm.total_cmp(&a.ppm));
    let edited =
        compound.iter().all(|peak| peak.multiplicity.is_some_and(|kind| group(kind).is_some()));
    let coarse: Vec<String> = compound.iter().map(|peak| format!("{:.1}", peak.ppm)).collect();
    let signals: Vec<String> = compound
        .iter()
        .enumerate()
        .map(|(place, peak)| {
            let before = place.checked_sub(1).and_then(|before| coarse.get(before));
            let same = [before, coarse.get(place + 1)].contains(&Some(&coarse[place]));
            let shift = if same { format!("{:.2}", peak.ppm) } else { coarse[place].clone() };
            let kind = peak.multiplicity.filter(|_| edited).and_then(group).map(str::to_owned);
            let split = peak.splitting.as_ref().map(|splitting| split(splitting, style));
            let notes: Vec<String> = [kind, split].into_iter().flatten().collect();
            if notes.is_empty() { shift } else { format!("{shift} ({})", notes.join(", ")) }
        })
        .collect();
    sentence(&opening(["13C", "C"], mhz, solvent, style), &signals)
}

fn group(kind: Multiplicity) -> Option<&'static str> {
    match kind {
        Multiplicity::S => Some("C"),
        Multiplicity::D => Some("CH"),
        Multiplicity::T => Some("CH2"),
        Multiplicity::Q => Some("CH3"),
        Multiplicity::DQ => None,
    }
}

fn split(splitting: &Splitting, style: Style) -> String {
    let pattern = match splitting.lines {
        2 => "d",
        3 => "t",
        4 => "q",
        5 => "quint",
        7 => "sept",
        _ => "m",
    };
    format!("{pattern}, {}", couplings(&[splitting.coupling_hz], style))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::test_peak;

    fn peak(ppm: f64, multiplicity: Option<Multiplicity>) -> Peak {
        Peak { multiplicity, ..test_peak(ppm) }
    }

    #[test]
    fn lines_that_would_look_the_same_get_one_more_digit() {
        let solvent = Peak { class: PeakClass::Solvent, ..peak(77.16, None) };
        let all = [peak(128.52, None), peak(128.47, None), solvent, peak(129.04, None)];
        assert_eq!(
            carbon(&all, 100.62, Some("CDCl3"), Style::Acs),
            "13C NMR (101 MHz, CDCl3) δ 129.0, 128.52, 128.47."
        );
    }

    #[test]
    fn hydrogens_are_printed_where_every_line_tells_and_fluorine_where_it_splits() {
        let splitting = Some(Splitting { by: "19F".to_owned(), lines: 2, coupling_hz: 245.46 });
        let fluorinated = Peak { splitting, ..peak(162.31, Some(Multiplicity::S)) };
        let mut all = vec![fluorinated, peak(20.9, Some(Multiplicity::Q))];
        assert_eq!(
            carbon(&all, 125.7, None, Style::Rsc),
            "δC (126 MHz) 162.3 (C, d, J 245.5), 20.9 (CH3)."
        );
        all.push(peak(55.0, Some(Multiplicity::DQ)));
        assert!(
            carbon(&all, 125.7, None, Style::Acs).ends_with("162.3 (d, J = 245.5 Hz), 55.0, 20.9.")
        );
    }
}
