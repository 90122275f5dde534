//! A stack as a CloudFormation template, and the files with which CloudFormation takes over the resources that exist.

mod commands;
mod draft;
mod error;
mod files;
mod folder;
mod import;
mod kind;
mod literal;
mod logical_ids;
mod resource;
mod resources;
mod template;
#[cfg(test)]
mod tests;
mod yaml;

pub use self::{
    commands::commands,
    error::{NoExport, Unsupported},
    files::{CODE, CodeFiles, IMPORT, RESOURCES_TO_IMPORT, TEMPLATE, file_name},
    folder::{Contents, NotWritten},
    import::{Import, import},
    template::{Template, template},
};
