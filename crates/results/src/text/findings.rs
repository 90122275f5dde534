//! The findings of `stackctl doctor` as text.

use stackctl_doctor::{Finding, Verdict};
use stackctl_views::style::{Ink, Style, visible, width};

/// A line for each finding, the remedies below, and a line about all.
pub fn text(findings: &[Finding], style: Style) -> String {
    let column = findings.iter().map(|it| width(it.id)).max().unwrap_or_default() + 4;
    let mut text = String::new();
    for Finding { id, verdict, what, cure } in findings {
        let (mark, ink) = match verdict {
            Verdict::Good => ("✓", Ink::Good),
            Verdict::Doubt => ("!", Ink::Change),
            Verdict::Bad => ("✗", Ink::Bad),
        };
        let head = format!("{} {id}{:2$}", style.paint(ink, mark), "", column - 2 - width(id));
        text += &style.beside(&head, column, &visible(what), None);
        if let Some(cure) = cure {
            text += &style.advice(&format!("{:column$}", ""), column, &visible(cure), Some(Ink::Faint));
        }
    }
    let count = |wanted| findings.iter().filter(|it| it.verdict == wanted).count();
    let said = match (count(Verdict::Bad), count(Verdict::Doubt)) {
        (0, 0) => "All is well.".to_owned(),
        (0, doubts) => format!("Nothing is broken; {doubts} to look at."),
        (bad, 0) => format!("{bad} to repair."),
        (bad, doubts) => format!("{bad} to repair, {doubts} to look at."),
    };
    text + "\n" + &said + "\n"
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn findings() {
        let all = [
            Finding::good("version", "stackctl 0.1.0"),
            Finding::doubt(
                "permissions",
                "can't be checked: \u{1b}[2J",
                "`stackctl policy` prints all that apply needs",
            ),
            Finding::bad(
                "credentials",
                "no credentials were found in the environment, in the profile `default`, or beside this machine",
                "sign in, then choose a profile\naws sso login",
            ),
        ];
        expect![[r#"
            ✓ version      stackctl 0.1.0
            ! permissions  can't be checked: \u{1b}[2J
                           `stackctl policy` prints all that apply needs
            ✗ credentials  no credentials were found in the
                           environment, in the profile `default`, or
                           beside this machine
                           sign in, then choose a profile
                           aws sso login

            1 to repair, 1 to look at.
        "#]]
        .assert_eq(&text(&all, Style { width: Some(60), ..Style::default() }));
        assert!(text(&all[..1], Style::default()).ends_with("\nAll is well.\n"));
    }
}
