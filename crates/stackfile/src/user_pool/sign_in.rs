//! What people sign in with besides a user name.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use stackctl_yaml::{problem::Problem, tree::Node};

use crate::read::{
    choice::choice,
    reader::{Read, Reader},
    record::{Field, Group},
};

const KEY: &str = "sign_in_with";
const FORMER: &str = "username_attributes";

choice! {
    "an attribute";
    /// An attribute that is used in place of a user name.
    pub enum UsernameAttribute {
        /// `email`
        Email = "email",
        /// `phone_number`
        PhoneNumber = "phone_number",
    }
}

/// `sign_in_with`, which was called `username_attributes`.
impl Group for BTreeSet<UsernameAttribute> {
    fn fields() -> Vec<Field> {
        let field = |key, doc| Field {
            key,
            doc,
            default: None,
            schema: <BTreeSet<UsernameAttribute> as Read>::schema,
            required: || false,
        };
        vec![
            // COG-22
            field(
                KEY,
                "What people sign in with besides a user name; it can't be changed later. Default: nothing.",
            ),
            field(FORMER, "The former name of `sign_in_with`."),
        ]
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match (node.entry(KEY), node.entry(FORMER)) {
            (Some(_), Some(former)) => {
                let label = format!("`{KEY}` says it already");
                let problem = Problem::new(former.key_span, "written twice", label);
                reader.tell(problem.help(format!("keep `{KEY}`: `{FORMER}` is its former name")));
                None
            }
            (Some(entry), None) | (None, Some(entry)) => <Self as Read>::read(&entry.value, reader),
            (None, None) => Some(BTreeSet::new()),
        }
    }

    fn rules() -> Json {
        json!({ "type": ["object", "null"], "not": { "type": "object", "required": [KEY, FORMER] } })
    }
}
