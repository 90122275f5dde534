//! An API, its deployment and its stage.

use serde_json::json;
use stackctl_aws_data::{
    account::Account,
    desired::rest_api::{document, shape, stage_variables},
};
use stackctl_stackfile::{
    api::{Api, Authorizer, Throttling},
    names::LogicalName,
    stack::Stack,
};

use crate::{
    draft::Draft,
    kind::Kind,
    resource::{Owner, Resource, attribute, reference, substituted},
};

/// Adds the resources of an API, and its outputs.
pub fn resources(
    name: &LogicalName,
    desired: &Api,
    stack: &Stack,
    account: &Account,
    owner: Owner,
    draft: &mut Draft,
) {
    let Api { name: own_name, stage, cors: _, authorizer, throttling, routes: _ } = desired;
    let address = format!("rest_api.{name}");
    let id = draft.id(&address);
    let physical = own_name.as_ref().map_or_else(|| account.name(name), ToString::to_string);

    let mut shape = shape(stack, desired, account);
    if let Authorizer::UserPool(pool) = authorizer {
        shape.authorizers.insert(pool.to_string(), None);
    }
    let mut body = document::document(&physical, &shape);
    let digest: String = document::digest(&body).chars().take(10).collect();
    if let Authorizer::UserPool(pool) = authorizer {
        let arn = match stack.user_pools.get(pool).and_then(|it| it.existing.as_ref()) {
            Some(id) => json!(account.user_pool_arn(id.as_str()).0),
            None => attribute(&draft.id(&format!("user_pool.{pool}")), "Arn"),
        };
        let scheme = &mut body["components"]["securitySchemes"][pool.as_str()];
        scheme["x-amazon-apigateway-authorizer"]["providerARNs"] = json!([arn]);
    }
    let mut properties = json!({
        "Name": physical,
        "EndpointConfiguration": { "Types": ["REGIONAL"] },
        "FailOnWarnings": true,
        "Body": body,
    });
    owner.add_tags(&mut properties, &account.tags(&address));

    // A deployment does not change: another document needs a deployment with another logical id.
    let deployment = draft.id(&format!("deployment.{name}-{digest}"));
    let Throttling { rate, burst } = throttling;
    let mut stage_properties = json!({
        "RestApiId": reference(&id),
        "StageName": stage.as_str(),
        "DeploymentId": reference(&deployment),
        "MethodSettings": [{
            "ResourcePath": "/*",
            "HttpMethod": "*",
            "ThrottlingRateLimit": rate,
            "ThrottlingBurstLimit": burst,
        }],
    });
    let variables = stage_variables(desired);
    if !variables.is_empty() {
        stage_properties["Variables"] = json!(variables);
    }
    owner.add_tags(&mut stage_properties, &account.tags(&address));
    let stage_id = draft.id(&format!("stage.{name}"));

    let resource = |id: &str, kind, properties| Resource {
        id: id.to_owned(),
        address: address.clone(),
        kind,
        depends_on: Vec::new(),
        retain: false,
        properties,
    };
    let url = account.invoke_url(&format!("${{{id}}}"), stage.as_str());
    draft.output(format!("{id}Id"), reference(&id));
    draft.output(format!("{id}Endpoint"), substituted(&url));
    draft.add(resource(&id, Kind::RestApi, properties));
    draft.add(resource(&deployment, Kind::Deployment, json!({ "RestApiId": reference(&id) })));
    draft.add(resource(&stage_id, Kind::Stage, stage_properties));
}
