//! Pictures for the tests.

use stackctl_engine::{Address, EdgeKind};

use crate::picture::{Arrow, Line, Picture};

fn address(kind: &'static str, name: &str) -> Address {
    Address { kind, name: name.to_owned() }
}

/// A stack with each kind of resource.
pub fn stack() -> Picture {
    let bucket = address("bucket", "uploads");
    let pool = address("user_pool", "users");
    let client = address("user_pool_client", "users/web");
    let api = address("rest_api", "uploads");
    let role = address("role", "presign");
    let log_group = address("log_group", "presign");
    let function = address("function", "presign");
    let edge = |from: &Address, to: &Address, kind| Arrow::of_edge(from.clone(), to.clone(), kind);
    let grant =
        Arrow { from: role.clone(), to: bucket.clone(), label: "put, get".to_owned(), line: Line::Dashed };
    Picture {
        stack: "photos".to_owned(),
        arrows: vec![
            edge(&client, &pool, EdgeKind::PartOf),
            edge(&api, &pool, EdgeKind::Reads),
            grant,
            edge(&function, &log_group, EdgeKind::Uses),
            edge(&function, &api, EdgeKind::Reads),
            edge(&function, &role, EdgeKind::Reads),
        ],
        resources: vec![bucket, pool, client, api, role, log_group, function],
    }
}

/// Names that no file can have.
pub fn hostile() -> Picture {
    let (one, two) =
        (address("bucket", "a\"]; b\n--> c <script>&\u{1b}[0m|`{}"), address("role", "日本 \\ #34;"));
    let arrow =
        Arrow { from: two.clone(), to: one.clone(), label: "\"| r9 <b>".to_owned(), line: Line::Solid };
    Picture { stack: "x\"\n---\n".to_owned(), resources: vec![one, two], arrows: vec![arrow] }
}

/// A graph of up to forty resources, in which each may refer to any before it.
pub fn random(seed: u64) -> Picture {
    let mut state = seed;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    let kinds = ["bucket", "role", "log_group", "function", "rest_api", "user_pool"];
    let resources: Vec<Address> =
        (0..below(41)).map(|at| address(kinds[below(kinds.len())], &format!("r{at}"))).collect();
    let mut arrows = Vec::new();
    for (at, from) in resources.iter().enumerate() {
        for to in resources.iter().take(at) {
            if below(8) == 0 {
                arrows.push(Arrow::of_edge(from.clone(), to.clone(), EdgeKind::Reads));
            }
        }
    }
    Picture { stack: "random".to_owned(), resources, arrows }
}
