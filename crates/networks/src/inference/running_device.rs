//! The device that networks run on, and whether it does its work.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A device as it is told of: cheap to clone, every clone tells of the same.
#[derive(Debug, Clone)]
pub struct RunningDevice {
    name: Arc<str>,
    fault: Arc<Mutex<Option<String>>>,
}

impl RunningDevice {
    /// A device that works: `cpu` or `cuda:N`, `+bf16` behind it where products are taken in 16 bits.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), fault: Arc::default() }
    }

    /// Why the processor does the device's work at present.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn failed(&self, reason: &str) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }

    pub(super) fn works_again(&self) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Display for RunningDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault() {
            None => f.write_str(&self.name),
            Some(reason) => write!(f, "cpu ({} failed: {reason})", self.name),
        }
    }
}
