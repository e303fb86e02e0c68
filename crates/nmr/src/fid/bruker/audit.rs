//! `audita.txt`: what TopSpin wrote down about the acquisition, its data hash above all.

use md5::{Digest, Md5};

use super::samples::Encoding;
use crate::fid::text;

/// Largest audit trail accepted.
pub(super) const MAX_BYTES: u64 = 4 << 20;

/// The parts of an audit trail that tell whether an acquisition is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Audit {
    /// The trail has its end mark.
    pub ended: bool,
    /// It says that data were acquired.
    pub created: bool,
    /// It says that acquisition still goes on.
    pub in_progress: bool,
    /// The operator stopped it early, which keeps the scans so far.
    pub halted: bool,
    /// The last data hash.
    pub hash: Option<[u8; 16]>,
}

impl Audit {
    pub fn parse(bytes: &[u8]) -> Self {
        let text = text::decode(bytes);
        let (trail, ended) = match text.split_once("##END=") {
            Some((trail, _)) => (trail, true),
            None => (text.as_str(), false),
        };
        let lower = trail.to_ascii_lowercase();
        let last_entry = lower.rsplit("\n(").next().unwrap_or_default();
        Self {
            ended,
            created: lower.contains("created by"),
            in_progress: last_entry.contains("in progress") && !last_entry.contains("data hash"),
            halted: lower.contains("terminated by command 'halt'"),
            hash: lower.rfind("data hash md5:").and_then(|at| hash(&lower[at + 14..])),
        }
    }
}

/// Sixteen hexadecimal pairs on the line after the count.
fn hash(text: &str) -> Option<[u8; 16]> {
    let (_, digits) = text.split_once('\n')?;
    let mut hash = [0; 16];
    let mut pairs = digits.split(|c: char| !c.is_ascii_hexdigit()).filter(|p| !p.is_empty());
    for byte in &mut hash {
        *byte = u8::from_str_radix(pairs.next()?, 16).ok()?;
    }
    Some(hash)
}

/// The vendor's hash of integer data: MD5 over little-endian values, whatever the file's order.
pub(super) fn data_hash(bytes: &[u8], encoding: Encoding) -> [u8; 16] {
    let mut hasher = Md5::new();
    if encoding.big_endian {
        let width = encoding.bytes();
        let swapped: Vec<u8> =
            bytes.chunks_exact(width).flat_map(|value| value.iter().rev().copied()).collect();
        hasher.update(&swapped);
    } else {
        hasher.update(bytes);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAIL: &str = "##TITLE= Audit trail, TopSpin 3.5\n##AUDIT TRAIL=  $$ (NUMBER, WHEN)\n\
        (   1,<2017-05-12 02:39:52.752 +0200>,<nmr>,<host>,<go4>,<TopSpin 3.5.5>,\n\
        <created by zg\n\tstarted at 2017-05-12 01:35:52.331 +0200,\n\
        configuration hash MD5:\n 9E 1E 6D 2E E9 80 23 52 88 DF 68 E6 7A 8A 14 7E\n\
        data hash MD5: 64K\n 2D 29 C4 37 B0 22 2A E0 55 63 E5 34 BF B2 5F B6>)\n##END=\n";

    #[test]
    fn a_finished_trail_gives_its_hash() {
        let audit = Audit::parse(TRAIL.as_bytes());
        assert!(audit.ended && audit.created && !audit.halted && !audit.in_progress);
        let start = audit.hash.map(|hash| [hash[0], hash[1], hash[15]]);
        assert_eq!(start, Some([0x2d, 0x29, 0xb6]));
        assert_eq!(Audit::parse(TRAIL.replace('\n', "\r\n").as_bytes()), audit);
    }

    #[test]
    fn halted_running_and_cut_off_trails_are_told_apart() {
        let halted = TRAIL
            .replace("POWCHK", "")
            .replace("<created by zg", "<created by zg\n\tterminated by command 'halt'");
        assert!(Audit::parse(halted.as_bytes()).halted);
        let running =
            "##TITLE= Audit trail\n(   1,<2024-01-01>,<nmr>,\n<acquisition in progress>)\n##END=";
        assert!(Audit::parse(running.as_bytes()).in_progress);
        for length in 0..TRAIL.len() - 7 {
            assert!(!Audit::parse(&TRAIL.as_bytes()[..length]).ended);
        }
    }

    #[test]
    fn big_endian_values_hash_like_little_endian_ones() {
        let little = Encoding { float: false, big_endian: false };
        let big = Encoding { float: false, big_endian: true };
        assert_eq!(
            data_hash(&[1, 2, 3, 4, 5, 6, 7, 8], little),
            data_hash(&[4, 3, 2, 1, 8, 7, 6, 5], big)
        );
    }
}
