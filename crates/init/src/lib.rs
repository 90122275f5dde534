//! `stackctl init` without the terminal: what the project at hand is, and which files it gets.

mod extra;
mod framework;
mod ignored;
mod name;
mod page;
mod plan;
mod port;
mod project;
mod question;
mod region;
mod stack_yaml;

pub use self::{
    extra::Extra,
    framework::Framework,
    plan::{NoInit, Plan},
    project::Project,
    question::Question,
    region::configured_region,
    stack_yaml::{SCHEMA, Settings},
};
