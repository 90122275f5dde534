//! The adoption and the release of a resource.

use std::collections::BTreeMap;

/// A resource that is the stack's after an adoption.
#[derive(Debug, Clone, Copy)]
pub struct Adopted<'a> {
    /// Its address.
    pub address: &'a str,
    /// Its name in AWS.
    pub name: &'a str,
    /// Why it is the stack's.
    pub standing: Standing<'a>,
}

/// Why a resource is the stack's.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// It was adopted now.
    New {
        /// Its id, or its name where that is unique.
        id: &'a str,
        /// The tags that were added.
        tags: &'a BTreeMap<String, String>,
    },
    /// It was before.
    Own,
    /// It has no tags, and is a part of a resource of the stack.
    Part {
        /// The address of that resource.
        of: &'a str,
    },
}

/// A resource that is released.
#[derive(Debug, Clone, Copy)]
pub struct Released<'a> {
    /// Its address.
    pub address: &'a str,
    /// Its name in AWS.
    pub name: &'a str,
    /// Its id, or its name where that is unique.
    pub id: &'a str,
    /// The tags that are removed. A group has a description in place of tags.
    pub tags: &'a BTreeMap<String, String>,
    /// Whether the file contains it.
    pub in_file: bool,
}
