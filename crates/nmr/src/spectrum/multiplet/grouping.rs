//! Which lines belong together: the cheapest way to cut a crowd of lines into patterns.

use super::first_order::{self, Component, Explanation};

/// Lines further apart than this, Hz, belong to different hydrogens.
const GAP: f64 = 20.0;
/// Most lines, and greatest width in Hz, of one pattern.
const LARGEST: (usize, f64) = (24, 62.0);
/// Clusters of more lines are not analysed.
const MOST_LINES: usize = 80;
/// Lines this much smaller than the largest of their cluster may belong to other hydrogens that
/// lie beneath.
const FAR_SMALLER: f64 = 0.5;
/// A line of less than this share of another one within [`GAP`] is none of a multiplet's.
const MINOR: f64 = 0.015;
/// Lines beside one that is so much larger are no company for it.
const COMPANY: f64 = 0.1;
/// Lines nearer than this, in widths, are told apart by their heights: what one gets of the area the
/// other loses.
const OVERLAPPING: f64 = 1.5;
/// Widths of lines that are one each differ by less than this.
const ALIKE: f64 = 1.8;
/// What another reading of the same lines must save: a pattern.
const BETTER: f64 = 0.9;

/// What a pattern costs that fits perfectly.
const PATTERN: f64 = 1.0;

/// Lines taken together, with the pattern that explains them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) lines: Vec<Component>,
    /// `None`: nothing first-order does.
    pub(super) explanation: Option<Explanation>,
}

impl Group {
    /// One line by itself.
    pub(super) fn singlet(line: Component) -> Self {
        Self { explanation: Some(singlet(&line, false)), lines: vec![line] }
    }
}

/// Groups lines in order of frequency.
pub(super) fn group(lines: &[Component]) -> Vec<Group> {
    let lines = without_minor(lines);
    let mut groups: Vec<Group> = lines
        .chunk_by(|left, right| right.hz - left.hz < GAP)
        .flat_map(|cluster| {
            let (cost, whole) = cut(cluster);
            let other = shared_by_height(cluster).map(|lines| cut(&lines));
            let better = other.filter(|other| other.0 < cost - BETTER);
            let whole = better.map_or(whole, |other| other.1);
            let unexplained = whole.iter().any(|group| group.explanation.is_none());
            let apart = unexplained.then(|| tall_ones_apart(cluster)).flatten();
            apart.unwrap_or(whole)
        })
        .collect();
    groups.sort_by(|a, b| a.lines[0].hz.total_cmp(&b.lines[0].hz));
    groups
}

/// Lines of which some overlap, with the area of these shared out by their heights. A fit gives each its
/// own width, and where one comes out too wide its neighbour comes out too small; heights hold. `None`
/// where no lines overlap, or where such that do are so different in width that one is several.
fn shared_by_height(lines: &[Component]) -> Option<Vec<Component>> {
    let overlap =
        |a: &Component, b: &Component| b.hz - a.hz < OVERLAPPING * a.width_hz.min(b.width_hz);
    let mut lines = lines.to_vec();
    let mut any = false;
    for crowd in lines.chunk_by_mut(overlap).filter(|crowd| crowd.len() > 1) {
        let widths = || crowd.iter().map(|line| line.width_hz);
        if widths().fold(0.0, f64::max) > ALIKE * widths().fold(f64::INFINITY, f64::min) {
            return None;
        }
        let height = |line: &Component| line.area / line.width_hz;
        let area: f64 = crowd.iter().map(|line| line.area).sum();
        let heights: f64 = crowd.iter().map(height).sum();
        crowd.iter_mut().for_each(|line| line.area = area * height(line) / heights);
        any = true;
    }
    any.then_some(lines)
}

/// Feet of tall lines and traces of other compounds set aside.
fn without_minor(lines: &[Component]) -> Vec<Component> {
    let towers = |line: &Component, other: &Component| line.area < MINOR * other.area;
    lines
        .iter()
        .enumerate()
        .filter(|(k, line)| {
            let left = lines[..*k].iter().rev().take_while(|other| line.hz - other.hz < GAP);
            let right = lines[k + 1..].iter().take_while(|other| other.hz - line.hz < GAP);
            !left.chain(right).any(|other| towers(line, other))
        })
        .map(|(_, line)| *line)
        .collect()
}

