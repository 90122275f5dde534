//! Lambda's answers as AWS gives them: states, defaults, and absent members.

use hyper::Response;
use serde_json::{Value, json};
use stackctl_gateway::Body;

use super::states::show_state;
use crate::{edit, harness::settings::Rule, memory::functions::LastChange, visit::Visit};

/// The answer with the state and the defaults that AWS would return.
pub(crate) async fn show(
    visit: &Visit<'_>,
    response: Response<Body>,
    last_change: Option<LastChange>,
    region: &str,
) -> Response<Body> {
    edit::json(response, |answer| {
        let listed = answer.get("Functions").is_some();
        let configurations = match answer {
            answer if listed => answer["Functions"].as_array_mut().map(|it| it.iter_mut().collect()),
            answer if answer.get("Configuration").is_some() => Some(vec![&mut answer["Configuration"]]),
            answer => Some(vec![answer]),
        };
        for configuration in configurations.unwrap_or_else(Vec::<&mut Value>::new) {
            if let Some(last_change) = last_change.filter(|_| visit.has(Rule::FunctionStates)) {
                show_state(configuration, last_change, visit.is_before(last_change.deadline));
            }
            if visit.has(Rule::Defaults) {
                show_defaults(configuration, region);
            }
            if listed && let Value::Object(map) = configuration {
                map.retain(|name, _| !name.starts_with("State") && !name.starts_with("LastUpdateStatus"));
            }
        }
    })
    .await
}

/// LAM-45.
fn show_defaults(configuration: &mut Value, region: &str) {
    const ABSENT: [&str; 6] = [
        "StateReason",
        "StateReasonCode",
        "LastUpdateStatusReason",
        "LastUpdateStatusReasonCode",
        "KMSKeyArn",
        "Layers",
    ];
    edit::drop_empty(configuration, &ABSENT);
    let name = configuration["FunctionName"].as_str().unwrap_or_default().to_owned();
    if let Value::Object(map) = configuration {
        map.retain(|name, value| {
            name != "VpcConfig" || value["SubnetIds"].as_array().is_some_and(|it| !it.is_empty())
        });
        let version = format!("arn:aws:lambda:{region}::runtime:{}", "0123456789abcdef".repeat(4));
        map.insert("RuntimeVersionConfig".into(), json!({ "RuntimeVersionArn": version }));
    }
    edit::add_missing(
        configuration,
        json!({
            "Architectures": ["x86_64"],
            "EphemeralStorage": { "Size": 512 },
            "LoggingConfig": { "LogFormat": "Text", "LogGroup": format!("/aws/lambda/{name}") },
            "MemorySize": 128,
            "PackageType": "Zip",
            "SnapStart": { "ApplyOn": "None", "OptimizationStatus": "Off" },
            "Timeout": 3,
            "TracingConfig": { "Mode": "PassThrough" },
        }),
    );
}
