//! What the reader of structure files promises.

use std::fs::File;
use std::io::Write;

use super::lines::LINE_BYTES;
use super::*;
use crate::library::error::LibraryError;

fn read(name: &str, content: &[u8]) -> Vec<RawStructure> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    if name.ends_with(".gz") {
        let file = File::create(&path).unwrap();
        let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        gz.write_all(content).unwrap();
        gz.finish().unwrap();
    } else {
        std::fs::write(&path, content).unwrap();
    }
    StructureReader::open(&path).unwrap().map(Result::unwrap).collect()
}

fn texts(records: &[RawStructure]) -> Vec<&str> {
    records.iter().map(|r| r.text.as_deref().unwrap()).collect()
}

#[test]
fn smiles_lines_with_and_without_names() {
    let records = read("a.smi", b"CCO ethyl alcohol\n\n# comment\nCC\r\n");
    assert_eq!(texts(&records), ["CCO", "CC"]);
    assert_eq!(records[0].name.as_deref(), Some("ethyl alcohol"));
    assert_eq!((records[1].line, records[1].name.as_deref()), (4, None));
}

#[test]
fn a_table_is_read_by_its_smiles_column() {
    let records = read("a.csv.gz", b"id,SMILES,x\n7,\"CCO\",1\n8,,2\n");
    assert_eq!(records[0].text.as_deref(), Ok("CCO"));
    assert_eq!(records[0].name.as_deref(), Some("7"));
    assert!(records[1].text.is_err());
}

#[test]
fn a_column_of_ones_choice_names_records() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.csv");
    std::fs::write(&path, "iupac,SMILES,Expt\n\"2-methyl, x\",CCO,-5.1\n").unwrap();
    let records: Vec<_> =
        StructureReader::open_named_by(&path, "expt").unwrap().map(Result::unwrap).collect();
    assert_eq!((texts(&records), records[0].name.as_deref()), (vec!["CCO"], Some("-5.1")));
    let missing = StructureReader::open_named_by(&path, "calc").err().unwrap().to_string();
    assert!(missing.contains("calc"), "{missing}");
}

#[test]
fn a_header_in_a_smiles_file_is_no_structure() {
    assert_eq!(texts(&read("a.txt", b"SMILES\nCC\n")), ["CC"]);
}

#[test]
fn sdf_records_start_where_they_start() {
    let records = read("a.sdf", b"one\nx\n$$$$\ntwo\ny\n$$$$\n\n");
    assert_eq!(records.len(), 2);
    assert_eq!((records[1].line, records[1].name.as_deref()), (4, Some("two")));
}

#[test]
fn an_endless_line_costs_one_record_not_the_memory() {
    let mut content = vec![b'C'; 3 * LINE_BYTES];
    content.extend_from_slice(b"\nCC\n");
    let records = read("a.smi", &content);
    assert!(records[0].text.is_err());
    assert_eq!((records[1].text.as_deref(), records[1].line), (Ok("CC"), 2));
}

#[test]
fn a_table_without_smiles_and_a_broken_gzip_are_errors() {
    let directory = tempfile::tempdir().unwrap();
    let csv = directory.path().join("a.csv");
    std::fs::write(&csv, "a,b\n1,2\n").unwrap();
    assert!(matches!(StructureReader::open(&csv), Err(LibraryError::Input { .. })));
    let gz = directory.path().join("a.smi.gz");
    std::fs::write(&gz, b"\x1f\x8b\x08\0rubbish").unwrap();
    assert!(StructureReader::open(&gz).is_err());
}

/// What became of each record: its line, and structure and name or the reason.
fn outcomes(records: &[RawStructure]) -> Vec<(u64, Result<&str, &str>, Option<&str>)> {
    records
        .iter()
        .map(|r| (r.line, r.text.as_deref().map_err(String::as_str), r.name.as_deref()))
        .collect()
}

