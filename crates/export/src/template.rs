//! A CloudFormation template as data, and as YAML.

use serde_json::json;
use stackctl_aws_data::account::Account;
use stackctl_stackfile::stack::Stack;

use crate::{
    error::Unsupported,
    files::CodeFiles,
    kind::Kind,
    resource::{CODE_BUCKET, Output, Owner, Resource},
    resources, yaml,
};

/// CloudFormation takes no more resources in a template.
const MOST_RESOURCES: usize = 500;

/// A CloudFormation template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    description: String,
    /// Whether it has the parameter `CodeBucket`.
    has_code: bool,
    resources: Vec<Resource>,
    outputs: Vec<Output>,
}

/// The template of a stack: the resources that `stackctl apply` makes, without the tags by which stackctl knows its own.
/// `code` has the zip of each function.
///
/// # Errors
/// What has no form in the template.
pub fn template(stack: &Stack, account: &Account, code: &CodeFiles) -> Result<Template, Unsupported> {
    let (resources, outputs) = resources::of(stack, account, code, Owner::CloudFormation)?;
    Template::new(account, resources, outputs)
}

impl Template {
    /// A template of these resources.
    ///
    /// # Errors
    /// More resources than a template may have.
    pub fn new(
        account: &Account,
        resources: Vec<Resource>,
        outputs: Vec<Output>,
    ) -> Result<Template, Unsupported> {
        if resources.len() > MOST_RESOURCES {
            let many = resources.len();
            let what =
                format!("it has {many} resources, and CloudFormation takes {MOST_RESOURCES} in a template");
            return Err(Unsupported(vec![what]));
        }
        Ok(Template {
            description: format!("The stack {} in {}, as stackctl made it", account.stack, account.region),
            has_code: resources.iter().any(|it| it.kind == Kind::Function),
            resources,
            outputs,
        })
    }

    /// The template as YAML.
    pub fn to_yaml(&self) -> String {
        let Template { description, has_code, resources, outputs } = self;
        let mut text = String::new();
        yaml::entry(&mut text, 0, "AWSTemplateFormatVersion", &json!("2010-09-09"));
        yaml::entry(&mut text, 0, "Description", &json!(description));
        if *has_code {
            let what = "The bucket that has the functions' zips, in the region of the stack";
            let bucket = json!({ "Type": "String", "Description": what });
            yaml::entry(&mut text, 0, "Parameters", &json!({ CODE_BUCKET: bucket }));
        }
        text += "Resources:\n";
        for Resource { id, address: _, kind, depends_on, retain, properties } in resources {
            text += &format!("  {id}:\n");
            yaml::entry(&mut text, 4, "Type", &json!(kind.as_str()));
            if *retain {
                yaml::entry(&mut text, 4, "DeletionPolicy", &json!("Retain"));
                yaml::entry(&mut text, 4, "UpdateReplacePolicy", &json!("Retain"));
            }
            if !depends_on.is_empty() {
                yaml::entry(&mut text, 4, "DependsOn", &json!(depends_on));
            }
            yaml::entry(&mut text, 4, "Properties", properties);
        }
        if !outputs.is_empty() {
            text += "Outputs:\n";
            for Output { name, value } in outputs {
                yaml::entry(&mut text, 2, name, &json!({ "Value": value }));
            }
        }
        text
    }

    /// Whether functions need code from a bucket.
    pub fn has_code(&self) -> bool {
        self.has_code
    }
}
