//! The schema that editors read is the one that the reader's own declarations give.

use std::{fs, path::Path};

use expect_test::expect_file;
use serde_json::Value;

/// `UPDATE_EXPECT=1 cargo test -p stackctl-stackfile --test schema` renews it.
#[test]
fn the_committed_schema_is_the_current_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/stack.schema.json");
    let schema = stackctl_stackfile::schema();
    let committed: Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap_or_default()).unwrap_or_default();
    // The order of keys is not ours to choose: it depends on what other crates want of serde_json.
    if committed != schema {
        println!("renew it: UPDATE_EXPECT=1 cargo test -p stackctl-stackfile --test schema");
        expect_file![path].assert_eq(&format!("{}\n", serde_json::to_string_pretty(&schema).unwrap()));
    }
}
