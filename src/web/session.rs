//! Signing in from a browser: a token is shown once, and a session that ends by itself stands for it
//! in a cookie that no script reads and no other site sends.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{TimeDelta, Utc};
use serde::Deserialize;

use crate::access::{Access, Secret};
use crate::service::{COOKIE, shown};
use larmor_store::{CredentialKind, NewCredential, Scope, Store, StoreError};

/// Hours that a session lasts.
const HOURS: i64 = 12;

/// Begins and ends sessions.
#[derive(Debug, Clone)]
pub(super) struct Sessions {
    pub(super) store: Store,
    pub(super) access: Access,
    /// Whether the cookie may travel encrypted only.
    pub(super) encrypted: bool,
}

/// What a browser sends to sign in.
#[derive(Deserialize)]
pub(super) struct SignIn {
    token: String,
}

impl Sessions {
    /// Begins a session with a token or a link.
    pub(super) async fn begin(self, Json(sign_in): Json<SignIn>) -> Response {
        let parent = match self.access.credential(Some(&Secret::shown(&sign_in.token))) {
            Ok(parent) => parent,
            Err(denial) => {
                return (StatusCode::UNAUTHORIZED, format!("{denial}\n")).into_response();
            }
        };
        let Ok(secret) = Secret::new() else {
            return (StatusCode::INTERNAL_SERVER_ERROR, "the system gives no secret\n")
                .into_response();
        };
        let new = NewCredential {
            kind: CredentialKind::Session,
            holder: parent.holder.clone(),
            digest: secret.digest(),
            role: parent.role,
            // What the token opens then is what the session opens.
            scope: Scope::Groups(Vec::new()),
            parent: Some(parent.id),
            created_by: parent.holder.clone(),
            expires_at: Some(Utc::now() + TimeDelta::hours(HOURS)),
        };
        let begun = async {
            self.store.add_credential(&new).await?;
            self.access.refresh(&self.store).await
        };
        match begun.await {
            Ok(()) => self.cookie(secret.reveal(), HOURS * 3600),
            Err(error) => unavailable(&error),
        }
    }

    /// Ends the session of a browser.
    pub(super) async fn end(self, headers: HeaderMap) -> Response {
        if let Ok(session) = self.access.credential(shown(&headers).as_ref()) {
            let ended = async {
                self.store.end_session(session.id).await?;
                self.access.refresh(&self.store).await
            };
            if let Err(error) = ended.await {
                return unavailable(&error);
            }
        }
        self.cookie("", 0)
    }

    fn cookie(&self, value: &str, seconds: i64) -> Response {
        let secure = if self.encrypted { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
        );
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        // Never an error: letters, digits and signs.
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

fn unavailable(error: &StoreError) -> Response {
    tracing::warn!(error = error as &dyn std::error::Error, "a session could not be kept");
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
}
