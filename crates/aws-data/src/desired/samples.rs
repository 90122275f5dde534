//! Values that the tests of needs share, here and in the crates of the kinds.

use super::existing::Need;
use crate::{account::Account, cli::Cli};

/// The account 123456789012 with the stack `app`, in eu-west-1.
///
/// # Panics
/// Never: the file is valid.
pub fn account() -> Account {
    let Ok(stack) = stackctl_stackfile::parse("{ stack: app, region: eu-west-1 }", None) else {
        panic!("the file is valid")
    };
    Account::offline(&stack, "123456789012".to_owned())
}

/// The aws CLI for [`account`].
pub fn cli() -> Cli {
    Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None }
}

/// The lines of needs.
pub fn text(needs: impl IntoIterator<Item = Need>) -> String {
    let lines = needs.into_iter().map(|Need { what, cure }| format!("{what}\n{cure}\n"));
    let text: String = lines.collect();
    if text.is_empty() { "nothing is missing\n".to_owned() } else { text }
}
