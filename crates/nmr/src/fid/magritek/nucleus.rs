//! Which nucleus was observed. Spinsolve writes it as the receiver's channel; Prospa, on magnets of
//! any field, writes nothing.

use super::parameters::Parameters;
use crate::fid::Nucleus;

/// Names of nuclei in the names of experiments.
const WORDS: [(&str, Word); 8] = [
    ("1h", Word::Proton),
    ("proton", Word::Proton),
    ("13c", Word::Carbon),
    ("carbon", Word::Carbon),
    ("19f", Word::Other("19F")),
    ("fluorine", Word::Other("19F")),
    ("31p", Word::Other("31P")),
    ("phosphorus", Word::Other("31P")),
];

/// 1H frequencies of Spinsolve's magnets, MHz.
const MAGNETS: [std::ops::Range<f64>; 4] = [42.0..44.5, 59.0..63.0, 78.0..82.5, 88.0..92.0];

/// 13C frequency over 1H frequency (IUPAC's unified scale).
const CARBON_RATIO: f64 = 0.251_450_20;

#[derive(Clone, Copy)]
enum Word {
    Proton,
    Carbon,
    Other(&'static str),
}

/// The nucleus observed at `carrier_mhz`: as the receiver's channel has it, else as the experiment's
/// name does, else the one that Spinsolve observes at this frequency. `None` where nothing tells.
pub(super) fn observed(acqu: &Parameters, carrier_mhz: f64) -> Option<Nucleus> {
    channel(acqu).or_else(|| named(acqu)).or_else(|| by_frequency(acqu, carrier_mhz))
}

/// The channel, where it is called by a nucleus (`1H`) and not by a number.
fn channel(acqu: &Parameters) -> Option<Nucleus> {
    let label = acqu.text("rxChannel")?;
    let nucleus = label.parse().unwrap_or_else(|never| match never {});
    match &nucleus {
        Nucleus::Proton | Nucleus::Carbon => Some(nucleus),
        // A mass and an element, in either order.
        Nucleus::Other(label) => {
            let digits = label.trim_matches(|c: char| c.is_ascii_alphabetic());
            let is_isotope = label.len() <= 5
                && digits.len() < label.len()
                && !digits.is_empty()
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && !label.to_ascii_lowercase().starts_with("ch");
            is_isotope.then_some(nucleus)
        }
    }
}

fn named(acqu: &Parameters) -> Option<Nucleus> {
    let names = ["Protocol", "experiment", "expName"].into_iter().filter_map(|n| acqu.text(n));
    let mut words = names.flat_map(|name| name.split(|c: char| !c.is_ascii_alphanumeric()));
    let word = words.find_map(|word| {
        WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, word)| *word)
    })?;
    Some(match word {
        Word::Proton => Nucleus::Proton,
        Word::Carbon => Nucleus::Carbon,
        Word::Other(label) => Nucleus::Other(label.to_owned()),
    })
}

fn by_frequency(acqu: &Parameters, carrier_mhz: f64) -> Option<Nucleus> {
    let is = |name: &str| {
        acqu.number(name).is_some_and(|mhz| mhz > 0.0 && (carrier_mhz / mhz - 1.0).abs() < 1e-3)
    };
    // Spinsolve says where 0 ppm is; whoever does not may have any magnet.
    let on = |mhz: f64| {
        acqu.number("lowestFrequency").is_some() && MAGNETS.iter().any(|range| range.contains(&mhz))
    };
    match (is("b1Freq1H") || on(carrier_mhz), is("b1Freq13C") || on(carrier_mhz / CARBON_RATIO)) {
        (true, false) => Some(Nucleus::Proton),
        (false, true) => Some(Nucleus::Carbon),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nucleus_is_taken_from_whatever_names_it() {
        for (text, mhz, expected) in [
            ("rxChannel = \"1H\"", 43.1, Some(Nucleus::Proton)),
            ("rxChannel = \"13C\"", 20.2, Some(Nucleus::Carbon)),
            ("rxChannel = \"19F\"", 40.5, Some(Nucleus::Other("19F".into()))),
            ("rxChannel = \"Ch1\"\nProtocol = \"1D CARBON+\"", 15.1, Some(Nucleus::Carbon)),
            ("Protocol = \"1D PROTON\"", 61.7, Some(Nucleus::Proton)),
            ("experiment = \"1D\"\nexpName = \"1D-13C\"", 20.2, Some(Nucleus::Carbon)),
            ("b1Freq1H = 80.4876d\nb1Freq13C = 20.2407d", 80.488, Some(Nucleus::Proton)),
            ("b1Freq1H = 80.4876d\nb1Freq13C = 20.2407d", 20.2405, Some(Nucleus::Carbon)),
            ("lowestFrequency = -9796,13", 43.08, Some(Nucleus::Proton)),
            ("lowestFrequency = -9796,13", 15.1, Some(Nucleus::Carbon)),
            ("experiment = \"1Pulse\"", 14.79565, None),
            ("experiment = \"1Pulse\"", 43.1, None),
            ("lowestFrequency = 0", 33.3, None),
            ("rxChannel = \"1\"", 33.3, None),
        ] {
            assert_eq!(observed(&Parameters::parse(text.as_bytes()), mhz), expected, "{text}");
        }
    }
}
