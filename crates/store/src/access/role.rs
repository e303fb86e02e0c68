//! What somebody may do.

use std::fmt;
use std::str::FromStr;

/// What somebody may do, from the least to the most; each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees the data of the own groups.
    Reader,
    /// Proposes, reviews, submits and has data processed again in the own groups.
    Chemist,
    /// Deletes samples and decides on work; of a facility, for every group.
    Manager,
    /// Decides who may do what.
    Admin,
}

/// Not the name of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no role: reader, chemist, manager or admin")]
pub struct UnknownRole(String);

impl Role {
    /// All of them, from the least to the most.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Chemist, Self::Manager, Self::Admin];

    /// The word that stands in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Chemist => "chemist",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.into_iter().find(|role| role.word() == text);
        found.ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_as_they_are_written_and_rise() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0] < pair[1]);
        }
        for role in Role::ALL {
            assert_eq!(role.to_string().parse::<Role>().unwrap(), role);
        }
        assert!("Admin".parse::<Role>().is_err());
    }
}
