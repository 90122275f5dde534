//! `make bench`: measures the release binary beside this one.

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use stackctl_bench::{client, presign, scale, section::Section, stack};

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
            Benchmark::Client => client::section(&program, "stack.yaml".as_ref()),
            Benchmark::Scale => scale::section(&program),
            Benchmark::Presign => presign::section(&program.with_file_name("..")),
            Benchmark::Stack => stack::section(&program, "stack.yaml".as_ref()),
        }
    }
}

fn main() -> ExitCode {
    let Arguments { benchmarks, into } = Arguments::parse();
    let chosen = if benchmarks.is_empty() { Benchmark::value_variants() } else { &benchmarks };
    for benchmark in chosen {
        let written = benchmark.section().and_then(|section| match &into {
            Some(page) => section.write(page),
            None => {
                println!("{}", section.text);
                Ok(())
            }
        });
        if let Err(error) = written {
            eprintln!("error: {benchmark:?}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
