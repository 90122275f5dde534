//! Answers to mistyped commands and options, and to those of other tools.

use std::ffi::OsString;

use clap::{
    Arg, Command, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};
use stackctl_stackfile::did_you_mean;

/// What is wrong with a command line, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

/// Commands that stackctl does not have, and what does their work.
const COMMANDS: [(&[&str], &str); 11] = [
    (
        &["refresh", "state", "sync"],
        "AWS is the state, and there is no other: `stackctl plan` reads it each time",
    ),
    (
        &["workspace", "env", "environment", "stage"],
        "environments stand under `envs:` in the file; `--env NAME` chooses one",
    ),
    (
        &["login", "configure", "auth"],
        "stackctl uses the credentials of the aws CLI: `aws configure sso`, then `aws sso login`",
    ),
    (&["fmt", "format"], "stackctl does not rewrite the file; `stackctl validate` checks it"),
    (&["test"], "`stackctl verify` checks a deployed stack from outside, `stackctl validate` the file"),
    (
        &["build", "package", "synth", "bootstrap"],
        "`stackctl apply` does it all; `stackctl plan` shows what it would do",
    ),
    (&["rollback", "undo"], "apply the earlier file: `git checkout HEAD~ stack.yaml`, then `stackctl apply`"),
    (&["show", "get", "describe"], "`stackctl outputs` shows the outputs, `stackctl plan` the differences"),
    (&["start", "serve", "emulator"], "`stackctl local up` starts the local cloud"),
    (&["stop", "kill"], "`stackctl local down` stops the local cloud, `stackctl destroy` deletes the stack"),
    (&["adduser", "useradd", "add"], "`stackctl user add NAME` adds a user"),
];

/// Options that stackctl does not have, the command that they are given to (empty for any), and what does their work.
const OPTIONS: [(&[&str], &str, &str); 15] = [
    (
        &["--force", "-F"],
        "destroy",
        "`--yes` skips the question; `--empty-buckets` deletes the objects in buckets too",
    ),
    (&["--force", "-F", "--no-confirm", "--approve"], "", "`--yes` skips the question"),
    (
        &["--dry-run", "--check", "--plan", "--no-act"],
        "apply",
        "`stackctl plan` shows what apply would do, and changes nothing",
    ),
    (
        &["--dry-run", "--plan"],
        "destroy",
        "`stackctl destroy` without `--yes` shows what it would delete, and asks",
    ),
    (
        &["--target", "--only", "--resource"],
        "",
        "stackctl applies the whole stack; there is no part of it to choose",
    ),
    (
        &["--var", "--set", "--parameter", "--param", "--var-file"],
        "",
        "the file has no variables; what differs between environments stands under its `envs:`",
    ),
    (
        &["--stage", "--workspace", "--environment-name"],
        "",
        "`--env NAME` chooses an environment of the file's `envs:`",
    ),
    (
        &["--config", "--template", "--stack-file", "--template-file"],
        "",
        "`--file FILE` names the stack file",
    ),
    (&["--stack", "--stack-name", "--name"], "", "the stack's name is `stack:` in the file"),
    (
        &["--debug", "--log-level"],
        "",
        "`--verbose` shows more, `--trace FILE` writes a timeline of all requests",
    ),
    (&["--no-color", "--no-colour"], "", "`--color never`, or the environment variable NO_COLOR=1"),
    (
        &["--output", "-o"],
        "",
        "`--json` reports as JSON lines, `stackctl outputs --format FORMAT` has formats",
    ),
    (
        &["--account", "--account-id", "--role"],
        "",
        "`--profile NAME` chooses the credentials, and so the account",
    ),
    (
        &["--quiet", "-q", "--silent"],
        "",
        "in a pipe only results and errors are printed; `--json` is for programs",
    ),
    (
        &["--password"],
        "add",
        "`--password-stdin` reads the password from stdin, where no other process sees it",
    ),
];

