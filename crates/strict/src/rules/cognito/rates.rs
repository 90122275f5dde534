//! Cognito's request rates.

use crate::memory::tokens::Rate;

/// COG-40; users' sign-ins have other rates.
pub(crate) fn rates(operation: &str, pool: &str) -> Vec<Rate> {
    let (category, burst) = match operation {
        "DescribeUserPool" | "ListUserPools" => return vec![Rate::new("UserPoolRead", 15.0, 15.0)],
        "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool" => {
            return vec![Rate::new("UserPoolUpdate", 15.0, 15.0)];
        }
        "DescribeUserPoolClient" | "ListUserPoolClients" => ("UserPoolClientRead", 15.0),
        "CreateUserPoolClient" | "UpdateUserPoolClient" | "DeleteUserPoolClient" => {
            ("UserPoolClientUpdate", 15.0)
        }
        "DescribeUserPoolDomain"
        | "DescribeResourceServer"
        | "DescribeIdentityProvider"
        | "GetGroup"
        | "GetUserPoolMfaConfig"
        | "ListGroups"
        | "ListIdentityProviders"
        | "ListResourceServers"
        | "ListTagsForResource" => ("UserPoolResourceRead", 20.0),
        "AddCustomAttributes"
        | "CreateGroup"
        | "CreateUserPoolDomain"
        | "DeleteGroup"
        | "DeleteUserPoolDomain"
        | "SetUserPoolMfaConfig"
        | "TagResource"
        | "UntagResource"
        | "UpdateGroup"
        | "UpdateUserPoolDomain" => ("UserPoolResourceUpdate", 15.0),
        _ => return Vec::new(),
    };
    vec![Rate::new(category, burst, burst), Rate::new(format!("{operation} {pool}"), 5.0, 5.0)]
}
