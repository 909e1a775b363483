//! Whom a server runs as.

use std::fs;

use super::unix;

/// A user by number, so that no sudo is needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The account for a server that refuses to run as root: `postgres`, else `nobody`. None when this process
/// is not root's, since its own account will do.
pub(super) fn unprivileged() -> Option<Account> {
    if unix::effective_uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let nobody = Account {
        uid: 65534,
        gid: 65534,
    };
    Some(
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| find(&users, name))
            .unwrap_or(nobody),
    )
}

fn find(users: &str, name: &str) -> Option<Account> {
    let fields: Vec<&str> = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|f| f[0] == name)?;
    Some(Account {
        uid: fields.get(2)?.parse().ok()?,
        gid: fields.get(3)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        let users =
            "postgresql:x:1:1::/:\npostgres:x:101:104:admin:/var/lib/postgresql:/bin/bash\nbroken:x\n";
        assert_eq!(find(users, "postgres"), Some(Account { uid: 101, gid: 104 }));
        assert_eq!(find(users, "broken"), None);
        assert_eq!(find(users, "nobody"), None);
    }
}
