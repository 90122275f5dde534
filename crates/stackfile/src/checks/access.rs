//! Access rules that could never count: a group or a function that is missing, a verb that no function may do, and more
//! rules than a function's environment holds.

use std::collections::BTreeSet;

use serde_json::json;
use stackctl_yaml::{problem::Problem, suggestion::did_you_mean, tree::Node};

use crate::{
    bucket::access::{Access, Subject},
    bucket_variables::BucketVariables,
    environment,
    function::{Function, reach::evaluates_access},
    grants::{BucketGrants, Grant},
    read::reader::Reader,
    stack::Stack,
    values::names::{KeyPrefix, LogicalName, PEOPLE},
};

/// Every rule is about people and operations that there are.
pub(crate) fn check(stack: &Stack, root: &Node, reader: &mut Reader<'_>) {
    // The groups of a pool that others made are not known.
    let are_known = stack.user_pools.values().all(|it| it.existing.is_none());
    let groups: BTreeSet<&str> =
        stack.user_pools.values().flat_map(|pool| &pool.groups).map(|it| it.as_str()).collect();
    for (name, bucket) in stack.buckets.iter().filter(|(_, it)| !it.access.is_empty()) {
        let functions: Vec<(&LogicalName, &Function, &BucketGrants)> = stack
            .functions
            .iter()
            .filter(|(_, it)| evaluates_access(&it.source))
            .filter_map(|(logical, it)| Some((logical, it, it.buckets.get(name)?)))
            .collect();
        let place = ["buckets", name.as_str(), "access"];
        if functions.is_empty() {
            let label = format!("no function `builtin: presign` has `{name}` under its `buckets`");
            let problem = Problem::new(root.key_span_at(&place), "rules that no function evaluates", label);
            reader.tell(problem.help("add the function with its grants, or take `access` away"));
        }
        check_rules(&bucket.access, &functions, are_known.then_some(&groups), &place, root, reader);
        for (logical, function, _) in functions {
            check_size((name, &bucket.access), (logical, function), root, reader);
        }
    }
}

fn check_rules(
    access: &Access,
    functions: &[(&LogicalName, &Function, &BucketGrants)],
    groups: Option<&BTreeSet<&str>>,
    place: &[&str; 3],
    root: &Node,
    reader: &mut Reader<'_>,
) {
    let [buckets, bucket, key] = *place;
    for (pattern, subjects) in &access.0 {
        if reader.has_enough() {
            return;
        }
        let prefix = pattern.prefix();
        let reached = |grants: &BucketGrants| {
            prefix.as_str().starts_with(grants.prefix.as_ref().map_or("", KeyPrefix::as_str))
        };
        let granting: Vec<&BucketGrants> =
            functions.iter().map(|(.., grants)| *grants).filter(|it| reached(it)).collect();
        if granting.is_empty() && !functions.is_empty() {
            let span = root.key_span_at(&[buckets, bucket, key, pattern.as_str()]);
            let label = "no function's grants on the bucket reach these keys";
            let help = "give the function's grants a `prefix` that this path begins with, or none";
            reader.tell(Problem::new(span, "a rule that is never reached", label).help(help));
            continue;
        }
        for (subject, verbs) in subjects {
            let span = root.key_span_at(&[buckets, bucket, key, pattern.as_str(), subject.as_str()]);
            if let Some(groups) = groups {
                check_subject(subject, groups, span, reader);
            }
            let may = |verb: &Grant| granting.iter().any(|grants| grants.allow.contains(verb));
            let lost: Vec<&str> = verbs.iter().filter(|it| !may(it)).map(Grant::as_str).collect();
            if !lost.is_empty() && !granting.is_empty() {
                let span = root.span_at(&[buckets, bucket, key, pattern.as_str(), subject.as_str()]);
                let label = format!("no function that evaluates it is granted {}", lost.join(", "));
                let problem = Problem::new(span, "a rule that is never reached", label);
                let help =
                    format!("add it to `{bucket}` under the function's `buckets`, or take it away here");
                reader.tell(problem.help(help));
            }
        }
    }
}

fn check_subject(
    subject: &Subject,
    groups: &BTreeSet<&str>,
    span: stackctl_yaml::problem::Span,
    reader: &mut Reader<'_>,
) {
    let problem = match subject {
        Subject::Group(name) if !groups.contains(name.as_str()) => {
            let known = groups.iter().copied().chain(PEOPLE);
            let help = did_you_mean(name.as_str(), known)
                .unwrap_or_else(|| format!("add it to the `groups` of a user pool: `groups: [{name}]`"));
            Problem::new(span, "unknown group", "no user pool has a group of this name").help(help)
        }
        Subject::Members if groups.is_empty() => {
            let label = "no user pool has groups";
            Problem::new(span, "a rule that is about no one", label).help("add `groups` to a user pool")
        }
        Subject::Owner | Subject::Members | Subject::SignedIn | Subject::Group(_) => return,
    };
    reader.tell(problem);
}

/// The rules fit into the environment of the function, and none of its variables has their name.
fn check_size(
    (name, access): (&LogicalName, &Access),
    (logical, function): (&LogicalName, &Function),
    root: &Node,
    reader: &mut Reader<'_>,
) {
    let variable = BucketVariables::of(name).access;
    let mut all = environment::all(&function.environment, &function.buckets);
    let before = json!(all).to_string().len();
    if all.insert(variable.clone(), access.to_json()).is_some() {
        let span = root.key_span_at(&["functions", logical.as_str(), "environment", &variable]);
        let label = "the stack sets it for the bucket's `access`";
        reader.tell(Problem::new(span, "a variable of the stack's own", label).help("choose another name"));
    }
    let bytes = json!(all).to_string().len();
    if bytes > environment::MOST_BYTES && before <= environment::MOST_BYTES {
        let label = format!(
            "the environment of `{logical}` has {bytes} bytes with them; Lambda takes {} in all",
            environment::MOST_BYTES
        );
        let span = root.key_span_at(&["buckets", name.as_str(), "access"]);
        let problem = Problem::new(span, "too many access rules", label);
        reader.tell(problem.help("write `{group}` for a rule of each group, or use a second bucket"));
    }
}
