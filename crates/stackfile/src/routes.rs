//! The routes of an API together: what API Gateway takes of each is not yet what it takes of all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use stackctl_yaml::{
    problem::{Problem, Span},
    tree::Node,
};

use crate::{
    function::Function,
    read::{
        definitions::Definitions,
        reader::{NonEmpty, Read, Reader},
        reference::RefTo,
    },
    values::{names::LogicalName, route::Route},
};

/// API Gateway's limit for paths and parts of paths (AGW-02).
const MOST_RESOURCES: usize = 300;

type EachAlone = NonEmpty<BTreeMap<Route, RefTo<Function>>>;

/// At least one route, none of which stands in the way of another.
pub(crate) struct Routes;

impl Read for Routes {
    type Value = BTreeMap<Route, LogicalName>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        let mut tree = Tree::default();
        for entry in node.entries() {
            if let Ok(route) = entry.key.parse::<Route>() {
                tree.add(&route, entry.key_span, reader);
            }
        }
        if tree.nodes.len() >= MOST_RESOURCES {
            let label = format!(
                "{} paths and parts of paths; API Gateway takes {MOST_RESOURCES}",
                tree.nodes.len() + 1
            );
            let problem = Problem::new(node.span, "too many paths", label);
            reader.tell(problem.help("split the API in two, or let one route answer more with `{name+}`"));
        }
        EachAlone::read(node, reader)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        EachAlone::schema(definitions)
    }
}

/// The paths of an API, each part under the one before it.
#[derive(Default)]
struct Tree {
    /// Every path that is or leads to a route, but for `/`.
    nodes: BTreeSet<String>,
    /// Under a path, the parameter that stands there and the line it is in.
    parameters: BTreeMap<String, (String, usize)>,
}

impl Tree {
    fn add(&mut self, route: &Route, span: Span, reader: &mut Reader<'_>) {
        let mut path = String::new();
        for segment in route.path.split('/').filter(|it| !it.is_empty()) {
            if segment.starts_with('{') {
                match self.parameters.get(&path) {
                    Some((other, line)) if other != segment => {
                        let label = format!("`{segment}` stands where `{other}` does in line {line}");
                        let problem = Problem::new(span, "two parameters in one place", label);
                        reader.tell(problem.help("API Gateway takes one name for each place: use the same"));
                    }
                    Some(_) => {}
                    None => {
                        self.parameters.insert(path.clone(), (segment.to_owned(), span.line));
                    }
                }
            }
            path = format!("{path}/{segment}");
            if self.nodes.len() < 10 * MOST_RESOURCES {
                self.nodes.insert(path.clone());
            }
        }
    }
}
