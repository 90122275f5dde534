//! The exit codes.

/// The command did what it was asked to do.
pub const DONE: u8 = 0;
/// The command failed, was refused, or was cancelled or stopped by the user.
pub const FAILED: u8 = 1;
/// There are differences (`plan --check`), or the file is stale (`outputs --check`).
pub const DIFFERENCES: u8 = 2;
/// `stack.yaml` or the arguments are wrong: nothing was sent.
pub const USAGE: u8 = 64;

/// An exit code in a word.
pub fn word(code: u8) -> &'static str {
    match code {
        DONE => "done",
        DIFFERENCES => "differences",
        USAGE => "usage",
        _ => "failed",
    }
}
