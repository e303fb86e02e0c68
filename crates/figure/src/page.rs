//! The whole figure: rows that never cover one another.

use svg::Document;
use svg::node::element::{Group, Rectangle, Title};

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::PeakClass;

use crate::axis;
use crate::crowded;
use crate::figure::{Figure, View, extent};
use crate::ink::{self, GREY};
use crate::inset::{self, Place};
use crate::integrals;
use crate::labels::{self, Wanted};
use crate::line;
use crate::scale::Scale;
use crate::signals::{self, Signal};
use crate::structure;

/// A4 on its side at 96 pixels an inch.
const WIDTH: f64 = 1123.0;
const HEIGHT: f64 = 794.0;
const EDGE: f64 = 36.0;
/// Rows, pixels: the title, insets and structure, the axis.
const TITLE: f64 = 58.0;
const INSETS: f64 = 200.0;
const AXIS: f64 = 40.0;
/// The least and the most that labels over the spectrum take.
const LABELS: [f64; 2] = [36.0, 220.0];
const LABEL: f64 = 10.0;
const LABEL_ROOM: f64 = 11.0;
const LABEL_REACH: f64 = 70.0;
/// Most insets in the row, and between them, pixels.
const MOST_INSETS: usize = 4;
const INSET_WIDTH: f64 = 210.0;
const BETWEEN: f64 = 10.0;
/// Share of the height below zero and above the tallest compound line.
const BELOW: f64 = 0.04;
const ABOVE: f64 = 0.06;

