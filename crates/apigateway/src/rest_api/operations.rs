//! The operations of API Gateway, and how it answers. Its IAM actions are the methods of HTTP.

use std::collections::BTreeSet;

use stackctl_aws_client::request::operation::{
    APPLY, APPLY_OR_ADOPT, Class, LOCATE, LOOK, Meaning, Rate, Schedule, Scope, Service, Target, operations,
};
use stackctl_aws_data::tags;

/// Amazon API Gateway.
pub static API_GATEWAY: Service = Service {
    meanings: &[
        // The same code also means "busy", so these rows come first.
        Meaning::of("ConflictException", "already exists", Class::Exists),
        Meaning::of("ConflictException", "already has this name", Class::Exists),
        Meaning::of("ConflictException", "try again later", Class::Busy),
        Meaning::of("BadRequestException", "try again later", Class::Busy),
    ],
    // AGW-01. Once in so many seconds is no rate to keep: most stacks have one API, and a cloud that takes two at once
    // need not be waited for.
    rates: |operation| {
        let own = (operation == "GetResources").then_some(Rate {
            of: "apigateway:GetResources",
            burst: 5,
            per_second: 2.5,
        });
        own.into_iter().chain([Rate { of: "apigateway", burst: 40, per_second: 10.0 }]).collect()
    },
    // The account's own windows (AGW-01).
    throttled: |operation| match operation {
        "DeleteRestApi" => Some(Schedule::new(5_000, 10_000, 300).jittered()),
        "CreateDeployment" => Some(Schedule::new(1_000, 5_000, 300).jittered()),
        _ => None,
    },
    ..Service::new()
};

/// The list of the APIs of the region: their ids are random.
static API_LIST: Target = Target { resources: |scope| path(scope, "restapis"), ..Target::new("ApiList") };

/// An API that is being made, with the stack's tag.
static NEW_APIS: Target = Target {
    resources: |scope| path(scope, "restapis"),
    condition: |scope| Some(tags::condition("RequestTag", scope.stack.name.as_str())),
    ..Target::new("NewApis")
};

/// The APIs with the stack's tag, and all that is part of them (AGW-73).
static APIS: Target = Target {
    resources: |scope| path(scope, "restapis/*"),
    condition: |scope| Some(tags::condition("ResourceTag", scope.stack.name.as_str())),
    ..Target::new("Apis")
};

/// The tags of the APIs and stages of the region, by the percent-encoded ARN of an API (AGW-68); the API itself is asked
/// about too (AGW-69).
static API_TAGS: Target =
    Target { resources: |scope| path(scope, "tags/*restapis*"), ..Target::new("ApiTags") };

fn path(Scope { account, .. }: &Scope<'_>, path: &str) -> BTreeSet<String> {
    BTreeSet::from([account.api_gateway_arn(path).0])
}

operations! {
    &API_GATEWAY;
    // API Gateway knows no actions but the methods of HTTP.
    GET_REST_APIS = "apigateway:GetRestApis": LOCATE ["apigateway:GET"] API_LIST;
    GET_RESOURCES = "apigateway:GetResources": LOOK ["apigateway:GET"] APIS;
    GET_AUTHORIZERS = "apigateway:GetAuthorizers": LOOK ["apigateway:GET"] APIS;
    GET_GATEWAY_RESPONSES = "apigateway:GetGatewayResponses": LOOK ["apigateway:GET"] APIS;
    GET_STAGES = "apigateway:GetStages": LOOK ["apigateway:GET"] APIS;
    GET_DEPLOYMENTS = "apigateway:GetDeployments": APPLY ["apigateway:GET"] APIS;
    // The create calls set tags (AGW-68).
    CREATE_REST_API = "apigateway:CreateRestApi": APPLY ["apigateway:POST"] NEW_APIS APPLY ["apigateway:PUT"] API_TAGS;
    UPDATE_REST_API = "apigateway:UpdateRestApi": APPLY ["apigateway:PATCH"] APIS;
    PUT_REST_API = "apigateway:PutRestApi": APPLY ["apigateway:PUT"] APIS;
    UPDATE_AUTHORIZER = "apigateway:UpdateAuthorizer": APPLY ["apigateway:PATCH"] APIS;
    CREATE_DEPLOYMENT = "apigateway:CreateDeployment": APPLY ["apigateway:POST"] APIS;
    CREATE_STAGE = "apigateway:CreateStage": APPLY ["apigateway:POST"] APIS APPLY ["apigateway:PUT"] API_TAGS;
    UPDATE_STAGE = "apigateway:UpdateStage": APPLY ["apigateway:PATCH"] APIS;
    DELETE_METHOD = "apigateway:DeleteMethod": APPLY ["apigateway:DELETE"] APIS;
    DELETE_STAGE = "apigateway:DeleteStage": APPLY ["apigateway:DELETE"] APIS;
    DELETE_REST_API = "apigateway:DeleteRestApi": APPLY ["apigateway:DELETE"] APIS;
    // The thing itself is asked about too (AGW-69).
    TAG_RESOURCE = "apigateway:TagResource": APPLY_OR_ADOPT ["apigateway:PUT"] API_TAGS APPLY_OR_ADOPT ["apigateway:PATCH"] APIS;
    UNTAG_RESOURCE = "apigateway:UntagResource": APPLY_OR_ADOPT ["apigateway:DELETE"] API_TAGS APPLY_OR_ADOPT ["apigateway:PATCH"] APIS;
}
