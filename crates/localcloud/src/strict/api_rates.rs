//! How often API Gateway's control plane lets things be asked (AGW-01).

use serde_json::Value;

use super::rates::Rate;
use crate::gateway::Asked;

pub(crate) async fn rates(asked: &mut Asked) -> Vec<Rate> {
    let name = asked.operation.name.clone().unwrap_or_default();
    let of = |what: &str| format!("apigateway {what}");
    let own = match name.as_ref() {
        // An edge API, which is what AWS makes unless told otherwise (AGW-20).
        "CreateRestApi" if !is_regional(asked).await => Some(Rate::one_in(of("CreateRestApi edge"), 30.0)),
        "CreateRestApi" | "ImportRestApi" => Some(Rate::one_in(of(&name), 3.0)),
        "DeleteRestApi" => Some(Rate::one_in(of(&name), 30.0)),
        "PutRestApi" => Some(Rate::one_in(of(&name), 1.0)),
        "CreateDeployment" => Some(Rate::one_in(of(&name), 5.0)),
        "UpdateAccount" => Some(Rate::one_in(of(&name), 20.0)),
        "CreateResource" | "DeleteResource" => Some(Rate::new(of(&name), 5.0, 5.0)),
        "GetResources" => Some(Rate::new(of(&name), 5.0, 2.5)),
        _ => None,
    };
    own.into_iter().chain([Rate::new("apigateway", 40.0, 10.0)]).collect()
}

async fn is_regional(asked: &mut Asked) -> bool {
    let body: Value = serde_json::from_str(&asked.read_text().await).unwrap_or_default();
    let types = &body["endpointConfiguration"]["types"];
    types.as_array().is_some_and(|it| it.iter().any(|it| it == "REGIONAL" || it == "PRIVATE"))
}
