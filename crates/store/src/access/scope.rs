//! Whose data somebody may see.

use uuid::Uuid;

use super::Owner;

/// Whose data somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those of every group.
    Everything,
    /// Those of some groups.
    Groups(Vec<String>),
    /// Those of one sample, as long as it is this group's.
    Sample {
        /// The sample.
        id: Uuid,
        /// The group.
        group: String,
    },
}

impl Scope {
    /// Whether it takes in what is a group's.
    ///
    /// ```
    /// use larmor_store::Scope;
    ///
    /// let own = Scope::Groups(vec!["rossi".to_owned()]);
    /// assert!(own.has_group("rossi") && !own.has_group("weber"));
    /// assert!(Scope::Everything.has_group("weber"));
    /// ```
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Groups(groups) => groups.iter().any(|own| own == group),
            Self::Sample { .. } => false,
        }
    }

    /// Whether it takes in what belongs to a sample.
    #[must_use]
    pub fn has(&self, owner: &Owner) -> bool {
        match self {
            Self::Sample { id, group } => owner.sample == *id && owner.group == *group,
            _ => self.has_group(&owner.group),
        }
    }

    /// The groups that lists are kept to; `None` where that is every group. What opens one sample opens
    /// no list.
    #[must_use]
    pub fn groups(&self) -> Option<&[String]> {
        match self {
            Self::Everything => None,
            Self::Groups(groups) => Some(groups),
            Self::Sample { .. } => Some(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_opens_what_is_its_own_and_no_list() {
        let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
        let owner = |group: &str, sample| Owner { group: group.to_owned(), sample };
        let link = Scope::Sample { id: one, group: "g".to_owned() };
        assert!(link.has(&owner("g", one)) && !link.has(&owner("g", other)));
        assert!(!link.has(&owner("h", one)), "it was given to another group");
        assert!(!link.has_group("g"));
        assert_eq!(link.groups(), Some(&[][..]));
        assert_eq!(Scope::Groups(Vec::new()).groups(), Some(&[][..]));
        assert_eq!(Scope::Everything.groups(), None);
    }
}
