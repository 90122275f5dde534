//! The kinds of resources that have marks of a stack, and how each is found and marked.

use stackctl_apigateway::rest_api;
use stackctl_aws_client::{adopting::Found, clients::Aws, request::error::AwsError};
use stackctl_aws_data::tags::TagChange;
use stackctl_cognito::{user_pool, user_pool_group};
use stackctl_engine::{Address, Reporter};
use stackctl_lambda::{function, log_group, role, secret};
use stackctl_s3::bucket;

/// A kind of resources that have tags, or, for groups, a description in place of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Marked {
    Bucket,
    Role,
    LogGroup,
    Secret,
    UserPool,
    Group,
    RestApi,
    Function,
}

/// How the file calls a resource, and where.
#[derive(Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// `name:` below the section at this path.
    Key(String),
    /// It follows from the name of the function at this path.
    Function(String),
    /// It follows from the names of the stack and of a bucket.
    Nothing,
}

impl Marked {
    /// The kind of this name, as in addresses.
    pub fn of(kind: &str) -> Option<Marked> {
        Some(match kind {
            "bucket" => Marked::Bucket,
            "role" => Marked::Role,
            "log_group" => Marked::LogGroup,
            "secret" => Marked::Secret,
            "user_pool" => Marked::UserPool,
            "user_pool_group" => Marked::Group,
            "rest_api" => Marked::RestApi,
            "function" => Marked::Function,
            _ => return None,
        })
    }

    /// The kind in a sentence.
    pub fn what(self) -> &'static str {
        match self {
            Marked::Bucket => "bucket",
            Marked::Role => "role",
            Marked::LogGroup => "log group",
            Marked::Secret => "parameter",
            Marked::UserPool => "user pool",
            Marked::Group => "group",
            Marked::RestApi => "REST API",
            Marked::Function => "function",
        }
    }

    /// Where the file gives the name of the resource at an address.
    pub fn named_by(self, address: &Address) -> NamedBy {
        let name = &address.name;
        match self {
            Marked::Bucket => NamedBy::Key(format!("buckets.{name}")),
            Marked::UserPool => NamedBy::Key(format!("user_pools.{name}")),
            Marked::RestApi => NamedBy::Key(format!("apis.{name}")),
            Marked::Function => NamedBy::Key(format!("functions.{name}")),
            Marked::Role | Marked::LogGroup => NamedBy::Function(format!("functions.{name}")),
            Marked::Secret | Marked::Group => NamedBy::Nothing,
        }
    }

    /// The resources with a name or an id: one at most, but for kinds whose names are not unique. A group has none.
    ///
    /// # Errors
    /// AWS's, and a resource of another region.
    pub async fn find(self, name_or_id: &str, aws: &Aws) -> Result<Vec<Found>, AwsError> {
        // The SDK sends no request without a name, and S3 takes what follows a `/` as an object.
        if name_or_id.is_empty() || (self == Marked::Bucket && name_or_id.contains('/')) {
            return Ok(Vec::new());
        }
        let one = match self {
            Marked::UserPool => return user_pool::marks::find(name_or_id, aws).await,
            Marked::RestApi => return rest_api::marks::find(name_or_id, aws).await,
            Marked::Bucket => bucket::marks::find(name_or_id, aws).await?,
            Marked::Role => role::marks::find(name_or_id, aws).await?,
            Marked::LogGroup => log_group::marks::find(name_or_id, aws).await?,
            Marked::Secret => secret::find(name_or_id, aws).await?,
            Marked::Function => function::marks::find(name_or_id, aws).await?,
            Marked::Group => None,
        };
        Ok(one.into_iter().collect())
    }

    /// Changes the tags of the resource with an id, and keeps all others. Of a group, whose id is that of its pool, a `/` and
    /// its name, it removes the description.
    ///
    /// # Errors
    /// AWS's.
    pub async fn change(
        self,
        id: &str,
        change: &TagChange,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        match self {
            Marked::Bucket => bucket::marks::change(id, change, aws, reporter).await,
            Marked::Role => role::marks::change(id, change, aws, reporter).await,
            Marked::LogGroup => log_group::marks::change(id, change, aws, reporter).await,
            Marked::Secret => secret::change_tags(id, change, aws, reporter).await,
            Marked::UserPool => user_pool::marks::change(id, change, aws, reporter).await,
            Marked::RestApi => rest_api::marks::change(id, change, aws, reporter).await,
            Marked::Function => function::marks::change(id, change, aws, reporter).await,
            Marked::Group => match id.split_once('/') {
                Some((pool, group)) => user_pool_group::release(pool, group, aws, reporter).await,
                None => Ok(()),
            },
        }
    }
}
