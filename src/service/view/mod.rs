//! The database as a caller sees it. Handlers have this and not the store: what is of groups that the
//! caller does not see is not there, by whatever identity it is asked for, and what he does is kept
//! under his name.

mod changes;
mod reads;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tonic::{Request, Status};
use uuid::Uuid;

use super::gate::denied;
use super::status;
use crate::access::{Access, Audit, Caller, Denial};
use larmor_store::{Owner, Scope, Store, Subject};

/// Makes views of the database.
#[derive(Debug, Clone)]
pub(super) struct Views {
    store: Store,
    access: Access,
}

/// The database as one caller sees it, for one call.
#[derive(Debug, Clone)]
pub(super) struct View {
    store: Store,
    pub(super) caller: Caller,
    audit: Audit,
    /// What the caller was found to see.
    seen: Arc<Mutex<HashSet<Subject>>>,
}

impl Views {
    pub(super) fn new(store: Store, access: Access) -> Self {
        Self { store, access }
    }

    /// The view of whoever makes a call.
    pub(super) fn of<T>(&self, request: &Request<T>) -> Result<View, Status> {
        let caller = request.extensions().get::<Caller>();
        // Every call passes the gate; one that came another way is answered to nobody.
        let caller = caller.ok_or_else(|| denied(Denial::NoCredential))?.clone();
        let audit = self.access.audit().clone();
        Ok(View { store: self.store.clone(), caller, audit, seen: Arc::default() })
    }

    /// A credential made just now is known when this returns.
    pub(super) async fn refresh(&self) -> Result<(), Status> {
        self.access.refresh(&self.store).await.map_err(status::of)
    }
}

impl View {
    /// What is to be read is the caller's to see; else it is not there.
    async fn sees(&self, subject: Subject) -> Result<(), Status> {
        if self.is_open() || self.was_seen(subject) {
            return Ok(());
        }
        let owner = self.owner(subject).await?;
        self.audit.note(self.caller.entry(subject.to_string(), owner.group, false));
        Ok(())
    }

    /// What is to be changed is the caller's to see; what is given back is kept once it was changed.
    async fn changes(&self, subject: Subject) -> Result<Changing, Status> {
        let group = match self.is_open() {
            true => String::new(),
            false => self.owner(subject).await?.group,
        };
        Ok(Changing { subject: subject.to_string(), group })
    }

    /// Keeps that something was changed.
    async fn changed(&self, changing: Changing) {
        let Changing { subject, group } = changing;
        self.audit.changed(self.caller.entry(subject, group, false)).await;
    }

    /// A list was read: of a sample that the caller was found to see, or one that has no subject.
    fn listed(&self, of: Option<Uuid>, ids: impl IntoIterator<Item = Subject>) {
        self.seen().extend(ids);
        if of.is_none() {
            self.audit.note(self.caller.entry(String::new(), String::new(), false));
        }
    }

    /// Something of this group may be put here.
    pub(super) fn enters(&self, group: &str) -> Result<(), Status> {
        if self.caller.scope.has_group(group) {
            return Ok(());
        }
        self.audit.note(self.caller.entry(String::new(), group.to_owned(), true));
        Err(denied(Denial::AnotherGroup))
    }

    /// The group of what is put here without one: that of a caller who has one only.
    pub(super) fn usual_group(&self) -> &str {
        match self.caller.scope.groups() {
            Some([only]) => only,
            _ => "default",
        }
    }

    /// The groups that lists are kept to.
    fn groups(&self) -> Option<Vec<String>> {
        self.caller.scope.groups().map(<[String]>::to_vec)
    }

    /// Whether something was seen by this call already.
    fn was_seen(&self, subject: Subject) -> bool {
        self.seen().contains(&subject)
    }

    async fn owner(&self, subject: Subject) -> Result<Owner, Status> {
        let owner = self.store.owner(subject).await.map_err(status::of)?;
        if !self.caller.scope.has(&owner) {
            self.audit.note(self.caller.entry(subject.to_string(), owner.group, true));
            return Err(status::of(subject.missing()));
        }
        self.seen().insert(subject);
        Ok(owner)
    }

    /// Nobody is asked: there is nothing to be found out.
    fn is_open(&self) -> bool {
        !self.audit.is_on() && self.caller.scope == Scope::Everything
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashSet<Subject>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that is about to be changed.
#[derive(Debug)]
struct Changing {
    subject: String,
    group: String,
}
