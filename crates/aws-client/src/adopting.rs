//! The resource that a run looks at as though the stack had adopted it.

use std::collections::BTreeMap;

use stackctl_aws_data::tags::Tags;

/// A resource of others, and the tags that it would have. A look then sees what it would see after the adoption.
#[derive(Debug, Clone)]
pub struct Adopting {
    /// The kind, as in addresses.
    pub kind: &'static str,
    /// Its id, or its name where that is unique in the account.
    pub id: String,
    /// The tags that the adoption adds.
    pub tags: Tags,
}

impl Adopting {
    /// The tags that the adoption adds to the resource with this id; none if it is another one.
    pub fn tags_of(adopting: Option<&Adopting>, kind: &str, id: &str) -> BTreeMap<String, String> {
        let this = adopting.filter(|it| it.kind == kind && it.id == id);
        this.map(|it| it.tags.0.clone()).unwrap_or_default()
    }
}

/// A resource of AWS as an adoption reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its id, or its name where that is unique in the account.
    pub id: String,
    /// Its tags, AWS's own (`aws:`) among them.
    pub tags: Tags,
}
