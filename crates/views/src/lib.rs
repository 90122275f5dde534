//! What plans, runs and errors look like: the words that every report shares, and the text for people.

pub mod activity;
mod causes;
mod changes;
pub mod errors;
pub mod exposures;
mod lines;
mod live;
pub mod outcome;
pub mod plan;
pub mod run;
pub mod samples;
pub mod style;
pub mod target;
pub mod terminal;

pub use causes::causes;
