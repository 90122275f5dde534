//! A resource of a template, and an output.

use serde_json::{Value, json};
use stackctl_aws_data::tags::Tags;

use crate::kind::Kind;

/// The parameter that names the bucket of the functions' code.
pub const CODE_BUCKET: &str = "CodeBucket";

/// A resource of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its logical id.
    pub id: String,
    /// The address of the resource of the stack that it belongs to.
    pub address: String,
    /// Its type, such as `AWS::S3::Bucket`.
    pub kind: Kind,
    /// The logical ids of resources that are made before it and that no property refers to.
    pub depends_on: Vec<String>,
    /// Whether it stays when it leaves the template or the stack is deleted.
    pub retain: bool,
    /// Its properties.
    pub properties: Value,
}

/// An output of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// Whose resources they are, by their tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// CloudFormation: they have the tags of the file.
    CloudFormation,
    /// stackctl: they also have the tags by which it knows its own.
    Stackctl,
}

impl Owner {
    /// Adds the property `Tags`, unless there are none.
    pub fn add_tags(self, properties: &mut Value, tags: &Tags) {
        let Tags(tags) = self.tags(tags);
        if !tags.is_empty() {
            let tags = tags.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
            properties["Tags"] = tags.collect();
        }
    }

    /// The tags that a resource with this owner has.
    pub fn tags(self, tags: &Tags) -> Tags {
        match self {
            Owner::CloudFormation => tags.without_owner(),
            Owner::Stackctl => tags.clone(),
        }
    }
}

/// A reference to a resource's `Ref` value.
pub fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

/// A reference to an attribute of a resource.
pub fn attribute(id: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [id, name] })
}

/// A text with `${LogicalId}` in it.
pub fn substituted(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}
