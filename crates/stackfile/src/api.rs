//! A REST API of API Gateway, its routes, its authorizer and its CORS.

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use crate::values::route::{Method, Route};

use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::{
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
        record::record,
        reference::RefTo,
    },
    routes::Routes,
    user_pool::UserPool,
    values::{
        names::{ApiName, LogicalName, StageName},
        origin::{Origin, Origins},
        range::{Lasting, Whole},
        units::Seconds,
    },
};

record! {
    "an API";
    /// A REST API with one stage.
    pub struct Api {
        /// Its name in AWS, when it is not the computed one.
        pub name: Option<ApiName>,
        /// The stage its address ends in. Default: `production`.
        pub stage: StageName = "production",
        /// The pages that may call it. Without this key the API has no CORS.
        pub cors: Option<ApiCors>,
        /// The name of the user pool whose users may call it, or `none`.
        pub authorizer: Authorizer,
        /// How many calls a second it takes.
        pub throttling: Throttling,
        /// For each method and path, the name of the function that answers.
        pub routes: BTreeMap<Route, LogicalName> as Routes,
    }
}

record! {
    "CORS of an API";
    /// CORS of a REST API.
    pub struct ApiCors {
        /// Pages that may call it. As a stage variable they take 512 characters at most.
        pub origins: Origins as OriginsOfApi,
        /// How long a browser may keep the answer of a preflight. Default: 5 minutes.
        pub max_age: Seconds as Lasting<0, 86_400> = "5m",
    }
}

record! {
    "throttling";
    /// Throttling of a stage, for all its methods.
    #[derive(Copy)]
    pub struct Throttling {
        /// Requests a second, 1 to 10,000. Default: 50.
        pub rate: u32 as Whole<u32, 1, 10_000> = "50",
        /// Requests at once, 1 to 5,000. Default: 100.
        pub burst: u32 as Whole<u32, 1, 5_000> = "100",
    }
}

/// Who may call an API: there is no default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorizer {
    /// `none`: anyone.
    None,
    /// The logical name of a user pool, whose users may call it.
    UserPool(LogicalName),
}

impl Read for Authorizer {
    type Value = Authorizer;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Authorizer> {
        match &node.value {
            Value::Scalar { text, .. } if text == "none" => Some(Authorizer::None),
            Value::Nothing => {
                let help = "write the name of a user pool, or `none` when anyone may call it";
                reader.wrong_kind(node, "a user pool or `none`", Some(help));
                None
            }
            Value::Scalar { text, .. } if text.eq_ignore_ascii_case("none") => {
                let problem = Problem::new(node.span, "unknown user pool", "no user pool has this name");
                reader.tell(problem.help("write `none` when anyone may call it"));
                None
            }
            _ => RefTo::<UserPool>::read(node, reader).map(Authorizer::UserPool),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        RefTo::<UserPool>::schema(definitions)
    }
}

/// Origins that fit into a stage variable.
struct OriginsOfApi;

impl Read for OriginsOfApi {
    type Value = Origins;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Origins> {
        const MOST: usize = 512;
        let origins = Origins::read(node, reader)?;
        let Origins::These(all) = &origins else { return Some(origins) };
        let length = all.iter().map(Origin::as_str).collect::<Vec<_>>().join(",").len();
        if length > MOST {
            let label = format!("{length} characters in all; API Gateway takes {MOST}");
            let problem = Problem::new(node.span, "too many origins", label);
            reader.tell(problem.help("name fewer, or write `origins: \"*\"`: callers still have to sign in"));
            return None;
        }
        if let Some(address) = all.iter().find(|it| it.as_str().contains('[')) {
            let label = format!("API Gateway can't keep the brackets of `{address}`");
            let problem = Problem::new(node.span, "an IPv6 address as origin", label);
            reader.tell(problem.help("use a name, such as `localhost`"));
            return None;
        }
        Some(origins)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        Origins::schema(definitions)
    }
}
