#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::fid::Solvent;

const SIZES: [usize; 3] = [1_024, 4_096, 32_769];

fn signal(ppm: f64, protons: f64, couplings: &[(f64, u8)]) -> ProtonSignal {
    let couplings = couplings
        .iter()
        .map(|&(hertz, neighbours)| Coupling::first_order(hertz, neighbours))
        .collect();
    ProtonSignal { ppm, protons, couplings, width_hz: None }
}

/// Integral between two shifts.
fn area(trace: &[f32], window: &Window, from: f64, to: f64) -> f64 {
    let inside = |&(point, _): &(usize, &f32)| (from..to).contains(&window.ppm(point));
    let sum: f64 =
        trace.iter().enumerate().filter(inside).map(|(_, &value)| f64::from(value)).sum();
    sum * window.step_ppm()
}

/// Shifts of the local maxima higher than a share of the tallest.
fn tops(trace: &[f32], window: &Window, share: f32) -> Vec<f64> {
    let tallest = trace.iter().copied().fold(0.0_f32, f32::max);
    (1..trace.len() - 1)
        .filter(|&i| {
            trace[i] > share * tallest && trace[i] >= trace[i - 1] && trace[i] > trace[i + 1]
        })
        .map(|i| window.ppm(i))
        .collect()
}

#[test]
fn areas_are_protons_at_every_field_width_and_number_of_points() {
    let signals = [
        signal(1.25, 3.0, &[(7.1, 2)]),
        signal(3.7, 2.0, &[(7.1, 3), (5.0, 1)]),
        ProtonSignal { width_hz: Some(15.0), ..signal(7.0, 1.0, &[]) },
    ];
    for points in SIZES {
        for (mhz, width_hz, gaussian_share) in
            [(300.0, 0.5, 0.0), (500.0, 1.0, 0.5), (700.0, 2.5, 1.0)]
        {
            let window = Window::proton(points);
            let shape = LineShape { width_hz, gaussian_share };
            let conditions = Conditions { shape, ..Conditions::clean(mhz, width_hz) };
            let trace = render_proton(&signals, &window, &conditions);
            assert_eq!(trace.len(), points);
            for (from, to, protons) in [(0.8, 1.7, 3.0), (3.0, 4.4, 2.0), (5.0, 9.0, 1.0)] {
                let found = area(&trace, &window, from, to);
                assert!((found - protons).abs() < 0.005 * protons, "{points} {mhz}: {found}");
            }
        }
    }
}

#[test]
fn couplings_are_hertz_whatever_the_field() {
    let window = Window::proton(32_769);
    for mhz in [300.0, 500.0, 700.0] {
        let trace =
            render_proton(&[signal(4.0, 1.0, &[(7.0, 3)])], &window, &Conditions::clean(mhz, 0.8));
        let lines = tops(&trace, &window, 0.1);
        assert_eq!(lines.len(), 4, "{mhz}: {lines:?}");
        for pair in lines.windows(2) {
            let hertz = (pair[1] - pair[0]) * mhz;
            // Two steps of rounding to points.
            assert!((hertz - 7.0).abs() < 2.0 * window.step_ppm() * mhz, "{mhz}: {hertz}");
        }
        let shares: Vec<f64> =
            lines.iter().map(|at| area(&trace, &window, at - 0.002, at + 0.002)).collect();
        assert!((shares[1] / shares[0] - 3.0).abs() < 0.1, "{shares:?}");
    }
}

#[test]
fn many_couplings_stay_few_lines_of_the_same_area_and_centre() {
    let couplings: Vec<(f64, u8)> = (0_u8..10).map(|k| (1.3 + 1.1 * f64::from(k), 3)).collect();
    let lines = split(&signal(2.0, 1.0, &couplings), 500.0);
    assert!(lines.len() <= 1024);
    let whole: f64 = lines.iter().map(|line| line.area).sum();
    let centre: f64 = lines.iter().map(|line| line.area * line.ppm).sum();
    assert!((whole - 1.0).abs() < 1e-9 && (centre - 2.0).abs() < 1e-9);
    assert_eq!(split(&signal(2.0, 1.0, &[(7.0, 1), (7.0, 1)]), 500.0).len(), 3);
}

