//! Grants: the operations that a function may do with the objects of a bucket, and on which of them.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use stackctl_yaml::tree::{Node, Value};

use crate::{
    read::{
        choice::choice,
        definitions::Definitions,
        reader::{NonEmpty, Read, Reader},
        record::record,
    },
    values::names::KeyPrefix,
};

choice! {
    "a grant";
    /// An operation on the objects of a bucket.
    pub enum Grant {
        /// `put`: s3:PutObject.
        Put = "put",
        /// `get`: s3:GetObject.
        Get = "get",
        /// `list`: s3:ListBucket on the bucket.
        List = "list",
        /// `delete`: s3:DeleteObject.
        Delete = "delete",
        /// `multipart`: s3:PutObject, s3:AbortMultipartUpload, s3:ListMultipartUploadParts.
        Multipart = "multipart",
    }
}

record! {
    "a grant with a prefix";
    /// Grants on the objects whose keys begin with a prefix.
    pub struct BucketGrants {
        /// The beginning of the keys, such as `uploads/`. Default: all keys of the bucket.
        pub prefix: Option<KeyPrefix>,
        /// The operations: `put`, `get`, `list`, `delete`, `multipart`.
        pub allow: BTreeSet<Grant> as NonEmpty<BTreeSet<Grant>>,
        /// The beginning of further keys, whose objects the function may get and list: it then reads below one prefix and
        /// writes below another.
        pub read: Option<KeyPrefix>,
    }
}

/// A list of operations for all objects of the bucket, or a map that names a prefix.
pub(crate) struct Grants;

impl Read for Grants {
    type Value = BucketGrants;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<BucketGrants> {
        match &node.value {
            Value::Map(_) => BucketGrants::read(node, reader),
            Value::Nothing | Value::Scalar { .. } | Value::List(_) | Value::Unreadable => {
                let allow = NonEmpty::<BTreeSet<Grant>>::read(node, reader)?;
                Some(BucketGrants { prefix: None, allow, read: None })
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [NonEmpty::<BTreeSet<Grant>>::schema(definitions), BucketGrants::schema(definitions)] })
    }
}
