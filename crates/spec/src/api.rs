//! A REST API of API Gateway, its routes, its authorizer and its CORS.

use std::{collections::BTreeMap, fmt};

use crate::{
    names::{ApiName, LogicalName, StageName},
    origin::Origins,
    units::Seconds,
};

/// A REST API with one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// Its name in AWS, when it is not the computed one.
    pub name: Option<ApiName>,
    /// The stage its address ends in. Default: `production`.
    pub stage: StageName,
    /// Which pages may call it; none: no CORS at all.
    pub cors: Option<ApiCors>,
    /// Whose users may call it.
    pub authorizer: Authorizer,
    /// How many calls a second it takes.
    pub throttling: Throttling,
    /// What answers.
    pub routes: BTreeMap<Route, LogicalName>,
}

/// CORS of a REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCors {
    /// Pages that may call it. As a stage variable they take 512 characters at most.
    pub origins: Origins,
    /// How long a browser may keep the answer of a preflight. Default: 5 minutes.
    pub max_age: Seconds,
}

/// Who may call an API: there is no default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorizer {
    /// `none`: anyone.
    None,
    /// The logical name of a user pool: whoever is signed in there.
    UserPool(LogicalName),
}

/// Throttling of a stage, for all its methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttling {
    /// Requests a second, 1 to 10,000. Default: 50.
    pub rate: u32,
    /// Requests at once, 1 to 5,000. Default: 100.
    pub burst: u32,
}

/// A method and a path, as in `POST /uploads/{key+}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path; begins with `/`.
    pub path: String,
    /// The method.
    pub method: Method,
}

impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.path)
    }
}

/// A method of a route. OPTIONS is not among them: CORS answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        })
    }
}
