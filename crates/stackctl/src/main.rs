//! stackctl: reads `stack.yaml` and makes AWS match it.

mod arguments;
mod cloud;
mod commands;
mod error;
mod exit;
mod formats;
mod json;
mod options;
mod report;
mod run;
mod stack_file;
mod terminal;
mod user_pool;

use std::{future::Future, process::ExitCode};

use crate::{
    arguments::{Arguments, Command},
    error::Error,
    options::Global,
    report::Report,
};

fn main() -> ExitCode {
    let Arguments { global, command } = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(said) => {
            // --help and --version are told this way too; there is no place to tell of a closed stdout.
            let _ = said.print();
            return ExitCode::from(if said.use_stderr() { exit::USAGE } else { exit::DONE });
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
    match command {
        Command::Apply(it) => block_on(it.run(global, report)),
        Command::Plan(it) => block_on(it.run(global, report)),
        Command::Destroy(it) => block_on(it.run(global, report)),
        Command::Outputs(it) => block_on(it.run(global, report)),
        Command::Policy(it) => block_on(it.run(global, report)),
        Command::User(it) => block_on(it.run(global, report)),
        Command::Validate(it) => it.run(global, report),
        Command::Verify(it) => block_on(it.run(global, report)),
        Command::Local(it) => block_on(it.run(global, report)),
    }
}

/// Runs what waits for others; commands that do not need it do not pay for it.
fn block_on(work: impl Future<Output = Result<u8, Error>>) -> Result<u8, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Error::Io { doing: "start".to_owned(), source })?;
    let code = runtime.block_on(work);
    // Whoever still reads from the terminal is not waited for.
    runtime.shutdown_background();
    code
}
