//! Encrypted connections: who is believed, who is refused, and a certificate that is put in the place of
//! another while the server runs.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use larmor::service::{Certificates, TlsError, TlsSettings};
use larmor_client::proto::GetInfoRequest;
use larmor_client::proto::info_service_client::InfoServiceClient;
use larmor_client::{Connection, Server, ServerOptions};
use larmor_fixtures::TestDatabase;
use larmor_store::{Role, Scope};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tonic::Status;

use crate::access::credentials::token;
use crate::support::server::{PATIENCE, TestServer};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Puts a certificate for a name, and its key, into a directory.
fn issue(authority: &Authority, name: &str, folder: &Path) -> TlsSettings {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let settings = TlsSettings {
        certificate: Some(folder.join("certificate.pem")),
        key: Some(folder.join("key.pem")),
    };
    fs::write(folder.join("certificate.pem"), certificate.pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    settings
}

/// Asks with a token what the server is, over a connection of its own.
async fn ask(test: &TestServer, authority: &Authority, token: &str) -> Result<String, String> {
    let options = ServerOptions {
        token: Some(token.to_owned()),
        authority: Some(authority.pem().into_bytes()),
        ..ServerOptions::default()
    };
    let server = Server::new(&test.address, &options).map_err(|error| error.to_string())?;
    let connection = server.connect().await.map_err(|error| error.to_string())?;
    info(connection).await.map_err(|status| status.to_string())
}

async fn info(connection: Connection) -> Result<String, Status> {
    let answer = InfoServiceClient::new(connection).get_info(GetInfoRequest {}).await?;
    Ok(answer.into_inner().caller.unwrap().holder)
}

#[tokio::test]
async fn only_the_right_server_is_believed_and_a_silent_caller_holds_up_nobody() {
    let database = TestDatabase::new().await;
    let secret = token(&database.store, "anna", Role::Reader, Scope::Everything).await.secret;
    let (own, strange, folder) = (authority(), authority(), TempDir::new().unwrap());
    let settings = issue(&own, "127.0.0.1", folder.path());
    let certificates = Certificates::open(&settings).unwrap();
    let test = TestServer::asking(&database.store, certificates).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        let place = test.address.strip_prefix("https://").unwrap();
        silent.push(TcpStream::connect(place).await.unwrap());
    }
    let begun = Instant::now();
    assert_eq!(ask(&test, &own, &secret).await.unwrap(), "anna");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(ask(&test, &strange, &secret).await.is_err(), "a strange authority is believed");
    let plain = test.address.replace("https://", "http://");
    let options = ServerOptions { token: Some(secret), ..ServerOptions::default() };
    let connection = Server::new(&plain, &options).unwrap().connect_lazy();
    assert!(info(connection).await.is_err(), "it answers what is not encrypted");
    test.stop().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_until_the_right_one_takes_its_place() {
    let database = TestDatabase::new().await;
    let secret = token(&database.store, "anna", Role::Reader, Scope::Everything).await.secret;
    let (own, folder) = (authority(), TempDir::new().unwrap());
    let settings = issue(&own, "nmr.example", folder.path());
    let certificates = Certificates::open(&settings).unwrap();
    let test = TestServer::asking(&database.store, certificates).await;
    assert!(ask(&test, &own, &secret).await.is_err(), "another name is believed");
    // Half of what is to be put there: what was shown before goes on being shown.
    fs::write(folder.path().join("certificate.pem"), "nonsense").unwrap();
    issue(&own, "127.0.0.1", folder.path());
    let begun = Instant::now();
    while ask(&test, &own, &secret).await.is_err() {
        assert!(begun.elapsed() < 2 * PATIENCE, "the new certificate is never shown");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    test.stop().await;
}

#[test]
fn what_is_wrong_with_the_files_is_said() {
    let (own, folder) = (authority(), TempDir::new().unwrap());
    let settings = issue(&own, "127.0.0.1", folder.path());
    assert!(Certificates::open(&TlsSettings::default()).unwrap().is_none());
    let other = TempDir::new().unwrap();
    issue(&own, "127.0.0.1", other.path());
    let not_its_key = TlsSettings { key: Some(other.path().join("key.pem")), ..settings.clone() };
    let error = Certificates::open(&not_its_key).unwrap_err();
    assert!(matches!(error, TlsError::Unusable { .. }), "{error}");
    let away = TlsSettings { key: Some("/nowhere/key.pem".into()), ..settings.clone() };
    let error = Certificates::open(&away).unwrap_err().to_string();
    assert!(error.contains("/nowhere/key.pem") && error.contains("tls.key"), "{error}");
    let no_pem = TlsSettings { certificate: settings.key.clone(), ..settings };
    let error = Certificates::open(&no_pem).unwrap_err();
    assert!(matches!(error, TlsError::NoPem { .. }), "{error}");
}
