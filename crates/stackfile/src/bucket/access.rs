//! Access rules of a bucket: what people may do with the objects below a path. The built-in presign function evaluates
//! them for each request.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use serde_json::{Map, Value as Json, json};
use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    grants::{BucketGrants, Grant},
    read::{
        definitions::Definitions,
        reader::{NonEmpty, Read, Reader},
        scalar::{Invalid, Scalar, from_text},
    },
    values::names::{GroupName, KeyPrefix, PEOPLE},
};

/// The rules of a bucket, by the pattern of the paths that they are about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access(pub BTreeMap<Pattern, BTreeMap<Subject, BTreeSet<Grant>>>);

/// A path of folders, with `{sub}` for a person's id and `{group}` for a group's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(String);

/// The people that a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// `owner`: the person whose id stands for `{sub}`.
    Owner,
    /// `members`: the people in the group whose name stands for `{group}`.
    Members,
    /// `signed-in`: all who are signed in.
    SignedIn,
    /// The people in this group.
    Group(GroupName),
}

impl Access {
    /// Whether the file has no rules, so that each person has a prefix of their own.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a rule gives a person the verb in a folder of their own, without being in a group.
    pub fn gives_owner(&self, verb: Grant) -> bool {
        let mut own = self.0.iter().filter(|(pattern, _)| !pattern.has(GROUP));
        own.any(|(_, subjects)| subjects.get(&Subject::Owner).is_some_and(|verbs| verbs.contains(&verb)))
    }

    /// The folders of people, by their patterns; without rules that of the presign function.
    pub fn folders(&self) -> Vec<&str> {
        if self.is_empty() {
            return vec!["uploads/{sub}/"];
        }
        self.0.keys().filter(|it| it.has(SUB)).map(Pattern::as_str).collect()
    }

    /// The operations that the rules allow on the keys below each prefix, within the grants of the function that evaluates
    /// them.
    pub fn grants(&self, granted: &BucketGrants) -> Vec<BucketGrants> {
        let mut all: BTreeMap<KeyPrefix, BTreeSet<Grant>> = BTreeMap::new();
        let limit = granted.prefix.as_ref().map_or("", KeyPrefix::as_str);
        for (pattern, subjects) in &self.0 {
            let prefix = pattern.prefix();
            let verbs = subjects.values().flatten().filter(|verb| granted.allow.contains(verb));
            if prefix.as_str().starts_with(limit) {
                all.entry(prefix).or_default().extend(verbs);
            }
        }
        all.retain(|_, allow| !allow.is_empty());
        let below = |(prefix, allow)| BucketGrants { prefix: Some(prefix), allow, read: None };
        all.into_iter().map(below).collect()
    }

    /// The rules as the function reads them.
    pub fn to_json(&self) -> String {
        let subjects = |all: &BTreeMap<Subject, BTreeSet<Grant>>| -> Map<String, Json> {
            let verbs = |verbs: &BTreeSet<Grant>| verbs.iter().map(Grant::as_str).collect::<Vec<_>>();
            all.iter().map(|(subject, all)| (subject.to_string(), json!(verbs(all)))).collect()
        };
        let all = self.0.iter().map(|(pattern, all)| (pattern.to_string(), subjects(all).into()));
        Json::Object(all.collect()).to_string()
    }
}

impl Read for Access {
    type Value = Access;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Access> {
        let rules =
            NonEmpty::<BTreeMap<Pattern, NonEmpty<BTreeMap<Subject, NonEmpty<BTreeSet<Grant>>>>>>::read(
                node, reader,
            )?;
        for (pattern, subjects) in &rules {
            for subject in subjects.keys() {
                let (label, help) = match subject {
                    Subject::Owner if !pattern.has(SUB) => (
                        "no person owns this path",
                        "write `{sub}` into the path, or name a group or `signed-in`",
                    ),
                    Subject::Members if !pattern.has(GROUP) => (
                        "the path has no group",
                        "write `{group}` into the path, or name a group or `signed-in`",
                    ),
                    Subject::Owner | Subject::Members | Subject::SignedIn | Subject::Group(_) => continue,
                };
                let span = node.key_span_at(&[pattern.as_str(), subject.as_str()]);
                reader.tell(Problem::new(span, "a rule that is about no one", label).help(help));
            }
        }
        Some(Access(rules))
    }

