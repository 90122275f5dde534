//! A stack that was exported, as text.

use stackctl_views::style::{Ink, Style, visible};

use crate::exported::Exported;

const OWNER: &str =
    "From then on the stack is CloudFormation's: don't apply or destroy it with stackctl again.";

/// For an export without an import.
const NEW: &str = "These commands make new resources. Where those of stackctl exist, their names are taken: export with \
                   --import, and CloudFormation takes them over.";

/// The files, the commands, and whose the stack is then.
pub fn text(exported: &Exported, style: Style) -> String {
    let Exported { folder, files, commands } = exported;
    let mut text = String::new();
    for file in files {
        text += &format!("  {} {}\n", style.paint(Ink::Good, "+"), visible(&format!("{folder}/{file}")));
    }
    let heading = format!("Next, in {}:", visible(folder));
    text += &format!("\n{}\n", style.paint(Ink::Strong, &heading));
    text.extend(commands.iter().map(|line| format!("  {}\n", visible(line))));
    if !commands.iter().any(|it| it.contains("--resources-to-import")) {
        text += &format!("\n{NEW}\n");
    }
    text + &format!("\n{OWNER}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_whose_the_stack_is() {
        let of = |command: &str| Exported {
            folder: "cloudformation".to_owned(),
            files: vec!["template.yaml".to_owned()],
            commands: vec![command.to_owned()],
        };
        let head = "  + cloudformation/template.yaml\n\nNext, in cloudformation:\n  ";
        let said = |command| text(&of(command), Style::default());
        let command = "aws cloudformation deploy";
        assert_eq!(said(command), format!("{head}{command}\n\n{NEW}\n\n{OWNER}\n"));
        let command = "aws cloudformation create-change-set --resources-to-import a";
        assert_eq!(said(command), format!("{head}{command}\n\n{OWNER}\n"));
    }
}
