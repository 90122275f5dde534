//! The kinds of callers.

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The holder of the root key: its signature was verified.
    Root,
    /// The holder of a key that the emulator issued; the emulator verifies the signature.
    Key,
    /// An anonymous caller: there is no signature.
    Anyone,
    /// A web page in a browser.
    Page,
}

impl Caller {
    /// The caller's name towards the emulator.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Caller::Root => "root",
            Caller::Key => "key",
            Caller::Anyone => "anyone",
            Caller::Page => "page",
        }
    }
}
