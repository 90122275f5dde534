//! The types of resources in a template.

/// The type of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A bucket.
    Bucket,
    /// The policy of a bucket.
    BucketPolicy,
    /// A role.
    Role,
    /// A log group.
    LogGroup,
    /// A function.
    Function,
    /// A permission to invoke a function.
    Permission,
    /// How Lambda calls a function for an event.
    EventInvokeConfig,
    /// A user pool.
    UserPool,
    /// An app client.
    UserPoolClient,
    /// A group of a user pool.
    UserPoolGroup,
    /// An API.
    RestApi,
    /// A deployment of an API.
    Deployment,
    /// A stage of an API.
    Stage,
}

impl Kind {
    /// As CloudFormation names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Bucket => "AWS::S3::Bucket",
            Kind::BucketPolicy => "AWS::S3::BucketPolicy",
            Kind::Role => "AWS::IAM::Role",
            Kind::LogGroup => "AWS::Logs::LogGroup",
            Kind::Function => "AWS::Lambda::Function",
            Kind::Permission => "AWS::Lambda::Permission",
            Kind::EventInvokeConfig => "AWS::Lambda::EventInvokeConfig",
            Kind::UserPool => "AWS::Cognito::UserPool",
            Kind::UserPoolClient => "AWS::Cognito::UserPoolClient",
            Kind::UserPoolGroup => "AWS::Cognito::UserPoolGroup",
            Kind::RestApi => "AWS::ApiGateway::RestApi",
            Kind::Deployment => "AWS::ApiGateway::Deployment",
            Kind::Stage => "AWS::ApiGateway::Stage",
        }
    }
}