#[test]
fn quoted_cells_hold_line_breaks_delimiters_and_quotes() {
    let table = "nr,note,SMILES,name\r\n7,\"one\r\n\r\n# two\",CCN,\"ethyl\r\namine\"\r\n\
                 8,\"a \"\"b\"\", c\",CCC,propane\r\n9,x,CC,ethane\r\n";
    for name in ["a.csv", "a.csv.gz"] {
        let records = read(name, table.as_bytes());
        let found = [
            (2, Ok("CCN"), Some("ethyl amine")),
            (6, Ok("CCC"), Some("propane")),
            (7, Ok("CC"), Some("ethane")),
        ];
        assert_eq!(outcomes(&records), found);
    }
    let tabs = read("a.tsv", b"name\tnote\tsmiles\n\t\"two\nlines\"\tCCO\nx\t\tCC\n");
    assert_eq!(outcomes(&tabs), [(2, Ok("CCO"), None), (4, Ok("CC"), Some("x"))]);
}

#[test]
fn a_stray_quote_costs_one_row_at_most() {
    // Before the structure: that row is lost, with line and reason, and no other.
    let records = read("a.csv", b"note,smiles\n\"5 inch,CCO\nx,CC\n\"y\",CCC\n");
    assert_eq!(records.len(), 3);
    assert_eq!(records[0].line, 2);
    assert!(records[0].text.as_ref().unwrap_err().contains("does not end"));
    assert_eq!(texts(&records[1..]), ["CC", "CCC"]);
    // Behind it: none is. Nothing is looked for beyond what a record may hold.
    let rows = "C,x\n".repeat(LINE_BYTES);
    let records = read("a.csv", format!("smiles,note\nCCO,\"x\n{rows}").as_bytes());
    assert_eq!(records.len(), LINE_BYTES + 1);
    assert_eq!((records[0].line, records[0].text.as_deref()), (2, Ok("CCO")));
    assert!(records.iter().zip(2..).all(|(r, line)| r.line == line && r.text.is_ok()));
}

#[test]
fn a_row_whose_identifier_begins_like_a_comment_is_a_row() {
    let records = read("a.csv", b"id,smiles\n# from a catalogue\n#12,CCO\n\n13,CC\n");
    assert_eq!(outcomes(&records), [(3, Ok("CCO"), Some("#12")), (5, Ok("CC"), Some("13"))]);
}

#[test]
fn rows_that_hold_no_structure_are_reported_by_line() {
    let mut table = b"id,smiles\n1\n2,\n\xff,CC\n3,\xff\n4,".to_vec();
    table.extend(vec![b'C'; 2 * LINE_BYTES]);
    table.extend(b"\n5,CCC\n");
    let records = read("a.csv", &table);
    let lines: Vec<u64> = records.iter().map(|r| r.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    let taken: Vec<bool> = records.iter().map(|r| r.text.is_ok()).collect();
    assert_eq!(taken, [false, false, true, false, false, true]);
    assert!(records[4].text.as_ref().unwrap_err().contains("longer than"));
}

#[test]
fn blanks_before_a_quoted_cell_do_not_count() {
    let content = b"nr, \"SMILES\", name\n7, \"CCO\", \"a, b\"\n 8 ,\"CCN\",\t\"two\nlines\"\n";
    let records = read("a.csv", content);
    assert_eq!(texts(&records), ["CCO", "CCN"]);
    let names: Vec<&str> = records.iter().filter_map(|record| record.name.as_deref()).collect();
    assert_eq!(names, ["a, b", "two lines"]);
}

#[test]
fn a_file_of_stray_quotes_is_read_in_time_and_every_row_of_it_reported() {
    let rows = 50_000;
    let content = format!("note,smiles\n{}z,CCO\n", "x\",\"\n".repeat(rows));
    let begun = std::time::Instant::now();
    let records = read("a.csv", content.as_bytes());
    assert_eq!(records.len(), rows + 1);
    assert_eq!(records.last().unwrap().text.as_deref(), Ok("CCO"));
    // Without a limit on looking ahead it is minutes.
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}
