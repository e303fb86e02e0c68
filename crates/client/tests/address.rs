//! What counts as an address, and what is said of one where nothing answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use larmor_client::{ClientError, connect, endpoint};

#[test]
fn http_may_be_left_out() {
    for address in ["localhost:50151", "http://localhost:50151", "HTTP://localhost:50151"] {
        let endpoint = endpoint(address).unwrap();
        assert_eq!(endpoint.uri().authority().unwrap().as_str(), "localhost:50151");
    }
}

#[test]
fn an_encrypted_connection_is_refused_rather_than_faked() {
    for address in ["https://nmr.example:50151", "HTTPS://nmr.example", "grpcs://nmr.example"] {
        let error = endpoint(address).unwrap_err();
        assert!(matches!(error, ClientError::Scheme { .. }), "{error:?}");
        assert!(error.to_string().contains("without TLS"), "{error}");
    }
}

#[test]
fn what_is_no_address_is_said_to_be_none() {
    let error = endpoint("not an address").unwrap_err();
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
