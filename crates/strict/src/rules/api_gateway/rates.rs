//! The request rates of API Gateway's control plane (AGW-01).

use serde_json::Value;
use stackctl_gateway::CloudRequest;

use crate::memory::tokens::Rate;

pub(crate) async fn rates(request: &mut CloudRequest) -> Vec<Rate> {
    let name = request.operation.name.clone().unwrap_or_default();
    match name.as_ref() {
        // An edge-optimized API, which is the default (AGW-20).
        "CreateRestApi" if !is_regional(request).await => rates_of("CreateRestApi edge"),
        name => rates_of(name),
    }
}

fn rates_of(name: &str) -> Vec<Rate> {
    let of = format!("apigateway {name}");
    let own = match name {
        "CreateRestApi edge" | "DeleteRestApi" => Some(Rate::one_in(of, 30.0)),
        "CreateRestApi" | "ImportRestApi" => Some(Rate::one_in(of, 3.0)),
        "PutRestApi" => Some(Rate::one_in(of, 1.0)),
        "CreateDeployment" => Some(Rate::one_in(of, 5.0)),
        "UpdateAccount" | "UpdateUsagePlan" => Some(Rate::one_in(of, 20.0)),
        "CreateResource" | "DeleteResource" | "CreateApiKey" => Some(Rate::new(of, 5.0, 5.0)),
        "GetResources" => Some(Rate::new(of, 5.0, 2.5)),
        _ => None,
    };
    own.into_iter().chain([Rate::new("apigateway", 40.0, 10.0)]).collect()
}

async fn is_regional(request: &mut CloudRequest) -> bool {
    let body: Value = serde_json::from_str(&request.read_text().await).unwrap_or_default();
    let types = &body["endpointConfiguration"]["types"];
    types.as_array().is_some_and(|it| it.iter().any(|it| it == "REGIONAL" || it == "PRIVATE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many at once, and how many in a minute.
    fn check(name: &str, burst: f64, per_minute: f64) {
        let rates = rates_of(name);
        let own = rates.iter().find(|it| it.of != "apigateway");
        let told = own.map(|it| (it.burst, (it.per_second * 60.0).round()));
        assert_eq!(told, Some((burst, per_minute)), "{name}");
    }

    #[test]
    fn each_operation_and_all_of_them() {
        check("CreateRestApi", 1.0, 20.0);
        check("CreateRestApi edge", 1.0, 2.0);
        check("ImportRestApi", 1.0, 20.0);
        check("DeleteRestApi", 1.0, 2.0);
        check("PutRestApi", 1.0, 60.0);
        check("CreateDeployment", 1.0, 12.0);
        check("CreateResource", 5.0, 300.0);
        check("DeleteResource", 5.0, 300.0);
        check("CreateApiKey", 5.0, 300.0);
        check("GetResources", 5.0, 150.0);
        check("UpdateAccount", 1.0, 3.0);
        check("UpdateUsagePlan", 1.0, 3.0);
        let all = Rate::new("apigateway", 40.0, 10.0);
        assert!(rates_of("GetResources").contains(&all));
        assert_eq!(rates_of("GetRestApi"), [all]);
    }
}
