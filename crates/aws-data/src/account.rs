//! Whose account it is, and every name and ARN that can be computed from that.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use sha2::{Digest as _, Sha256};

use stackctl_stackfile::{
    bucket::Bucket,
    function::Function,
    names::{LogicalName, RegionName, StackName},
    resource_names::{bucket_name, client_name, resource_name, webhook_secret_name},
    stack::Stack,
    user_pool::Client,
};

use crate::tags::Tags;

/// An account of AWS, a region in it, and a stack in that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
    /// `aws`, `aws-us-gov`, ….
    pub partition: String,
    /// The region.
    pub region: RegionName,
    /// The stack's name.
    pub stack: StackName,
    /// The tags of the file.
    pub file_tags: BTreeMap<String, String>,
    /// Where AWS answers instead of its own addresses; without a `/` at its end.
    pub endpoint: Option<String>,
}

/// The issuer of the tokens of GitHub's jobs.
pub const GITHUB: &str = "token.actions.githubusercontent.com";

/// An ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arn(pub String);

impl fmt::Display for Arn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Account {
    fn arn(&self, service: &str, region: &str, account: &str, rest: fmt::Arguments<'_>) -> Arn {
        Arn(format!("arn:{}:{service}:{region}:{account}:{rest}", self.partition))
    }

    /// `{stack}-{logical}`: the name of what is unique in the account, and of pools and APIs.
    pub fn name(&self, logical: &LogicalName) -> String {
        resource_name(&self.stack, logical)
    }

    /// `{stack}-{pool}-{client}`, or the file's own name.
    pub fn client_name(&self, pool: &LogicalName, logical: &LogicalName, client: &Client) -> String {
        client.name.as_ref().map_or_else(|| client_name(&self.stack, pool, logical), ToString::to_string)
    }

    /// `{stack}-{logical}-{account}-{region}`, or the name in the file: bucket names are unique in the world.
    pub fn bucket_name(&self, logical: &LogicalName, bucket: &Bucket) -> String {
        match bucket.existing.as_ref().or(bucket.name.as_ref()) {
            Some(name) => name.to_string(),
            None => bucket_name(&self.stack, logical, &self.id, &self.region),
        }
    }

    /// The name of a function.
    pub fn function_name(&self, logical: &LogicalName, function: &Function) -> String {
        function_name(&self.stack, logical, function)
    }

    /// The name of a function of the file, its own or one that others made.
    pub fn called_function_name(&self, stack: &Stack, logical: &LogicalName) -> String {
        match stack.existing_functions.get(logical) {
            Some(name) => name.to_string(),
            None => self.function_name(logical, &stack.functions[logical]),
        }
    }

    /// The names of the file's functions.
    pub fn function_names(&self, stack: &Stack) -> impl Iterator<Item = String> {
        stack.functions.iter().map(|(name, it)| self.function_name(name, it))
    }

    /// The name of a function's role.
    pub fn role_name(&self, function: &str) -> String {
        role_name(function, &self.region)
    }

    /// The name of a role that a function has for a moment (LAM-40).
    pub fn interim_role_name(&self, function: &str) -> String {
        format!("{}-interim-{}", self.stack, digest(&self.role_name(function)))
    }

    /// The name of the lock.
    pub fn lock_name(&self) -> String {
        format!("/stackctl/{}/lock", self.stack)
    }

    /// The lock's ARN.
    pub fn lock_arn(&self) -> Arn {
        self.parameter_arn(&self.lock_name())
    }

    /// The name of the parameter with the secret of a bucket's webhook, by the bucket's logical name.
    pub fn webhook_secret_name(&self, bucket: impl fmt::Display) -> String {
        webhook_secret_name(&self.stack, bucket)
    }

    /// The ARN of a parameter whose name begins with `/`; of several with `*` in the name.
    pub fn parameter_arn(&self, name: &str) -> Arn {
        self.arn("ssm", self.region.as_str(), &self.id, format_args!("parameter{name}"))
    }

