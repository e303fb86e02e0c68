//! Records of the library files, byte by byte, little-endian.
//!
//! | file | records |
//! |---|---|
//! | `index` | one [`IndexRecord`] of 80 bytes a molecule, in order of import |
//! | `sites` | one [`Site`] of 12 bytes a symmetry class, carbons by rising shift first; of its last byte bit 0 says tetrahedral, the others how far apart two hydrogens lie |
//! | `atoms` | two bytes an atom: its place in the SMILES, site after site |
//! | `text` | SMILES, then name, of each molecule, no separators |
//! | `order` | four bytes a molecule: indices by rising mass, then formula |
//!
//! Every file starts with the 8 bytes of [`MAGIC`].

use super::profile::{Apart, Packed, Site};

/// First bytes of every library file; the last one is the format version.
pub(super) const MAGIC: &[u8; 8] = b"LARMORL\x01";
/// Bytes of an index record.
pub(super) const INDEX_BYTES: usize = 80;
/// Bytes of a site.
pub(super) const SITE_BYTES: usize = 12;
/// Bytes of an InChIKey.
pub(super) const KEY_BYTES: usize = 27;

/// What is kept of each molecule.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct IndexRecord {
    /// Offset of its SMILES in `text`.
    pub(super) text: u64,
    /// Number of its first site.
    pub(super) site: u64,
    /// Number of its first atom.
    pub(super) atom: u64,
    /// Monoisotopic mass, Da; negative when not known.
    pub(super) mass: f64,
    /// Number of its formula in the manifest's dictionary.
    pub(super) formula: u32,
    /// Bytes of its SMILES.
    pub(super) smiles_bytes: u16,
    /// Bytes of its name.
    pub(super) name_bytes: u16,
    /// Sites in all.
    pub(super) sites: u16,
    /// Sites that are carbons; they come first.
    pub(super) carbon_sites: u16,
    /// InChIKey, or zeros.
    pub(super) key: String,
}

impl IndexRecord {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let end = out.len() + INDEX_BYTES;
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.site.to_le_bytes());
        out.extend_from_slice(&self.atom.to_le_bytes());
        out.extend_from_slice(&self.mass.to_le_bytes());
        out.extend_from_slice(&self.formula.to_le_bytes());
        for value in [self.smiles_bytes, self.name_bytes, self.sites, self.carbon_sites] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        let key = self.key.as_bytes();
        out.extend_from_slice(&key[..key.len().min(KEY_BYTES)]);
        out.resize(end, 0);
    }

    /// `None` when the bytes are too few or the key is not text.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let key = bytes.get(44..44 + KEY_BYTES)?;
        let key = &key[..key.iter().position(|&b| b == 0).unwrap_or(KEY_BYTES)];
        Some(Self {
            text: u64::from_le_bytes(array(bytes, 0)?),
            site: u64::from_le_bytes(array(bytes, 8)?),
            atom: u64::from_le_bytes(array(bytes, 16)?),
            mass: f64::from_le_bytes(array(bytes, 24)?),
            formula: u32::from_le_bytes(array(bytes, 32)?),
            smiles_bytes: u16::from_le_bytes(array(bytes, 36)?),
            name_bytes: u16::from_le_bytes(array(bytes, 38)?),
            sites: u16::from_le_bytes(array(bytes, 40)?),
            carbon_sites: u16::from_le_bytes(array(bytes, 42)?),
            key: std::str::from_utf8(key).ok()?.to_owned(),
        })
    }
}

/// Mass, formula number, first site and carbon sites of an index record, without its key.
pub(super) fn decode_span(bytes: &[u8]) -> Option<(f64, u32, u64, u16)> {
    Some((
        f64::from_le_bytes(array(bytes, 24)?),
        u32::from_le_bytes(array(bytes, 32)?),
        u64::from_le_bytes(array(bytes, 8)?),
        u16::from_le_bytes(array(bytes, 42)?),
    ))
}

pub(super) fn encode_site(site: &Site, out: &mut Vec<u8>) {
    let carbon = site.carbon.map_or(Packed::NONE, Packed::carbon);
    let proton = site.proton.map_or(Packed::NONE, Packed::proton);
    out.extend_from_slice(&carbon.ppm.to_le_bytes());
    out.extend_from_slice(&carbon.spread.to_le_bytes());
    out.extend_from_slice(&proton.ppm.to_le_bytes());
    out.extend_from_slice(&proton.spread.to_le_bytes());
    out.extend_from_slice(&site.members.to_le_bytes());
    out.push(site.hydrogens);
    out.push(u8::from(site.tetrahedral) | Apart::of(site.apart).0 << 1);
}

/// `None` when the bytes are too few.
pub(super) fn decode_site(bytes: &[u8]) -> Option<Site> {
    let packed = |at| -> Option<Option<Packed>> {
        let ppm = i16::from_le_bytes(array(bytes, at)?);
        let spread = u16::from_le_bytes(array(bytes, at + 2)?);
        Some((ppm != i16::MIN).then_some(Packed { ppm, spread: spread.max(1) }))
    };
    Some(Site {
        carbon: packed(0)?.map(Packed::into_carbon),
        proton: packed(4)?.map(Packed::into_proton),
        members: u16::from_le_bytes(array(bytes, 8)?),
        hydrogens: *bytes.get(10)?,
        tetrahedral: bytes.get(11)? & 1 != 0,
        apart: Apart(bytes.get(11)? >> 1).ppm(),
    })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_networks::AtomShift;
    use proptest::prelude::*;

    #[test]
    fn records_survive_the_file() {
        let record = IndexRecord {
            text: 7,
            site: 1 << 40,
            atom: 3,
            mass: 180.06,
            formula: 9,
            smiles_bytes: 21,
            name_bytes: 4,
            sites: 12,
            carbon_sites: 8,
            key: "BSYNRYMUTXBXSQ-UHFFFAOYSA-N".to_owned(),
        };
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        assert_eq!(bytes.len(), INDEX_BYTES);
        assert_eq!(IndexRecord::decode(&bytes).unwrap(), record);
        assert_eq!(decode_span(&bytes).unwrap(), (180.06, 9, 1 << 40, 8));
    }

    proptest! {
        #[test]
        fn sites_survive_to_the_last_kept_digit(
            ppm in -20.0f32..240.0, spread in 0.02f32..30.0, h in 0u8..4, members in 1u16..9
        ) {
            let site = Site {
                carbon: Some(AtomShift { ppm, spread }),
                proton: (h > 0).then_some(AtomShift { ppm: ppm / 20.0, spread: spread / 10.0 }),
                hydrogens: h,
                members,
                tetrahedral: h > 1,
                apart: (h == 2).then_some(spread / 20.0),
            };
            let mut bytes = Vec::new();
            encode_site(&site, &mut bytes);
            prop_assert_eq!(bytes.len(), SITE_BYTES);
            let back = decode_site(&bytes).unwrap();
            prop_assert!((back.carbon.unwrap().ppm - ppm).abs() < 0.006);
            prop_assert_eq!(back.proton.is_some(), h > 0);
            prop_assert_eq!(back.tetrahedral, h > 1);
            prop_assert_eq!(back.apart.is_some(), h == 2);
            prop_assert!(back.apart.is_none_or(|ppm| (ppm - spread / 20.0).abs() < 0.011));
            // A second trip changes nothing: rounding is done once.
            let mut again = Vec::new();
            encode_site(&back, &mut again);
            prop_assert_eq!(bytes, again);
        }
    }
}
