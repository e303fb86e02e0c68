//! What a protocol found, as a table beside the published figures.

use std::fmt::Write;

use serde::Serialize;

/// Result of a protocol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The protocol.
    pub protocol: String,
    /// What was tested on what, and what was left out.
    pub notes: Vec<String>,
    /// Tables, in order.
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Heading of each column.
    pub columns: Vec<String>,
    /// Cells of each row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|&c| c.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl Report {
    /// Columns of even width for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.protocol);
        self.notes.iter().for_each(|note| out += &format!("  {note}\n"));
        for table in &self.tables {
            out.push('\n');
            let lines: Vec<&Vec<String>> =
                std::iter::once(&table.columns).chain(&table.rows).collect();
            let widths: Vec<usize> = (0..table.columns.len())
                .map(|c| {
                    let width = |line: &&Vec<String>| line.get(c).map_or(0, |t| t.chars().count());
                    lines.iter().map(width).max().unwrap_or(0)
                })
                .collect();
            for line in lines {
                let cells: Vec<String> = line
                    .iter()
                    .zip(&widths)
                    .map(|(cell, &width)| format!("{cell:<width$}"))
                    .collect();
                let _ = writeln!(out, "{}", cells.join("  ").trim_end());
            }
        }
        out
    }

    /// Markdown, as `docs/accuracy.md` holds it.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        self.notes.iter().for_each(|note| out += &format!("- {note}\n"));
        for table in &self.tables {
            let _ = writeln!(out, "\n| {} |", table.columns.join(" | "));
            let _ = writeln!(out, "|{}", "---|".repeat(table.columns.len()));
            for row in &table.rows {
                let _ = writeln!(out, "| {} |", row.join(" | "));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_hold_every_cell() {
        let mut table = Table::new(&["measure", "here"]);
        table.push(vec!["row argmax".into(), "88.1".into()]);
        let report = Report {
            protocol: "assignment".into(),
            notes: vec!["fold 0".into()],
            tables: vec![table],
        };
        assert_eq!(
            report.markdown(),
            "- fold 0\n\n| measure | here |\n|---|---|\n| row argmax | 88.1 |\n"
        );
        assert!(report.text().contains("measure     here\nrow argmax  88.1\n"));
    }
}
