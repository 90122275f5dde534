//! What `init` adds besides `stack.yaml`.

/// What a project gets besides `stack.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// Nothing.
    Nothing,
    /// The page that signs in and uploads.
    Page,
    /// What the page does, without its design: the React hooks, and the code that needs no framework.
    Hooks,
}
