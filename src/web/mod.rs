//! What is served beside gRPC on the same port: the page, signing in to it, and metrics.

mod metrics;
mod pages;
mod session;
mod settings;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tonic::Status;

pub use settings::WebSettings;

use crate::access::{Access, Denial, rule};
use crate::conditions::Conditions;
use crate::service::shown;
use larmor_store::Store;
use session::Sessions;

/// Longest request to sign in, bytes.
const SIGN_IN: usize = 4096;
/// Who may make this call may read the metrics, which tell no more.
const METRICS_AS: &str = "/larmor.v1.AcquisitionService/ListInstruments";

/// What is served.
#[derive(Debug, Clone)]
pub struct Served {
    /// The page.
    pub page: bool,
    /// Connections are encrypted.
    pub encrypted: bool,
    /// What keeps work waiting, for the metrics.
    pub conditions: Conditions,
}

/// Routes for everything that is no known gRPC call.
pub fn routes(store: Store, access: Access, served: Served) -> Router {
    let Served { page, encrypted, conditions } = served;
    let sessions = Sessions { store: store.clone(), access: access.clone(), encrypted };
    let ending = sessions.clone();
    let session = post(move |sign_in| sessions.clone().begin(sign_in))
        .delete(move |headers| ending.clone().end(headers))
        .layer(DefaultBodyLimit::max(SIGN_IN));
    let metrics = get(move |headers: HeaderMap| async move {
        match may_read_metrics(&access, &headers) {
            Ok(()) => metrics::answer(store, conditions).await,
            Err(denial) => (StatusCode::UNAUTHORIZED, format!("{denial}\n")).into_response(),
        }
    });
    let router = Router::new().route("/metrics", metrics).route("/session", session);
    router.fallback(move |request: Request| async move {
        if is_grpc(&request) {
            // As a gRPC server without the call answers.
            Status::unimplemented("this server knows no such call").into_http::<axum::body::Body>()
        } else if page {
            pages::answer(&request)
        } else {
            pages::NOT_FOUND.into_response()
        }
    })
}

fn may_read_metrics(access: &Access, headers: &HeaderMap) -> Result<(), Denial> {
    let rule = rule(METRICS_AS).ok_or(Denial::NoCredential)?;
    access.admit(shown(headers).as_ref(), rule).map(drop)
}

fn is_grpc(request: &Request) -> bool {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}