    fn absent() -> Option<Access> {
        Some(Access::default())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        NonEmpty::<BTreeMap<Pattern, NonEmpty<BTreeMap<Subject, NonEmpty<BTreeSet<Grant>>>>>>::schema(
            definitions,
        )
    }
}

const SUB: &str = "{sub}";
const GROUP: &str = "{group}";
/// The longest pattern.
const MOST: usize = 512;

impl Pattern {
    /// The pattern as the file writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has a placeholder.
    fn has(&self, placeholder: &str) -> bool {
        self.0.split('/').any(|part| part == placeholder)
    }

    /// The beginning that all its keys have: up to the first placeholder.
    pub fn prefix(&self) -> KeyPrefix {
        KeyPrefix(self.0.split('{').next().unwrap_or_default().to_owned())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Pattern {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Pattern, Invalid> {
        let wrong = |why: String, fix: &str| Err(Pattern::invalid(why).fix(fix));
        let plain = "use letters, digits and `_ . = + @ , -` between the `/`, or `{sub}`, or `{group}`";
        if text.starts_with('/') {
            return wrong("keys do not begin with `/`".to_owned(), "take the `/` away");
        }
        let Some(path) = text.strip_suffix('/') else {
            return wrong("it must end in `/`".to_owned(), &format!("write `{text}/`"));
        };
        let is_literal = |it: char| it.is_ascii_alphanumeric() || "_.=+@,-".contains(it);
        for (at, part) in path.split('/').enumerate() {
            let is_placeholder = [SUB, GROUP].contains(&part);
            if at == 0 && is_placeholder {
                let why =
                    format!("it begins with `{part}`, so the function would reach every key of the bucket");
                return wrong(why, &format!("begin with a folder of its own, as in `files/{part}/`"));
            }
            if is_placeholder && path.matches(part).count() > 1 {
                return wrong(format!("`{part}` stands in it twice"), "write it once");
            }
            if part.is_empty() || part == "." || part == ".." {
                return wrong(format!("`{part}` is no folder's name"), plain);
            }
            if !is_placeholder && !part.chars().all(is_literal) {
                return wrong("a folder's name with other characters".to_owned(), plain);
            }
        }
        if text.len() > MOST {
            return wrong(format!("{} characters, {MOST} is most", text.len()), "write a shorter path");
        }
        Ok(Pattern(text.to_owned()))
    }
}

impl Scalar for Pattern {
    const WHAT: &'static str = "a path of an access rule";

    fn schema() -> Json {
        let pattern = r"^[A-Za-z0-9_.=+@,-]+/((\{sub\}|\{group\}|[A-Za-z0-9_.=+@,-]+)/)*$";
        json!({ "type": "string", "minLength": 2, "maxLength": MOST, "pattern": pattern })
    }
}

impl Subject {
    /// The subject as the file writes it.
    pub fn as_str(&self) -> &str {
        let [owner, members, signed_in] = PEOPLE;
        match self {
            Subject::Owner => owner,
            Subject::Members => members,
            Subject::SignedIn => signed_in,
            Subject::Group(name) => name.as_str(),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Subject {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Subject, Invalid> {
        match [Subject::Owner, Subject::Members, Subject::SignedIn].into_iter().find(|it| it.as_str() == text)
        {
            Some(known) => Ok(known),
            None => text.parse().map(Subject::Group),
        }
    }
}

impl Scalar for Subject {
    const WHAT: &'static str = "a group's name, `owner`, `members` or `signed-in`";

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": 128, "pattern": r"^[A-Za-z0-9_.+=@-]+$" })
    }
}

from_text!(Pattern, Subject);
