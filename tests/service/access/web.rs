//! Browsers: signing in, signing out, links, metrics; and what is kept of who did what.

use larmor_client::proto::GetInfoRequest;
use larmor_client::proto::get_sample_request::Sample;
use larmor_client::proto::info_service_client::InfoServiceClient;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::{GetSampleRequest, RenameSampleRequest, ShareSampleRequest};
use larmor_client::{Server, ServerOptions};
use larmor_fixtures::TestDatabase;
use larmor_store::{AuditOutcome, Role, Scope};
use prost::Message;
use tonic::Code;
use uuid::Uuid;

use super::credentials::{group, judged, token};
use crate::http::{Answer, ask};
use crate::support::server::TestServer;

const JSON: &str = "Content-Type: application/json\r\n";

async fn sign_in(test: &TestServer, token: &str) -> Answer {
    let body = format!(r#"{{"token":"{token}"}}"#);
    ask(test, "POST /session", JSON, body.as_bytes()).await
}

/// The cookie of an answer, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let line = answer.headers.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    let cookie = line.trim_start_matches("set-cookie: ").split(';').next().unwrap();
    format!("Cookie: theme=dark; {cookie}\r\n")
}

/// A call as the page makes it; the status that is in the answer.
async fn calls(test: &TestServer, method: &str, message: Vec<u8>, headers: &str) -> (u32, String) {
    let mut framed = vec![0];
    framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    framed.extend(message);
    let headers = format!("Content-Type: application/grpc-web+proto\r\nX-Grpc-Web: 1\r\n{headers}");
    let answer = ask(test, &format!("POST /larmor.v1.{method}"), &headers, &framed).await;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    let all = format!("{}\n{body}", answer.headers).replace("grpc-status: ", "grpc-status:");
    let status = all.split("grpc-status:").nth(1).unwrap();
    let digits: String = status.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap(), body)
}

fn get_sample(id: Uuid) -> Vec<u8> {
    GetSampleRequest { sample: Some(Sample::Id(id.to_string())) }.encode_to_vec()
}

const UNAUTHENTICATED: u32 = Code::Unauthenticated as u32;

#[tokio::test]
async fn a_browser_signs_in_and_out_and_the_token_stays_out_of_its_scripts() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (ours, theirs) = (judged(store, "rossi", "ours").await, judged(store, "weber", "no").await);
    let shown = token(store, "anna", Role::Reader, group("rossi")).await;
    let test = TestServer::asking(store, None).await;
    let get = "SampleService/GetSample";
    assert_eq!(calls(&test, get, get_sample(ours.sample), "").await.0, UNAUTHENTICATED);
    assert!(sign_in(&test, "larmor_wrong").await.status.contains("401"));
    let signed_in = sign_in(&test, &shown.secret).await;
    assert!(signed_in.status.contains("204"), "{}", signed_in.status);
    for asked in ["httponly", "samesite=strict", "path=/", "max-age=43200"] {
        assert!(signed_in.headers.contains(asked), "{asked}: {}", signed_in.headers);
    }
    assert!(!signed_in.headers.contains(&shown.secret), "the cookie is a secret of its own");
    let cookie = cookie(&signed_in);
    assert_eq!(calls(&test, get, get_sample(ours.sample), &cookie).await.0, 0);
    let not_theirs = calls(&test, get, get_sample(theirs.sample), &cookie).await.0;
    assert_eq!(not_theirs, Code::NotFound as u32);
    let out = ask(&test, "DELETE /session", &cookie, b"").await;
    assert!(out.headers.contains("max-age=0"), "{}", out.headers);
    assert_eq!(calls(&test, get, get_sample(ours.sample), &cookie).await.0, UNAUTHENTICATED);
    // The page itself asks nobody: it has the field for the token.
    assert!(!ask(&test, "GET /", "", b"").await.status.contains("401"));
    test.stop().await;
}

