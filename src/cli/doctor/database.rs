//! The database: there, of a version that is known, and writable; nothing in it is changed.

use chrono::{TimeDelta, Utc};

use super::finding::Finding;
use crate::config::Config;
use larmor_command_line::CommandError;
use larmor_store::cluster::{
    ClusterOptions, ClusterState, examine as examine_cluster, running_url,
};
use larmor_store::{DatabaseInspection, inspect};

/// Oldest Postgres that is tested, as `server_version_num`.
const OLDEST: i32 = 140_000;
/// How far the clocks of two machines may be apart.
const APART: TimeDelta = TimeDelta::seconds(60);

pub(super) fn examine(config: &Config) -> Result<Vec<Finding>, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let Some(url) = &config.database.url {
        let cure = "start it, and check address, account and password in database.url";
        return Ok(match runtime.block_on(inspect(url)) {
            Ok(found) => judge("database.url", &found),
            Err(error) => vec![Finding::fault("database.url", &error, cure)],
        });
    }
    let options = ClusterOptions { user: config.database.os_user.clone(), ..Default::default() };
    let subject = "private database";
    Ok(match examine_cluster(&config.state_dir, &options) {
        Ok(ClusterState::Stopped { major }) => {
            let said = format!("PostgreSQL {major} is installed; it starts with larmor serve");
            vec![Finding::well(subject, said)]
        }
        Ok(ClusterState::Running) => {
            let found = async {
                inspect(&running_url(&config.state_dir, &options)?)
                    .await
                    .map_err(CommandError::from)
            };
            match runtime.block_on(found) {
                Ok(found) => judge(subject, &found),
                Err(error) => vec![Finding::fault_that(
                    subject,
                    error.to_string(),
                    "run this as Larmor's account, which alone can enter its socket",
                )],
            }
        }
        Err(error) => {
            let cure = "apt install postgresql, or name a server in database.url";
            vec![Finding::fault(subject, &error, cure)]
        }
    })
}

fn judge(subject: &str, found: &DatabaseInspection) -> Vec<Finding> {
    let mut findings = Vec::new();
    let version = found.server_version / 10_000;
    if found.server_version < OLDEST {
        findings.push(Finding::warning(
            subject,
            format!("PostgreSQL {version} is older than what Larmor is tested with"),
            "upgrade it to 14 or later",
        ));
    }
    if !found.may_create {
        findings.push(Finding::fault_that(
            subject,
            "its account may not make tables and schemas",
            "make it the owner of the database (ALTER DATABASE larmor OWNER TO larmor)",
        ));
    }
    if let Some(newest) = found.newer_migration {
        findings.push(Finding::fault_that(
            subject,
            format!("its tables are of a newer Larmor (migration {newest})"),
            "install the version that made them, or a later one",
        ));
    }
    let apart = (found.clock - Utc::now()).abs();
    if apart > APART {
        findings.push(Finding::warning(
            "clock",
            format!("it and the database's are {} s apart", apart.num_seconds()),
            "have both kept right (timedatectl set-ntp true)",
        ));
    }
    if !found.is_private {
        findings.push(Finding::warning(
            subject,
            "what goes to it crosses the network in the clear",
            "put it on this machine, or the way to it into a tunnel",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::well(subject, format!("PostgreSQL {version} answers")));
    }
    findings
}
