//! A real Postgres for tests: one private cluster a test binary, one database a test.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod given;
pub mod server;

use std::sync::atomic::{AtomicU32, Ordering};

use larmor::store::Store;
use larmor::store::cluster::{ClusterOptions, PrivateCluster};
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<PrivateCluster> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database of a test's own, with all tables.
pub struct TestDatabase {
    /// A store on it.
    pub store: Store,
    /// Its address.
    pub url: String,
}

impl TestDatabase {
    pub async fn new() -> Self {
        let url = database("larmor").await;
        Self { store: Store::connect(&url).await.unwrap(), url }
    }

    /// A connection beside the store's.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

/// The address of a database without tables.
pub async fn empty_database() -> String {
    database("template0").await
}

async fn database(template: &str) -> String {
    let cluster = CLUSTER.get_or_init(start).await;
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin =
        PgConnection::connect(&cluster.url().replace("/larmor?", "/postgres?")).await.unwrap();
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
    cluster.url().replace("/larmor?", &format!("/{name}?"))
}

async fn start() -> PrivateCluster {
    // The cluster ends with the process and takes its data along.
    let dir = std::env::temp_dir().join(format!("larmor-test-{}", std::process::id()));
    let options = ClusterOptions { durable: false, ..ClusterOptions::default() };
    let cluster = PrivateCluster::start(&dir, &options).await.unwrap();
    Store::connect(cluster.url()).await.unwrap().close().await;
    cluster
}