/// Methyl groups tower over what lies beneath them: both are analysed apart when every tall line
/// finds its pattern that way.
fn tall_ones_apart(cluster: &[Component]) -> Option<Vec<Group>> {
    let largest = cluster.iter().map(|line| line.area).fold(0.0, f64::max);
    let (tall, small): (Vec<Component>, Vec<Component>) =
        cluster.iter().partition(|line| line.area > FAR_SMALLER * largest);
    let beneath = small.iter().map(|line| line.area).fold(0.0, f64::max);
    let sum = |lines: &[Component]| lines.iter().map(|line| line.area).sum::<f64>();
    // A few per cent are the outer lines of the same pattern.
    let enough = sum(&small) > 0.15 * sum(&tall);
    if tall.len() < 2 || !enough || beneath > 0.3 * largest {
        return None;
    }
    let mut groups: Vec<Group> =
        tall.chunk_by(|a, b| b.hz - a.hz < GAP).flat_map(|part| cut(part).1).collect();
    if groups.iter().any(|group| group.explanation.is_none()) {
        return None;
    }
    groups.extend(small.chunk_by(|a, b| b.hz - a.hz < GAP).flat_map(|part| cut(part).1));
    Some(groups)
}

/// Cuts a cluster where it costs least: each pattern costs something, the more the worse it
/// fits, and lines without a pattern cost more.
fn cut(cluster: &[Component]) -> (f64, Vec<Group>) {
    let count = cluster.len();
    if count > MOST_LINES {
        return (f64::INFINITY, vec![Group { lines: cluster.to_vec(), explanation: None }]);
    }
    let mut cheapest: Vec<(f64, usize, Option<Explanation>)> = vec![(0.0, 0, None)];
    for end in 1..=count {
        let mut best: (f64, usize, Option<Explanation>) = (f64::INFINITY, 0, None);
        for start in (0..end).rev() {
            let part = &cluster[start..end];
            let width = part[part.len() - 1].hz - part[0].hz;
            let unexplained = cheapest[start].0 + 2.5 + 0.3 * part.len() as f64;
            if unexplained < best.0 {
                best = (unexplained, start, None);
            }
            // No pattern costs less than one that fits perfectly.
            let too_dear = cheapest[start].0 + PATTERN >= best.0;
            if part.len() > LARGEST.0 || width > LARGEST.1 || too_dear {
                continue;
            }
            let explanation = if part.len() == 1 {
                Some(singlet(&part[0], has_company(cluster, start)))
            } else {
                first_order::fit_couplings(part)
            };
            if let Some(explanation) = explanation {
                let cost = cheapest[start].0 + PATTERN + 0.12 * explanation.score;
                if cost < best.0 {
                    best = (cost, start, Some(explanation));
                }
            }
        }
        cheapest.push(best);
    }
    let mut groups = Vec::new();
    let mut end = count;
    while end > 0 {
        let (_, start, explanation) = &cheapest[end];
        groups
            .push(Group { lines: cluster[*start..end].to_vec(), explanation: explanation.clone() });
        end = *start;
    }
    groups.reverse();
    (cheapest[count].0, groups)
}

/// Whether a line of a cluster has others beside it that it could be of one multiplet with; the foot of
/// a tall line is none.
fn has_company(cluster: &[Component], place: usize) -> bool {
    let line = &cluster[place];
    let beside = |(other, component): (usize, &Component)| {
        other != place
            && (component.hz - line.hz).abs() < GAP
            && component.area > COMPANY * line.area
    };
    cluster.iter().enumerate().any(beside)
}

/// A line by itself; in company it is rarely one.
fn singlet(line: &Component, in_company: bool) -> Explanation {
    let score = if in_company { 8.0 } else { 0.0 };
    Explanation { centre_hz: line.hz, nuclei: Vec::new(), couplings: Vec::new(), score }
}
