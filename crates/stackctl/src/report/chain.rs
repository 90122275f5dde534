//! Errors as text: what was not done, why, and what to do about it.

use std::error::Error as StdError;

use stackctl_engine::Failure;

use super::style::{Ink, Style, visible};
use crate::error::causes;

/// An error, its causes, and its hint.
pub fn text(what: &str, causes: &[String], hint: Option<&str>, style: Style) -> String {
    let mut text = style.beside(&format!("{} ", style.paint(Ink::Bad, "error:")), 7, &visible(what), None);
    for cause in causes {
        text +=
            &style.beside(&format!("  {} ", style.paint(Ink::Faint, "because:")), 11, &visible(cause), None);
    }
    if let Some(hint) = hint {
        text += &style.beside(&format!("  {} ", style.paint(Ink::Good, "help:")), 8, &visible(hint), None);
    }
    text
}

/// A failure.
pub fn failure(failure: &Failure, style: Style) -> String {
    let hint = failure.source.hint();
    text(&failure.to_string(), &of(failure), hint.as_deref(), style)
}

/// The causes of a failure.
pub fn of(failure: &Failure) -> Vec<String> {
    causes(failure as &(dyn StdError + 'static))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::report::samples;

    #[test]
    fn a_chain_with_a_hint() {
        expect![[r#"
            error: could not create function.presign
              because: lambda:CreateFunction was answered 403 AccessDenied
              because: the key is of
                       another account
              help: allow lambda:CreateFunction
        "#]]
        .assert_eq(&failure(&samples::failure(), Style::default()));
    }
}
