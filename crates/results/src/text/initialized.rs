//! A project that was initialized, as text.

use stackctl_init::{Plan, Settings};
use stackctl_views::style::{Ink, Style, visible};

/// The files, what is left to do by hand, and the next commands.
pub fn text(settings: &Settings, plan: &Plan, style: Style) -> String {
    let Settings { name, region, origins } = settings;
    let Plan { new, gitignore, by_hand, next } = plan;
    let mut text = String::new();
    if plan.has_stack() {
        let what = format!("Stack {name} in {region}, for pages at {}", origins.join(" and "));
        text += &style.beside("", 0, &visible(&what), Some(Ink::Strong));
    }
    // A page has many files: its folders are enough.
    let mut shown: Vec<&str> =
        new.iter().map(|(path, _)| path.split_inclusive('/').next().unwrap_or(path)).collect();
    shown.dedup();
    for path in shown {
        let count = new.iter().filter(|(it, _)| it.starts_with(path)).count();
        let files = match new.iter().find(|(it, _)| it.starts_with(path)) {
            Some((only, _)) if count == 1 => only.clone(),
            _ => format!("{path} ({count} files)"),
        };
        text += &format!("  {} {files}\n", style.paint(Ink::Good, "+"));
    }
    if gitignore.is_some() {
        text += &format!("  {} .gitignore\n", style.paint(Ink::Change, "~"));
    }
    let mut list = |heading: &str, lines: &[String]| {
        if !lines.is_empty() {
            text += &format!("\n{}\n", style.paint(Ink::Strong, heading));
            text.extend(lines.iter().map(|line| format!("  {}\n", visible(line))));
        }
    };
    list("In your project:", by_hand);
    list("Next, without an AWS account:", next);
    text
}
