//! Lines that are not the compound's and are nevertheless taken for it, and lines of the compound
//! that are taken for the solvent's.

use rand::{Rng, RngExt};

use super::distributions::log_uniform;
use larmor_nmr::fid::{Nucleus, Solvent};
use larmor_nmr::spectrum::simulation::Stick;
use larmor_nmr::spectrum::solvent_lines;

/// A compound's 1H signals, each a shift with its protons, and its 13C shifts; ppm.
type Leftover = (&'static [(f64, f64)], &'static [f64]);

/// What is often left in a tube (Gottlieb, Kotlyar
/// and Nudelman, J. Org. Chem. 1997, 62, 7512; in chloroform).
const USUAL: [Leftover; 8] = [
    // Grease and hexane.
    (&[(1.26, 8.0), (0.88, 2.0)], &[29.7, 22.7, 14.1, 31.6]),
    // Ethyl acetate.
    (&[(4.12, 2.0), (2.05, 3.0), (1.26, 3.0)], &[171.4, 60.5, 21.0, 14.2]),
    (&[(2.17, 6.0)], &[206.9, 30.9]),
    (&[(5.30, 2.0)], &[53.5]),
    (&[(3.49, 3.0)], &[50.4]),
    (&[(7.36, 6.0)], &[128.4]),
    // Diethyl ether.
    (&[(3.48, 4.0), (1.21, 6.0)], &[65.9, 15.2]),
    (&[(2.36, 3.0), (7.2, 5.0)], &[21.5, 125.3, 128.2, 129.1]),
];
/// Share of spectra that show one of these, water, and a line nobody can explain.
const WITH_USUAL: f64 = 0.25;
const WITH_WATER: f64 = 0.25;
const WITH_UNKNOWN: f64 = 0.2;
/// Share of spectra whose solvent is known, and this far beside its lines the compound's count as
/// its own, ppm of 1H and 13C.
const SOLVENT_KNOWN: f64 = 0.9;
const BESIDE_SOLVENT: [f64; 2] = [0.012, 0.06];
/// Share of spectra in which a remainder of the solvent is taken for the compound's.
const WITH_REMAINDER: f64 = 0.15;
/// Where water is looked for, ppm about its usual place.
const BESIDE_WATER: f64 = 0.05;
/// Width of a line of water, Hz.
const WATER_WIDTH_HZ: f64 = 4.0;

/// Adds foreign lines to those of a compound in a solvent, and takes away those of its own that
/// are lost among the solvent's.
pub(crate) fn mix(
    lines: &mut Vec<Stick>,
    nucleus: &Nucleus,
    solvent: Solvent,
    mhz: f64,
    random: &mut impl Rng,
) {
    let carbon = *nucleus == Nucleus::Carbon;
    let of_solvent = solvent_lines::lines(solvent, nucleus);
    if random.random_bool(SOLVENT_KNOWN) {
        let margin = BESIDE_SOLVENT[usize::from(carbon)];
        lines.retain(|own| {
            let lost = |line: &solvent_lines::SolventLine| {
                (own.ppm - line.ppm).abs() <= line.half_span_ppm(mhz) + margin
            };
            !of_solvent.iter().any(lost)
        });
    }
    // Areas are in units of a proton, or of a carbon with hydrogen.
    let line = |ppm: f64, area: f64| Stick { ppm, area, width_hz: None };
    if random.random_bool(WITH_REMAINDER)
        && let Some(one) = of_solvent.first()
    {
        let beside = one.half_span_ppm(mhz) + if carbon { 0.4 } else { 0.02 };
        let ppm = one.ppm + beside * random.random_range(-1.0..1.0);
        lines.push(line(ppm, log_uniform(random, [0.03, 1.0])));
    }
    if random.random_bool(WITH_USUAL) {
        let (protons, carbons) = USUAL[random.random_range(0..USUAL.len())];
        let whole = log_uniform(random, [0.005, 0.15]);
        if carbon {
            lines.extend(carbons.iter().map(|&ppm| line(ppm, whole)));
        } else {
            lines.extend(protons.iter().map(|&(ppm, protons)| line(ppm, whole * protons)));
        }
    }
    if !carbon && random.random_bool(WITH_WATER) {
        let ppm = solvent_lines::water(solvent)
            + if random.random_bool(0.5) { BESIDE_WATER } else { 0.5 }
                * random.random_range(-1.0..1.0);
        let area = log_uniform(random, [0.05, 2.0]);
        lines.push(Stick { width_hz: Some(WATER_WIDTH_HZ), ..line(ppm, area) });
    }
    if random.random_bool(WITH_UNKNOWN) {
        let reach = if carbon { 0.0..210.0 } else { 0.5..9.0 };
        for _ in 0..random.random_range(1..=3) {
            let area = if carbon {
                log_uniform(random, [0.02, 0.4])
            } else {
                log_uniform(random, [0.01, 0.5])
            };
            lines.push(line(random.random_range(reach.clone()), area));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn own_lines_stay_but_for_those_under_the_solvent_and_foreign_ones_are_few() {
        let own = [77.0, 60.2, 128.0, 170.1].map(|ppm| Stick { ppm, area: 1.0, width_hz: None });
        let mut random = ChaCha8Rng::seed_from_u64(8);
        let (mut lost, mut clean) = (0, 0);
        for _ in 0..400 {
            let mut lines = own.to_vec();
            mix(&mut lines, &Nucleus::Carbon, Solvent::Chloroform, 125.0, &mut random);
            assert!(own[1..].iter().all(|line| lines.contains(line)));
            lost += u32::from(!lines.contains(&own[0]));
            clean += u32::from(lines.len() <= own.len() && !lines.contains(&own[0]));
            let foreign = lines.iter().filter(|line| !own.contains(line));
            assert!(foreign.map(|line| line.area).sum::<f64>() < 3.0);
        }
        assert!((320..400).contains(&lost), "the line under chloroform's is lost: {lost}");
        assert!((120..330).contains(&clean), "many spectra show nothing foreign: {clean}");
    }
}
