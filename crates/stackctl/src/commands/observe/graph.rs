//! `stackctl graph`.

use clap::{Args, ValueEnum};
use stackctl_aws::picture::picture;
use stackctl_graph::{dot, mermaid, svg};

use crate::{error::Error, exit, options::Global, report::Report, stack_file::StackFile};

const EXAMPLES: &str = "\
Examples:
  stackctl graph                         Mermaid, which GitHub draws in ```mermaid blocks
  stackctl graph --format svg > stack.svg
  stackctl graph --format dot | dot -Tpng -o stack.png

An arrow begins at the resource that refers to the other one: `reads` needs its outputs, `uses` is
deleted before it, `part of` is deleted with it; a role may do what is written at its arrow.";

/// Draw the resources and how they refer to each other; offline
#[derive(Debug, Args)]
#[command(name = "graph", after_help = EXAMPLES)]
pub struct ShowGraph {
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Mermaid)]
    format: Format,
}

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Mermaid,
    Dot,
    Svg,
}

impl ShowGraph {
    /// Prints the picture.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        let picture = picture(&file.stack);
        let text = match self.format {
            Format::Mermaid => mermaid::text(&picture),
            Format::Dot => dot::text(&picture),
            Format::Svg => svg::text(&picture),
        };
        report.graph(&picture, &text);
        Ok(exit::DONE)
    }
}
