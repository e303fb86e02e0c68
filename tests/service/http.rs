//! One port for gRPC, gRPC-Web, the page and metrics.

use larmor_client::proto::{GetInfoRequest, GetInfoResponse};
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::server::{TestServer, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased};

pub struct Answer {
    pub status: String,
    pub headers: String,
    pub body: Vec<u8>,
}

/// Asks over HTTP/1.1, as a browser does.
pub async fn ask(server: &TestServer, line: &str, headers: &str, body: &[u8]) -> Answer {
    let address = server.address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(all[..end].to_vec()).unwrap().to_lowercase();
    let (status, headers) = head.split_once("\r\n").unwrap();
    Answer { status: status.to_owned(), headers: headers.to_owned(), body: all[end + 4..].to_vec() }
}

#[tokio::test]
async fn a_browser_calls_what_other_clients_call() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    let headers = "Content-Type: application/grpc-web+proto\r\nX-Grpc-Web: 1\r\n";
    let message = GetInfoRequest {}.encode_to_vec();
    let mut framed = vec![0];
    framed.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    framed.extend(message);
    let call = "POST /larmor.v1.InfoService/GetInfo";
    let answer = ask(&server, call, headers, &framed).await;
    assert!(answer.status.contains("200"), "{}", answer.status);
    assert!(answer.headers.contains("application/grpc-web+proto"), "{}", answer.headers);
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.contains("grpc-status:0") && text.contains("moses"), "{text}");
    let unknown = ask(&server, "POST /larmor.v1.InfoService/Nothing", headers, &framed).await;
    let said = format!("{}{}", unknown.headers, String::from_utf8_lossy(&unknown.body));
    assert!(said.contains("grpc-status:12") || said.contains("grpc-status: 12"), "{said}");
    let no_service = ask(&server, "POST /larmor.v1.Nobody/GetInfo", headers, &framed).await;
    assert!(no_service.headers.contains("grpc-status: 12"), "{}", no_service.headers);
    // The same port serves clients that speak gRPC itself.
    let info: GetInfoResponse =
        server.info().get_info(GetInfoRequest {}).await.unwrap().into_inner();
    assert_eq!(info.libraries[0].name, "moses");
    server.stop().await;
}

#[tokio::test]
async fn the_page_may_load_nothing_from_elsewhere_and_is_asked_for_once() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, quick()).await;
    for address in ["/", "/sample/0192f2a0-0000-7000-8000-000000000000"] {
        let page = ask(&server, &format!("GET {address}"), "", &[]).await;
        assert!(page.status.contains("200"), "{}", page.status);
        for header in
            ["text/html", "content-security-policy: default-src 'self'", "nosniff", "no-cache"]
        {
            assert!(page.headers.contains(header), "{header}: {}", page.headers);
        }
        let text = String::from_utf8(page.body).unwrap();
        assert!(
            text.contains("/assets/") && !text.contains("http://") && !text.contains("https://"),
            "{text}"
        );
    }
    let page = ask(&server, "GET /", "", &[]).await;
    let tag = page.headers.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let again = ask(&server, "GET /", &format!("If-None-Match: {tag}\r\n"), &[]).await;
    assert!(again.status.contains("304") && again.body.is_empty(), "{}", again.status);
    let packed = ask(&server, "GET /", "Accept-Encoding: gzip, br\r\n", &[]).await;
    assert!(packed.headers.contains("content-encoding: gzip"), "{}", packed.headers);
    for (line, status) in
        [("GET /assets/none.js", "404"), ("POST /", "405"), ("GET /../etc/passwd.txt", "404")]
    {
        let answer = ask(&server, line, "", &[]).await;
        assert!(answer.status.contains(status), "{line}: {}", answer.status);
    }
    server.stop().await;
}

#[tokio::test]
async fn metrics_tell_what_waits_and_what_failed() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    database.store.commit(&lease, &finished()).await.unwrap();
    let server = TestServer::start(&database.store, quick()).await;
    let metrics = ask(&server, "GET /metrics", "", &[]).await;
    let text = String::from_utf8(metrics.body).unwrap();
    assert!(metrics.headers.contains("openmetrics-text"), "{}", metrics.headers);
    for line in [
        "larmor_acquisitions{instrument=\"av500\",state=\"done\"} 1",
        "larmor_acquisitions{instrument=\"av500\",state=\"failed\"} 0",
        "larmor_event_cursor 3",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    server.stop().await;
}
