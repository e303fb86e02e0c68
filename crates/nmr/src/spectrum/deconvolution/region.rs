//! Stretches of a spectrum in which lines overlap and are fitted together.

use super::shape::Line;

/// Lines whose distance is more than this many of their widths do not overlap.
const APART: f64 = 4.0;
/// Most lines that are fitted together; what has more is cut at its widest gap.
pub(super) const MOST_LINES: usize = 12;
/// A stretch goes so many half widths beyond its outermost lines.
const MARGIN: f64 = 8.0;
/// Most points of a stretch.
const MOST_POINTS: usize = 4096;

/// Lines (their places in the list, in order) and the points they are fitted to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Region {
    pub(super) lines: std::ops::Range<usize>,
    pub(super) points: std::ops::Range<usize>,
}

/// Cuts lines in order of place into regions; `length` is that of the spectrum.
pub(super) fn cut(lines: &[Line], length: usize) -> Vec<Region> {
    let mut groups = Vec::new();
    let mut start = 0;
    for end in 1..=lines.len() {
        let apart = end == lines.len() || {
            let (left, right) = (&lines[end - 1], &lines[end]);
            right.centre - left.centre > APART * (left.half_width + right.half_width)
        };
        if apart {
            halve(lines, start..end, &mut groups);
            start = end;
        }
    }
    let middle = |left: usize| (lines[left].centre + lines[left + 1].centre) / 2.0;
    groups
        .into_iter()
        .filter_map(|group| {
            let (first, last) = (&lines[group.start], &lines[group.end - 1]);
            let widest = lines[group.clone()].iter().map(|l| l.half_width).fold(0.0, f64::max);
            let mut from = first.centre - (MARGIN * widest).max(6.0);
            let mut to = last.centre + (MARGIN * widest).max(6.0);
            if group.start > 0 {
                from = from.max(middle(group.start - 1));
            }
            if group.end < lines.len() {
                to = to.min(middle(group.end - 1));
            }
            let from = from.max(0.0).ceil() as usize;
            let to = (to.max(0.0).floor() as usize + 1).min(length);
            let fits = to > from && to - from <= MOST_POINTS;
            fits.then_some(Region { lines: group, points: from..to })
        })
        .collect()
}

fn halve(lines: &[Line], group: std::ops::Range<usize>, groups: &mut Vec<std::ops::Range<usize>>) {
    if group.len() <= MOST_LINES {
        groups.push(group);
        return;
    }
    // Not near the ends, lest single lines be peeled off one by one.
    let inner = group.start + group.len() / 4..group.end - group.len() / 4;
    let gap = |k: usize| lines[k].centre - lines[k - 1].centre;
    let widest = inner.clone().max_by(|&a, &b| gap(a).total_cmp(&gap(b)));
    let cut = widest.unwrap_or(group.start + group.len() / 2);
    halve(lines, group.start..cut, groups);
    halve(lines, cut..group.end, groups);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(centre: f64) -> Line {
        Line { centre, half_width: 3.0, height: 1.0 }
    }

    #[test]
    fn lines_apart_are_fitted_apart_and_every_line_has_its_region() {
        let lines: Vec<Line> = [100.0, 110.0, 400.0]
            .into_iter()
            .map(line)
            .chain((0..40).map(|k| line(700.0 + 8.0 * f64::from(k))))
            .collect();
        let regions = cut(&lines, 4096);
        assert_eq!(regions[0].lines, 0..2);
        assert_eq!(regions[0].points, 76..135);
        assert_eq!(regions[1].lines, 2..3);
        assert!(regions.iter().all(|region| region.lines.len() <= MOST_LINES));
        let covered: Vec<usize> = regions.iter().flat_map(|region| region.lines.clone()).collect();
        assert_eq!(covered, (0..lines.len()).collect::<Vec<_>>());
        assert!(regions.windows(2).all(|two| two[0].points.end <= two[1].points.start + 1));
    }
}
