use std::collections::BTreeMap;

use expect_test::expect;
use stackctl_aws_data::tags::Tags;
use stackctl_engine::{Edges, Graph, Kinds, plan::text as plan_text};
use stackctl_stackfile::parse;

use super::*;

fn group(name: &str) -> UserPoolGroup {
    let stack = parse("stack: app\nregion: eu-west-1\nuser_pools: { users: { groups: [admins] } }", None);
    let desired = stack.unwrap().user_pools.into_values().next().unwrap();
    let mut graph = Graph::<Aws>::new(Kinds::default());
    let pool = graph.add("users", |_| UserPool {
        name: "app-users".to_owned(),
        logical: "users".to_owned(),
        desired,
        tags: Tags::desired("app", "user_pool.users", &BTreeMap::new()).of_groups(),
    });
    UserPoolGroup { name: name.to_owned(), pool: Edges::default().part_of(&pool) }
}

#[test]
fn is_there_or_is_created() {
    let admins = group("admins");
    expect![[r#"
        + create
    "#]]
    .assert_eq(&plan_text::steps(&admins, None));
    let live = admins.live("eu-west-1_1".to_owned());
    expect![[r#""#]].assert_eq(&plan_text::steps(&admins, Some(&live)));
}
