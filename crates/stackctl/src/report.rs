//! The report: everything that stackctl prints. Plans and results go to stdout, progress and errors to stderr; as text,
//! or with `--json` as JSON lines on stdout.

mod printer;
mod results;
mod streams;
mod work;

pub use self::printer::Report;
