//! The end of a run as text.

use stackctl_engine::{Address, Run};

use crate::{errors, style::Style};

/// The failures of an incomplete run, and the resources that it left as they are, each with the one that it needs.
pub fn incomplete(run: &Run, skipped: &[(Address, Option<Address>)], style: Style) -> String {
    let mut text = String::new();
    for failure in errors::failures(&run.failures, style) {
        text += &format!("\n{failure}");
    }
    if !run.skipped.is_empty() {
        text += "\nnot begun:\n";
    }
    for address in &run.skipped {
        let because = skipped.iter().find(|(it, _)| it == address);
        let because = because.and_then(|(_, because)| because.as_ref());
        let because = because.map(|it| format!(" (needs {it})")).unwrap_or_default();
        text += &format!("  {address}{because}\n");
    }
    text + "\n"
}
