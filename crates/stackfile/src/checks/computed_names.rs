//! The computed names in AWS. The stack's name and a logical name can be valid and give a name that is too long, or
//! that another resource has already.

use std::collections::{BTreeMap, BTreeSet};

use stackctl_yaml::{
    problem::{Problem, quoted},
    tree::Node,
};

use crate::{
    read::{kind::Kind, reader::Reader, scalar::Invalid},
    resource_names::{bucket_name, client_name, resource_name},
    stack::Stack,
    user_pool::Client,
    values::names::{BucketName, FunctionName, LogicalName, StackName, count},
};

/// Stands for the account's number, which is not known yet.
const ACCOUNT: &str = "123456789012";

/// Every computed name is one that AWS takes, and no two things of a kind have the same.
pub(crate) fn check(stack: &Stack, root: &Node, reader: &mut Reader<'_>) {
    let Stack {
        name,
        region,
        tags: _,
        boundary: _,
        buckets,
        functions,
        user_pools,
        apis,
        dev: _,
        existing_functions,
    } = stack;
    let plain = |logical: &LogicalName| resource_name(name, logical);
    let of_bucket = |logical: &LogicalName| bucket_name(name, logical, ACCOUNT, region);

    let mut names = Names::new(Kind::Bucket);
    for (logical, bucket) in buckets {
        let given = bucket.existing.as_ref().or(bucket.name.as_ref());
        names.add(logical, given.map(BucketName::as_str), of_bucket(logical));
    }
    names.check::<BucketName>(63, root, reader);
    let mut names = Names::new(Kind::Function);
    for (logical, function) in functions {
        names.add(logical, function.name.as_ref().map(FunctionName::as_str), plain(logical));
    }
    for (logical, function) in existing_functions {
        names.add(logical, Some(function.as_str()), plain(logical));
    }
    names.check::<FunctionName>(64, root, reader);
    let mut names = Names::new(Kind::UserPool);
    for (logical, pool) in user_pools {
        let existing = pool.existing.as_ref().map(|it| it.as_str());
        names.add(logical, existing.or(pool.name.as_ref().map(|it| it.as_str())), plain(logical));
    }
    names.check_each_once(root, reader);
    for (pool, section) in user_pools {
        check_clients(name, pool, &section.clients, root, reader);
    }
    let mut names = Names::new(Kind::Api);
    for (logical, api) in apis {
        names.add(logical, api.name.as_ref().map(|it| it.as_str()), plain(logical));
    }
    names.check_each_once(root, reader);
}

/// The clients of a pool have a name each: stackctl finds them by it.
fn check_clients(
    stack: &StackName,
    pool: &LogicalName,
    clients: &BTreeMap<LogicalName, Client>,
    root: &Node,
    reader: &mut Reader<'_>,
) {
    // Computed names differ from each other, so they come first.
    let own = |(_, client): &(&LogicalName, &Client)| client.existing.is_none();
    let (given, computed): (Vec<_>, Vec<_>) =
        clients.iter().filter(own).partition(|(_, client)| client.name.is_some());
    let mut names: BTreeMap<String, &LogicalName> =
        computed.into_iter().map(|(logical, _)| (client_name(stack, pool, logical), logical)).collect();
    for (logical, client) in given {
        let name = client.name.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(other) = names.insert(name, logical) {
            let path = [Kind::UserPool.key(), pool.as_str(), "clients", logical.as_str(), "name"];
            let label = format!("`{other}` has this name too");
            let problem = Problem::new(root.span_at(&path), "two app clients of one name", label);
            reader.tell(problem.help("give each a name of its own"));
        }
    }
}

/// The names of one kind of things.
struct Names<'a> {
    kind: Kind,
    given: Vec<(&'a LogicalName, &'a str)>,
    computed: BTreeMap<String, &'a LogicalName>,
}

impl<'a> Names<'a> {
    fn new(kind: Kind) -> Names<'a> {
        Names { kind, given: Vec::new(), computed: BTreeMap::new() }
    }

    fn add(&mut self, logical: &'a LogicalName, given: Option<&'a str>, computed: String) {
        match given {
            Some(name) => self.given.push((logical, name)),
            None => drop(self.computed.insert(computed, logical)),
        }
    }

    /// Tells of names that AWS would not take, and of names that two things have.
    fn check<T: std::str::FromStr<Err = Invalid>>(&self, most: usize, root: &Node, reader: &mut Reader<'_>) {
        let Names { kind, given: _, computed } = self;
        for (name, logical) in computed {
            if reader.has_enough() {
                return;
            }
            let Err(Invalid { what: _, why, fix: _ }) = name.parse::<T>() else { continue };
            let length = name.chars().count();
            let (label, help) = if length > most {
                let takes = if *kind == Kind::Function { "a function takes" } else { "S3 takes" };
                let few = count(length - most, "character");
                (
                    format!("{} has {length} characters; {takes} {most}", quoted(name)),
                    format!("take {few} away from its name or the stack's, or give it a `name`"),
                )
            } else {
                (format!("{} is refused: {why}", quoted(name)), "give it a `name`".to_owned())
            };
            let span = root.key_span_at(&[kind.key(), logical.as_str()]);
            reader
                .tell(Problem::new(span, format!("no good name for the {}", kind.word()), label).help(help));
        }
        self.check_each_once(root, reader);
    }

    /// Tells of names that two things have; the one with a `name` can be given another.
    fn check_each_once(&self, root: &Node, reader: &mut Reader<'_>) {
        let Names { kind, given, computed } = self;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (logical, name) in given {
            if reader.has_enough() {
                return;
            }
            // Roles have the names of functions, and IAM does not tell `A` from `a`.
            let name = if *kind == Kind::Function { name.to_lowercase() } else { name.to_string() };
            let label = match computed.get(&with_any_account(&name)) {
                Some(other) => format!("this is what `{other}` will be called"),
                None if !seen.insert(name) => format!("another {} has this name", kind.word()),
                None => continue,
            };
            let span = root.span_at(&[kind.key(), logical.as_str(), "name"]);
            let problem = Problem::new(span, format!("two {}s of one name", kind.word()), label);
            reader.tell(problem.help("give each a name of its own"));
        }
    }
}

/// A name in which an account's number is the one that computed names have here.
fn with_any_account(name: &str) -> String {
    let is_account = |part: &&str| part.len() == ACCOUNT.len() && part.chars().all(|it| it.is_ascii_digit());
    let parts = name.split('-').map(|part| if is_account(&part) { ACCOUNT } else { part });
    parts.collect::<Vec<_>>().join("-")
}
