//! A template that is being written.

use serde_json::Value;

use crate::{
    error::Unsupported,
    literal::literal,
    logical_ids::LogicalIds,
    resource::{Output, Resource},
};

/// The resources and outputs so far, and what has no form in a template.
#[derive(Debug, Default)]
pub struct Draft {
    ids: LogicalIds,
    resources: Vec<Resource>,
    outputs: Vec<Output>,
    unsupported: Vec<String>,
}

impl Draft {
    /// The logical id of an address.
    pub fn id(&mut self, address: &str) -> String {
        self.ids.of(address)
    }

    /// Adds a resource, whose texts stand for themselves.
    pub fn add(&mut self, resource: Resource) {
        let mut replaced = Vec::new();
        let properties = literal(resource.properties, &mut replaced);
        for text in replaced {
            self.refuse(
                &resource.address,
                &format!("CloudFormation replaces `{{{{resolve:` in the text `{text}`"),
            );
        }
        self.resources.push(Resource { properties, ..resource });
    }

    /// Adds an output.
    pub fn output(&mut self, name: String, value: Value) {
        self.outputs.push(Output { name, value });
    }

    /// Notes a part of a resource that has no form in a template, or is not exported yet. It makes the export an error.
    pub fn refuse(&mut self, address: &str, why: &str) {
        self.unsupported.push(format!("{address}: {why}"));
    }

    /// The resources and outputs.
    ///
    /// # Errors
    /// What was refused.
    pub fn end(self) -> Result<(Vec<Resource>, Vec<Output>), Unsupported> {
        let Draft { ids: _, resources, outputs, unsupported } = self;
        if unsupported.is_empty() { Ok((resources, outputs)) } else { Err(Unsupported(unsupported)) }
    }
}
