//! Example outputs, for tests and for the reference of the JSON lines.

use std::collections::BTreeMap;

use stackctl_aws_data::outputs::{ApiOutputs, Outputs, UserPoolOutputs};

fn map<T>(entries: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

fn api(id: &str) -> ApiOutputs {
    let endpoint = format!("https://{id}.execute-api.eu-west-1.amazonaws.com/production");
    let routes = map([("GET /", endpoint.clone()), ("POST /files", format!("{endpoint}/files"))]);
    ApiOutputs { id: id.to_owned(), endpoint, routes }
}

/// A stack with one of each.
pub fn one_of_each() -> Outputs {
    Outputs {
        stack: "demo".to_owned(),
        region: "eu-west-1".to_owned(),
        endpoint: Some(api("abc123").endpoint),
        user_pool_id: Some("eu-west-1_AbCdEf".to_owned()),
        client_id: Some("1h57kf5cpq17m0eml12EXAMPLE".to_owned()),
        bucket: Some("demo-uploads-000000000000-eu-west-1".to_owned()),
        cognito_endpoint: None,
        apis: map([("uploads", api("abc123"))]),
        user_pools: map([(
            "users",
            UserPoolOutputs {
                id: "eu-west-1_AbCdEf".to_owned(),
                clients: map([("web", "1h57kf5cpq17m0eml12EXAMPLE".to_owned())]),
            },
        )]),
        buckets: map([("uploads", "demo-uploads-000000000000-eu-west-1".to_owned())]),
    }
}

/// A stack with several of each, on the local cloud.
pub fn several() -> Outputs {
    let pool = |id: &str, clients: Vec<&'static str>| UserPoolOutputs {
        id: id.to_owned(),
        clients: map(clients.into_iter().map(|name| (name, format!("client-{name}")))),
    };
    Outputs {
        endpoint: None,
        user_pool_id: None,
        client_id: None,
        bucket: None,
        cognito_endpoint: Some("http://127.0.0.1:4599".to_owned()),
        apis: map([("admin-tools", api("one")), ("uploads", api("two"))]),
        user_pools: map([
            ("staff", pool("pool-1", vec!["web"])),
            ("users", pool("pool-2", vec!["ios", "web"])),
        ]),
        buckets: map([("photos", "demo-photos".to_owned()), ("uploads", "demo-uploads".to_owned())]),
        ..one_of_each()
    }
}

/// A stack file that fits both.
#[cfg(test)]
pub fn stack() -> stackctl_stackfile::stack::Stack {
    let text = "stack: demo\nregion: eu-west-1\nuser_pools: { staff: { password: { minimum_length: 12, symbols: false } }, users: { sign_up: open, sign_in_with: [email] } }\n";
    stackctl_stackfile::parse(text, None).unwrap_or_else(|problems| panic!("{problems:?}"))
}
