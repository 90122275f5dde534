//! stackctl: reads `stack.yaml` and makes AWS match it.

mod arguments;
mod cloud;
mod commands;
mod error;
mod exit;
mod json;
mod markdown;
mod options;
mod report;
mod run;
mod stack_file;
mod terminal;
mod user_pool;

use std::process::ExitCode;

use crate::{arguments::Arguments, commands::Command, error::Error, options::Global, report::Report};

fn main() -> ExitCode {
    let Arguments { global, command } = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // --help and --version end here too. A closed stdout can't be reported.
            let _ = error.print();
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
    let code = runtime.block_on(command.run(global, report));
    // A thread that still reads from the terminal is not waited for.
    runtime.shutdown_background();
    code
}
