//! Every credential that stands, in memory: a call costs no question to the database, and one that
//! is away locks nobody out. What changes there is known here at once.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Audit, Caller, Denial, Rule, Secret};
use larmor_retry::Backoff;
use larmor_store::{RECONNECT, Scope, StandingCredential, Store, StoreError};

/// Without being told, credentials are read again after this.
const POLL: Duration = Duration::from_secs(10);

/// Who may do what. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Access {
    /// None where nobody is asked.
    asked: Option<Arc<Asked>>,
    audit: Audit,
}

#[derive(Debug)]
struct Asked {
    standing: watch::Sender<Standing>,
    used: Mutex<HashSet<Uuid>>,
}

/// The credentials, by their digests and by their identities; none before they were read.
type Standing = Option<Arc<Credentials>>;

#[derive(Debug, Default)]
struct Credentials {
    by_digest: HashMap<[u8; 32], Arc<StandingCredential>>,
    by_id: HashMap<Uuid, Arc<StandingCredential>>,
}

/// What somebody was let in by, as it stands now: for what stays open.
#[derive(Debug, Clone)]
pub struct Grant(Option<(Uuid, watch::Receiver<Standing>)>);

impl Access {
    /// Nobody is asked.
    #[must_use]
    pub fn unasked() -> Self {
        Self { asked: None, audit: Audit::off() }
    }

    /// Everybody is asked. Credentials are read now and followed until `draining`; what was done is
    /// kept by then.
    pub async fn start(store: Store, draining: CancellationToken) -> Self {
        let asked = Arc::new(Asked { standing: watch::Sender::new(None), used: Mutex::default() });
        if let Err(error) = asked.read(&store).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "credentials are not read yet"
            );
        }
        let (following, database, end) = (Arc::clone(&asked), store.clone(), draining.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = following.follow(&database) => {}
                () = end.cancelled() => {}
            }
        });
        Self { asked: Some(asked), audit: Audit::start(store, draining) }
    }

    /// Whether anybody is asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Where it is kept who did what.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Who makes a call, where he may.
    ///
    /// # Errors
    /// [`Denial`] where he may not.
    pub fn admit(&self, shown: Option<&Secret>, rule: &'static Rule) -> Result<Caller, Denial> {
        let Some(asked) = &self.asked else { return Ok(Caller::anybody(rule)) };
        let credential = asked.credential(shown, Utc::now())?;
        Caller::admitted(&credential, rule).map_err(|(denial, caller)| {
            self.audit.note(caller.entry(String::new(), String::new(), true));
            denial
        })
    }

    /// The credential of a secret.
    ///
    /// # Errors
    /// [`Denial`] where it has none that stands; without a secret, and where nobody is asked.
    pub fn credential(&self, shown: Option<&Secret>) -> Result<Arc<StandingCredential>, Denial> {
        let asked = self.asked.as_ref().ok_or(Denial::UnknownCredential)?;
        asked.credential(shown, Utc::now())
    }

    /// What a caller was let in by.
    #[must_use]
    pub fn grant(&self, caller: &Caller) -> Grant {
        let asked = self.asked.as_ref().zip(caller.credential);
        Grant(asked.map(|(asked, id)| (id, asked.standing.subscribe())))
    }

    /// Reads the credentials again, so that one made just now is known.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        match &self.asked {
            Some(asked) => asked.read(store).await,
            None => Ok(()),
        }
    }
}

impl Asked {
    fn credential(
        &self,
        shown: Option<&Secret>,
        now: DateTime<Utc>,
    ) -> Result<Arc<StandingCredential>, Denial> {
        let shown = shown.ok_or(Denial::NoCredential)?;
        let standing = self.standing.borrow();
        let standing = standing.as_ref().ok_or(Denial::NotReady)?;
        let found = standing.by_digest.get(&shown.digest()).ok_or(Denial::UnknownCredential)?;
        in_time(found, now)?;
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(found.id);
        Ok(Arc::clone(found))
    }

    async fn follow(&self, store: &Store) {
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            let Err(error) = self.listen(store, &mut backoff).await;
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "changes of credentials are not heard for now"
            );
            sleep(backoff.next_wait()).await;
            // What is known stays good while the database is away.
            let _ = self.read(store).await;
        }
    }

    async fn listen(&self, store: &Store, backoff: &mut Backoff) -> Result<Infallible, StoreError> {
        let mut wakeups = store.access_wakeups().await?;
        loop {
            self.read(store).await?;
            backoff.reset();
            let used: Vec<Uuid> = {
                let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
                used.drain().collect()
            };
            if !used.is_empty() {
                store.credentials_used(&used).await?;
            }
            store.forget_sessions().await?;
            if let Ok(woken) = timeout(POLL, wakeups.next()).await {
                woken?;
            }
        }
    }

    async fn read(&self, store: &Store) -> Result<(), StoreError> {
        let mut credentials = Credentials::default();
        for one in store.standing_credentials().await? {
            let one = Arc::new(one);
            credentials.by_digest.insert(one.digest, Arc::clone(&one));
            credentials.by_id.insert(one.id, one);
        }
        self.standing.send_if_modified(|standing| {
            let is_new = standing.as_ref().is_none_or(|known| known.by_id != credentials.by_id);
            if is_new {
                *standing = Some(Arc::new(credentials));
            }
            is_new
        });
        Ok(())
    }
}

impl Grant {
    /// Whose data may be seen now.
    ///
    /// # Errors
    /// [`Denial`] once the credential was revoked or its time is over.
    pub fn scope(&mut self) -> Result<Scope, Denial> {
        let Some((id, standing)) = &mut self.0 else { return Ok(Scope::Everything) };
        let standing = standing.borrow_and_update();
        let found = standing.as_ref().and_then(|standing| standing.by_id.get(id));
        let found = found.ok_or(Denial::UnknownCredential)?;
        in_time(found, Utc::now())?;
        Ok(found.scope.clone())
    }

    /// Returns once something has changed; never where nobody is asked.
    pub async fn changed(&mut self) {
        match &mut self.0 {
            // An error: the server ends, and with it whatever asks.
            Some((_, standing)) => {
                if standing.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
            None => std::future::pending().await,
        }
    }
}

fn in_time(credential: &StandingCredential, now: DateTime<Utc>) -> Result<(), Denial> {
    match credential.expires_at {
        Some(end) if end <= now => Err(Denial::CredentialExpired),
        _ => Ok(()),
    }
}
