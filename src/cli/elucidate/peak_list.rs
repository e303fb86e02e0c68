//! A 13C peak list as people type it.

use std::path::Path;

use larmor_command_line::CommandError;
use larmor_elucidation::ObservedPeak;
use larmor_nmr::spectrum::Multiplicity;

/// Largest peak list read, in bytes.
const MOST_BYTES: u64 = 1 << 20;
/// Shifts a 13C line can have, ppm.
const SHIFTS: std::ops::RangeInclusive<f64> = -100.0..=400.0;

/// Reads a peak list file.
pub(super) fn read(path: &Path) -> Result<Vec<ObservedPeak>, CommandError> {
    let at = |cause: std::io::Error| format!("{}: {cause}", path.display());
    let metadata = std::fs::metadata(path).map_err(at)?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(format!("{}: not a peak list (a text file up to 1 MB)", path.display()).into());
    }
    let text = String::from_utf8(std::fs::read(path).map_err(at)?)
        .map_err(|_| format!("{}: not a text file in UTF-8", path.display()))?;
    let peaks = parse(&text).map_err(|reason| format!("{}:{reason}", path.display()))?;
    if peaks.is_empty() {
        return Err(format!("{}: no peaks in it", path.display()).into());
    }
    Ok(peaks)
}

fn parse(text: &str) -> Result<Vec<ObservedPeak>, String> {
    let mut peaks = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let content = line.split('#').next().unwrap_or("");
        let mut words = content
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .filter(|word| !word.is_empty());
        let Some(ppm) = words.next() else { continue };
        let wrong = |what: &str| format!("{}: {what}: '{}'", number + 1, line.trim());
        let ppm: f64 = ppm
            .trim_start_matches('\u{feff}')
            .parse()
            .map_err(|_| wrong("expected a shift in ppm"))?;
        if !SHIFTS.contains(&ppm) {
            return Err(wrong("no 13C shift in ppm"));
        }
        let multiplicity = match words.next() {
            None => None,
            Some(word) => Some(
                multiplicity(word)
                    .ok_or_else(|| wrong("expected S, D, T or Q behind the shift"))?,
            ),
        };
        peaks.push(ObservedPeak::carbon(ppm, multiplicity));
    }
    Ok(peaks)
}

/// Multiplicity as chemists write it: S, D, T, Q, or C, CH, CH2, CH3; DQ is CH or CH3.
pub(super) fn multiplicity(word: &str) -> Option<Multiplicity> {
    Some(match word.to_ascii_uppercase().as_str() {
        "S" | "C" => Multiplicity::S,
        "D" | "CH" => Multiplicity::D,
        "T" | "CH2" => Multiplicity::T,
        "Q" | "CH3" => Multiplicity::Q,
        "DQ" => Multiplicity::DQ,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shifts_with_and_without_multiplicity() {
        let peaks = parse("# menthol\n\n71.5 D\n50.1\td  # C-2\n22.2, CH3\n45.0\r\n").unwrap();
        let found: Vec<_> = peaks.iter().map(|p| (p.ppm, p.multiplicity)).collect();
        assert_eq!(
            found,
            [
                (71.5, Some(Multiplicity::D)),
                (50.1, Some(Multiplicity::D)),
                (22.2, Some(Multiplicity::Q)),
                (45.0, None)
            ]
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        assert!(parse("71.5\nabc\n").unwrap_err().starts_with("2:"));
        for absurd in ["1e9", "NaN", "inf"] {
            let told = parse(&format!("71.5\n{absurd}\n")).unwrap_err();
            assert!(told.starts_with("2: no 13C shift"), "{told}");
        }
        assert!(parse("71.5 X\n").unwrap_err().contains("S, D, T or Q"));
    }
}
