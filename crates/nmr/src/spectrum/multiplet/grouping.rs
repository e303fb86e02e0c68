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
            let whole = cut(cluster);
            let unexplained = whole.iter().any(|group| group.explanation.is_none());
            let apart = unexplained.then(|| tall_ones_apart(cluster)).flatten();
            apart.unwrap_or(whole)
        })
        .collect();
    groups.sort_by(|a, b| a.lines[0].hz.total_cmp(&b.lines[0].hz));
    groups
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
    let mut groups: Vec<Group> = tall.chunk_by(|a, b| b.hz - a.hz < GAP).flat_map(cut).collect();
    if groups.iter().any(|group| group.explanation.is_none()) {
        return None;
    }
    groups.extend(small.chunk_by(|a, b| b.hz - a.hz < GAP).flat_map(cut));
    Some(groups)
}

/// Cuts a cluster where it costs least: each pattern costs something, the more the worse it
/// fits, and lines without a pattern cost more.
fn cut(cluster: &[Component]) -> Vec<Group> {
    let count = cluster.len();
    if count > MOST_LINES {
        return vec![Group { lines: cluster.to_vec(), explanation: None }];
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
                Some(singlet(&part[0], start > 0 || end < count))
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
    groups
}

/// A line by itself; in company it is rarely one.
fn singlet(line: &Component, in_company: bool) -> Explanation {
    let score = if in_company { 8.0 } else { 0.0 };
    Explanation { centre_hz: line.hz, nuclei: Vec::new(), couplings: Vec::new(), score }
}
