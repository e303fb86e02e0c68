//! The published split: which fold each molecule is of.

use std::collections::HashMap;
use std::path::Path;

use super::file::Table;
use super::record::Record;
use crate::error::TrainingError;

/// Fold of each published molecule, by its number in nmrshiftdb2.
pub type Folds = HashMap<String, u8>;

/// Reads the published folds: CSV lines `id,fold,...` below a heading.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is not of that form.
pub fn read_folds(path: &Path) -> Result<Folds, TrainingError> {
    let mut folds = Folds::new();
    Table::open(path)?.rows(|row| {
        let fold = row.get(0).zip(row.get(1).and_then(|fold| fold.parse().ok()));
        let (id, fold) = fold.ok_or_else(|| {
            let cells: Vec<&str> = row.iter().collect();
            format!("'{}' is not 'id,fold'", cells.join(","))
        })?;
        folds.insert(id.to_owned(), fold);
        Ok(())
    })?;
    Ok(folds)
}

/// Fold of a record: what the published folds say where they are given, otherwise what the record
/// says itself.
pub(crate) fn fold_of(record: &Record, folds: Option<&Folds>) -> Option<u8> {
    match folds {
        Some(folds) => folds.get(&record.id).copied(),
        None => record.km3aid_fold,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folds_are_read_by_number_and_a_bad_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("folds.csv");
        std::fs::write(&path, "id,fold,name\n7,3,\"2,3-dimethyl\nbutane\"\n\"8\",0,x\n").unwrap();
        let folds = read_folds(&path).unwrap();
        assert_eq!((folds.len(), folds["7"], folds["8"]), (2, 3, 0));
        std::fs::write(&path, "id,fold\n7,3\n8,x\n").unwrap();
        let error = read_folds(&path).unwrap_err().to_string();
        assert!(error.ends_with("line 3: '8,x' is not 'id,fold'"), "{error}");
    }
}
