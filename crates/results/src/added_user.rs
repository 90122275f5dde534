//! A user that `stackctl user add` added.

/// A user who was added, or who has a new temporary password.
#[derive(Debug, Clone)]
pub struct AddedUser {
    /// The logical name of the pool.
    pub pool: String,
    /// The pool's id.
    pub pool_id: String,
    /// The name that the user signs in with.
    pub name: String,
    /// Whether the user existed already.
    pub reset: bool,
    /// The groups that the user was added to.
    pub groups: Vec<String>,
    /// The temporary password; none when the caller chose it.
    pub password: Option<String>,
    /// When the temporary password expires, as in `2026-12-01T03:17:00Z`.
    pub works_until: String,
    /// The options that chose the stack, as they stand in a command line, each after a space.
    pub options: String,
    /// The origins of the pages that may call an API of the pool.
    pub pages: Vec<String>,
}
