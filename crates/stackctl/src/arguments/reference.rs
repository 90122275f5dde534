//! The reference of the commands, docs/commands.md, is made of clap's definitions.

use std::{fmt::Write, path::Path};

use clap::{Arg, Command, CommandFactory};
use expect_test::expect_file;

use super::Arguments;

/// An option or argument as a row.
fn row(argument: &Arg) -> String {
    let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
    let value = value
        .and_then(<[_]>::first)
        .map(|it| if argument.is_positional() { format!("<{it}>") } else { format!(" <{it}>") });
    let short = argument.get_short().map(|it| format!("-{it}, ")).unwrap_or_default();
    let long = argument.get_long().map(|it| format!("--{it}")).unwrap_or_default();
    let mut meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let default: Vec<_> = argument.get_default_values().iter().filter_map(|it| it.to_str()).collect();
    if !default.is_empty() && argument.get_action().takes_values() {
        write!(meaning, " [default: {}]", default.join(", ")).unwrap();
    }
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|it| match it.get_help() {
            Some(help) => format!("`{}`: {help}", it.get_name()),
            None => format!("`{}`", it.get_name()),
        })
        .collect();
    if !values.is_empty() {
        write!(meaning, "<br>{}", values.join("<br>")).unwrap();
    }
    format!("| `{short}{long}{}` | {meaning} |\n", value.unwrap_or_default())
}

fn options(command: &Command, global: bool) -> String {
    let shown =
        command.get_arguments().filter(|it| it.is_global_set() == global && (global || !it.is_hide_set()));
    let rows: String =
        shown.filter(|it| !["help", "version"].contains(&it.get_id().as_str())).map(row).collect();
    if rows.is_empty() { rows } else { format!("\n| option | meaning |\n|---|---|\n{rows}") }
}

fn section(command: &Command, path: &str, depth: usize, text: &mut String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    write!(text, "\n{} {path}\n\n{about}.\n{}", "#".repeat(depth), options(command, false)).unwrap();
    if let Some(help) = command.get_after_help() {
        write!(text, "\n```text\n{help}\n```\n").unwrap();
    }
    for below in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        section(below, &format!("{path} {}", below.get_name()), depth + 1, text);
    }
}

/// `UPDATE_EXPECT=1 cargo test --workspace --bin stackctl reference` renews it.
#[test]
fn docs_commands_md_is_current() {
    let command = Arguments::command();
    let mut text = "# The commands\n\n\
        `stackctl COMMAND --help` prints the same. A test keeps this page equal to the code.\n\n\
        ## Global options\n\nEvery command takes them, before or after its name.\n"
        .to_owned();
    text += &options(&command, true);
    text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n\
        | 0 | done |\n| 1 | failed, refused, cancelled or stopped |\n\
        | 2 | there are differences (`plan --check`), or the file is out of date (`outputs --check`) |\n\
        | 64 | the file or the arguments are wrong; nothing was sent |\n";
    for below in command.get_subcommands() {
        section(below, &format!("stackctl {}", below.get_name()), 2, &mut text);
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    expect_file![page].assert_eq(&text);
}
