//! Pages and identities as clients send them.

use tonic::Status;
use uuid::Uuid;

use larmor_store::Page;

/// Entries in a page when the client does not say.
const USUAL_SIZE: i32 = 50;

/// The page a client asks for, at most `most` entries.
pub(super) fn page(size: i32, token: &str, most: i32) -> Result<Page, Status> {
    if size < 0 {
        return Err(Status::invalid_argument("page_size is negative"));
    }
    let size = if size == 0 { USUAL_SIZE } else { size }.min(most);
    let after = match token {
        "" => None,
        token => Some(
            Uuid::try_parse(token)
                .map_err(|_| Status::invalid_argument("page_token is not one this server gave"))?,
        ),
    };
    Ok(Page { after, size: size.into() })
}

/// The token for what comes after a page; empty when the page was not full.
pub(super) fn next_token(page: &Page, read: usize, last: Option<Uuid>) -> String {
    match last {
        Some(id) if i64::try_from(read).is_ok_and(|read| read >= page.size) => {
            id.simple().to_string()
        }
        _ => String::new(),
    }
}

/// An identity.
pub(super) fn id(text: &str) -> Result<Uuid, Status> {
    Uuid::try_parse(text).map_err(|_| Status::invalid_argument("id is not a UUID"))
}

/// A filter's text, where empty takes all.
pub(super) fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
