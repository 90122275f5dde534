//! Tags, and the owner of a resource by its tags.

use std::collections::{BTreeMap, HashMap};

use stackctl_engine::Step;

const OWN: &str = "stackctl:";
/// The tag that contains the name of the stack that owns a resource.
const STACK: &str = "stackctl:stack";
const REGION: &str = "stackctl:region";
const ADDRESS: &str = "stackctl:address";
/// The tag of a user pool that has, or had, groups of the file. Groups have no tags, and a pool without this tag has none
/// to look for.
const GROUPS: &str = "stackctl:groups";

/// The tag of a bucket that has, or had, events of the file. A destroy reads the notifications of no other bucket.
const EVENTS: &str = "stackctl:events";

/// The tag of a resource that `adopt` took into the stack. What the file can't express of it stays as it is, and no run
/// deletes it.
const ADOPTED: &str = "stackctl:adopted";

/// The beginning of the tags of AWS's own.
const OF_AWS: &str = "aws:";

/// The tag with which CloudFormation marks the resources of a stack.
const FORMATION: &str = "aws:cloudformation:stack-name";

/// The condition of IAM that the tag of a request or a resource names the stack; `of` is `RequestTag` or `ResourceTag`.
pub fn condition(of: &str, stack: &str) -> (String, String) {
    (format!("aws:{of}/{STACK}"), stack.to_owned())
}

/// The tags of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags(pub BTreeMap<String, String>);

/// The owner of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// This stack.
    ThisStack,
    /// Another stack, as text; `None` if the tags name no owner.
    Other(Option<String>),
}

impl Tags {
    /// The tags of a resource of a stack.
    pub fn desired(stack: &str, address: &str, file: &BTreeMap<String, String>) -> Tags {
        let mut tags = file.clone();
        tags.insert(STACK.to_owned(), stack.to_owned());
        tags.insert(ADDRESS.to_owned(), address.to_owned());
        Tags(tags)
    }

    /// Adds the region, for resources that have one name in all regions.
    pub fn of_region(mut self, region: &str) -> Tags {
        self.0.insert(REGION.to_owned(), region.to_owned());
        self
    }

    /// Adds the tag of a user pool with groups.
    pub fn of_groups(mut self) -> Tags {
        self.0.insert(GROUPS.to_owned(), "true".to_owned());
        self
    }

    /// Whether these are the tags of a user pool that has, or had, groups of the file.
    pub fn has_groups(&self) -> bool {
        self.0.contains_key(GROUPS)
    }

    /// Adds the tag of a bucket with events.
    pub fn of_events(mut self) -> Tags {
        self.0.insert(EVENTS.to_owned(), "true".to_owned());
        self
    }

    /// Whether these are the tags of a bucket that has, or had, events of the file.
    pub fn has_events(&self) -> bool {
        self.0.contains_key(EVENTS)
    }

    /// Adds the tag of a resource that the stack adopted.
    pub fn of_adopted(mut self) -> Tags {
        self.0.insert(ADOPTED.to_owned(), "true".to_owned());
        self
    }

    /// Whether these are the tags of a resource that the stack adopted.
    pub fn are_of_adopted(&self) -> bool {
        self.0.contains_key(ADOPTED)
    }

    /// These desired tags with those that a live resource keeps. An adopted resource keeps the tags of others, and the tag
    /// that says that it was adopted.
    pub fn over(&self, live: &Tags) -> Tags {
        let mut tags =
            if live.are_of_adopted() { live.without_owner().of_adopted() } else { Tags::default() };
        tags.0.extend(self.0.clone());
        tags
    }

