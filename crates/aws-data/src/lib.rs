//! The data of AWS, without its SDK: names and ARNs, what a stack's sections mean, tags, policy documents, tokens, the proof of a password, and commands of
//! the aws CLI.

pub mod account;
pub mod cli;
pub mod desired;
pub mod failed_call;
pub mod fuzzing;
pub mod invoke_permission;
pub mod outputs;
pub mod policy;
pub mod srp;
pub mod tag_command;
pub mod tags;
pub mod token;
pub mod totp;
pub mod webhook_secret;