    /// The pattern of every KMS key's ARN.
    pub fn any_key_arn(&self) -> Arn {
        self.arn("kms", self.region.as_str(), &self.id, format_args!("key/*"))
    }

    /// The pattern of every user pool's ARN: their ids are random.
    pub fn any_pool_arn(&self) -> Arn {
        self.arn("cognito-idp", self.region.as_str(), &self.id, format_args!("userpool/*"))
    }

    /// The ARN of a role that an AWS service makes for itself.
    pub fn service_linked_role_arn(&self, service: &str, role: &str) -> Arn {
        Arn(format!("arn:{}:iam::{}:role/aws-service-role/{service}/{role}", self.partition, self.id))
    }

    /// The bucket's ARN.
    pub fn bucket_arn(&self, bucket: &str) -> Arn {
        Arn(format!("arn:{}:s3:::{bucket}", self.partition))
    }

    /// The path of the stack's roles.
    pub fn role_path(&self) -> String {
        role_path(&self.stack, &self.region)
    }

    /// The role's ARN.
    pub fn role_arn(&self, role: &str) -> Arn {
        self.arn("iam", "", &self.id, format_args!("role{}{role}", self.role_path()))
    }

    /// The ARN of a role, or a pattern of roles, at any path; `path` is from the first `/` on.
    pub fn role_arn_at(&self, path: &str) -> Arn {
        self.arn("iam", "", &self.id, format_args!("role{path}"))
    }

    /// The ARN of the identity provider whose tokens GitHub's jobs have.
    pub fn github_provider_arn(&self) -> Arn {
        self.arn("iam", "", &self.id, format_args!("oidc-provider/{GITHUB}"))
    }

    /// The ARN that IAM knows a path of API Gateway's API by, without a `/` at its beginning.
    pub fn api_gateway_arn(&self, path: &str) -> Arn {
        self.arn("apigateway", self.region.as_str(), "", format_args!("/{path}"))
    }

    /// The function's ARN.
    pub fn function_arn(&self, function: &str) -> Arn {
        self.arn("lambda", self.region.as_str(), &self.id, format_args!("function:{function}"))
    }

    /// The URI by which an integration of API Gateway invokes the function.
    pub fn invocation_uri(&self, function: &str) -> Arn {
        let function = self.function_arn(function);
        self.arn(
            "apigateway",
            self.region.as_str(),
            "lambda",
            format_args!("path/2015-03-31/functions/{function}/invocations"),
        )
    }

    /// What invokes functions when any route of a stage is called (LAM-47).
    pub fn invoke_arn(&self, api: &str, stage: &str) -> Arn {
        self.arn("execute-api", self.region.as_str(), &self.id, format_args!("{api}/{stage}/*"))
    }

    /// The log group's ARN, without the `:*` that some APIs append (LOG-05).
    pub fn log_group_arn(&self, group: &str) -> Arn {
        self.arn("logs", self.region.as_str(), &self.id, format_args!("log-group:{group}"))
    }

    /// The user pool's ARN.
    pub fn user_pool_arn(&self, id: &str) -> Arn {
        self.arn("cognito-idp", self.region.as_str(), &self.id, format_args!("userpool/{id}"))
    }

    /// The API's ARN, as tags take it.
    pub fn api_arn(&self, id: &str) -> Arn {
        self.arn("apigateway", self.region.as_str(), "", format_args!("/restapis/{id}"))
    }

    /// The stage's ARN, as tags take it.
    pub fn stage_arn(&self, api: &str, stage: &str) -> Arn {
        self.arn("apigateway", self.region.as_str(), "", format_args!("/restapis/{api}/stages/{stage}"))
    }

