//! The records of an open library: molecules, and the lines they are expected to show.

use memmap2::Mmap;

use super::layout::{INDEX_BYTES, IndexRecord, MAGIC, SITE_BYTES, decode_site, decode_span};
use super::open::Library;
use super::profile::Profile;

/// One molecule of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// SMILES as it was imported; profiles count its atoms.
    pub smiles: String,
    /// Full InChIKey; empty where InChI has none.
    pub inchikey: String,
    /// Formula in Hill order.
    pub formula: String,
    /// Name or identifier in the source.
    pub name: Option<String>,
}

/// A site as a scan of a library sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedSite {
    /// Expected shift, hundredths of a ppm.
    pub centi_ppm: i16,
    /// Its spread, hundredths of a ppm; at least 1.
    pub centi_spread: u16,
    /// Hydrogens on each atom.
    pub hydrogens: u8,
}

impl Library {
    /// A molecule's text; `None` beyond the end.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<Entry> {
        let record = self.record(number)?;
        let at = MAGIC.len() + usize::try_from(record.text).ok()?;
        let name_at = at.checked_add(usize::from(record.smiles_bytes))?;
        let end = name_at.checked_add(usize::from(record.name_bytes))?;
        let name = std::str::from_utf8(self.text.get(name_at..end)?).ok()?;
        Some(Entry {
            smiles: std::str::from_utf8(self.text.get(at..name_at)?).ok()?.to_owned(),
            inchikey: if record.key.starts_with('~') { String::new() } else { record.key },
            formula: self.manifest.formulas.get(record.formula as usize)?.clone(),
            name: (!name.is_empty()).then(|| name.to_owned()),
        })
    }

    /// A molecule's expected lines; `None` beyond the end.
    #[must_use]
    pub fn profile(&self, number: u32) -> Option<Profile> {
        let record = self.record(number)?;
        let bytes = span(&self.sites, record.site, record.sites.into(), SITE_BYTES)?;
        let sites: Vec<_> = bytes.chunks_exact(SITE_BYTES).map_while(decode_site).collect();
        let atoms: usize = sites.iter().map(|site| usize::from(site.members)).sum();
        let bytes = span(&self.atoms, record.atom, atoms, 2)?;
        let atoms = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        Some(Profile { sites, atoms })
    }

    /// A molecule's carbon sites by rising shift, read straight from the file: what a scan over
    /// the whole library looks at.
    #[inline]
    pub fn carbons(&self, number: u32) -> impl Iterator<Item = PackedSite> + '_ {
        self.index_bytes(number)
            .and_then(decode_span)
            .and_then(|(_, _, site, carbons)| span(&self.sites, site, carbons.into(), SITE_BYTES))
            .unwrap_or_default()
            .chunks_exact(SITE_BYTES)
            .map(|b| PackedSite {
                centi_ppm: i16::from_le_bytes([b[0], b[1]]),
                centi_spread: u16::from_le_bytes([b[2], b[3]]).max(1),
                hydrogens: b[10],
            })
    }

    pub(super) fn record(&self, number: u32) -> Option<IndexRecord> {
        self.index_bytes(number).and_then(IndexRecord::decode)
    }

    #[inline]
    pub(super) fn index_bytes(&self, number: u32) -> Option<&[u8]> {
        span(&self.index, number.into(), 1, INDEX_BYTES)
    }
}

/// `count` records of `size` bytes from record `first` on.
#[inline]
pub(super) fn span(map: &Mmap, first: u64, count: usize, size: usize) -> Option<&[u8]> {
    let start = usize::try_from(first).ok()?.checked_mul(size)?.checked_add(MAGIC.len())?;
    map.get(start..start.checked_add(count.checked_mul(size)?)?)
}
