//! stackctl: reads `stack.yaml` and makes AWS match it.

mod arguments;
mod cloud;
mod commands;
mod error;
mod exit;
mod options;
mod report;
mod run;
mod stack_file;
mod user_pool;

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use stackctl_views::{errors, style::Style};

use crate::{
    arguments::{
        Arguments, definition,
        mistakes::{self, Mistake},
    },
    commands::Command,
    error::Error,
    options::Global,
    report::Report,
};

fn main() -> ExitCode {
    let line: Vec<OsString> = std::env::args_os().collect();
    let Arguments { global, command } = match Arguments::read(line.clone()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // --help and --version end here too. A closed stream can't be reported.
            let _ = match mistakes::answer(&line, &error, definition()) {
                Some(Mistake { what, hint }) => {
                    let text = errors::text(&what, &[], Some(&hint), Style::default());
                    io::stderr().write_all(text.as_bytes())
                }
                None => error.print(),
            };
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    let mut report = Report::new(&global);
    let code = run(&global, command, &mut report).unwrap_or_else(|error| {
        report.error(&error);
        error.code()
    });
    ExitCode::from(report.end(code))
}

fn run(global: &Global, command: Command, report: &mut Report) -> Result<u8, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Error::Io { doing: "start".to_owned(), source })?;
    let code = runtime.block_on(command.run(definition, global, report));
    // A thread that still reads from the terminal is not waited for.
    runtime.shutdown_background();
    code
}
