//! Lists of peaks that TopSpin (`peaklist.xml`) and XWIN-NMR (`peak.txt`) leave beside a spectrum.

use std::path::Path;

use super::processed;
use crate::fid::vendor_spectrum::{VendorPeak, VendorPeaks};
use crate::fid::{FidError, plain_file, text};

/// Largest list read; real ones are below 100 kB.
const MAX_BYTES: u64 = 4 << 20;
/// More peaks than any spectrum has.
const MOST_PEAKS: usize = 1 << 14;

/// A way to read one kind of list.
type Reader = fn(&str) -> Vec<VendorPeak>;

/// The first list of peaks of a dataset that has any.
pub(in crate::fid) fn peaks(dataset: &Path) -> Result<Option<VendorPeaks>, FidError> {
    let kinds: [(&str, Reader); 2] = [("peaklist.xml", of_xml), ("peak.txt", of_table)];
    for (name, reader) in kinds {
        for processing in processed::processings(dataset, name) {
            let path = processing.join(name);
            let peaks = reader(&text::decode(&plain_file::read(&path, MAX_BYTES)?));
            if !peaks.is_empty() {
                return Ok(Some(VendorPeaks { path, peaks }));
            }
        }
    }
    Ok(None)
}

/// `<Peak1D F1="7.26" intensity="1.5" .../>`, whatever stands around it.
fn of_xml(text: &str) -> Vec<VendorPeak> {
    text.split("<Peak1D")
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split_once('>')?.0;
            // `<Peak1DHeader` and the like are other elements.
            tag.starts_with(char::is_whitespace)
                .then_some(())
                .and_then(|()| peak(attribute(tag, "F1")?, attribute(tag, "intensity")?))
        })
        .take(MOST_PEAKS)
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, behind) = rest.split_once('=')?;
        let quote = behind.trim_start().chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, further) = behind.trim_start()[1..].split_once(quote)?;
        if before.trim() == name {
            return Some(value);
        }
        rest = further;
    }
}

/// Number, address, Hz, ppm and intensity in columns.
fn of_table(text: &str) -> Vec<VendorPeak> {
    text.lines()
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let [number, address, hz, ppm, intensity, ..] = columns.as_slice() else { return None };
            number.parse::<u32>().ok()?;
            let _numbers = (address.parse::<f64>().ok()?, hz.parse::<f64>().ok()?);
            peak(ppm, intensity)
        })
        .take(MOST_PEAKS)
        .collect()
}

fn peak(ppm: &str, intensity: &str) -> Option<VendorPeak> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    Some(VendorPeak { ppm: number(ppm)?, intensity: number(intensity)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_kinds_of_list_are_read() {
        let xml = "<PeakList1D><Peak1DHeader F1=\"9\" intensity=\"9\"/>\n<Peak1D F1=\"7.26\" \
            intensity=\"4.5e-003\" type=\"0\"/><Peak1D intensity='2' F1='-1.5'/><Peak1D F1=\"x\"/>";
        let expected =
            [(7.26, 0.0045), (-1.5, 2.0)].map(|(ppm, intensity)| VendorPeak { ppm, intensity });
        assert_eq!(of_xml(xml), expected);
        let table = " DU=C:/Bruker, USER=somebody, NAME=x, EXPNO=10, PROCNO=1\n      #     \
            ADDRESS    FREQUENCY             INTENSITY\n                     [Hz]        [PPM]\n\
            \n      1   13204.8   3625.837     7.2503        1.02\n";
        assert_eq!(of_table(table), [VendorPeak { ppm: 7.2503, intensity: 1.02 }]);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,200}", inside in "[ =\"'<>A-Za-z0-9.]{0,80}") {
            of_xml(&text);
            of_table(&text);
            of_xml(&format!("<Peak1D {inside}/>"));
        }
    }
}
