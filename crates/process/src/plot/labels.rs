//! Which peaks get a label, and where it stands.

/// Horizontal room a label turned by 90 degrees needs, pixels.
const ROOM: f64 = 11.0;

/// A label's place beside the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Label {
    /// Which peak it names.
    pub(super) peak: usize,
    /// Where it stands, pixels from the left.
    pub(super) x: f64,
}

/// Labels for peaks at places `x` (pixels, any order) with their heights. The tallest are labelled
/// first; a label moves aside by at most `reach` pixels to find room, and is left out where there
/// is none.
pub(super) fn place(peaks: &[(f64, f64)], reach: f64, width: f64) -> Vec<Label> {
    let mut order: Vec<usize> = (0..peaks.len()).collect();
    order.sort_by(|&a, &b| peaks[b].1.total_cmp(&peaks[a].1).then(a.cmp(&b)));
    let mut labels: Vec<Label> = Vec::new();
    for peak in order {
        let wanted = peaks[peak].0;
        let free = |x: f64| {
            (0.0..=width).contains(&x) && labels.iter().all(|label| (label.x - x).abs() >= ROOM)
        };
        let steps = (reach / ROOM * 2.0) as i32;
        let found = (0..=steps)
            .flat_map(|step| [f64::from(step), -f64::from(step)])
            .map(|step| wanted + step * ROOM / 2.0)
            .find(|&x| free(x));
        labels.extend(found.map(|x| Label { peak, x }));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_overlap_and_the_tallest_have_theirs() {
        let peaks: Vec<(f64, f64)> = (0..400).map(|i| (f64::from(i) * 2.0, f64::from(i))).collect();
        let labels = place(&peaks, 40.0, 800.0);
        assert!(labels.iter().any(|label| label.peak == 399));
        assert!(labels.len() > 30 && labels.len() < 100, "{}", labels.len());
        for (i, a) in labels.iter().enumerate() {
            assert!(labels[..i].iter().all(|b| (a.x - b.x).abs() >= ROOM));
        }
    }
}
