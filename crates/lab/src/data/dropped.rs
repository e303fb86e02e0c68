//! What a reader left out of a data file, and why: nobody trains on half a file without being told.

use std::fmt;

/// Reasons that several readers have.
pub(crate) const NOT_UNDERSTOOD: &str = "with a structure that is not understood";
pub(crate) const NO_KEY: &str = "without an InChIKey";
pub(crate) const NO_CARBON: &str = "without a 13C peak";
pub(crate) const NO_PROTON: &str = "without a 1H spectrum of most hydrogens";
pub(crate) const SAME: &str = "of a constitution that is there already";
pub(crate) const NO_FOLD: &str = "in no fold";

/// Counts by reason, in the order in which the reasons came up.
///
/// ```
/// use larmor_lab::data::Dropped;
///
/// let mut dropped = Dropped::default();
/// dropped.count("structure not understood");
/// dropped.count("held out");
/// dropped.count("structure not understood");
/// assert_eq!(dropped.total(), 3);
/// assert_eq!(dropped.to_string(), "2 structure not understood, 1 held out");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped(Vec<(&'static str, usize)>);

impl Dropped {
    /// Counts one more.
    pub fn count(&mut self, reason: &'static str) {
        self.add(reason, 1);
    }

    /// Counts several more; none leaves no trace.
    pub fn add(&mut self, reason: &'static str, number: usize) {
        if number == 0 {
            return;
        }
        match self.0.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, count)) => *count += number,
            None => self.0.push((reason, number)),
        }
    }

    /// How many there are of a reason.
    #[must_use]
    pub fn of(&self, reason: &str) -> usize {
        self.0.iter().find(|(other, _)| *other == reason).map_or(0, |(_, count)| *count)
    }

    /// How many there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// True when nothing was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing");
        }
        for (at, (reason, count)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{count} {reason}")?;
        }
        Ok(())
    }
}
