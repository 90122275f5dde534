//! Problems of the file as text.

use stackctl_stackfile::Problem;

use super::style::{Ink, Style};

/// A problem, shown in the file.
pub fn text(problem: &Problem, file: &str, style: Style) -> String {
    let mut text = String::new();
    for line in problem.render(file).lines() {
        let (head, ink) = match line {
            _ if line.starts_with("error:") => ("error:", Ink::Bad),
            _ if line.starts_with("help:") => ("help:", Ink::Good),
            _ if line.starts_with("  -->") => ("  -->", Ink::Faint),
            _ => ("", Ink::Faint),
        };
        text += &format!("{}{}\n", style.paint(ink, head), &line[head.len()..]);
    }
    text + "\n"
}
