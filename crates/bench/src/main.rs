//! `make bench`: measures the release binary beside this one.

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use stackctl_bench::{
    client,
    client::{fresh, saved},
    machine, presign, scale,
    section::Section,
    stack,
};

/// Measures stackctl
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure; all of it when nothing is named
    #[arg(value_enum)]
    benchmarks: Vec<Benchmark>,
    /// The page whose sections are replaced; printed otherwise
    #[arg(long)]
    into: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Benchmark {
    /// The program itself: size, start, memory
    Client,
    /// From a machine without Rust and stackctl to an endpoint, with the wheel of `make dist`
    Fresh,
    /// From the save of a source to the new code's first answer
    Saved,
    /// One stack, from nothing to nothing
    Stack,
    /// Stacks that grow
    Scale,
    /// The presign function beside the same in Node.js and in std alone
    Presign,
}

impl Benchmark {
    fn section(self) -> io::Result<Section> {
        let program = std::env::current_exe()?.with_file_name("stackctl");
        match self {
            Benchmark::Fresh => {
                fresh::section(&wheel("target/dist".as_ref())?, "target/tools/dist/bin/uv".as_ref())
            }
            Benchmark::Saved => saved::section(&program, ".".as_ref()),
            Benchmark::Client => client::section(&program, "examples/minimal.yaml".as_ref()),
            Benchmark::Presign => presign::section(&program.with_file_name("..")),
            Benchmark::Scale => scale::section(&program),
            Benchmark::Stack => stack::section(&program, "stack.yaml".as_ref()),
        }
    }
}

/// The wheel in a folder.
fn wheel(folder: &Path) -> io::Result<PathBuf> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "whl") {
            return Ok(path);
        }
    }
    Err(io::Error::other(format!("{} has no wheel: make dist", folder.display())))
}

/// Puts a section into the page, or prints it.
fn write(section: &Section, page: Option<&Path>) -> io::Result<()> {
    match page {
        Some(page) => section.write(page),
        None => {
            println!("{}", section.text);
            Ok(())
        }
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(Arguments { benchmarks, into }: &Arguments) -> io::Result<()> {
    let chosen = if benchmarks.is_empty() { Benchmark::value_variants() } else { benchmarks };
    let machine = Section { name: "machine", text: format!("Measured on {}.", machine::described()) };
    write(&machine, into.as_deref())?;
    for benchmark in chosen {
        eprintln!("{benchmark:?}");
        write(&benchmark.section()?, into.as_deref())?;
    }
    Ok(())
}
