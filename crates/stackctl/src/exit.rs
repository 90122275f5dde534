//! The codes that stackctl ends with.

/// What was asked for is done.
pub const DONE: u8 = 0;
/// Something failed, was refused, or was stopped before its end.
pub const FAILED: u8 = 1;
/// There are differences (`plan --check`), or the file is stale (`outputs --check`).
pub const DIFFERENCES: u8 = 2;
/// `stack.yaml` or the arguments are wrong: nothing was sent.
pub const USAGE: u8 = 64;
