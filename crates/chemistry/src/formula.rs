//! Elemental composition: `C15H24O`, in Hill order, with its monoisotopic mass.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Longest text taken.
const MOST_CHARACTERS: usize = 200;
/// Most atoms of one element, and largest charge.
const MOST_ATOMS: u32 = 100_000;

/// Symbols of the elements, and of deuterium and tritium.
const ELEMENTS: &str = "H D T He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe \
    Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce \
    Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac \
    Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og";

/// A text that is not a molecular formula.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
#[error("'{0}' is not a molecular formula such as C15H24O")]
pub struct FormulaError(String);

/// Atoms of each element, and net charge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Formula {
    counts: BTreeMap<String, u32>,
    charge: i32,
}

impl Formula {
    /// Atoms of an element, by symbol.
    #[must_use]
    pub fn count(&self, symbol: &str) -> u32 {
        self.counts.get(symbol).copied().unwrap_or(0)
    }

    /// Mass of the most abundant isotopes, in Da, for the elements of organic chemistry;
    /// `None` when another element is present.
    #[must_use]
    pub fn monoisotopic_mass(&self) -> Option<f64> {
        const MASSES: &[(&str, f64)] = &[
            ("H", 1.007_825_032),
            ("B", 11.009_305_4),
            ("C", 12.0),
            ("N", 14.003_074_004),
            ("O", 15.994_914_620),
            ("F", 18.998_403_163),
            ("Na", 22.989_769_282),
            ("Si", 27.976_926_535),
            ("P", 30.973_761_998),
            ("S", 31.972_071_174),
            ("Cl", 34.968_852_682),
            ("K", 38.963_706_487),
            ("Se", 79.916_521_8),
            ("Br", 78.918_337_6),
            ("Sn", 119.902_201_6),
            ("I", 126.904_471_9),
        ];
        self.counts.iter().try_fold(0.0, |sum, (symbol, &count)| {
            let (_, mass) = MASSES.iter().find(|(s, _)| s == symbol)?;
            Some(sum + mass * f64::from(count))
        })
    }
}

impl FromStr for Formula {
    type Err = FormulaError;

    fn from_str(text: &str) -> Result<Self, FormulaError> {
        let wrong = || FormulaError(text.chars().take(80).collect());
        if text.chars().nth(MOST_CHARACTERS).is_some() {
            return Err(wrong());
        }
        let (body, charge) = split_charge(text.trim()).ok_or_else(wrong)?;
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut rest = body;
        while let Some(first) = rest.chars().next() {
            if !first.is_ascii_uppercase() {
                return Err(wrong());
            }
            let symbol_end =
                rest[1..].find(|c: char| !c.is_ascii_lowercase()).map_or(rest.len(), |i| i + 1);
            let (symbol, tail) = rest.split_at(symbol_end);
            let digits_end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            let (digits, next) = tail.split_at(digits_end);
            let count: u32 =
                if digits.is_empty() { 1 } else { digits.parse().map_err(|_| wrong())? };
            if !ELEMENTS.split_whitespace().any(|element| element == symbol) {
                return Err(wrong());
            }
            let before = counts.get(symbol).copied().unwrap_or(0);
            let sum = before.checked_add(count).filter(|&sum| sum <= MOST_ATOMS);
            let sum = sum.ok_or_else(wrong)?;
            if sum > 0 {
                counts.insert(symbol.to_owned(), sum);
            }
            rest = next;
        }
        if counts.is_empty() { Err(wrong()) } else { Ok(Self { counts, charge }) }
    }
}

/// Splits a trailing `+`, `-2` and the like off a formula.
fn split_charge(text: &str) -> Option<(&str, i32)> {
    let Some(at) = text.find(['+', '-']) else { return Some((text, 0)) };
    let (body, sign) = text.split_at(at);
    let digits = &sign[1..];
    // A second sign is none of the digits.
    let size: u32 = match digits {
        "" => 1,
        _ if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    let size = i32::try_from(size).ok().filter(|_| size <= MOST_ATOMS)?;
    Some((body, if sign.starts_with('-') { -size } else { size }))
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, symbol: &str| match self.count(symbol) {
            0 => Ok(()),
            1 => f.write_str(symbol),
            n => write!(f, "{symbol}{n}"),
        };
        let carbon = self.count("C") > 0;
        if carbon {
            write(f, "C")?;
            write(f, "H")?;
        }
        for symbol in self.counts.keys().filter(|s| !carbon || (*s != "C" && *s != "H")) {
            write(f, symbol)?;
        }
        match self.charge {
            0 => Ok(()),
            1 => f.write_str("+"),
            -1 => f.write_str("-"),
            n => write!(f, "{n:+}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hill_order_and_mass() {
        let formula: Formula = "OC15H24".parse().unwrap();
        assert_eq!(formula.to_string(), "C15H24O");
        assert!((formula.monoisotopic_mass().unwrap() - 220.18272).abs() < 1e-4);
    }

    #[test]
    fn rubbish_is_refused() {
        for text in ["", "c6h6", "C6 H6", "C6H6(", "Abc", "C99999999999", "+", "Xx3", "Hx"] {
            assert!(text.parse::<Formula>().is_err(), "{text}");
        }
    }

    #[test]
    fn sums_and_charges_stay_in_bounds() {
        assert_eq!("C60000C40000".parse::<Formula>().unwrap().count("C"), 100_000);
        for text in ["C60000C60000", "C+-2147483648", "C--2147483648", "C+99999999999", "C+100001"]
        {
            assert!(text.parse::<Formula>().is_err(), "{text}");
        }
        assert!("C100000".repeat(43_000).parse::<Formula>().is_err());
        assert_eq!("C5H4-2".parse::<Formula>().unwrap().to_string(), "C5H4-2");
        assert!("C".repeat(200).parse::<Formula>().is_ok());
        assert!("C".repeat(201).parse::<Formula>().is_err());
    }

    #[test]
    fn charge_is_part_of_identity() {
        let cation: Formula = "C5H12N+".parse().unwrap();
        assert_eq!(cation.to_string(), "C5H12N+");
        assert_ne!(cation, "C5H12N".parse().unwrap());
    }

    proptest! {
        #[test]
        fn printing_and_parsing_agree(c in 1u32..200, h in 0u32..400, n in 0u32..9, cl in 0u32..9) {
            let formula: Formula = format!("Cl{cl}N{n}H{h}C{c}").parse().unwrap();
            prop_assert_eq!(formula.to_string().parse::<Formula>().unwrap(), formula);
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = text.parse::<Formula>();
        }
    }
}
