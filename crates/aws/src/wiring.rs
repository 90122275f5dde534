//! The one list of all kinds of things, and how a stack becomes a graph of them.

use stackctl_engine::{Graph, Kinds};
use stackctl_spec::stack::Stack;

use crate::{account::Account, bucket::Bucket, clients::Aws, package::Packages};

/// All kinds; what is deleted last comes first.
pub fn kinds() -> Kinds<Aws> {
    Kinds::default().with::<Bucket>()
}

/// What a stack wants.
pub fn graph(kinds: Kinds<Aws>, _stack: &Stack, _account: &Account, _packages: &Packages) -> Graph<Aws> {
    Graph::new(kinds)
}
