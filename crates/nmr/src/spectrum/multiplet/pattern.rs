//! First-order patterns: sticks that couplings split one line into, and what chemists call them.

/// Most groups of coupling partners of one multiplet.
pub(super) const MOST_GROUPS: usize = 4;

/// One line of a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stick {
    /// Offset from the centre in units of each group's coupling.
    pub(super) by: [f64; MOST_GROUPS],
    /// Share of the multiplet's area.
    pub(super) share: f64,
}

impl Stick {
    pub(super) fn offset(&self, couplings: &[f64]) -> f64 {
        self.by.iter().zip(couplings).map(|(by, hz)| by * hz).sum()
    }
}

/// The sticks for groups of so many equal nuclei of spin 1/2 each.
pub(super) fn sticks(nuclei: &[u32]) -> Vec<Stick> {
    let mut sticks = vec![Stick { by: [0.0; MOST_GROUPS], share: 1.0 }];
    for (group, &count) in nuclei.iter().enumerate().take(MOST_GROUPS) {
        let whole = 2f64.powi(count.cast_signed());
        let mut ways = 1.0;
        let mut next = Vec::with_capacity(sticks.len() * (count as usize + 1));
        for up in 0..=count {
            for stick in &sticks {
                let mut by = stick.by;
                by[group] = f64::from(up) - f64::from(count) / 2.0;
                next.push(Stick { by, share: stick.share * ways / whole });
            }
            ways *= f64::from(count - up) / f64::from(up + 1);
        }
        sticks = next;
    }
    sticks
}

/// `d`, `t`, `dd`, `dt` ...: one word for each group, the largest coupling first.
pub(super) fn name(nuclei: &[u32]) -> String {
    if nuclei.is_empty() {
        return "s".into();
    }
    nuclei
        .iter()
        .map(|count| match count {
            1 => "d",
            2 => "t",
            3 => "q",
            4 => "quint",
            5 => "sext",
            6 => "sept",
            7 => "oct",
            _ => "non",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doublet_of_quartets_has_eight_sticks() {
        let sticks = sticks(&[1, 3]);
        assert_eq!(sticks.len(), 8);
        assert!((sticks.iter().map(|stick| stick.share).sum::<f64>() - 1.0).abs() < 1e-12);
        let lowest = sticks.iter().map(|s| s.offset(&[15.0, 7.0])).fold(0.0, f64::min);
        assert!((lowest + 7.5 + 10.5).abs() < 1e-12);
        assert_eq!(name(&[1, 3]), "dq");
        assert_eq!(name(&[]), "s");
        assert_eq!(name(&[6, 1]), "septd");
    }
}
