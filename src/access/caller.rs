//! Who makes a call.

use uuid::Uuid;

use super::{Denial, Effect, Rule};
use larmor_store::{AuditEntry, AuditOutcome, Role, Scope, StandingCredential};

/// Who makes a call, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Name of a person or program; empty where nobody is asked.
    pub holder: String,
    /// What he may do.
    pub role: Role,
    /// Whose data he may see.
    pub scope: Scope,
    /// The credential he showed; none where nobody is asked.
    pub credential: Option<Uuid>,
    /// The call.
    pub rule: &'static Rule,
}

impl Caller {
    /// Somebody who was not asked: he may do everything.
    #[must_use]
    pub fn anybody(rule: &'static Rule) -> Self {
        let (role, scope) = (Role::Admin, Scope::Everything);
        Self { holder: String::new(), role, scope, credential: None, rule }
    }

    /// The holder of a credential, where the rule lets him.
    ///
    /// # Errors
    /// [`Denial`] where it does not.
    pub fn admitted(
        credential: &StandingCredential,
        rule: &'static Rule,
    ) -> Result<Self, (Denial, Self)> {
        let caller = Self {
            holder: credential.holder.clone(),
            role: credential.role,
            scope: credential.scope.clone(),
            credential: Some(credential.id),
            rule,
        };
        let denial = match &caller.scope {
            Scope::Sample { .. } if !rule.by_link => Denial::LinkOnly,
            _ if caller.role < rule.least => {
                Denial::RoleTooLow { needed: rule.least, has: caller.role }
            }
            scope if rule.whole_facility && *scope != Scope::Everything => Denial::NotWholeFacility,
            _ => return Ok(caller),
        };
        Err((denial, caller))
    }

    /// Under which name something is kept that the caller does for somebody: who was asked stands for
    /// himself, whatever he says.
    #[must_use]
    pub fn name(&self, given: &str) -> String {
        let given = given.trim();
        match (self.holder.as_str(), given) {
            ("", given) => given.to_owned(),
            (holder, given) if given.is_empty() || given == holder => holder.to_owned(),
            (holder, given) => format!("{given} (through {holder})"),
        }
    }

    /// What is kept of the call: none where nobody is asked.
    #[must_use]
    pub fn entry(&self, subject: String, group: String, refused: bool) -> Option<AuditEntry> {
        self.credential?;
        let outcome = match self.rule.effect {
            _ if refused => AuditOutcome::Refused,
            Effect::Read => AuditOutcome::Read,
            Effect::Change => AuditOutcome::Changed,
        };
        let (holder, call) = (self.holder.clone(), self.rule.call.to_owned());
        Some(AuditEntry { holder, credential: self.credential, call, subject, group, outcome })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::access::rule;

    fn credential(role: Role, scope: Scope) -> StandingCredential {
        let (id, holder) = (Uuid::now_v7(), "anna".to_owned());
        StandingCredential { id, digest: [0; 32], holder, role, scope, expires_at: None }
    }

    fn denial(role: Role, scope: Scope, path: &str) -> Option<Denial> {
        let rule = rule(path).unwrap();
        Caller::admitted(&credential(role, scope), rule).err().map(|(denial, _)| denial)
    }

    #[test]
    fn a_rule_asks_for_a_role_and_a_scope() {
        let own = || Scope::Groups(vec!["rossi".to_owned()]);
        let get = "/larmor.v1.SampleService/GetSample";
        assert_eq!(denial(Role::Reader, own(), get), None);
        let delete = "/larmor.v1.SampleService/DeleteSample";
        let too_low = Denial::RoleTooLow { needed: Role::Manager, has: Role::Chemist };
        assert_eq!(denial(Role::Chemist, own(), delete), Some(too_low));
        assert_eq!(denial(Role::Admin, own(), delete), None);
        let pause = "/larmor.v1.AcquisitionService/PauseBackfill";
        assert_eq!(denial(Role::Admin, own(), pause), Some(Denial::NotWholeFacility));
        assert_eq!(denial(Role::Manager, Scope::Everything, pause), None);
        let link = || Scope::Sample { id: Uuid::now_v7(), group: "rossi".to_owned() };
        assert_eq!(denial(Role::Reader, link(), get), None);
        let list = "/larmor.v1.SampleService/ListSamples";
        assert_eq!(denial(Role::Reader, link(), list), Some(Denial::LinkOnly));
    }

    #[test]
    fn who_was_asked_cannot_be_somebody_else() {
        let rule = rule("/larmor.v1.InfoService/GetInfo").unwrap();
        let anna =
            Caller::admitted(&credential(Role::Reader, Scope::Everything), rule).ok().unwrap();
        assert_eq!(anna.name(""), "anna");
        assert_eq!(anna.name(" anna "), "anna");
        assert_eq!(anna.name("bert"), "bert (through anna)");
        assert_eq!(Caller::anybody(rule).name(" bert"), "bert");
    }
}
