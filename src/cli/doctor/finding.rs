//! What was found, and what to do about it.

use std::error::Error;
use std::fmt;

use serde::Serialize;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Well,
    /// It works, and may not for long or not for everybody.
    Warning,
    /// It does not work.
    Fault,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What was looked at, such as a setting.
    subject: String,
    /// How it is.
    said: String,
    /// What to do; empty where nothing is to be done.
    cure: String,
}

impl Finding {
    /// As it should be.
    pub(super) fn well(subject: impl Into<String>, said: impl Into<String>) -> Self {
        let (subject, said) = (subject.into(), said.into());
        Self { level: Level::Well, subject, said, cure: String::new() }
    }

    /// It works, and may not for long or not for everybody.
    pub(super) fn warning(
        subject: impl Into<String>,
        said: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        let (subject, said, cure) = (subject.into(), said.into(), cure.into());
        Self { level: Level::Warning, subject, said, cure }
    }

    /// It does not work, for this reason and its causes.
    pub(super) fn fault(
        subject: impl Into<String>,
        error: &(dyn Error + 'static),
        cure: impl Into<String>,
    ) -> Self {
        let mut said = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let next = error.to_string();
            if !said.contains(&next) {
                said.push_str(": ");
                said.push_str(&next);
            }
            cause = error.source();
        }
        Self::fault_that(subject, said, cure)
    }

    /// It does not work.
    pub(super) fn fault_that(
        subject: impl Into<String>,
        said: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        let (subject, said, cure) = (subject.into(), said.into(), cure.into());
        Self { level: Level::Fault, subject, said, cure }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Well => "well",
            Level::Warning => "WARNING",
            Level::Fault => "FAULT",
        };
        write!(f, "{level:<8}{}: {}", self.subject, self.said)?;
        if !self.cure.is_empty() {
            write!(f, "\n        -> {}", self.cure)?;
        }
        Ok(())
    }
}
