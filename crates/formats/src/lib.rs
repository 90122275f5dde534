//! The outputs of a stack in the forms that front ends read, and the files that they are written to.

mod amplify;
pub mod env_file;
pub mod file;
mod format;
mod json;
pub mod samples;
mod script;
mod shell;
mod table;
mod unfit;
mod update;
mod variables;
mod whole_file;

pub use self::{
    format::Format,
    shell::Shell,
    table::{rows, table},
    unfit::Unfit,
    update::{NoUpdate, Update},
};
