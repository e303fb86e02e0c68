//! The files of the page, built into the program.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

/// Nothing of this name.
pub(super) const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "not found\n");
/// The page's frame, which decides by the address what it shows.
const FRAME: &str = "index.html";
/// Files below have a digest of their content in their name.
const FOR_EVER: &str = "assets/";
/// Nothing but what this server sends is loaded, run or asked.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Files as they are sent packed, each packed once.
static PACKED: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);

/// A file of the page; an address without an extension is one that the page itself knows.
pub(super) fn answer(request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, "only GET\n").into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let name =
        if path.rsplit('/').next().is_some_and(|last| last.contains('.')) { path } else { FRAME };
    match Files::get(name) {
        Some(file) => send(name, &file, request.headers()),
        None if name == FRAME => {
            (StatusCode::NOT_FOUND, "this build of Larmor has no page: run ./dev setup\n")
                .into_response()
        }
        None => NOT_FOUND.into_response(),
    }
}

fn send(name: &str, file: &EmbeddedFile, asked: &HeaderMap) -> Response {
    let tag = tag(file);
    let known =
        asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let cache =
        if name.starts_with(FOR_EVER) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let accepts = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packs = accepts.is_some_and(|accepts| accepts.contains("gzip")) && is_text(name);
    let mut response = Response::builder()
        .header(header::ETAG, tag)
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer");
    let body = if known {
        response = response.status(StatusCode::NOT_MODIFIED);
        Body::empty()
    } else {
        response = response.header(header::CONTENT_TYPE, kind(name));
        if packs {
            response = response.header(header::CONTENT_ENCODING, "gzip");
            Body::from(packed(name, file))
        } else {
            Body::from(file.data.to_vec())
        }
    };
    response.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn tag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let hex: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

fn packed(name: &str, file: &EmbeddedFile) -> Bytes {
    // Where files are read from the disk, as in debug builds, they change.
    let key = format!("{name} {}", tag(file));
    let mut all = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
    let pack = || {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        // Nothing can go wrong on the way to memory.
        let _ = packer.write_all(&file.data);
        Bytes::from(packer.finish().unwrap_or_default())
    };
    all.entry(key).or_insert_with(pack).clone()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn is_text(name: &str) -> bool {
    !matches!(name.rsplit('.').next(), Some("woff2" | "png"))
}
