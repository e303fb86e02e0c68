//! What is served beside gRPC on the same port: the page, and metrics.

mod metrics;
mod pages;
mod settings;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::get;
use tonic::Status;

pub use settings::WebSettings;

use crate::conditions::Conditions;
use larmor_store::Store;

/// Routes for everything that is no known gRPC call; `page` says whether the page is among them.
pub fn routes(store: Store, conditions: Conditions, page: bool) -> Router {
    let metrics = get(move || metrics::answer(store.clone(), conditions.clone()));
    Router::new().route("/metrics", metrics).fallback(move |request: Request| async move {
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

fn is_grpc(request: &Request) -> bool {
    let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}
