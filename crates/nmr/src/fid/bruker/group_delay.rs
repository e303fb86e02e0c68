//! How many points of a Bruker FID are the digital filter's build-up.

use num_complex::Complex64;

use super::parameters::Parameters;

/// What the header says of the digital filter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::fid) struct DigitalFilter {
    /// `DIGMOD`: 0 analog, 1 digital, 2 homodecoupling-digital, 3 base-optimised.
    pub mode: i64,
    /// `DSPFVS`: firmware version.
    pub firmware: i64,
    /// `DECIM`: decimation, not always whole.
    pub decimation: f64,
    /// `GRPDLY`, where it is written.
    pub declared: Option<f64>,
}

impl DigitalFilter {
    pub fn from_parameters(acqus: &Parameters) -> Self {
        Self {
            mode: acqus.integer("DIGMOD").unwrap_or(1),
            firmware: acqus.integer("DSPFVS").unwrap_or(0),
            decimation: acqus.number("DECIM").unwrap_or(1.0),
            declared: acqus.number("GRPDLY").filter(|&points| points > 0.0 && points < 1000.0),
        }
    }

    /// True after `convdta`: the filter was converted away and `TDoff` tells what is left.
    pub fn is_converted(&self) -> bool {
        self.mode == 0 && self.firmware == -1
    }

    /// Delay in complex points, checked against the data; `converted_offset` is `TDoff` of such converted data, in values.
    pub fn delay(&self, converted_offset: Option<f64>, points: &[Complex64]) -> f64 {
        if self.is_converted() {
            return converted_offset.filter(|v| (0.0..2000.0).contains(v)).unwrap_or(0.0) / 2.0;
        }
        if self.mode == 0 {
            return 0.0;
        }
        match self.declared.or_else(|| tabulated(self.firmware, self.decimation)) {
            // Some programs take the build-up away and leave the header as it was.
            Some(delay) if starts_at_once(points, delay) => 0.0,
            Some(delay) => delay,
            None => build_up(points),
        }
    }
}

/// True when the signal is there well before the filter could have let it through.
pub(in crate::fid) fn starts_at_once(points: &[Complex64], delay: f64) -> bool {
    let delay = delay as usize;
    if delay < 8 || points.len() < delay + 64 {
        return false;
    }
    let strongest =
        |part: &[Complex64]| part.iter().map(Complex64::norm_sqr).fold(0.0, f64::max).sqrt();
    strongest(&points[..delay / 2]) > 0.5 * strongest(&points[delay - 4..delay + 64])
}

/// Before `GRPDLY` was written, the delay followed from firmware and decimation.
fn tabulated(firmware: i64, decimation: f64) -> Option<f64> {
    let column = match firmware {
        10 => 0,
        11 => 1,
        12 => 2,
        13 => 3,
        _ => return None,
    };
    let (_, delays) = TABLE
        .iter()
        .filter(|(_, delays)| delays[column] > 0.0)
        .min_by(|a, b| distance(a.0, decimation).total_cmp(&distance(b.0, decimation)))?;
    Some(delays[column])
}

fn distance(tabulated: f64, decimation: f64) -> f64 {
    (tabulated.ln() - decimation.max(1.0).ln()).abs()
}

/// Last resort: where the signal peaks after the build-up.
pub(in crate::fid) fn build_up(points: &[Complex64]) -> f64 {
    points
        .iter()
        .take(160)
        .enumerate()
        .max_by(|a, b| a.1.norm_sqr().total_cmp(&b.1.norm_sqr()))
        .map_or(0.0, |(index, _)| index as f64)
}

/// Decimation, then the delay for firmware 10, 11, 12 and 13 (0 where there is none).
const TABLE: [(f64, [f64; 4]); 21] = [
    (2.0, [44.75, 46.0, 46.0, 2.75]),
    (3.0, [33.5, 36.5, 36.5, 2.833_333_333]),
    (4.0, [66.625, 48.0, 48.0, 2.875]),
    (6.0, [59.083_333_333, 50.166_666_667, 50.166_666_667, 2.916_666_667]),
    (8.0, [68.5625, 53.25, 53.25, 2.9375]),
    (12.0, [60.375, 69.5, 69.5, 2.958_333_333]),
    (16.0, [69.53125, 72.25, 71.625, 2.96875]),
    (24.0, [61.020_833_333, 70.166_666_667, 70.166_666_667, 2.979_166_667]),
    (32.0, [70.015_625, 72.75, 72.125, 2.984_375]),
    (48.0, [61.343_75, 70.5, 70.5, 2.989_583_333]),
    (64.0, [70.257_812_5, 73.0, 72.375, 2.992_187_5]),
    (96.0, [61.505_208_333, 70.666_666_667, 70.666_666_667, 2.994_791_667]),
    (128.0, [70.378_906_25, 72.5, 72.5, 0.0]),
    (192.0, [61.585_937_5, 71.333_333_333, 71.333_333_333, 0.0]),
    (256.0, [70.439_453_125, 72.25, 72.25, 0.0]),
    (384.0, [61.626_302_083, 71.666_666_667, 71.666_666_667, 0.0]),
    (512.0, [70.469_726_562, 72.125, 72.125, 0.0]),
    (768.0, [61.646_484_375, 71.833_333_333, 71.833_333_333, 0.0]),
    (1024.0, [70.484_863_281, 72.0625, 72.0625, 0.0]),
    (1536.0, [61.656_575_521, 71.916_666_667, 71.916_666_667, 0.0]),
    (2048.0, [70.492_431_641, 72.031_25, 72.031_25, 0.0]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(mode: i64, firmware: i64, decimation: f64, declared: Option<f64>) -> DigitalFilter {
        DigitalFilter { mode, firmware, decimation, declared }
    }

    #[test]
    fn the_delay_comes_from_the_best_source_there_is() {
        assert_eq!(filter(1, 20, 672.0, Some(67.98)).delay(None, &[]), 67.98);
        assert_eq!(filter(1, 10, 24.0, None).delay(None, &[]), 61.020_833_333);
        assert_eq!(filter(1, 12, 8.0, None).delay(None, &[]), 53.25);
        assert_eq!(filter(1, 12, 2_218.67, None).delay(None, &[]), 72.031_25);
        assert_eq!(filter(3, 21, 490.67, Some(76.0)).delay(None, &[]), 76.0);
        assert_eq!(filter(0, 20, 1.0, None).delay(None, &[]), 0.0);
        assert_eq!(filter(0, -1, 1.0, Some(67.99)).delay(Some(8.0), &[]), 4.0);
        let mut points = vec![Complex64::ZERO; 300];
        points[68] = Complex64::new(0.0, -5.0);
        assert_eq!(filter(1, 20, 672.0, None).delay(None, &points), 68.0);
        assert_eq!(filter(1, 20, 672.0, Some(67.98)).delay(None, &points), 67.98);
    }

    #[test]
    fn a_signal_that_is_there_at_once_has_no_delay_left() {
        let points: Vec<Complex64> =
            (0..300).map(|t| Complex64::new((-f64::from(t) / 200.0).exp(), 0.0)).collect();
        assert_eq!(filter(1, 20, 672.0, Some(67.98)).delay(None, &points), 0.0);
    }
}
