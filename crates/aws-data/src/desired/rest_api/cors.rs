//! CORS of an API: its preflights, and the headers of the responses that API Gateway itself creates.

use std::collections::BTreeMap;

use stackctl_stackfile::{
    api::{ApiCors, Method},
    origin::Origins,
};

use super::{
    document::ALLOW_ORIGIN,
    shape::{GatewayResponse, Integration},
};

/// The allowed headers; `*` never covers `Authorization`.
const REQUEST_HEADERS: &str = "Authorization,Content-Type";

/// The headers of an error that a script may read, to distinguish a refusal from a lost connection.
const EXPOSED_HEADERS: &str = "x-amzn-ErrorType,x-amzn-RequestId";

/// The answer to a preflight of a path with these methods.
pub fn preflight<'a>(cors: &ApiCors, methods: impl Iterator<Item = &'a Method>) -> Integration {
    let mut names: Vec<String> = methods.map(ToString::to_string).collect();
    names.push("OPTIONS".to_owned());
    let mut headers = BTreeMap::from([
        ("Access-Control-Allow-Methods".to_owned(), names.join(",")),
        ("Access-Control-Allow-Headers".to_owned(), REQUEST_HEADERS.to_owned()),
        ("Access-Control-Max-Age".to_owned(), cors.max_age.0.to_string()),
        ("Vary".to_owned(), "Origin".to_owned()),
    ]);
    let mut template = String::new();
    match one_origin(&cors.origins) {
        Some(origin) => drop(headers.insert(ALLOW_ORIGIN.to_owned(), origin)),
        None => template = echo_template(&cors.origins),
    }
    Integration::Preflight { headers, template }
}

/// The gateway responses that let a page read the reason of a refusal (AGW-50).
pub fn gateway_responses(cors: &ApiCors) -> BTreeMap<String, GatewayResponse> {
    let quoted = |value: &str| format!("'{value}'");
    let origin = match one_origin(&cors.origins) {
        Some(origin) => quoted(&origin),
        // These responses contain no data, so every origin may read them.
        None => "method.request.header.Origin".to_owned(),
    };
    let response = GatewayResponse {
        status: None,
        headers: BTreeMap::from([
            (ALLOW_ORIGIN.to_owned(), origin),
            ("Access-Control-Allow-Headers".to_owned(), quoted(REQUEST_HEADERS)),
            ("Access-Control-Expose-Headers".to_owned(), quoted(EXPOSED_HEADERS)),
            ("Vary".to_owned(), quoted("Origin")),
        ]),
        templates: BTreeMap::from([(
            "application/json".to_owned(),
            "{\"message\":$context.error.messageString}".to_owned(),
        )]),
    };
    ["DEFAULT_4XX", "DEFAULT_5XX"].map(|kind| (kind.to_owned(), response.clone())).into()
}

/// The origins for the function in a stage variable, which can't contain `*`.
pub fn stage_variable(origins: &Origins) -> String {
    match origins {
        Origins::Any => "any".to_owned(),
        Origins::These(all) => all.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(","),
    }
}

/// The origin for a fixed header; `None` if there are several.
fn one_origin(origins: &Origins) -> Option<String> {
    match origins {
        Origins::Any => Some("*".to_owned()),
        Origins::These(all) if all.len() == 1 => all.first().map(ToString::to_string),
        Origins::These(_) => None,
    }
}

/// A fixed header can't name the caller's origin; a mock's response override can.
fn echo_template(origins: &Origins) -> String {
    let Origins::These(all) = origins else { return String::new() };
    let tests: Vec<String> = all.iter().map(|origin| format!("$origin == \"{origin}\"")).collect();
    format!(
        "#set($origin = $input.params(\"Origin\"))\n\
         #if($origin == \"\")#set($origin = $input.params(\"origin\"))#end\n\
         #if({})#set($context.responseOverride.header.{ALLOW_ORIGIN} = $origin)#end\n",
        tests.join(" || ")
    )
}
