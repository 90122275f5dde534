//! Tags, and what they say of a thing's owner.

use std::collections::BTreeMap;

use stackctl_engine::Step;

const OWN: &str = "stackctl:";
/// The tag that holds the name of the stack that owns a thing.
const STACK: &str = "stackctl:stack";
const REGION: &str = "stackctl:region";
const ADDRESS: &str = "stackctl:address";

/// The condition of IAM that the tag of a request or a resource names the stack; `of` is `RequestTag` or `ResourceTag`.
pub fn condition(of: &str, stack: &str) -> (String, String) {
    (format!("aws:{of}/{STACK}"), stack.to_owned())
}

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

    /// The same with the region, for what AWS knows by one name in all regions.
    pub fn of_region(mut self, region: &str) -> Tags {
        self.0.insert(REGION.to_owned(), region.to_owned());
        self
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

    /// Whose the thing with these tags is that AWS knows by one name in all regions; without a region its name tells it.
    pub fn owner_in(&self, stack: &str, region: &str) -> Owner {
        match (self.owner(stack), self.0.get(REGION)) {
            (Owner::ThisStack, Some(other)) if other != region => {
                Owner::Other(Some(format!("the stack {stack} in {other}")))
            }
            (owner, _) => owner,
        }
    }

    /// The logical name in the address tag, when the address is of this kind.
    pub fn logical_name(&self, kind: &str) -> Option<&str> {
        self.0.get(ADDRESS)?.strip_prefix(kind)?.strip_prefix('.')
    }

    /// Those of them that say whose a thing is.
    pub fn of_owner(&self) -> Tags {
        let own = self.0.iter().filter(|(key, _)| key.starts_with(OWN));
        Tags(own.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The keys that are here and not in `wanted`.
    pub fn surplus(&self, wanted: &Tags) -> Vec<String> {
        self.0.keys().filter(|key| !wanted.0.contains_key(*key)).cloned().collect()
    }

    /// The tags of `wanted` that are not here with their value.
    pub fn lacking(&self, wanted: &Tags) -> Tags {
        let lacking = wanted.0.iter().filter(|(key, value)| self.0.get(*key) != Some(*value));
        Tags(lacking.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

/// The step that sets tags and leaves all others.
pub fn setting(from: &Tags, to: &Tags) -> Step {
    to.0.iter().fold(Step::update("set tags", "of"), |step, (key, value)| {
        step.change(&format!("tags.{key}"), from.0.get(key).cloned(), Some(value.clone()))
    })
}

/// The step that takes tags away.
pub fn removing(from: &Tags, keys: &[String]) -> Step {
    keys.iter().fold(Step::update("remove tags", "of"), |step, key| {
        step.change(&format!("tags.{key}"), from.0.get(key).cloned(), None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_counts_where_a_name_does_not_tell_it() {
        let check = |tags: Tags, expected: &str| {
            let told = match tags.owner_in("app", "eu-west-1") {
                Owner::ThisStack => "this stack".to_owned(),
                Owner::Other(owner) => owner.unwrap_or_else(|| "nobody known".to_owned()),
            };
            assert_eq!(told, expected);
        };
        let of = |stack: &str| Tags::wanted(stack, "role.presign", &BTreeMap::new());
        check(of("app").of_region("eu-west-1"), "this stack");
        check(of("app"), "this stack");
        check(of("app").of_region("us-east-1"), "the stack app in us-east-1");
        check(of("other").of_region("eu-west-1"), "the stack other");
        check(Tags::default().of_region("eu-west-1"), "nobody known");
    }
}
