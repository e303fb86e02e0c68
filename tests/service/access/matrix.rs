//! Every call against every kind of credential.

use larmor_fixtures::TestDatabase;
use larmor_store::{CredentialKind, Role, Scope};
use tonic::Code;

use super::calls::{About, Judged, all, call};
use super::credentials::{credential, group, judged, token};
use super::raw;
use crate::support::server::TestServer;

const OWN: &str = "rossi";
const OTHER: &str = "weber";

/// What somebody shows, and what he is.
enum Who {
    Nobody,
    Group(Role, &'static str),
    Everything(Role),
    LinkTo(LinkTo),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LinkTo {
    This,
    AnotherSample,
}

/// What must come of a call.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Answered,
    /// Answered, and without a word of the sample.
    AnsweredWithoutIt,
    Refused(Code),
}

fn expected(who: &Who, least: Role, about: About) -> Expected {
    use About::{Facility, Group, LinkedSample, List, Nothing, NothingAndLinks, Sample};
    use Expected::{Answered, AnsweredWithoutIt, Refused};
    match who {
        Who::Nobody => Refused(Code::Unauthenticated),
        Who::LinkTo(to) => match about {
            NothingAndLinks => Answered,
            LinkedSample if *to == LinkTo::This => Answered,
            LinkedSample => Refused(Code::NotFound),
            _ => Refused(Code::PermissionDenied),
        },
        Who::Everything(role) | Who::Group(role, _) if *role < least => {
            Refused(Code::PermissionDenied)
        }
        Who::Everything(_) => Answered,
        Who::Group(_, name) => match about {
            Facility => Refused(Code::PermissionDenied),
            Nothing | NothingAndLinks => Answered,
            _ if *name == OWN => Answered,
            List => AnsweredWithoutIt,
            Group => Refused(Code::PermissionDenied),
            Sample | LinkedSample => Refused(Code::NotFound),
        },
    }
}

/// Whether an answer has something of a sample in it.
fn tells_of(answer: &[u8], of: &Judged) -> bool {
    let has = |text: &str| answer.windows(text.len()).any(|window| window == text.as_bytes());
    has(&of.name) || has(&of.sample.to_string()) || has(&of.group)
}

#[tokio::test]
async fn every_call_asks_every_caller_what_it_must() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let server = TestServer::asking(store, None).await;
    let mut people: Vec<(String, Who, Option<String>)> = Vec::new();
    let expired =
        credential(store, "late", Role::Admin, Scope::Everything, CredentialKind::Token, -1);
    let expired = expired.await.secret;
    let revoked = token(store, "gone", Role::Admin, Scope::Everything).await;
    assert!(store.revoke_credential(revoked.id, "test").await.unwrap());
    for (what, shown) in [
        ("nothing", None),
        ("nonsense", Some("larmor_nonsense".to_owned())),
        ("an empty token", Some(String::new())),
        ("an expired admin", Some(expired)),
        ("a revoked admin", Some(revoked.secret)),
    ] {
        people.push((what.to_owned(), Who::Nobody, shown));
    }
    for role in Role::ALL {
        for name in [OWN, OTHER] {
            let shown = token(store, "anna", role, group(name)).await.secret;
            people.push((format!("{role} of {name}"), Who::Group(role, name), Some(shown)));
        }
        let shown = token(store, "eva", role, Scope::Everything).await.secret;
        people.push((format!("{role} of everything"), Who::Everything(role), Some(shown)));
    }
    let shown = token(store, "groupless", Role::Admin, Scope::Groups(Vec::new())).await.secret;
    people.push(("of no group".to_owned(), Who::Group(Role::Admin, ""), Some(shown)));
    let shared = judged(store, OWN, "secret").await;
    let elsewhere = judged(store, OWN, "elsewhere").await;
    let scope = Scope::Sample { id: shared.sample, group: OWN.to_owned() };
    let link = credential(store, "link", Role::Reader, scope, CredentialKind::Link, 1).await;
    known(&server, &link.secret).await;

    let (mut made, mut wrong) = (0, Vec::new());
    for (number, name) in all().iter().enumerate() {
        let path = format!("/larmor.v1.{name}");
        for (person, (what, who, shown)) in people.iter().enumerate() {
            let (least, about, mut request) =
                call(name, &shared).unwrap_or_else(|| panic!("nobody says who may call {name}"));
            let must = expected(who, least, about);
            let mut of = shared.clone();
            if must == Expected::Answered && least > Role::Reader {
                // It may be gone afterwards.
                of = judged(store, OWN, &format!("secret-{number}-{person}")).await;
                request = call(name, &of).unwrap().2;
            }
            let answer = raw::call(&server.channel, &path, shown.as_deref(), request).await;
            wrong.extend(deviation(what, name, must, &answer, &of));
            made += 1;
        }
        for to in [LinkTo::This, LinkTo::AnotherSample] {
            let of = if to == LinkTo::This { &shared } else { &elsewhere };
            let (least, about, request) = call(name, of).unwrap();
            let answer = raw::call(&server.channel, &path, Some(&link.secret), request).await;
            let must = expected(&Who::LinkTo(to), least, about);
            wrong.extend(deviation("a link", name, must, &answer, of));
            made += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(made > 500, "{made}");
    server.stop().await;
}

/// Waits until the server has heard of a credential.
async fn known(server: &TestServer, secret: &str) {
    for _ in 0..500 {
        let info =
            raw::call(&server.channel, "/larmor.v1.InfoService/GetInfo", Some(secret), Vec::new());
        if info.await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the server never heard of a credential");
}

fn deviation(
    who: &str,
    call: &str,
    expected: Expected,
    answer: &Result<Vec<u8>, tonic::Status>,
    of: &Judged,
) -> Option<String> {
    const ACCESS: [Code; 3] = [Code::Unauthenticated, Code::PermissionDenied, Code::NotFound];
    let is_right = match (&expected, answer) {
        (Expected::Refused(code), Err(status)) => status.code() == *code,
        (Expected::Refused(_), Ok(_)) => false,
        (Expected::AnsweredWithoutIt, Ok(bytes)) => !tells_of(bytes, of),
        // What is asked for may still be refused for what it is.
        (Expected::Answered | Expected::AnsweredWithoutIt, Err(status)) => {
            !ACCESS.contains(&status.code())
        }
        (Expected::Answered, Ok(_)) => true,
    };
    let said = match answer {
        Ok(bytes) => format!("{} bytes", bytes.len()),
        Err(status) => format!("{:?} {}", status.code(), status.message()),
    };
    (!is_right).then(|| format!("{who} calls {call}: {expected:?} was due, came {said}"))
}
