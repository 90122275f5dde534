//! The keys beside `existing`: those that would change a resource that others made are refused.

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::read::{reader::Reader, record::Field};

/// The key that names a resource which others made.
pub(crate) const EXISTING: &str = "existing";

/// Refuses the keys of a resource with `existing` that are not in `may`. `of` is the resource, as in `bucket`; `help` is
/// the way out of a key, where it is not the usual one.
pub(crate) fn refuse_others(
    node: &Node,
    reader: &mut Reader<'_>,
    of: &str,
    known: &[Field],
    may: &[&str],
    help: impl Fn(&str) -> Option<&'static str>,
) {
    let is_refused =
        |key: &str| key != EXISTING && !may.contains(&key) && known.iter().any(|field| field.key == key);
    for entry in node.entries().iter().filter(|it| is_refused(&it.key)) {
        let key = &entry.key;
        let label = format!("stackctl changes nothing of an existing {of}");
        let usual = || {
            format!("take `{key}` away, and set it with the tool that made the {of}; or take `existing` away")
        };
        let problem = Problem::new(entry.key_span, format!("`{key}` of an existing {of}"), label);
        reader.tell(problem.help(help(key).map_or_else(usual, str::to_owned)));
    }
}