impl Figure<'_> {
    /// Draws it: one SVG element, 1123 by 794 pixels.
    #[must_use]
    pub fn svg(&self) -> String {
        let multiplets = self.multiplets();
        let mut signals = signals::of(self.nucleus, self.peaks, &multiplets, self.atoms);
        signals.retain(|one| self.shows(one.class) && !self.is_trace(one));
        let [low_ppm, high_ppm] = self.axis();
        let per_ppm = (WIDTH - 2.0 * EDGE) / (high_ppm - low_ppm);
        let insets = self.insets(per_ppm);
        let has_row = !insets.is_empty() || self.structure.is_some();
        let row = if has_row { INSETS + 2.0 * BETWEEN } else { 0.0 };
        let longest = signals.iter().map(|one| ink::length(&one.text, LABEL)).fold(0.0, f64::max);
        let labels = (longest + 30.0).clamp(LABELS[0], LABELS[1]);
        let has_integrals = !integrals::counted(&multiplets).is_empty();
        let below = AXIS + if has_integrals { integrals::BAND } else { 0.0 };
        let (low, high) = self.heights();
        let scale = Scale {
            low_ppm,
            high_ppm,
            low,
            high,
            left: EDGE,
            right: WIDTH - EDGE,
            top: TITLE + row + labels,
            bottom: HEIGHT - EDGE / 2.0 - below,
        };
        let mut page = Document::new()
            .set("viewBox", (0, 0, WIDTH, HEIGHT))
            .set("width", WIDTH)
            .set("height", HEIGHT)
            .set("font-family", "DejaVu Sans, Verdana, sans-serif")
            .set("color", ink::BLACK)
            .add(Title::new(ink::printable(&format!("{} {}", self.title, self.subtitle))))
            .add(Rectangle::new().set("width", WIDTH).set("height", HEIGHT).set("fill", "#fff"))
            .add(ink::words(&self.title, EDGE, 30.0, 16.0, "start").set("font-weight", "bold"))
            .add(ink::words(&self.subtitle, EDGE, 48.0, 11.0, "start").set("fill", GREY));
        if let Some(picture) = self.structure {
            page = page.add(structure::draw(picture, EDGE, TITLE));
        }
        for inset in insets {
            page = page.add(inset);
        }
        page = page
            .add(line::draw(self.trace, &scale))
            .add(axis::draw(&scale, scale.bottom + 4.0, 60.0))
            .add(ink::words("δ / ppm", WIDTH - EDGE, scale.bottom + 34.0, 11.0, "end"))
            .add(written(&signals, &scale));
        if has_integrals {
            let numbers = scale.bottom + AXIS - 10.0;
            page = page
                .add(integrals::curves(&multiplets, self.trace, &scale))
                .add(integrals::numbers(&multiplets, &scale, numbers));
        }
        page.to_string()
    }

    /// A line of the compound's class that no multiplet of it has.
    fn is_trace(&self, signal: &Signal) -> bool {
        self.view == View::Paper
            && !self.multiplets.is_empty()
            && signal.class == PeakClass::Compound
            && !signal.is_multiplet
    }

    /// The ends of the axis, ppm.
    fn axis(&self) -> [f64; 2] {
        let first = self.trace.first_ppm();
        let last = first + self.trace.step_ppm() * self.trace.len().max(1) as f64;
        let usual: [f64; 2] = match (self.view, self.nucleus) {
            (View::Everything, _) | (_, Nucleus::Other(_)) => return [first, last],
            (View::Paper, Nucleus::Proton) => [-0.5, 10.0],
            (View::Paper, Nucleus::Carbon) => [-5.0, 200.0],
        };
        let margin = 0.02 * (usual[1] - usual[0]);
        let ends = self.shown().fold(usual, |[low, high], peak| {
            [low.min(peak.ppm - margin), high.max(peak.ppm + margin)]
        });
        let [low, high] = [ends[0].max(first), ends[1].min(last)];
        if low < high { [low, high] } else { [first, last] }
    }

    /// Heights at the lower and the upper edge: the tallest compound line fills the figure, a solvent
    /// line may be cut off.
    fn heights(&self) -> (f64, f64) {
        let [down, up] = extent(self.peaks.iter());
        let up = if up - down > 0.0 { up } else { 1.0 };
        (down - BELOW * (up - down), up + ABOVE * (up - down))
    }

    /// Wider drawings of what is crowded, in the row under the title beside the structure.
    fn insets(&self, per_ppm: f64) -> Vec<Group> {
        let left = self.structure.map_or(EDGE, |picture| EDGE + picture.width + BETWEEN);
        let room = WIDTH - EDGE - left;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = (((room + BETWEEN) / (INSET_WIDTH + BETWEEN)) as usize).min(MOST_INSETS);
        let lines: Vec<f64> = self
            .peaks
            .iter()
            .filter(|peak| peak.class == PeakClass::Compound)
            .map(|peak| peak.ppm)
            .collect();
        let crowds = crowded::stretches(&lines, per_ppm, most);
        let width =
            ((room + BETWEEN) / crowds.len().max(1) as f64 - BETWEEN).min(1.6 * INSET_WIDTH);
        let crowds = crowds.iter().enumerate().map(|(number, crowd)| {
            let place = Place {
                left: left + number as f64 * (width + BETWEEN),
                top: TITLE,
                width,
                height: INSETS,
            };
            inset::draw(crowd, &place, self, per_ppm)
        });
        crowds.collect()
    }
}

/// Labels over the spectrum, each with a line to its signal.
fn written(signals: &[Signal], scale: &Scale) -> Group {
    let shown: Vec<&Signal> = signals.iter().filter(|one| scale.shows(one.ppm)).collect();
    let wanted: Vec<Wanted> = shown
        .iter()
        .map(|one| Wanted { at: scale.x(one.ppm), importance: one.importance })
        .collect();
    let foot = scale.top - 22.0;
    let mut labels = Group::new().set("class", "signals");
    for (place, x) in labels::place(&wanted, [scale.left, scale.right], LABEL_ROOM, LABEL_REACH) {
        let signal = shown[place];
        let colour = ink::colour(signal.class);
        let at = scale.x(signal.ppm);
        labels = labels
            .add(ink::upright(&signal.text, x, foot - 3.0, LABEL).set("fill", colour))
            .add(ink::stroke([(x, foot), (at, foot + 12.0), (at, foot + 18.0)], colour, 0.6));
    }
    labels
}
