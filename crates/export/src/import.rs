//! The import of resources that exist into a stack of CloudFormation.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stackctl_aws_data::{account::Account, desired::failures, outputs::Outputs};
use stackctl_stackfile::stack::Stack;

use crate::{
    error::Unsupported,
    files::CodeFiles,
    kind::Kind,
    resource::{Owner, Resource},
    resources,
    template::Template,
};

/// The files of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The template with the resources as they are now.
    pub template: Template,
    /// Their identifiers, as `--resources-to-import` takes them.
    pub resources: Value,
}

/// The import of an applied stack, whose ids are in `outputs`. Permissions and deployments are left out: a template adds
/// its own beside those that exist. Everything else is kept when it leaves the stack of CloudFormation.
///
/// # Errors
/// What has no form in the template, and resources that are not in the outputs.
pub fn import(
    stack: &Stack,
    account: &Account,
    code: &CodeFiles,
    outputs: &Outputs,
) -> Result<Import, Unsupported> {
    let (all, _) = resources::of(stack, account, code, Owner::Stackctl)?;
    let (mut resources, mut identifiers, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let imported = all.iter().filter(|it| is_imported(it.kind)).map(|it| it.id.clone());
    let imported: BTreeSet<String> = imported.collect();
    for mut resource in all {
        if !is_imported(resource.kind) {
            continue;
        }
        match identifier(&resource, account, outputs) {
            Some(identifier) => identifiers.push(json!({
                "ResourceType": resource.kind.as_str(),
                "LogicalResourceId": resource.id,
                "ResourceIdentifier": identifier,
            })),
            None => missing.push(format!("{} is not applied", resource.address)),
        }
        if let Some(properties) = resource.properties.as_object_mut() {
            // It refers to a deployment of the template.
            properties.remove("DeploymentId");
        }
        // What is not imported exists; its own ids in the template would refer to nothing.
        resource.depends_on.retain(|id| imported.contains(id));
        resources.push(Resource { retain: true, ..resource });
    }
    if !missing.is_empty() {
        return Err(Unsupported(missing));
    }
    Ok(Import { template: Template::new(account, resources, Vec::new())?, resources: json!(identifiers) })
}

fn is_imported(kind: Kind) -> bool {
    match kind {
        Kind::Permission | Kind::Deployment => false,
        Kind::Bucket
        | Kind::BucketPolicy
        | Kind::Role
        | Kind::LogGroup
        | Kind::Function
        | Kind::EventInvokeConfig
        | Kind::UserPool
        | Kind::UserPoolClient
        | Kind::UserPoolGroup
        | Kind::RestApi
        | Kind::Stage => true,
    }
}

/// The primary identifier of a resource; `None` if it is not in the outputs.
fn identifier(resource: &Resource, account: &Account, outputs: &Outputs) -> Option<Value> {
    let Resource { address, kind, properties, .. } = resource;
    let (_, name) = address.split_once('.')?;
    let own = |key: &str| json!({ key: properties[key] });
    let api = || outputs.apis.get(name).map(|it| &it.id);
    Some(match kind {
        Kind::Bucket => own("BucketName"),
        Kind::BucketPolicy if name == failures::LOGICAL => {
            json!({ "Bucket": failures::bucket_name(account) })
        }
        Kind::BucketPolicy => json!({ "Bucket": outputs.buckets.get(name)? }),
        Kind::Role => own("RoleName"),
        Kind::LogGroup => own("LogGroupName"),
        Kind::Function => own("FunctionName"),
        Kind::EventInvokeConfig => {
            json!({ "FunctionName": properties["FunctionName"], "Qualifier": properties["Qualifier"] })
        }
        Kind::UserPool => json!({ "UserPoolId": outputs.user_pools.get(name)?.id }),
        Kind::UserPoolClient => {
            let (pool, client) = name.split_once('/')?;
            let pool = outputs.user_pools.get(pool)?;
            json!({ "UserPoolId": pool.id, "ClientId": pool.clients.get(client)? })
        }
        Kind::UserPoolGroup => {
            let (pool, _) = name.split_once('/')?;
            let pool = outputs.user_pools.get(pool)?;
            json!({ "UserPoolId": pool.id, "GroupName": properties["GroupName"] })
        }
        Kind::RestApi => json!({ "RestApiId": api()? }),
        Kind::Stage => json!({ "RestApiId": api()?, "StageName": properties["StageName"] }),
        Kind::Permission | Kind::Deployment => return None,
    })
}
