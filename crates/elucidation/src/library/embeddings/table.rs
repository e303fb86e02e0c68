//! A Parquet table: SMILES, InChIKey and the vector as a list of 32-bit floats.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, FloatType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::rows::{Row, Rows};
use crate::library::error::LibraryError;

const SCHEMA: &str = "message molecules {
    REQUIRED BYTE_ARRAY smiles (STRING);
    REQUIRED BYTE_ARRAY inchikey (STRING);
    REQUIRED GROUP embedding (LIST) { REPEATED GROUP list { REQUIRED FLOAT element; } }
}";
/// Molecules in a row group: bounds the memory of writer and reader.
const GROUP: usize = 16_384;

/// The table, half-written.
pub(super) struct ParquetTable {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
    held: Vec<Row>,
}

impl ParquetTable {
    pub(super) fn create(path: &Path) -> Result<Self, LibraryError> {
        let schema = parse_message_type(SCHEMA).map(Arc::new).map_err(|e| refused(path, e))?;
        // Neither SMILES nor vectors repeat.
        let properties = WriterProperties::builder().set_dictionary_enabled(false).build();
        let file = File::create(path).map_err(|cause| LibraryError::io(path, cause))?;
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties))
            .map_err(|e| refused(path, e))?;
        Ok(Self { path: path.to_owned(), writer, held: Vec::new() })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.held);
        let texts: [Vec<ByteArray>; 2] = [
            rows.iter().map(|row| row.smiles.as_str().into()).collect(),
            rows.iter().map(|row| row.inchikey.as_str().into()).collect(),
        ];
        let vectors: Vec<f32> = rows.iter().flat_map(|row| row.vector.iter().copied()).collect();
        // Every list has its elements; the first of each begins a new one.
        let definition = vec![1; vectors.len()];
        let repetition: Vec<i16> = rows
            .iter()
            .flat_map(|row| (0..row.vector.len()).map(|place| i16::from(place > 0)))
            .collect();
        let mut group = self.writer.next_row_group()?;
        let mut texts = texts.iter();
        while let Some(mut column) = group.next_column()? {
            match texts.next() {
                Some(texts) => {
                    column.typed::<ByteArrayType>().write_batch(texts, None, None)?;
                }
                None => {
                    let levels = (Some(definition.as_slice()), Some(repetition.as_slice()));
                    column.typed::<FloatType>().write_batch(&vectors, levels.0, levels.1)?;
                }
            }
            column.close()?;
        }
        group.close().map(|_| ())
    }
}

impl Rows for ParquetTable {
    fn push(&mut self, row: Row) -> Result<(), LibraryError> {
        self.held.push(row);
        if self.held.len() < GROUP {
            return Ok(());
        }
        self.write_group().map_err(|e| refused(&self.path, e))
    }

    fn finish(mut self: Box<Self>) -> Result<(), LibraryError> {
        if !self.held.is_empty() {
            self.write_group().map_err(|e| refused(&self.path, e))?;
        }
        let Self { path, writer, .. } = *self;
        writer.close().map(|_| ()).map_err(|e| refused(&path, e))
    }
}

fn refused(path: &Path, error: ParquetError) -> LibraryError {
    let cause = match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    };
    LibraryError::io(path, cause)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{ListAccessor, RowAccessor};

    #[test]
    fn rows_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let mut table = Box::new(ParquetTable::create(&path).unwrap());
        let row = |n: usize| Row {
            smiles: "C".repeat(n % 7 + 1),
            inchikey: format!("KEY{n}"),
            vector: vec![n as f32, -0.5, 1e-9],
        };
        let count = GROUP + 3;
        (0..count).for_each(|n| table.push(row(n)).unwrap());
        table.finish().unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut found = 0;
        for (n, read) in reader.get_row_iter(None).unwrap().enumerate() {
            let (read, wanted) = (read.unwrap(), row(n));
            assert_eq!(read.get_string(0).unwrap(), &wanted.smiles);
            assert_eq!(read.get_string(1).unwrap(), &wanted.inchikey);
            let list = read.get_list(2).unwrap();
            let vector: Vec<f32> = (0..list.len()).map(|k| list.get_float(k).unwrap()).collect();
            assert_eq!(vector, wanted.vector);
            found += 1;
        }
        assert_eq!(found, count);
    }

    #[test]
    fn no_rows_are_a_table_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        Box::new(ParquetTable::create(&path).unwrap()).finish().unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.get_row_iter(None).unwrap().count(), 0);
    }
}