#[tokio::test]
async fn a_session_ends_with_the_token_it_was_begun_with() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let shown = token(store, "anna", Role::Admin, Scope::Everything).await;
    let test = TestServer::asking(store, None).await;
    let cookie = cookie(&sign_in(&test, &shown.secret).await);
    let info = "InfoService/GetInfo";
    let (status, body) = calls(&test, info, Vec::new(), &cookie).await;
    assert!(status == 0 && body.contains("anna") && body.contains("admin"), "{status} {body}");
    store.revoke_credential(shown.id, "test").await.unwrap();
    for _ in 0..500 {
        if calls(&test, info, Vec::new(), &cookie).await.0 == UNAUTHENTICATED {
            test.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the session outlived its token");
}

#[tokio::test]
async fn a_link_shows_one_sample_until_it_is_revoked_or_the_sample_is_another_groups() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (ours, other) = (judged(store, "rossi", "a").await, judged(store, "rossi", "b").await);
    let shown = token(store, "anna", Role::Chemist, group("rossi")).await;
    let test = TestServer::asking(store, None).await;
    let options = ServerOptions { token: Some(shown.secret), ..ServerOptions::default() };
    let connection = Server::new(&test.address, &options).unwrap().connect_lazy();
    let mut client = SampleServiceClient::new(connection);
    let request = ShareSampleRequest { sample_id: ours.sample.to_string(), days: 7 };
    let link = client.share_sample(request).await.unwrap().into_inner();
    assert_eq!(link.path, format!("/sample/{}#link={}", ours.sample, link.secret));
    // As the page does with what is behind the #.
    let cookie = cookie(&sign_in(&test, &link.secret).await);
    let get = "SampleService/GetSample";
    assert_eq!(calls(&test, get, get_sample(ours.sample), &cookie).await.0, 0);
    let another = calls(&test, get, get_sample(other.sample), &cookie).await.0;
    assert_eq!(another, Code::NotFound as u32, "a link opens one sample of the group");
    let list = calls(&test, "SampleService/ListSamples", Vec::new(), &cookie).await.0;
    assert_eq!(list, Code::PermissionDenied as u32);
    let id = link.credential_id.parse().unwrap();
    assert!(store.revoke_credential(id, "test").await.unwrap());
    for _ in 0..500 {
        if calls(&test, get, get_sample(ours.sample), &cookie).await.0 == UNAUTHENTICATED {
            test.stop().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the link outlived its end");
}

#[tokio::test]
async fn metrics_ask_for_a_token_where_everything_else_does() {
    let database = TestDatabase::new().await;
    let shown = token(&database.store, "prometheus", Role::Reader, Scope::Groups(Vec::new())).await;
    let test = TestServer::asking(&database.store, None).await;
    assert!(ask(&test, "GET /metrics", "", b"").await.status.contains("401"));
    let headers = format!("Authorization: Bearer {}\r\n", shown.secret);
    let answer = ask(&test, "GET /metrics", &headers, b"").await;
    assert!(answer.status.contains("200"), "{}", answer.status);
    test.stop().await;
}

#[tokio::test]
async fn who_read_changed_and_was_refused_what_is_kept() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (ours, theirs) = (judged(store, "rossi", "a").await, judged(store, "weber", "b").await);
    let shown = token(store, "anna", Role::Chemist, group("rossi")).await;
    let test = TestServer::asking(store, None).await;
    let options = ServerOptions { token: Some(shown.secret), ..ServerOptions::default() };
    let connection = Server::new(&test.address, &options).unwrap().connect_lazy();
    let mut client = SampleServiceClient::new(connection.clone());
    let get = |id: Uuid| GetSampleRequest { sample: Some(Sample::Id(id.to_string())) };
    for _ in 0..3 {
        client.get_sample(get(ours.sample)).await.unwrap();
    }
    client.get_sample(get(theirs.sample)).await.unwrap_err();
    let rename = RenameSampleRequest {
        sample_id: ours.sample.to_string(),
        name: "crude".to_owned(),
        by: "bert".to_owned(),
    };
    client.rename_sample(rename).await.unwrap();
    InfoServiceClient::new(connection).get_info(GetInfoRequest {}).await.unwrap();
    let changes = store.sample_changes(ours.sample).await.unwrap();
    assert_eq!(changes[0].by.as_deref(), Some("bert (through anna)"));
    test.stop().await;
    let mut kept = Vec::new();
    for _ in 0..500 {
        kept = store.audit_records(Some("anna"), 100).await.unwrap();
        if kept.len() >= 3 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let has = |call: &str, outcome, sample: Uuid, group: &str, times: i64| {
        let subject = format!("sample/{sample}");
        kept.iter().any(|one| {
            let entry = &one.entry;
            (entry.call.as_str(), entry.outcome, one.times) == (call, outcome, times)
                && entry.subject == subject
                && entry.group == group
        })
    };
    assert!(has("GetSample", AuditOutcome::Read, ours.sample, "rossi", 3), "{kept:?}");
    assert!(has("GetSample", AuditOutcome::Refused, theirs.sample, "weber", 1), "{kept:?}");
    assert!(has("RenameSample", AuditOutcome::Changed, ours.sample, "rossi", 1), "{kept:?}");
}
