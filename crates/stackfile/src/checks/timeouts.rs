//! How long a function with a route may take.

use std::collections::BTreeMap;

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    read::reader::Reader,
    stack::Stack,
    values::{names::LogicalName, route::Route, units::Seconds},
};

/// API Gateway waits no longer for a function (AGW-02).
const PATIENCE: Seconds = Seconds(29);

/// No function with a route may take longer than API Gateway waits.
pub(crate) fn check(stack: &Stack, root: &Node, reader: &mut Reader<'_>) {
    let mut routes: BTreeMap<&LogicalName, &Route> = BTreeMap::new();
    for (route, target) in stack.apis.values().flat_map(|api| &api.routes) {
        routes.entry(target).or_insert(route);
    }
    for (name, _) in stack.functions.iter().filter(|(_, it)| it.timeout > PATIENCE) {
        let Some(route) = routes.get(name) else { continue };
        if reader.has_enough() {
            break;
        }
        let label = format!("API Gateway gives up on `{route}` after {PATIENCE}");
        let span = root.span_at(&["functions", name.as_str(), "timeout"]);
        let problem = Problem::new(span, "too much for a route", label);
        reader.tell(problem.help(format!("write `timeout: {PATIENCE}` or less")));
    }
}
