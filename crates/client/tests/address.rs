//! What counts as an address, and what is said of one where nothing answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use larmor_client::{ClientError, Server, ServerOptions, connect};

fn with_token(address: &str) -> Result<Server, ClientError> {
    let token = Some("larmor_1".to_owned());
    Server::new(address, &ServerOptions { token, ..ServerOptions::default() })
}

#[test]
fn http_may_be_left_out() {
    for address in ["localhost:50151", "http://localhost:50151", "HTTP://localhost:50151"] {
        assert!(Server::try_from(address).is_ok(), "{address}");
    }
}

#[test]
fn what_cannot_be_spoken_is_refused() {
    for address in ["grpcs://nmr.example", "ftp://nmr.example"] {
        let error = Server::try_from(address).unwrap_err();
        assert!(matches!(error, ClientError::Scheme { .. }), "{error:?}");
    }
}

#[test]
fn a_token_goes_to_other_machines_encrypted_or_not_at_all() {
    for address in ["http://nmr.example:50151", "10.0.0.1:50151", "http://localhost.example"] {
        let error = with_token(address).unwrap_err();
        assert!(matches!(error, ClientError::TokenInTheClear { .. }), "{address}: {error:?}");
        assert!(!error.to_string().contains("larmor_1"), "{error}");
    }
    for address in ["https://nmr.example", "localhost:1", "127.0.0.1:1", "http://[::1]:1"] {
        assert!(with_token(address).is_ok(), "{address}");
    }
    let token = Some("larmor_1".to_owned());
    let safe = ServerOptions { token, token_in_the_clear: true, ..ServerOptions::default() };
    assert!(Server::new("10.0.0.1:50151", &safe).is_ok());
}

#[test]
fn a_token_is_not_printed() {
    assert!(!format!("{:?}", with_token("localhost:1").unwrap()).contains("larmor_1"));
    let token = Some("two\nlines".to_owned());
    let options = ServerOptions { token, ..ServerOptions::default() };
    let error = Server::new("localhost:1", &options).unwrap_err();
    assert!(matches!(error, ClientError::Token), "{error:?}");
}

#[test]
fn what_is_no_address_is_said_to_be_none() {
    let error = Server::try_from("not an address").unwrap_err();
    assert!(matches!(error, ClientError::Address { .. }), "{error:?}");
    assert!(error.to_string().starts_with("'not an address' is not an address"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let error = connect("127.0.0.1:9").await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("127.0.0.1:9"), "{error}");
    assert!(error.status().is_none());
}
