//! The picture: resources and the arrows between them.

use stackctl_engine::{Address, EdgeKind};

/// A stack's resources and the arrows between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The stack's name.
    pub stack: String,
    /// The resources, each after those that it refers to.
    pub resources: Vec<Address>,
    /// The arrows, in the order of the resources that they begin at.
    pub arrows: Vec<Arrow>,
}

/// An arrow from a resource to one that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// The resource that refers to the other one.
    pub from: Address,
    /// The other resource.
    pub to: Address,
    /// The words at the arrow.
    pub label: String,
    /// How the arrow is drawn.
    pub line: Line,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A continuous line.
    Solid,
    /// A dashed line.
    Dashed,
    /// A thick line.
    Thick,
}

impl Arrow {
    /// The arrow of an edge of the graph.
    pub fn of_edge(from: Address, to: Address, kind: EdgeKind) -> Arrow {
        let (label, line) = match kind {
            EdgeKind::PartOf => ("part of", Line::Thick),
            EdgeKind::Uses => ("uses", Line::Solid),
            EdgeKind::Reads => ("reads", Line::Dashed),
        };
        Arrow { from, to, label: label.to_owned(), line }
    }
}
