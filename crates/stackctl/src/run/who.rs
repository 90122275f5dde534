//! The name of this run's user, which other runs read in the lock.

use std::env;

/// The user and host, as in `ada@laptop`.
pub fn am_i() -> String {
    let user = ["USER", "LOGNAME"].iter().find_map(|it| env::var(it).ok().filter(|it| !it.is_empty()));
    let user = user.unwrap_or_else(|| "unknown".to_owned());
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{user}@{host}")
}
