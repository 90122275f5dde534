//! `stackctl graph`.

use clap::{Args, ValueEnum};
use stackctl_aws::wiring;
use stackctl_aws_data::account::Account;
use stackctl_engine::Address;
use stackctl_graph::{Arrow, Line, Picture, dot, mermaid, svg};
use stackctl_package::Packages;
use stackctl_stackfile::{grants::Grant, stack::Stack};

use crate::{error::Error, exit, options::Global, report::Report, stack_file::StackFile};

const EXAMPLES: &str = "\
Examples:
  stackctl graph                         Mermaid, which GitHub draws in ```mermaid blocks
  stackctl graph --format svg > stack.svg
  stackctl graph --format dot | dot -Tpng -o stack.png

An arrow begins at the resource that refers to the other one: `reads` needs its outputs, `uses` is
deleted before it, `part of` is deleted with it; a role may do what is written at its arrow.";

/// The account whose id stands in no address: the graph does not depend on it.
const ANY_ACCOUNT: &str = "000000000000";

/// Draw the resources and how they refer to each other; offline
#[derive(Debug, Args)]
#[command(name = "graph", after_help = EXAMPLES)]
pub struct ShowGraph {
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Mermaid)]
    format: Format,
}

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Mermaid,
    Dot,
    Svg,
}

impl ShowGraph {
    /// Prints the picture.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        let picture = picture(&file.stack);
        let text = match self.format {
            Format::Mermaid => mermaid::text(&picture),
            Format::Dot => dot::text(&picture),
            Format::Svg => svg::text(&picture),
        };
        report.graph(&picture, &text);
        Ok(exit::DONE)
    }
}

/// The graph of the plan, and the grants of the roles.
fn picture(stack: &Stack) -> Picture {
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
