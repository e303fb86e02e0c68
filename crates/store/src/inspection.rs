//! A look at a database before it is used: nothing in it is changed.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::{MIGRATIONS, StoreError, address};

/// What a database is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseInspection {
    /// Version of the server, as `server_version_num`: 150018 is 15.18.
    pub server_version: i32,
    /// Whether its account may make what Larmor makes: schemas in it, and tables.
    pub may_create: bool,
    /// Newest migration in it that this version of Larmor does not know, if there is one.
    pub newer_migration: Option<i64>,
    /// What its clock says.
    pub clock: DateTime<Utc>,
    /// Whether nobody listens in: a socket of this machine, or TLS.
    pub is_private: bool,
}

/// Looks at a database.
///
/// # Errors
/// [`StoreError`] when it cannot be reached, or not by this account.
pub async fn inspect(url: &str) -> Result<DatabaseInspection, StoreError> {
    let options = address(url)?.application_name("larmor doctor");
    let mut connection = PgConnection::connect_with(&options).await?;
    let row = sqlx::query!(
        r#"SELECT current_setting('server_version_num')::integer AS "version!",
                  has_database_privilege(current_database(), 'CREATE')
                      AND has_schema_privilege('public', 'CREATE') AS "may_create!",
                  clock_timestamp() AS "clock!",
                  coalesce(has_table_privilege(to_regclass('_sqlx_migrations'), 'SELECT'), false)
                      AS "has_migrations!",
                  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)
                      OR inet_client_addr() IS NULL
                      OR host(inet_client_addr()) IN ('127.0.0.1', '::1') AS "is_private!""#
    )
    .fetch_one(&mut connection)
    .await?;
    let newest: Option<i64> = match row.has_migrations {
        true => {
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
                .fetch_one(&mut connection)
                .await?
        }
        false => None,
    };
    connection.close().await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    Ok(DatabaseInspection {
        server_version: row.version,
        may_create: row.may_create,
        newer_migration: newest.filter(|newest| known.is_none_or(|known| *newest > known)),
        clock: row.clock,
        is_private: row.is_private,
    })
}