#[test]
fn carbon_lines_stand_where_they_belong() {
    let window = Window::carbon(16_384);
    let lines = [(20.0, 1.0), (128.5, 2.0)].map(|(ppm, intensity)| CarbonLine { ppm, intensity });
    let trace = render_carbon(&lines, &window, &Conditions::clean(500.0, 2.0));
    let found = tops(&trace, &window, 0.2);
    assert!((found[0] - 20.0).abs() < 0.02 && (found[1] - 128.5).abs() < 0.02);
    assert!((area(&trace, &window, 100.0, 150.0) - 2.0).abs() < 0.01);
}

#[test]
fn noise_is_as_large_as_asked_and_a_seed_repeats_it() {
    let window = Window::proton(32_769);
    let mut conditions = Conditions { noise: 0.01, seed: 5, ..Conditions::clean(500.0, 1.0) };
    let trace = render_proton(&[signal(2.0, 1.0, &[])], &window, &conditions);
    let tallest = trace.iter().copied().fold(0.0_f32, f32::max);
    let empty: Vec<f64> = trace[16_000..].iter().map(|&v| f64::from(v / tallest)).collect();
    let mean = empty.iter().sum::<f64>() / empty.len() as f64;
    let variance = empty.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / empty.len() as f64;
    assert!(mean.abs() < 3e-4 && (variance.sqrt() - 0.01).abs() < 5e-4, "{mean} {variance}");
    assert_eq!(trace, render_proton(&[signal(2.0, 1.0, &[])], &window, &conditions));
    conditions.seed = 6;
    assert_ne!(trace, render_proton(&[signal(2.0, 1.0, &[])], &window, &conditions));
}

#[test]
fn drawn_conditions_repeat_by_seed_and_stay_in_their_ranges() {
    for nucleus in [Nucleus::Proton, Nucleus::Carbon] {
        let draw = |seed| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            Conditions::draw(&nucleus, None, &mut random)
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        for seed in 0..500 {
            let drawn = draw(seed);
            assert!((300.0..=700.0).contains(&drawn.proton_mhz));
            assert!(drawn.noise > 0.0 && drawn.noise < 0.1);
            assert!(drawn.reference_error_ppm.abs() < 1.0);
        }
    }
}

#[test]
fn the_solvent_named_is_the_solvent_seen() {
    let window = Window::proton(32_769);
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let solvent = Some(Solvent::Chloroform);
    let mut conditions = Conditions::draw(&Nucleus::Proton, solvent, &mut random);
    conditions.reference_error_ppm = 0.0;
    conditions.noise = 0.0;
    let trace = render_proton(&[signal(3.0, 1.0, &[])], &window, &conditions);
    let seen = conditions.solvent.unwrap();
    assert!((area(&trace, &window, 7.2, 7.32) / seen.area - 1.0).abs() < 0.2);
}

#[test]
fn resampling_keeps_areas_and_places() {
    let fine = Window { low_ppm: -1.0, high_ppm: 13.0, points: 65_536 };
    let signals = [signal(1.5, 3.0, &[(7.0, 1)]), signal(6.8, 1.0, &[(8.0, 1)])];
    let trace = render_proton(&signals, &fine, &Conditions::clean(500.0, 1.0));
    for points in SIZES {
        let window = Window::proton(points);
        let coarse = resample(&trace, fine.low_ppm, fine.step_ppm(), &window);
        let drawn = render_proton(&signals, &window, &Conditions::clean(500.0, 1.0));
        for (from, to, protons) in [(1.0, 2.0, 3.0), (6.3, 7.3, 1.0)] {
            assert!((area(&coarse, &window, from, to) - protons).abs() < 0.02 * protons);
        }
        // Drawn at once or drawn finely and resampled: the same vector.
        let dot =
            |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let cosine = dot(&coarse, &drawn) / (dot(&coarse, &coarse) * dot(&drawn, &drawn)).sqrt();
        assert!(cosine > 0.99, "{points}: {cosine}");
    }
    let outside = resample(&trace, 20.0, 0.001, &Window::proton(100));
    assert!(outside.iter().all(|&value| value == 0.0));
}

