//! A file line by line, each kept only up to a limit, so that no file can fill the memory.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use crate::library::error::LibraryError;

/// Longest line kept, in bytes; the rest of a longer one is skipped.
pub(super) const LINE_BYTES: usize = 64 << 10;

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// The file holds more of it than `bytes` does.
    pub(super) cut: bool,
}

impl Line {
    /// The line without the blanks at its end.
    pub(super) fn trimmed(&self) -> &[u8] {
        self.bytes.trim_ascii_end()
    }

    /// Its text without the blanks at its end, or why there is none.
    pub(super) fn text(&self) -> Result<&str, String> {
        if self.cut {
            return Err(format!("line longer than {LINE_BYTES} bytes"));
        }
        let text = std::str::from_utf8(self.trimmed()).map_err(|_| "not UTF-8 text".to_owned())?;
        Ok(without_mark(text))
    }
}

/// The text without a byte order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// The lines of a file.
pub(super) struct Lines {
    path: PathBuf,
    input: Box<dyn BufRead + Send>,
    read: u64,
    put_back: VecDeque<Line>,
}

impl Lines {
    pub(super) fn new(path: PathBuf, input: Box<dyn BufRead + Send>) -> Self {
        Self { path, input, read: 0, put_back: VecDeque::new() }
    }

    /// The next line; `None` at the end of the file.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>, LibraryError> {
        if let Some(line) = self.put_back.pop_front() {
            return Ok(Some(line));
        }
        let io = |cause: io::Error| LibraryError::Input {
            path: self.path.clone(),
            reason: format!("cannot be read beyond line {}: {cause}", self.read),
        };
        let mut bytes = Vec::new();
        let limit = LINE_BYTES as u64 + 1;
        let count = (&mut self.input).take(limit).read_until(b'\n', &mut bytes).map_err(io)?;
        if count == 0 {
            return Ok(None);
        }
        let cut = bytes.last() != Some(&b'\n') && bytes.len() > LINE_BYTES;
        if cut {
            skip_line(&mut self.input).map_err(io)?;
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        self.read += 1;
        Ok(Some(Line { number: self.read, bytes, cut }))
    }

    /// Lines that are to be read again, in the order of the file.
    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.put_back.push_front(line);
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(end) = buffer.iter().position(|&b| b == b'\n') {
            input.consume(end + 1);
            return Ok(());
        }
        let all = buffer.len();
        input.consume(all);
    }
}
