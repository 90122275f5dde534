//! The picture of a stack's graph.

use stackctl_aws_data::account::Account;
use stackctl_engine::Address;
use stackctl_graph::{Arrow, Line, Picture};
use stackctl_package::Packages;
use stackctl_stackfile::{grants::Grant, stack::Stack};

use crate::wiring;

/// The account whose id stands in no address: the graph does not depend on it.
const ANY_ACCOUNT: &str = "000000000000";

/// The graph of the plan, and the grants of the roles.
pub fn picture(stack: &Stack) -> Picture {
    let account = Account::offline(stack, ANY_ACCOUNT.to_owned());
    let graph = wiring::graph(stack, &account, &Packages::not_needed(stack));
    let edges = graph.edges().map(|(from, to, kind)| Arrow::of_edge(from.clone(), to.clone(), kind));
    let grants = stack.functions.iter().flat_map(|(function, it)| {
        it.buckets.iter().map(|(bucket, grants)| Arrow {
            from: Address { kind: "role", name: function.to_string() },
            to: Address { kind: "bucket", name: bucket.to_string() },
            label: grants.allow.iter().map(Grant::as_str).collect::<Vec<_>>().join(", "),
            line: Line::Dashed,
        })
    });
    Picture {
        stack: stack.name.to_string(),
        resources: graph.addresses().cloned().collect(),
        arrows: grants.chain(edges).collect(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use stackctl_graph::mermaid;

    use super::*;

    #[test]
    fn the_graph_of_a_file() {
        let text = "stack: demo\nregion: eu-west-1\nbuckets: { uploads: {} }\nfunctions: { presign: { package: p, \
                    buckets: { uploads: [put] } } }\nuser_pools: { users: { clients: { web: {} } } }\napis: { api: { \
                    authorizer: users, routes: { GET /: presign } } }\n";
        let Ok(stack) = stackctl_stackfile::parse(text, None) else { panic!("the file is right") };
        expect![[r#"
            ---
            title: "demo"
            ---
            flowchart LR
              r0[("bucket.uploads")]
              r1["user_pool.users"]
              r2["user_pool_client.users/web"]
              r3{{"rest_api.api"}}
              r4["role.presign"]
              r5[("log_group.presign")]
              r6(["function.presign"])
              r4 -.->|"put"| r0
              r2 ==>|"part of"| r1
              r3 -.->|"reads"| r1
              r6 -->|"uses"| r5
              r6 -.->|"reads"| r3
              r6 -.->|"reads"| r4
        "#]]
        .assert_eq(&mermaid::text(&picture(&stack)));
    }
}
