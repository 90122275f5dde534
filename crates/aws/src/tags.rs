//! Tags, and what they say of a thing's owner.

use std::collections::BTreeMap;

const STACK: &str = "stackctl:stack";
const ADDRESS: &str = "stackctl:address";

/// The tags of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(pub BTreeMap<String, String>);

/// Whose a thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// This stack's.
    ThisStack,
    /// Another stack's, or nobody's that is known.
    Other(Option<String>),
}

impl Tags {
    /// What a thing of a stack is tagged with.
    pub fn wanted(stack: &str, address: &str, file: &BTreeMap<String, String>) -> Tags {
        let mut tags = file.clone();
        tags.insert(STACK.to_owned(), stack.to_owned());
        tags.insert(ADDRESS.to_owned(), address.to_owned());
        Tags(tags)
    }

    /// Tags that were read; AWS's own (`aws:`) are not ours to compare.
    pub fn read(tags: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Tags {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), value.into()));
        Tags(tags.filter(|(key, _): &(String, String)| !key.starts_with("aws:")).collect())
    }

    /// Whose the thing with these tags is.
    pub fn owner(&self, stack: &str) -> Owner {
        match self.0.get(STACK) {
            Some(name) if name == stack => Owner::ThisStack,
            Some(name) => Owner::Other(Some(format!("the stack {name}"))),
            None => Owner::Other(None),
        }
    }

    /// The logical name in the address tag, when the address is of this kind.
    pub fn logical_name(&self, kind: &str) -> Option<&str> {
        self.0.get(ADDRESS)?.strip_prefix(kind)?.strip_prefix('.')
    }

    /// The keys that are here and not in `wanted`.
    pub fn surplus(&self, wanted: &Tags) -> Vec<String> {
        self.0.keys().filter(|key| !wanted.0.contains_key(*key)).cloned().collect()
    }
}
