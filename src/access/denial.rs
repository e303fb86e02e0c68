//! Why somebody is not let in.

use larmor_store::Role;

/// Why a call is not answered. Only the message goes to the caller: it never tells whether there is
/// something that he may not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// No credential was shown.
    #[error(
        "this server asks who you are: send 'authorization: Bearer TOKEN' (the larmor command takes it \
         from LARMOR_TOKEN; the page has a field for it). A manager makes tokens with larmor token create"
    )]
    NoCredential,
    /// The credential is none that stands.
    #[error("this credential is not known here, or was revoked: ask for another one")]
    UnknownCredential,
    /// The time of the credential is over.
    #[error("the time of this credential is over: ask for another one")]
    CredentialExpired,
    /// The role of the caller is not enough.
    #[error("this takes the role {needed}, and yours is {has}")]
    RoleTooLow {
        /// The least that is enough.
        needed: Role,
        /// What the caller has.
        has: Role,
    },
    /// The call is about the whole facility.
    #[error("this is about the data of every group, and you may see those of some")]
    NotWholeFacility,
    /// A link to one sample opens nothing else.
    #[error("this link shows one sample and nothing else")]
    LinkOnly,
    /// The group is none of the caller's.
    #[error("you may not put data into this group")]
    AnotherGroup,
    /// Credentials were not read yet.
    #[error("the server has not read its credentials yet; try again soon")]
    NotReady,
}

impl Denial {
    /// The reason that programs compare.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoCredential => "NO_CREDENTIAL",
            Self::UnknownCredential => "UNKNOWN_CREDENTIAL",
            Self::CredentialExpired => "CREDENTIAL_EXPIRED",
            Self::RoleTooLow { .. } => "ROLE_TOO_LOW",
            Self::NotWholeFacility => "NOT_WHOLE_FACILITY",
            Self::LinkOnly => "LINK_ONLY",
            Self::AnotherGroup => "ANOTHER_GROUP",
            Self::NotReady => "CREDENTIALS_NOT_READ",
        }
    }
}
