//! Errors as text: the failed operation, its causes, and the advice.

use stackctl_engine::Failure;

use crate::{
    causes,
    style::{Ink, Style, visible},
};

/// An error, its causes, and its hint.
pub fn text(what: &str, causes: &[String], hint: Option<&str>, style: Style) -> String {
    let mut text = style.beside(&format!("{} ", style.paint(Ink::Bad, "error:")), 7, &visible(what), None);
    for cause in causes {
        text +=
            &style.beside(&format!("  {} ", style.paint(Ink::Faint, "because:")), 11, &visible(cause), None);
    }
    if let Some(hint) = hint {
        text += &style.advice(&format!("  {} ", style.paint(Ink::Good, "help:")), 8, &visible(hint), None);
    }
    text
}

/// The texts of failures. Failures with a cause that every request meets share one text.
pub fn failures(failures: &[Failure], style: Style) -> Vec<String> {
    let (common, own): (Vec<_>, Vec<_>) = failures.iter().partition(|it| it.source.meets_every_request());
    let one =
        |what: &str, failure: &Failure| text(what, &causes(failure), failure.source.hint().as_deref(), style);
    let steps: Vec<_> =
        common.iter().map(|Failure { step, address, .. }| format!("{step} {address}")).collect();
    let common = common.first().map(|first| one(&format!("could not {}", steps.join(", ")), first));
    own.into_iter().map(|it| one(&it.to_string(), it)).chain(common).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::expect;
    use stackctl_engine::{Address, Fault, Label};

    use super::*;
    use crate::samples;

    #[test]
    fn a_chain_with_a_hint() {
        expect![[r#"
            error: could not create function.presign
              because: lambda:CreateFunction was answered 403 AccessDenied
              because: the key is of
                       another account
              help: allow lambda:CreateFunction
        "#]]
        .assert_eq(&failures(&[samples::failure()], Style::default()).concat());
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the sign-in has expired")]
    struct Expired;

    impl Fault for Expired {
        fn hint(&self) -> Option<String> {
            Some("sign in".to_owned())
        }

        fn meets_every_request(&self) -> bool {
            true
        }
    }

    #[test]
    fn what_every_request_meets_is_told_once() {
        let expired = |name: &str| Failure {
            address: Address { kind: "bucket", name: name.to_owned() },
            step: Label::CREATE,
            source: Arc::new(Expired),
        };
        expect![[r#"
            error: could not create bucket.a, create bucket.b
              because: the sign-in has expired
              help: sign in
        "#]]
        .assert_eq(&failures(&[expired("a"), expired("b")], Style::default()).concat());
    }
}
