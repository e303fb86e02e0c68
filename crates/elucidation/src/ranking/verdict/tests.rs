use super::*;
use crate::query::{ObservedPeak, Query};
use crate::verification::Observed;

fn sound() -> Fit {
    Fit { matched: 10, sites: 10, lines: 10, strain: 9.0, deviation: 12.0, ..Fit::default() }
}

fn alone() -> Standing {
    Standing {
        proposed: true,
        rank: 1,
        probability: 1.0,
        pooled: false,
        behind: None,
        formula_differs: false,
        none: 0.0,
        beside: false,
    }
}

fn assessment(nuclei: JudgedNuclei, probability: f64) -> Assessment {
    let h1 = vec![ObservedPeak::multiplet(1.2, Some(3.0))];
    Assessment {
        nuclei,
        probability,
        own: 0.0,
        alternative: Some(("CCO".to_owned(), Change::Regioisomer, 1.0)),
        against: vec!["3.0 H at 1.20 ppm belong to nothing in the structure".to_owned()],
        not_told_apart: Vec::new(),
        unknown_element: false,
        components: Vec::new(),
        unexplained: Vec::new(),
        proton_assignments: Vec::new(),
        left: Observed::of(&Query { h1, ..Query::default() }).unwrap(),
    }
}

#[test]
fn a_sound_fit_is_consistent() {
    assert_eq!(decide(&sound(), None, alone()).0, Verdict::Consistent);
}

#[test]
fn every_contradiction_is_named_before_what_speaks_for_it() {
    let cases = [
        (Fit { surprise: 1.8, ..sound() }, alone(), "less likely"),
        (sound(), Standing { formula_differs: true, ..alone() }, "formula"),
        (sound(), Standing { rank: 2, behind: Some(20.0), ..alone() }, "better"),
    ];
    for (fit, standing, word) in cases {
        let (verdict, reasons) = decide(&fit, None, standing);
        assert_eq!(verdict, Verdict::Inconsistent, "{reasons:?}");
        assert!(reasons[0].contains(word), "{reasons:?}");
    }
}

#[test]
fn an_assessment_decides_whatever_the_mean_of_the_lines_says() {
    let protons_only = Fit { sites: 10, ..Fit::default() };
    for (probability, expected) in
        [(0.9, Verdict::Consistent), (0.3, Verdict::Inconclusive), (0.02, Verdict::Inconsistent)]
    {
        let assessment = assessment(JudgedNuclei::ProtonCounted, probability);
        let (verdict, reasons) = decide(&protons_only, Some(&assessment), alone());
        assert_eq!(verdict, expected, "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("belong to nothing")), "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("were it as likely")), "{reasons:?}");
    }
}

#[test]
fn without_words_of_its_own_an_improbable_structure_is_inconsistent_all_the_same() {
    let silent = Assessment { against: Vec::new(), ..assessment(JudgedNuclei::BothCounted, 0.05) };
    let (verdict, reasons) = decide(&sound(), Some(&silent), alone());
    assert_eq!(verdict, Verdict::Inconsistent);
    assert!(reasons[0].contains("CCO (regioisomer) explains the spectra better"), "{reasons:?}");
}

#[test]
fn nothing_follows_from_guesses() {
    for probability in [0.02, 0.95] {
        let guessed =
            Assessment { unknown_element: true, ..assessment(JudgedNuclei::Carbon, probability) };
        let (verdict, reasons) = decide(&sound(), Some(&guessed), alone());
        assert_eq!(verdict, Verdict::Inconclusive);
        assert!(reasons[0].contains("hardly knows"), "{reasons:?}");
    }
}

#[test]
fn an_open_verdict_names_the_spectrum_that_would_decide() {
    for (nuclei, spectrum) in [
        (JudgedNuclei::Carbon, "a 1H spectrum"),
        (JudgedNuclei::ProtonMeasured, "a 13C spectrum"),
        (JudgedNuclei::BothMeasured, "an HMBC"),
    ] {
        let (verdict, reasons) = decide(&sound(), Some(&assessment(nuclei, 0.4)), alone());
        assert_eq!(verdict, Verdict::Inconclusive);
        assert!(reasons.iter().any(|reason| reason.starts_with(spectrum)), "{reasons:?}");
    }
}

#[test]
fn a_search_ends_with_the_best_match_or_with_none() {
    let search = Standing { proposed: false, behind: Some(-9.0), ..alone() };
    let of = |probability, standing| {
        let assessment = assessment(JudgedNuclei::BothCounted, probability);
        decide(&sound(), Some(&assessment), standing).0
    };
    assert_eq!(of(0.95, search), Verdict::BestMatch);
    assert_eq!(of(0.5, search), Verdict::Inconclusive);
    assert_eq!(of(0.05, search), Verdict::NoneFits);
    assert_eq!(of(0.95, Standing { none: 0.8, ..search }), Verdict::NoneFits);
    let rival = Standing { probability: 0.4, behind: Some(-0.1), ..search };
    assert_eq!(of(0.95, rival), Verdict::Inconclusive);
}

#[test]
fn what_does_not_decide_is_said_not_to() {
    let strange = Fit { wrong_multiplicity: vec![20.0], ..sound() };
    assert_eq!(decide(&strange, None, alone()).0, Verdict::Inconclusive);
    let poor = Fit { surprise: 0.9, ..sound() };
    assert_eq!(decide(&poor, None, alone()).0, Verdict::Inconclusive);
    let rival = Standing { probability: 0.3, behind: Some(0.1), ..alone() };
    assert_eq!(decide(&sound(), None, rival).0, Verdict::Inconclusive);
    let protons_only = Fit { sites: 10, ..Fit::default() };
    for standing in [alone(), Standing { rank: 2, behind: Some(20.0), ..alone() }] {
        let (verdict, reasons) = decide(&protons_only, None, standing);
        assert_eq!(verdict, Verdict::Inconclusive, "{reasons:?}");
        assert!(reasons.iter().any(|reason| reason.contains("no 13C lines")), "{reasons:?}");
    }
    let few = Fit { matched: 2, sites: 2, lines: 2, strain: 1.0, ..Fit::default() };
    assert_eq!(decide(&few, None, alone()).0, Verdict::Inconclusive);
}