    /// Where a stage answers, without a `/` at its end.
    pub fn invoke_url(&self, api: &str, stage: &str) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{endpoint}/_aws/execute-api/{api}/{stage}"),
            None => format!("https://{api}.execute-api.{}.{}/{stage}", self.region, self.dns_suffix()),
        }
    }

    /// The end of the names of AWS's hosts.
    pub fn dns_suffix(&self) -> &str {
        match self.partition.as_str() {
            "aws-cn" => "amazonaws.com.cn",
            "aws-eusc" => "amazonaws.eu",
            _ => "amazonaws.com",
        }
    }

    /// The tags of the thing at an address, such as `bucket.uploads`.
    pub fn tags(&self, address: &str) -> Tags {
        Tags::desired(self.stack.as_str(), address, &self.file_tags)
    }

    /// The tags of the thing at an address, where AWS knows its name in all regions.
    pub fn tags_of_region(&self, address: &str) -> Tags {
        self.tags(address).of_region(self.region.as_str())
    }

    /// The account of a stack.
    pub fn new(
        stack: &Stack,
        region: RegionName,
        id: String,
        partition: String,
        endpoint: Option<String>,
    ) -> Account {
        Account { id, partition, region, stack: stack.name.clone(), file_tags: stack.tags.clone(), endpoint }
    }

    /// The account of a stack without asking AWS: the partition follows from the region's name.
    pub fn offline(stack: &Stack, id: String) -> Account {
        let partitions = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")];
        let of_region = partitions.iter().find(|(prefix, _)| stack.region.as_str().starts_with(prefix));
        let partition = of_region.map_or("aws", |(_, partition)| partition).to_owned();
        Account::new(stack, stack.region.clone(), id, partition, None)
    }
}

/// The path of a stack's roles in a region.
pub fn role_path(stack: &StackName, region: &RegionName) -> String {
    format!("{}{region}/", role_path_without_region(stack))
}

/// The beginning of the paths of a stack's roles in all regions; earlier versions of stackctl put the roles there.
pub fn role_path_without_region(stack: &StackName) -> String {
    format!("/stackctl/{stack}/")
}

/// The name of a function's role: `{function}-{region}`, since IAM knows a name once for all regions. What is too
/// long for IAM (IAM-14) is cut, and has a digest of the function's whole name instead.
pub fn role_name(function: &str, region: &RegionName) -> String {
    const LONGEST: usize = 64;
    let whole = format!("{function}-{region}");
    if whole.len() <= LONGEST {
        return whole;
    }
    let end = format!("-{}-{region}", digest(function));
    function.chars().take(LONGEST.saturating_sub(end.len())).collect::<String>() + &end
}

/// Eight characters that tell one name from another.
pub fn digest(name: &str) -> String {
    Sha256::digest(name).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a function.
pub fn function_name(stack: &StackName, logical: &LogicalName, function: &Function) -> String {
    function.name.as_ref().map_or_else(|| resource_name(stack, logical), ToString::to_string)
}

/// The pattern of all names that begin with the stack's, which those of resources that left the file do too, and the
/// given names that don't.
pub fn with_prefix(stack: &StackName, names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let prefix = format!("{stack}-");
    names.filter(|it| !it.starts_with(&prefix)).chain([format!("{prefix}*")]).collect()
}

/// The log group that Lambda writes a function's logs to.
pub fn log_group_name(function: &str) -> String {
    format!("/aws/lambda/{function}")
}

/// The beginning of the names of the log groups of a stack's functions; another stack whose name begins with this one's
/// shares it.
pub fn log_group_prefix(stack: &StackName) -> String {
    log_group_name(&name_prefix(stack))
}

/// The beginning of the names of a stack's buckets, pools and APIs; another stack whose name begins with this one's shares
/// it.
pub fn name_prefix(stack: &StackName) -> String {
    format!("{stack}-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles() {
        let check = |function: &str, expected: &str| {
            let name = role_name(function, &"eu-west-1".parse().unwrap());
            assert_eq!(name, expected);
            assert!(name.len() <= 64, "{name}");
        };
        check("app-presign", "app-presign-eu-west-1");
        check(&"f".repeat(54), &format!("{}-eu-west-1", "f".repeat(54)));
        check(&"f".repeat(55), &format!("{}-98c5143a-eu-west-1", "f".repeat(45)));
        check(&"f".repeat(64), &format!("{}-df0790f2-eu-west-1", "f".repeat(45)));
    }
}
