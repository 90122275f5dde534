//! The checks of a verification as text.

use std::time::Duration;

use stackctl_verify::verification::{Check, Finding, Verdict};

use stackctl_views::style::{Ink, Style, seconds, visible};

/// The lines of a check.
pub fn text(check: &Check, style: Style) -> String {
    let Check { id: _, of, what, verdict, took } = check;
    let of = of.as_ref().map(|it| style.paint(Ink::Faint, &format!("{it}: "))).unwrap_or_default();
    let line = |mark: &str, rest: &str| format!("{mark} {of}{}{rest}\n", visible(what));
    let below = |head: &str, ink, body: &str| {
        let width = head.len() + 5;
        style.beside(&format!("    {} ", style.paint(ink, head)), width, &visible(body), None)
    };
    let took = style.paint(Ink::Faint, &format!(" ({})", milliseconds(*took)));
    match verdict {
        Verdict::Passed { note: None } => line(&style.paint(Ink::Good, "✓"), &took),
        Verdict::Passed { note: Some(note) } => {
            line(&style.paint(Ink::Good, "✓"), &took) + &below("note:", Ink::Change, note)
        }
        Verdict::Skipped { why } => {
            line(&style.paint(Ink::Faint, "·"), &style.paint(Ink::Faint, " (skipped)"))
                + &below("since:", Ink::Faint, why)
        }
        Verdict::Failed(Finding { saw, cause, help }) => {
            line(&style.paint(Ink::Bad, "✗"), &took)
                + &below("saw:", Ink::Faint, saw)
                + &below("because:", Ink::Faint, cause)
                + &below("help:", Ink::Good, help)
        }
    }
}

fn milliseconds(took: Duration) -> String {
    match took.as_millis() {
        short if short < 1000 => format!("{short} ms"),
        _ => seconds(took),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn check(verdict: Verdict, took: u64) -> Check {
        let what = "a page of http://localhost:5173 may call GET /".to_owned();
        let of = Some("rest_api.uploads".to_owned());
        Check { id: "preflight", of, what, verdict, took: Duration::from_millis(took) }
    }

    #[test]
    fn each_verdict() {
        let failed = Finding {
            saw: "403, readable by no page".to_owned(),
            cause: "GET / has no OPTIONS in what is deployed".to_owned(),
            help: "`stackctl apply` puts it right".to_owned(),
        };
        let note = Some("1 object is left".to_owned());
        let all = [
            check(Verdict::Passed { note: None }, 12),
            check(Verdict::Passed { note }, 1200),
            check(Verdict::Skipped { why: "the file lets no page call it".to_owned() }, 0),
            check(Verdict::Failed(failed), 8030),
        ];
        let text: String = all.iter().map(|it| text(it, Style::default())).collect();
        expect![[r#"
            ✓ rest_api.uploads: a page of http://localhost:5173 may call GET / (12 ms)
            ✓ rest_api.uploads: a page of http://localhost:5173 may call GET / (1.20 s)
                note: 1 object is left
            · rest_api.uploads: a page of http://localhost:5173 may call GET / (skipped)
                since: the file lets no page call it
            ✗ rest_api.uploads: a page of http://localhost:5173 may call GET / (8.03 s)
                saw: 403, readable by no page
                because: GET / has no OPTIONS in what is deployed
                help: `stackctl apply` puts it right
        "#]]
        .assert_eq(&text);
    }
}
