//! The database of a Larmor that runs here, or is to: for commands that need it rather than a server.

use std::path::Path;

use crate::config;
use larmor_command_line::CommandError;
use larmor_store::Store;
use larmor_store::cluster::{ClusterError, ClusterOptions, PrivateCluster, running_url};

/// Does something with the database that the configuration names. The private cluster is asked where it
/// runs, and started for the time where it does not.
pub(super) fn with_store<T>(
    config: Option<&Path>,
    does: impl AsyncFnOnce(Store) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let config = config::load(config)?.config;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        if let Some(url) = &config.database.url {
            return does(Store::connect(url).await?).await;
        }
        let options =
            ClusterOptions { user: config.database.os_user.clone(), ..Default::default() };
        match PrivateCluster::start(&config.state_dir, &options).await {
            Ok(cluster) => {
                let store = Store::connect(cluster.url()).await?;
                let done = does(store.clone()).await;
                store.close().await;
                cluster.stop().await?;
                done
            }
            Err(ClusterError::InUse { .. }) => {
                let url = running_url(&config.state_dir, &options)?;
                does(Store::connect(&url).await?).await
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// Who runs a command, as the system says.
pub(super) fn user() -> String {
    ["SUDO_USER", "USER", "LOGNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "somebody at the server".to_owned())
}
