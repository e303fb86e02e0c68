//! Standard output, whose reader may go whenever it has seen enough.

use std::error::Error;
use std::io::{self, ErrorKind, StdoutLock, Write};

/// Standard output, locked; knows its own closed pipe from any other.
#[derive(Debug)]
pub struct Output(StdoutLock<'static>);

/// The reader of standard output has gone.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
struct ReaderGone;

/// Locks standard output.
#[must_use]
pub fn output() -> Output {
    Output(io::stdout().lock())
}

/// True where an error comes down to the reader of standard output having gone: no failure, the
/// reader has had what it wanted.
pub(crate) fn reader_is_gone(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<ReaderGone>() || within.is_some_and(|cause| cause.is::<ReaderGone>()) {
            return true;
        }
        next = error.source();
    }
    false
}

fn marked(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::BrokenPipe {
        io::Error::new(ErrorKind::BrokenPipe, ReaderGone)
    } else {
        error
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(marked)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(marked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pipe_of_standard_output_ends_quietly() {
        let own = marked(io::Error::from(ErrorKind::BrokenPipe));
        assert!(reader_is_gone(&own));
        assert!(!reader_is_gone(&marked(io::Error::other("disk full"))));
        assert!(!reader_is_gone(&io::Error::from(ErrorKind::BrokenPipe)), "a socket's");
        let wrapped = serde_json::Error::io(own);
        assert!(reader_is_gone(&io::Error::from(wrapped)), "through serde_json");
    }
}
