//! Every call passes here before anything else hears of it: who makes it, and may he?

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use tonic::body::Body;
use tonic::{Code, Status};

use super::status;
use crate::access::{Access, Denial, Secret, rule};

/// Cookie of a browser that signed in.
pub(crate) const COOKIE: &str = "larmor_session";
/// Services that answer everybody: probes have no credential, and the protocol is no secret.
const OPEN: [&str; 2] = ["/grpc.health.v1.", "/grpc.reflection."];

/// Lets a call on to its handler, which finds its [`Caller`](crate::access::Caller) with the request.
pub(super) async fn gate(
    State(access): State<Access>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let Some(rule) = rule(path) else {
        return refuse(Status::unimplemented("this server knows no such call"));
    };
    match access.admit(shown(request.headers()).as_ref(), rule) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(denial) => refuse(denied(denial)),
    }
}

/// What a caller shows: a token, or the cookie of a session. Cookies are sent by the page alone: they are
/// for the same site, and another site could not send a call without being asked first.
pub(crate) fn shown(headers: &HeaderMap) -> Option<Secret> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, token)) = authorization.and_then(|value| value.split_once(' '))
        && scheme.eq_ignore_ascii_case("bearer")
    {
        return Some(Secret::shown(token));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE).map(|(_, value)| Secret::shown(value))
}

/// The status for one who is not let in.
pub(super) fn denied(denial: Denial) -> Status {
    let code = match denial {
        Denial::NoCredential | Denial::UnknownCredential | Denial::CredentialExpired => {
            Code::Unauthenticated
        }
        Denial::RoleTooLow { .. }
        | Denial::NotWholeFacility
        | Denial::LinkOnly
        | Denial::AnotherGroup => Code::PermissionDenied,
        Denial::NotReady => Code::Unavailable,
    };
    status::detailed(code, denial.to_string(), denial.reason(), [])
}

fn refuse(status: Status) -> Response {
    status.into_http::<Body>().map(axum::body::Body::new)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = lines
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        pairs.collect()
    }

    #[test]
    fn a_token_comes_before_a_cookie() {
        let digest =
            |lines: &[(&'static str, &str)]| shown(&headers(lines)).map(|one| one.digest());
        let of = |text: &str| Some(Secret::shown(text).digest());
        assert_eq!(digest(&[]), None);
        assert_eq!(digest(&[("authorization", "Basic YQ==")]), None);
        assert_eq!(digest(&[("authorization", "bearer  a ")]), of("a"));
        assert_eq!(digest(&[("cookie", "theme=dark; larmor_session=b")]), of("b"));
        assert_eq!(digest(&[("cookie", "x_larmor_session=b")]), None);
        let both = [("authorization", "Bearer a"), ("cookie", "larmor_session=b")];
        assert_eq!(digest(&both), of("a"));
    }
}
