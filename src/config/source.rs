//! The text of a configuration file: which keys it has, and on which line each stands.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Nearest, Origin};
use super::fields;
use super::settings::{Config, Database, Library, Models, RetentionSettings};
use crate::access::AccessSettings;
use crate::pipeline::{BackfillSettings, PipelineSettings};
use crate::service::{ServiceSettings, TlsSettings};
use crate::telemetry::LogSettings;
use crate::watch::{RootSettings, WatchSettings};
use crate::web::WebSettings;

/// One configuration file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Keys of the table at `path`; `None` when there is no such table.
pub(super) fn known_keys(path: &[&str]) -> Option<&'static [&'static str]> {
    Some(match path {
        [] => fields::of::<Config>(),
        ["database"] => fields::of::<Database>(),
        ["root"] => fields::of::<RootSettings>(),
        ["watch"] => fields::of::<WatchSettings>(),
        ["pipeline"] => fields::of::<PipelineSettings>(),
        ["pipeline", "backfill"] => fields::of::<BackfillSettings>(),
        ["pipeline", "processing"] => fields::of::<larmor_nmr::spectrum::ProcessingParameters>(),
        ["elucidation"] => fields::of::<larmor_elucidation::ElucidationOptions>(),
        ["retention"] => fields::of::<RetentionSettings>(),
        ["service"] => fields::of::<ServiceSettings>(),
        ["tls"] => fields::of::<TlsSettings>(),
        ["access"] => fields::of::<AccessSettings>(),
        ["web"] => fields::of::<WebSettings>(),
        ["models"] => fields::of::<Models>(),
        ["library"] => fields::of::<Library>(),
        ["log"] => fields::of::<LogSettings>(),
        _ => return None,
    })
}

/// Every setting as a dotted key.
pub(super) fn all_keys() -> Vec<String> {
    fn below(path: &[&str], out: &mut Vec<String>) {
        for key in known_keys(path).unwrap_or_default() {
            let path = [path, &[*key]].concat();
            if known_keys(&path).is_some() {
                below(&path, out);
            } else {
                out.push(path.join("."));
            }
        }
    }
    let mut out = Vec::new();
    below(&[], &mut out);
    out
}

/// The known key nearest to `key`, or all of them when none is near.
pub(super) fn nearest(key: &str, known: impl IntoIterator<Item = String>) -> Nearest {
    let known: Vec<String> = known.into_iter().collect();
    let close = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3);
    match close {
        Some((_, candidate)) => Nearest::Key(candidate.clone()),
        None => Nearest::OneOf(known),
    }
}

impl Source {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), text })
    }

    pub(super) fn origin(&self, offset: usize) -> Origin {
        let before = self.text.as_bytes().get(..offset).unwrap_or(self.text.as_bytes());
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Origin::File { path: self.path.clone(), line }
    }

    fn tree(&self) -> Result<Spanned<DeTable<'_>>, ConfigError> {
        DeTable::parse(&self.text).map_err(|error| ConfigError::Syntax {
            origin: self.origin(error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })
    }

    /// Refuses keys that no setting has.
    pub(super) fn check_keys(&self) -> Result<(), ConfigError> {
        self.check_table(self.tree()?.get_ref(), &[])
    }

    fn check_table(&self, table: &DeTable<'_>, path: &[&str]) -> Result<(), ConfigError> {
        let Some(known) = known_keys(path) else { return Ok(()) };
        // In order of the file: the first mistake is the one to report.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let inner = [path, &[key.get_ref().as_ref()]].concat();
            if !known.contains(&key.get_ref().as_ref()) {
                let full = |key: &str| [path, &[key]].concat().join(".");
                return Err(ConfigError::UnknownKey {
                    origin: self.origin(key.span().start),
                    key: inner.join("."),
                    nearest: nearest(&inner.join("."), known.iter().map(|key| full(key))),
                });
            }
            match value.get_ref() {
                DeValue::Table(table) => self.check_table(table, &inner)?,
                DeValue::Array(array) => {
                    for item in array.iter() {
                        if let DeValue::Table(table) = item.get_ref() {
                            self.check_table(table, &inner)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where the value of `key` stands; a number in the key counts entries of an array.
    pub(super) fn locate(&self, key: &str) -> Option<Origin> {
        let tree = self.tree().ok()?;
        let mut parts = key.split('.');
        let mut value = tree.get_ref().get(parts.next()?)?;
        let mut start = value.span().start;
        for part in parts {
            // A key that is not set is reported where its table begins.
            let next = match (value.get_ref(), part.parse::<usize>()) {
                (DeValue::Array(array), Ok(index)) => array.get(index),
                (DeValue::Table(table), _) => table.get(part),
                _ => None,
            };
            let Some(next) = next else { break };
            (value, start) = (next, next.span().start);
        }
        Some(self.origin(start))
    }

    /// Key of the value that covers `offset`, or whose name does.
    pub(super) fn key_at(&self, offset: usize) -> String {
        // The span of a table is its header alone: tables are looked into whatever theirs says.
        fn find(value: &Spanned<DeValue<'_>>, offset: usize) -> Option<Vec<String>> {
            let below = match value.get_ref() {
                DeValue::Table(table) => table.iter().find_map(|(key, value)| {
                    let path = find(value, offset)
                        .or_else(|| key.span().contains(&offset).then(Vec::new))?;
                    Some((key.get_ref().to_string(), path))
                }),
                DeValue::Array(array) => array
                    .iter()
                    .enumerate()
                    .find_map(|(index, value)| Some((index.to_string(), find(value, offset)?))),
                _ => None,
            };
            match below {
                Some((name, path)) => Some([vec![name], path].concat()),
                None => value.span().contains(&offset).then(Vec::new),
            }
        }
        let Ok(tree) = self.tree() else { return String::new() };
        let root = Spanned::new(tree.span(), DeValue::Table(tree.into_inner()));
        find(&root, offset).unwrap_or_default().join(".")
    }
}
