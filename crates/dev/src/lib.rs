//! The parts of `stackctl dev` that know nothing of AWS: the files that are watched, the command that serves the page, and
//! the files that builds write.

pub mod made;
pub mod page;
mod tree;
pub mod watch;
