//! A stack that was exported, as text.

use stackctl_views::style::{Ink, Style, visible};

use crate::exported::Exported;

const OWNER: &str =
    "From then on the stack is CloudFormation's: don't apply or destroy it with stackctl again.";

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
    text + &format!("\n{OWNER}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_whose_the_stack_is() {
        let exported = Exported {
            folder: "cloudformation".to_owned(),
            files: vec!["template.yaml".to_owned()],
            commands: vec!["aws cloudformation deploy".to_owned()],
        };
        let expected = format!(
            "  + cloudformation/template.yaml\n\nNext, in cloudformation:\n  aws cloudformation deploy\n\n{OWNER}\n"
        );
        assert_eq!(text(&exported, Style::default()), expected);
    }
}
