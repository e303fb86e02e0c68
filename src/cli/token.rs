//! `larmor token`: credentials of programs and people, made where the database is at hand.

use std::io::Write;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Subcommand;
use uuid::Uuid;

use super::database;
use crate::access::Secret;
use larmor_command_line::{CommandError, output};
use larmor_store::{Credential, CredentialKind, NewCredential, Role, Scope, Store};

/// Options of `larmor token`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a token and print it; it is shown this once and kept nowhere.
    Create(Create),
    /// List tokens and links to samples, the newest first.
    List,
    /// Revoke a token or a link: calls with it are refused at once, streams opened with it end.
    Revoke {
        /// Its identity, as list shows it.
        id: Uuid,
    },
    /// Show who read and changed what, the newest first.
    Audit {
        /// Only of this person or program.
        #[arg(long)]
        holder: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 100)]
        limit: i64,
    },
}

#[derive(Debug, clap::Args)]
struct Create {
    /// Who will have it: a person's or a program's name, which stands beside what is done with it.
    holder: String,
    /// What may be done with it: reader sees, chemist proposes, reviews and submits, manager deletes and
    /// decides on work, admin does everything.
    #[arg(long, default_value = "reader")]
    role: Role,
    /// Group whose data it opens; may be given several times.
    #[arg(long = "group", value_name = "GROUP", required_unless_present = "every_group")]
    groups: Vec<String>,
    /// It opens the data of every group.
    #[arg(long, conflicts_with = "groups")]
    every_group: bool,
    /// Days that it holds; 0: until it is revoked.
    #[arg(long, default_value_t = 365)]
    days: u32,
}

pub(super) fn run(arguments: &Arguments, config: Option<&Path>) -> Result<(), CommandError> {
    database::with_store(config, async |store| match &arguments.command {
        Command::Create(new) => create(&store, new).await,
        Command::List => list(&store).await,
        Command::Revoke { id } => revoke(&store, *id).await,
        Command::Audit { holder, limit } => audit(&store, holder.as_deref(), *limit).await,
    })
}

async fn create(store: &Store, asked: &Create) -> Result<(), CommandError> {
    let holder = asked.holder.trim();
    let names = asked.groups.iter().map(String::as_str).chain([holder]);
    if names.into_iter().any(|name| name.is_empty() || name.chars().any(char::is_control)) {
        return Err("the holder and each group must be a name".into());
    }
    let secret = Secret::new().map_err(|error| format!("the system gives no secret: {error}"))?;
    let expires_at = (asked.days > 0).then(|| Utc::now() + TimeDelta::days(asked.days.into()));
    let scope = match asked.every_group {
        true => Scope::Everything,
        false => Scope::Groups(asked.groups.clone()),
    };
    let id = store
        .add_credential(&NewCredential {
            kind: CredentialKind::Token,
            holder: holder.to_owned(),
            digest: secret.digest(),
            role: asked.role,
            scope,
            parent: None,
            created_by: database::user(),
            expires_at,
        })
        .await?;
    // The secret alone goes where it can be piped from.
    eprintln!("token {id} of {holder}, {}; {}", asked.role, until(expires_at));
    writeln!(output(), "{}", secret.reveal())?;
    output().flush()?;
    Ok(())
}

async fn list(store: &Store) -> Result<(), CommandError> {
    let mut out = output();
    for one in store.credentials().await? {
        writeln!(out, "{}", line(&one))?;
    }
    out.flush()?;
    Ok(())
}

async fn revoke(store: &Store, id: Uuid) -> Result<(), CommandError> {
    match store.revoke_credential(id, &database::user()).await? {
        true => Ok(()),
        false => Err(format!("there is no token or link {id} that stands").into()),
    }
}

async fn audit(store: &Store, holder: Option<&str>, most: i64) -> Result<(), CommandError> {
    let mut out = output();
    for one in store.audit_records(holder, most).await? {
        let (entry, last) = (&one.entry, one.last_at.format("%Y-%m-%d %H:%M:%S"));
        let times = if one.times > 1 { format!(" x{}", one.times) } else { String::new() };
        let group =
            if entry.group.is_empty() { String::new() } else { format!(" of {}", entry.group) };
        let outcome = entry.outcome.word();
        writeln!(
            out,
            "{last} {}: {outcome} {} {}{group}{times}",
            entry.holder, entry.call, entry.subject
        )?;
    }
    out.flush()?;
    Ok(())
}

fn line(one: &Credential) -> String {
    let scope = match &one.scope {
        Scope::Everything => "every group".to_owned(),
        Scope::Groups(groups) => groups.join(", "),
        Scope::Sample { id, group } => format!("sample {id} of {group}"),
    };
    let state = match one.revoked_at {
        Some(at) => format!("revoked {}", at.format("%Y-%m-%d")),
        None => until(one.expires_at),
    };
    let used = one
        .used_at
        .map_or("never used".to_owned(), |at| format!("used last {}", at.format("%Y-%m-%d %H:%M")));
    let (kind, holder, role) = (one.kind, &one.holder, one.role);
    format!("{} {kind} of {holder}, {role} of {scope}; {state}; {used}", one.id)
}

fn until(expires_at: Option<DateTime<Utc>>) -> String {
    match expires_at {
        Some(end) if end <= Utc::now() => format!("over since {}", end.format("%Y-%m-%d")),
        Some(end) => format!("until {}", end.format("%Y-%m-%d")),
        None => "until it is revoked".to_owned(),
    }
}
