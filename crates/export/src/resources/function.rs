//! A function with its role, its log group, and the permissions of the APIs that invoke it.

use serde_json::json;
use stackctl_aws_data::{
    account::{Account, log_group_name},
    desired::{
        function::{description, environment, secret},
        role,
    },
};
use stackctl_stackfile::{
    function::{Architecture, Function},
    names::LogicalName,
    stack::Stack,
};

use crate::{
    draft::Draft,
    files::CodeFiles,
    kind::Kind,
    resource::{CODE_BUCKET, Owner, Resource, attribute, reference, substituted},
    resources::events,
};

/// Adds the resources of a function.
pub fn resources(
    name: &LogicalName,
    desired: &Function,
    stack: &Stack,
    account: &Account,
    code: &CodeFiles,
    owner: Owner,
    draft: &mut Draft,
) {
    let Function {
        name: _,
        architecture,
        memory,
        timeout,
        environment: _,
        buckets: _,
        role: existing_role,
        log_retention,
        source,
    } = desired;
    let physical = account.function_name(name, desired);
    let group = log_group_name(&physical);
    let [function, role_of, log_group] =
        ["function", "role", "log_group"].map(|kind| format!("{kind}.{name}"));
    let [id, role_id, log_group_id] = [&function, &role_of, &log_group].map(|address| draft.id(address));

    let grants = role::grants(stack, name, desired, account);
    let keys = role::key_use(stack, desired, account);
    let secret = secret(stack, name, account).map(|it| account.parameter_arn(&it));
    let mut role_properties = json!({
        "RoleName": account.role_name(&physical),
        "Path": account.role_path(),
        "Description": role::description(account),
        "AssumeRolePolicyDocument": role::trust().to_json(),
        "Policies": [{
            "PolicyName": role::POLICY,
            "PolicyDocument": role::policy(&grants, keys.as_ref(), secret.as_slice(), &account.log_group_arn(&group)).to_json(),
        }],
    });
    if let Some(boundary) = &stack.boundary {
        role_properties["PermissionsBoundary"] = json!(boundary.to_string());
    }
    owner.add_tags(&mut role_properties, &account.tags_of_region(&role_of));

    let mut group_properties = json!({ "LogGroupName": group, "RetentionInDays": log_retention.0 });
    owner.add_tags(&mut group_properties, &account.tags(&log_group));

    let mut properties = json!({
        "FunctionName": physical,
        "Runtime": source.runtime().as_str(),
        "Handler": source.handler(),
        "Architectures": [match architecture {
            Architecture::X86_64 => "x86_64",
            Architecture::Arm64 => "arm64",
        }],
        "MemorySize": memory.0,
        "Timeout": timeout.0,
        "Code": {
            "S3Bucket": reference(CODE_BUCKET),
            "S3Key": format!("{}/{}", account.stack, code.get(name).map_or("", String::as_str)),
        },
    });
    match existing_role {
        None => {
            // It has the role's id, as `stackctl apply` writes it.
            properties["Description"] = substituted(&description(&format!("${{{role_id}.RoleId}}")));
            properties["Role"] = attribute(&role_id, "Arn");
        }
        // The file does not have a role's path and id.
        Some(role) => properties["Role"] = json!(account.role_arn_at(&format!("/{}", role.existing)).0),
    }
    let variables = environment(stack, desired, account);
    if !variables.is_empty() {
        properties["Environment"] = json!({ "Variables": variables });
    }
    owner.add_tags(&mut properties, &account.tags(&function));

    let resource = |id: &str, address: &str, kind, properties| Resource {
        id: id.to_owned(),
        address: address.to_owned(),
        kind,
        depends_on: Vec::new(),
        retain: false,
        properties,
    };
    if existing_role.is_none() {
        draft.add(resource(&role_id, &role_of, Kind::Role, role_properties));
    }
    draft.add(resource(&log_group_id, &log_group, Kind::LogGroup, group_properties));
    draft.add(Resource {
        // Else Lambda might make the group.
        depends_on: vec![log_group_id],
        ..resource(&id, &function, Kind::Function, properties)
    });
    for (api, desired) in stack.apis.iter().filter(|(_, api)| api.routes.values().any(|it| it == name)) {
        let permission = draft.id(&format!("permission.{name}/{api}"));
        let api = draft.id(&format!("rest_api.{api}"));
        let source = account.invoke_arn(&format!("${{{api}}}"), desired.stage.as_str());
        let properties = json!({
            "FunctionName": reference(&id),
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": substituted(&source.0),
        });
        draft.add(resource(&permission, &function, Kind::Permission, properties));
    }
    events::of_function(name, stack, account, draft);
}
