//! What the macros accept, and what they say about what they do not.
//!
//! Each case in `tests/ui` has its folder of migrations beside it. `TRYBUILD=overwrite` accepts what is said now.

use std::fs;
use std::path::Path;

#[test]
fn ui() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    // A link that leads nowhere cannot be read, not even by root; a checkout on another system need not know links.
    #[cfg(unix)]
    {
        let unreadable = folder.join("fail/unreadable");
        fs::create_dir_all(&unreadable).unwrap();
        let link = unreadable.join("20260101120000_users.sql");
        if link.symlink_metadata().is_err() {
            std::os::unix::fs::symlink("nowhere", link).unwrap();
        }
    }
    // SAFETY: no other thread reads the environment yet; the cases find the folder by it.
    #[expect(
        unsafe_code,
        reason = "trybuild passes variables on and has no other way to set one"
    )]
    unsafe {
        std::env::set_var("UI_TESTS", &folder);
    }
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
