//! 1H spectra as papers write them: `7.44–7.32 (m, 1H), 2.38 (s, 3H, CH3), ...`.

use larmor_elucidation::{ObservedMultiplet, ObservedPeak, SplittingPattern};

/// The signals of a text; `None` unless all of it is understood.
pub(super) fn proton_signals_of(text: &str) -> Option<Vec<ObservedPeak>> {
    let mut found = Vec::new();
    let (mut shift, mut remark, mut depth) = (String::new(), String::new(), 0_u32);
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        match letter {
            '(' | '[' => {
                depth += 1;
                if depth > 1 {
                    remark.push(letter);
                }
            }
            ')' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth > 0 {
                    remark.push(letter);
                    continue;
                }
                found.push(ObservedPeak::of_multiplet(middle(&shift)?, multiplet(&remark)));
                shift.clear();
                remark.clear();
            }
            _ if depth > 0 => remark.push(letter),
            _ => shift.push(letter),
        }
    }
    let rest = shift.trim_matches(|c: char| c.is_ascii_punctuation());
    (depth == 0 && rest.is_empty() && !found.is_empty()).then_some(found)
}

/// `7.44–7.32` or `7.44`, whatever separates it from the signal before.
fn middle(written: &str) -> Option<f64> {
    let written = written.trim_start_matches([',', ';', '.', 'δ', ':']);
    let (negative, body) = match written.strip_prefix(['-', '−', '–']) {
        Some(body) => (true, body),
        None => (false, written),
    };
    let ends: Option<Vec<f64>> =
        body.split(['-', '–', '−', '—', '~']).map(|number| number.parse().ok()).collect();
    let ppm = match ends?.as_slice() {
        [one] => *one,
        [from, to] if !negative => f64::midpoint(*from, *to),
        _ => return None,
    };
    let ppm = if negative { -ppm } else { ppm };
    (-3.0..22.0).contains(&ppm).then_some(ppm)
}

/// What a remark says of its multiplet: `d,J=5.5Hz,1H`.
fn multiplet(remark: &str) -> ObservedMultiplet {
    let mut words = remark.split([',', ';']);
    let pattern = words.find(|word| SplittingPattern::read(word).is_some()).unwrap_or_default();
    ObservedMultiplet::new(hydrogens(remark)).split(pattern, &couplings(remark))
}

/// `J=8.4Hz`, `J=8.4,2.1Hz` or `J1=8.4Hz,J2=2.1Hz`: numbers behind an equals sign.
fn couplings(remark: &str) -> Vec<f64> {
    let (mut found, mut told) = (Vec::new(), false);
    for word in remark.replace("and", ",").split([',', ';', '/', '&']) {
        let (said, written) =
            word.rsplit_once('=').map_or((told, word), |(_, value)| (true, value));
        let number = written.strip_suffix("Hz").unwrap_or(written).parse::<f64>().ok();
        told = said && number.is_some();
        found.extend(number.filter(|_| told));
    }
    found
}

/// `3H` among the words of a remark.
fn hydrogens(remark: &str) -> Option<f64> {
    let number = |word: &str| word.strip_suffix('H').and_then(|number| number.parse().ok());
    remark.split([',', ';']).find_map(number).filter(|hydrogens| *hydrogens > 0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_read_as_papers_write_them() {
        let text = "8.22 (d, J = 5.5 Hz, 1H), 7.50–7.25 (m, 2H, ArH),1.43 (s, 9H, (CH3)3–C), \
                    −0.1 (1 H, br s), 5.1 (br)";
        let found = proton_signals_of(text).unwrap();
        let shifts: Vec<f64> = found.iter().map(|s| s.ppm).collect();
        assert_eq!(shifts, [8.22, 7.375, 1.43, -0.1, 5.1]);
        let multiplets: Vec<ObservedMultiplet> =
            found.iter().map(|s| *s.as_multiplet().unwrap()).collect();
        let hydrogens: Vec<Option<f64>> = multiplets.iter().map(|m| m.hydrogens).collect();
        assert_eq!(hydrogens, [Some(1.0), Some(2.0), Some(9.0), Some(1.0), None]);
        let patterns: Vec<(SplittingPattern, bool)> =
            multiplets.iter().map(|m| (m.splitting, m.broad)).collect();
        let (unread, singlet) = (SplittingPattern::Unread, SplittingPattern::Singlet);
        assert_eq!(patterns[0], (SplittingPattern::Doublet, false));
        let others = [(unread, false), (singlet, false), (singlet, true), (unread, true)];
        assert_eq!(patterns[1..], others);
        assert_eq!(multiplets[0].largest_coupling_hz, Some(5.5));
        assert!(multiplets[1..].iter().all(|m| m.largest_coupling_hz.is_none()));
    }

    #[test]
    fn couplings_are_read_as_papers_write_them() {
        for (remark, largest) in [
            ("dd,J=2.1,8.4Hz,12H", Some(8.4)),
            ("12H,dd,J1=8.4Hz,J2=2.1Hz", Some(8.4)),
            ("dt,3J=7.1and2.0Hz,1H", Some(7.1)),
            ("d,J(H,F)=48.2Hz,2H,CH2F", Some(48.2)),
            ("m,6H", None),
        ] {
            assert_eq!(multiplet(remark).largest_coupling_hz, largest, "{remark}");
        }
    }

    #[test]
    fn a_text_that_is_not_understood_is_none() {
        for text in ["", "7.2", "7.2 (s, 1H", "H-3 (s, 1H)", "7.2, 7.3 (m, 2H)", "72 (s, 1H)"] {
            assert_eq!(proton_signals_of(text), None, "{text}");
        }
    }
}
