//! Stretches whose lines the whole axis cannot show apart.

/// Lines nearer than this are not seen apart, pixels.
const APART: f64 = 2.5;
/// Lines further apart than this belong to different stretches, pixels.
const GAP: f64 = 12.0;
/// A stretch wider than this is cut at its widest gap, pixels.
const WIDEST: f64 = 90.0;

/// A stretch of the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Crowd {
    pub(crate) low_ppm: f64,
    pub(crate) high_ppm: f64,
    /// Neighbours in it that are not seen apart.
    unresolved: usize,
}

/// At most `most` stretches with the most lines that are not seen apart, falling in shift. `lines`
/// (ppm) ascend.
pub(crate) fn stretches(lines: &[f64], per_ppm: f64, most: usize) -> Vec<Crowd> {
    let mut found: Vec<Crowd> = lines
        .chunk_by(|a, b| (b - a) * per_ppm <= GAP)
        .flat_map(|lines| cut(lines, per_ppm))
        .map(|lines| Crowd {
            low_ppm: lines[0],
            high_ppm: lines[lines.len() - 1],
            unresolved: lines.windows(2).filter(|w| (w[1] - w[0]) * per_ppm < APART).count(),
        })
        .filter(|crowd| crowd.unresolved > 0)
        .collect();
    found.sort_by(|a, b| b.unresolved.cmp(&a.unresolved).then(b.low_ppm.total_cmp(&a.low_ppm)));
    found.truncate(most);
    found.sort_by(|a, b| b.low_ppm.total_cmp(&a.low_ppm));
    found
}

/// Parts no wider than an inset can show.
fn cut(lines: &[f64], per_ppm: f64) -> Vec<&[f64]> {
    let mut parts = Vec::new();
    let mut rest = vec![lines];
    while let Some(part) = rest.pop() {
        let width = (part[part.len() - 1] - part[0]) * per_ppm;
        let gap = |place: &usize| part[*place] - part[*place - 1];
        match (1..part.len()).max_by(|a, b| gap(a).total_cmp(&gap(b))) {
            Some(place) if width > WIDEST => rest.extend([&part[..place], &part[place..]]),
            _ => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowds_are_found_and_lone_lines_are_not() {
        let lines = [1.0, 1.02, 1.04, 3.0, 7.20, 7.22, 7.24, 7.26];
        let found = stretches(&lines, 100.0, 4);
        let ends: Vec<(f64, f64)> = found.iter().map(|one| (one.low_ppm, one.high_ppm)).collect();
        assert_eq!(ends, [(7.20, 7.26), (1.0, 1.04)]);
        assert_eq!(stretches(&lines, 100.0, 1)[0].low_ppm, 7.20);
        assert!(stretches(&[], 100.0, 4).is_empty());
        assert!(stretches(&[1.0, 3.0], 100.0, 4).is_empty());
    }

    #[test]
    fn a_wide_crowd_comes_in_parts() {
        let lines: Vec<f64> = (0..400).map(|k| f64::from(k) * 0.01).collect();
        for part in stretches(&lines, 100.0, 100) {
            assert!((part.high_ppm - part.low_ppm) * 100.0 <= WIDEST, "{part:?}");
        }
    }
}