/// The answer to a line that clap refuses; none where clap's own is as good.
pub fn answer(line: &[OsString], error: &Error, definition: Command) -> Option<Mistake> {
    let words: Vec<&str> = line.iter().skip(1).filter_map(|it| it.to_str()).collect();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
                return None;
            };
            // What follows the unknown word is of an unknown command.
            let before = words.iter().position(|it| it == word).unwrap_or(words.len());
            let (command, path) = command(definition, &words[..before]);
            Some(of_command(word, &command, &path))
        }
        ErrorKind::UnknownArgument => {
            let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return None };
            // Clap takes `-auto-approve` for the letters a, u, t, …
            let single = words.iter().find(|it| it.starts_with(word.as_str()) && !it.starts_with("--"));
            let word = single.filter(|it| it.len() > 2 && it.starts_with('-')).map_or(word.as_str(), |it| it);
            let (command, path) = command(definition, &words);
            Some(of_argument(word, &command, &path))
        }
        _ => None,
    }
}

/// The longest known command at the beginning of a command line, and its words.
fn command(mut command: Command, words: &[&str]) -> (Command, String) {
    command.build();
    let mut path = command.get_name().to_owned();
    for word in words {
        if let Some(next) = command.find_subcommand(word) {
            path += &format!(" {}", next.get_name());
            command = next.clone();
        }
    }
    (command, path)
}

fn of_command(word: &str, command: &Command, path: &str) -> Mistake {
    let is_top = !path.contains(' ');
    let known = COMMANDS
        .iter()
        .find(|(words, _)| is_top && words.contains(&word))
        .map(|(_, hint)| (*hint).to_owned());
    let names = command.get_subcommands().filter(|it| !it.is_hide_set());
    let names: Vec<&str> =
        names.flat_map(|it| [it.get_name()].into_iter().chain(it.get_all_aliases())).collect();
    let near = || {
        // An alias leads to the name that help has.
        let suggestion = did_you_mean(word, names.iter().copied())?;
        let meant = suggestion.split('`').nth(1)?;
        let name = command.find_subcommand(meant)?.get_name();
        Some(format!("did you mean `{path} {name}`?"))
    };
    let all = || format!("`{path} --help` lists the commands");
    Mistake {
        what: format!("no command is called `{path} {word}`"),
        hint: known.or_else(near).unwrap_or_else(all),
    }
}

fn of_argument(word: &str, command: &Command, path: &str) -> Mistake {
    let option = word.split('=').next().unwrap_or(word);
    let what = match option.starts_with('-') {
        true => format!("`{path}` has no option `{option}`"),
        false => format!("`{path}` takes no `{word}`"),
    };
    let long = format!("--{}", option.trim_start_matches('-'));
    let of_others = || {
        let last = path.rsplit(' ').next().unwrap_or_default();
        let row = OPTIONS.iter().find(|(words, of, _)| {
            (of.is_empty() || *of == last) && (words.contains(&option) || words.contains(&long.as_str()))
        });
        row.map(|(.., hint)| (*hint).to_owned())
    };
    let near = || {
        let own: Vec<(&Arg, String)> = command
            .get_arguments()
            .flat_map(|it| {
                let names = it.get_long().into_iter().chain(it.get_all_aliases().into_iter().flatten());
                names.map(move |name| (it, format!("--{name}"))).collect::<Vec<_>>()
            })
            .collect();
        let suggestion = did_you_mean(&long, own.iter().map(|(_, name)| name.as_str()))?;
        let near = suggestion.split('`').nth(1)?;
        // An alias leads to the name that help has.
        let (argument, _) = own.iter().find(|(_, name)| name == near)?;
        let name = argument.get_long()?;
        Some(format!("did you mean `--{name}`?"))
    };
    let plain = || match option.starts_with('-') {
        true => format!("`{path} --help` and `stackctl help options` list the options"),
        false if word.ends_with(".yaml") || word.ends_with(".yml") => {
            format!("name the file with `--file {word}`")
        }
        false => format!("name an environment with `--env {word}`, a file with `--file {word}`"),
    };
    let hint =
        if option.starts_with('-') { of_others().or_else(near).unwrap_or_else(plain) } else { plain() };
    Mistake { what, hint }
}

#[cfg(test)]
mod tests;