    /// The tags of a live resource without AWS's own (`aws:`), which are not compared.
    pub fn read(tags: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Tags {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), value.into()));
        Tags(tags.filter(|(key, _): &(String, String)| !key.starts_with(OF_AWS)).collect())
    }

    /// AWS's own among these tags.
    pub fn of_aws(&self) -> Tags {
        let own = self.0.iter().filter(|(key, _)| key.starts_with(OF_AWS));
        Tags(own.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The tags as the SDK takes them.
    pub fn to_map(&self) -> HashMap<String, String> {
        self.0.clone().into_iter().collect()
    }

    /// The owner of the resource with these tags.
    pub fn owner(&self, stack: &str) -> Owner {
        match self.0.get(STACK) {
            Some(name) if name == stack => Owner::ThisStack,
            Some(name) => Owner::Other(Some(format!("the stack {name}"))),
            None => Owner::Other(None),
        }
    }

    /// The owner of the resource with these tags, for resources that have one name in all regions. Without a region tag,
    /// the name of the resource contains the region.
    pub fn owner_in(&self, stack: &str, region: &str) -> Owner {
        match (self.owner(stack), self.0.get(REGION)) {
            (Owner::ThisStack, Some(other)) if other != region => {
                Owner::Other(Some(format!("the stack {stack} in {other}")))
            }
            (owner, _) => owner,
        }
    }

    /// The address tag.
    pub fn address(&self) -> Option<&str> {
        self.0.get(ADDRESS).map(String::as_str)
    }

    /// The logical name in the address tag, if the address is of this kind.
    pub fn logical_name(&self, kind: &str) -> Option<&str> {
        self.address()?.strip_prefix(kind)?.strip_prefix('.')
    }

    /// The stack of CloudFormation that manages the resource with these tags, AWS's own among them.
    pub fn formation(&self) -> Option<&str> {
        self.0.get(FORMATION).map(String::as_str)
    }

    /// The tags without those of stackctl.
    pub fn without_owner(&self) -> Tags {
        let others = self.0.iter().filter(|(key, _)| !key.starts_with(OWN));
        Tags(others.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The tags that name the owner.
    pub fn of_owner(&self) -> Tags {
        let own = self.0.iter().filter(|(key, _)| key.starts_with(OWN));
        Tags(own.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

/// A change of a resource's tags that one call makes; all other tags stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagChange {
    /// Adds tags and replaces values.
    Set {
        /// The live tags.
        from: Tags,
        /// The desired tags that are missing or have another value.
        to: Tags,
    },
    /// Removes tags.
    Remove {
        /// The live tags.
        from: Tags,
        /// The keys of the tags that are not desired.
        keys: Vec<String>,
    },
}

impl TagChange {
    /// The change that removes the tags of stackctl from these; none if there are none.
    pub fn release(live: &Tags) -> Option<TagChange> {
        let keys: Vec<String> = live.of_owner().0.into_keys().collect();
        (!keys.is_empty()).then(|| TagChange::Remove { from: live.clone(), keys })
    }

    /// The changes from live to desired tags, in the order in which they are made. See [`Tags::over`] for those of an
    /// adopted resource.
    pub fn diff(live: &Tags, desired: &Tags) -> Vec<TagChange> {
        let desired = desired.over(live);
        let to = desired.0.iter().filter(|(key, value)| live.0.get(*key) != Some(*value));
        let to = Tags(to.map(|(key, value)| (key.clone(), value.clone())).collect());
        let keys: Vec<String> = live.0.keys().filter(|key| !desired.0.contains_key(*key)).cloned().collect();
        let set = (!to.0.is_empty()).then(|| TagChange::Set { from: live.clone(), to });
        let remove = (!keys.is_empty()).then(|| TagChange::Remove { from: live.clone(), keys });
        set.into_iter().chain(remove).collect()
    }

    /// The change of a resource's own tags as a step of the plan.
    pub fn describe(&self) -> Step {
        self.describe_in("tags", "set tags", "remove tags")
    }

    /// The change as a step of the plan, with the field that has the tags and the labels of the two kinds of change.
    pub fn describe_in(&self, field: &str, set: &'static str, remove: &'static str) -> Step {
        let (step, from) = match self {
            TagChange::Set { from, to: _ } => (Step::update(set, "of"), from),
            TagChange::Remove { from, keys: _ } => (Step::update(remove, "of"), from),
        };
        let mut to = from.clone();
        self.apply(&mut to);
        step.changes(field, &from.0, &to.0)
    }

    /// Makes the change in the live tags.
    pub fn apply(&self, live: &mut Tags) {
        match self {
            TagChange::Set { from: _, to } => live.0.extend(to.0.clone()),
            TagChange::Remove { from: _, keys } => live.0.retain(|key, _| !keys.contains(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_set_before_others_are_removed() {
        let tags = |all: &[(&str, &str)]| Tags::read(all.iter().copied());
        let check = |live: &[(&str, &str)], desired: &[(&str, &str)], expected: &[&str]| {
            let (mut live, desired) = (tags(live), tags(desired));
            let changes = TagChange::diff(&live, &desired);
            let text = |change: &TagChange| {
                let step = change.describe();
                let fields = step
                    .changes
                    .iter()
                    .map(|it| format!("{} {:?} {:?}", it.field, it.from.as_deref(), it.to.as_deref()));
                format!("{}: {}", step.verb, fields.collect::<Vec<_>>().join(", "))
            };
            assert_eq!(changes.iter().map(text).collect::<Vec<_>>(), expected);
            for change in &changes {
                change.apply(&mut live);
            }
            assert_eq!(live, desired);
        };
        check(&[("a", "1")], &[("a", "1")], &[]);
        check(
            &[("a", "1"), ("b", "2"), ("x", "9")],
            &[("a", "1"), ("b", "3"), ("c", "4")],
            &[
                r#"set tags of: tags.b Some("2") Some("3"), tags.c None Some("4")"#,
                r#"remove tags of: tags.x Some("9") None"#,
            ],
        );
        check(&[("x", "9")], &[], &[r#"remove tags of: tags.x Some("9") None"#]);
    }

    #[test]
    fn an_adopted_resource_keeps_the_tags_of_others() {
        let desired = Tags::desired("app", "bucket.uploads", &BTreeMap::new());
        let adopted = |others: &[(&str, &str)]| {
            let mut tags = desired.clone().of_adopted();
            tags.0.extend(Tags::read(others.iter().copied()).0);
            tags
        };
        assert_eq!(TagChange::diff(&adopted(&[("team", "photos")]), &desired), []);
        assert_eq!(desired.over(&adopted(&[("team", "photos")])), adopted(&[("team", "photos")]));
        // A tag of stackctl that is not desired any more is not one of others.
        let renamed = adopted(&[("team", "photos"), ("stackctl:region", "eu-west-1")]);
        let keys = vec!["stackctl:region".to_owned()];
        assert_eq!(TagChange::diff(&renamed, &desired), [TagChange::Remove { from: renamed.clone(), keys }]);
        // A value of the file goes before one of others.
        let file = BTreeMap::from([("team".to_owned(), "web".to_owned())]);
        let desired = Tags::desired("app", "bucket.uploads", &file);
        assert_eq!(desired.over(&adopted(&[("team", "photos")])), adopted(&[("team", "web")]));
    }

    #[test]
    fn the_region_counts_where_a_name_does_not_tell_it() {
        let check = |tags: Tags, expected: &str| {
            let told = match tags.owner_in("app", "eu-west-1") {
                Owner::ThisStack => "this stack".to_owned(),
                Owner::Other(owner) => owner.unwrap_or_else(|| "an unknown owner".to_owned()),
            };
            assert_eq!(told, expected);
        };
        let of = |stack: &str| Tags::desired(stack, "role.presign", &BTreeMap::new());
        check(of("app").of_region("eu-west-1"), "this stack");
        check(of("app"), "this stack");
        check(of("app").of_region("us-east-1"), "the stack app in us-east-1");
        check(of("other").of_region("eu-west-1"), "the stack other");
        check(Tags::default().of_region("eu-west-1"), "an unknown owner");
    }
}