#[test]
fn absurd_signals_draw_nothing_and_do_not_fail() {
    let window = Window::proton(1_024);
    for ppm in [f64::NAN, f64::INFINITY, -1e9, 1e9] {
        let trace =
            render_proton(&[signal(ppm, 1.0, &[])], &window, &Conditions::clean(500.0, 1.0));
        assert!(trace.iter().all(|&value| value == 0.0), "{ppm}");
    }
    let empty = Window::proton(0);
    let clean = Conditions::clean(500.0, 1.0);
    assert!(render_proton(&[signal(1.0, 1.0, &[])], &empty, &clean).is_empty());
}

#[test]
fn two_coupled_protons_lean_towards_each_other_as_an_ab_system_does() {
    // Exact for two spins: D = sqrt(d^2 + J^2), lines at +-(D +- J)/2, heights 1 +- J/D.
    let (mhz, hertz) = (400.0, 8.0);
    let signal = |ppm, partner| ProtonSignal {
        couplings: vec![Coupling { partner_ppm: Some(partner), ..Coupling::first_order(hertz, 1) }],
        ..signal(ppm, 1.0, &[])
    };
    for apart_hz in [400.0, 20.0, 8.0] {
        let (low, high) = (3.0, 3.0 + apart_hz / mhz);
        let centre = f64::midpoint(low, high);
        let wide = f64::hypot(apart_hz, hertz);
        let a = split(&signal(low, high), mhz);
        let b = split(&signal(high, low), mhz);
        let found: Vec<(f64, f64)> =
            [&a[0], &a[1], &b[0], &b[1]].map(|line| ((line.ppm - centre) * mhz, line.area)).into();
        let outer = (1.0 - hertz / wide) / 2.0;
        let expected = [
            (-(wide + hertz) / 2.0, outer),
            (-(wide - hertz) / 2.0, 1.0 - outer),
            ((wide - hertz) / 2.0, 1.0 - outer),
            ((wide + hertz) / 2.0, outer),
        ];
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found.0 - expected.0).abs() < 1e-6 && (found.1 - expected.1).abs() < 1e-9);
        }
    }
    // Many equal neighbours of the same shift split nothing.
    let same = Coupling { partner_ppm: Some(3.0), ..Coupling::first_order(hertz, 6) };
    let lines = split(&ProtonSignal { couplings: vec![same], ..signal(3.0, 3.0) }, mhz);
    let seen: Vec<&Stick> = lines.iter().filter(|line| line.area > 1e-9).collect();
    assert_eq!(seen.len(), 1, "{lines:?}");
    assert!((seen[0].ppm - 3.0).abs() < 1e-9);
}

#[test]
fn lines_below_the_noise_are_not_picked_and_noise_is_not_drawn() {
    let window = Window::carbon(4_096);
    let line = |ppm, area| Stick { ppm, area, width_hz: None };
    let lines = [line(20.0, 1.0), line(100.0, 0.2), line(180.0, 0.02)];
    let conditions = Conditions { noise: 0.02, seed: 1, ..Conditions::clean(500.0, 2.0) };
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let trace = draw_picked(&lines, &Nucleus::Carbon, &conditions, &window, &mut random);
    assert_eq!(tops(&trace, &window, 0.01).len(), 2);
    assert!(trace.iter().filter(|&&value| value == 0.0).count() > 3_500, "nothing between lines");
}
