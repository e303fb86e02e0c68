//! The account that Larmor runs as, for messages.

use std::fs;
use std::os::unix::fs::MetadataExt;

/// Its name, or its number where the system's list of users does not have it.
pub(super) fn account() -> String {
    // Files of a process belong to its effective user.
    let Ok(user) = fs::metadata("/proc/self").map(|own| own.uid().to_string()) else {
        return "this account".to_owned();
    };
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_in(&users, &user).map_or_else(|| format!("uid {user}"), str::to_owned)
}

fn name_in<'a>(users: &'a str, user: &str) -> Option<&'a str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number == user && !name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_told_by_its_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\nlarmor:x:998:998::/var/lib/larmor:/bin/sh\n";
        assert_eq!(name_in(users, "998"), Some("larmor"));
        assert_eq!(name_in(users, "1234"), None);
        assert!(!account().is_empty());
    }
}
