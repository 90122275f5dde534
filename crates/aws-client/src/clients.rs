//! The clients, and whose account they reach.

pub mod operations;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};
use aws_credential_types::Credentials;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use stackctl_aws_data::{
    account::{Account, function_name},
    cli::Cli,
};
use stackctl_engine::Cloud;
use stackctl_stackfile::{
    names::{RegionName, StackName},
    stack::Stack,
};

use crate::{
    adopting::Adopting,
    answer_date::AnswerDate,
    bucket_owner::BucketOwner,
    credentials::{self, NoCredentials},
    lock::{lease::Lease, one_writer::OneWriter},
    read_only::ReadOnly,
    recorder::Recorder,
    request::{error::AwsError, wait},
};

/// How AWS is reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// A profile of `~/.aws/config`.
    pub profile: Option<String>,
    /// One address in place of AWS's own.
    pub endpoint: Option<String>,
    /// An access key in place of the environment's; for the local cloud.
    pub access_key: Option<(String, String)>,
    /// Refuse every operation that is not Get, List, Describe or Head.
    pub read_only: bool,
    /// Where requests are recorded.
    pub recorder: Option<Recorder>,
    /// Refuse every write while this run does not hold the lock of its stack.
    pub lease: Option<Lease>,
    /// The program's name in the user agent; none: stackctl.
    pub agent: Option<&'static str>,
    /// A resource to look at as though the stack had adopted it.
    pub adopting: Option<Adopting>,
}

/// The clients of one region, and the stack they are for.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Amazon S3.
    pub s3: aws_sdk_s3::Client,
    /// IAM.
    pub iam: aws_sdk_iam::Client,
    /// Lambda.
    pub lambda: aws_sdk_lambda::Client,
    /// Cognito user pools.
    pub cognito: aws_sdk_cognitoidentityprovider::Client,
    /// API Gateway.
    pub apigateway: aws_sdk_apigateway::Client,
    /// CloudWatch Logs.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// Systems Manager, for the lock.
    pub ssm: aws_sdk_ssm::Client,
    /// Security Token Service: whose account it is.
    pub sts: aws_sdk_sts::Client,
    /// The stack.
    pub stack: StackName,
    /// The region.
    pub region: RegionName,
    /// The names of the file's functions.
    pub functions: Vec<String>,
    /// The profile that was chosen.
    pub profile: Option<String>,
    /// When the credentials expire; none: they do not, or it is not known.
    pub expires: Option<SystemTime>,
    adopting: Option<Adopting>,
    owner: BucketOwner,
}

/// The clients and the account.
#[derive(Debug, Clone)]
pub struct Aws {
    /// The clients.
    pub clients: Clients,
    /// The account.
    pub account: Account,
}

impl Aws {
    /// How the aws CLI reaches the same account and region.
    pub fn cli(&self) -> Cli {
        Cli {
            region: self.account.region.to_string(),
            profile: self.profile.clone(),
            endpoint: self.account.endpoint.clone(),
        }
    }
}

impl Cloud for Aws {
    type Clients = Clients;
}

impl std::ops::Deref for Aws {
    type Target = Clients;

    fn deref(&self) -> &Clients {
        &self.clients
    }
}

impl Clients {
    /// Clients for a stack. Nothing is sent yet but what credentials need.
    ///
    /// # Errors
    /// Credentials that can't be loaded.
    pub async fn new(stack: &Stack, reach: &Reach) -> Result<Clients, NoCredentials> {
        let (config, expires) = config(stack, reach).await?;
        let refuse = reach.read_only.then_some(ReadOnly);
        let owner = BucketOwner::default();
        macro_rules! client {
            ($sdk:ident $(, $setting:ident = $value:expr)*) => {{
                let mut builder = $sdk::config::Builder::from(&config);
                if let Some(refuse) = refuse {
                    builder = builder.interceptor(refuse);
                }
                if let Some(lease) = &reach.lease {
                    builder = builder.interceptor(OneWriter(lease.clone()));
                }
                if let Some(recorder) = &reach.recorder {
                    builder = builder.interceptor(recorder.clone());
                }
                $(builder = builder.$setting($value);)*
                $sdk::Client::from_conf(builder.build())
            }};
        }
        Ok(Clients {
            // A custom endpoint has no host name for each bucket.
            s3: client!(aws_sdk_s3, force_path_style = reach.endpoint.is_some(), interceptor = owner.clone()),
            iam: client!(aws_sdk_iam),
            lambda: client!(aws_sdk_lambda),
            cognito: client!(aws_sdk_cognitoidentityprovider),
            apigateway: client!(aws_sdk_apigateway),
            logs: client!(aws_sdk_cloudwatchlogs),
            ssm: client!(aws_sdk_ssm),
            sts: client!(aws_sdk_sts),
            functions: stack
                .functions
                .iter()
                .map(|(name, it)| function_name(&stack.name, name, it))
                .collect(),
            profile: reach.profile.clone(),
            expires,
            stack: stack.name.clone(),
            region: stack.region.clone(),
            adopting: reach.adopting.clone(),
            owner,
        })
    }

    /// The tags that a live resource has besides those that were read: those of the adoption that this run looks ahead to.
    pub fn adopted_tags(&self, kind: &str, id: &str) -> BTreeMap<String, String> {
        Adopting::tags_of(self.adopting.as_ref(), kind, id)
    }

    /// Asks whose account it is.
    ///
    /// # Errors
    /// STS's, which is where wrong credentials show first.
    pub async fn account(&self, stack: &Stack, reach: &Reach) -> Result<Account, AwsError> {
        self.who(stack, reach, &AnswerDate::default()).await.map(|(account, _)| account)
    }

    /// Asks whose account it is, and returns the ARN of the credentials' owner too. `answered` reads the date of the answer,
    /// also of an error.
    ///
    /// # Errors
    /// STS's, which is where wrong credentials show first.
    pub async fn who(
        &self,
        stack: &Stack,
        reach: &Reach,
        answered: &AnswerDate,
    ) -> Result<(Account, String), AwsError> {
        let ask = || self.sts.get_caller_identity().customize().interceptor(answered.clone()).send();
        let identity = wait::read(&operations::GET_CALLER_IDENTITY, ask).await?;
        let arn = identity.arn().unwrap_or_default().to_owned();
        // The ARN names the partition.
        let partition = identity.arn().and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws").to_owned();
        let id = identity.account().unwrap_or_default().to_owned();
        // Asked twice, it is the same.
        let _ = self.owner.0.set(id.clone());
        let account = Account::new(stack, stack.region.clone(), id, partition, reach.endpoint.clone());
        Ok((account, arn))
    }
}

async fn config(stack: &Stack, reach: &Reach) -> Result<(SdkConfig, Option<SystemTime>), NoCredentials> {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .region(Region::new(stack.region.to_string()))
        // `retry.rs` decides which requests are sent again, and how often.
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(5))
                .operation_attempt_timeout(Duration::from_secs(60))
                .build(),
        );
    if let Some(agent) = reach.agent {
        loader = loader.app_name(app_name(agent));
    }
    if let Some(profile) = &reach.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &reach.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    let mut expires = None;
    loader = match &reach.access_key {
        Some((id, secret)) => {
            loader.credentials_provider(Credentials::new(id, secret, None, None, "stackctl"))
        }
        None => {
            let profile = reach.profile.as_deref();
            let loaded = credentials::load(profile, &stack.region, http).await?;
            expires = loaded.expires();
            loader.credentials_provider(loaded)
        }
    };
    let config = loader.load().await;
    // AWS's own logs name the application: as the person configured it (`AWS_SDK_UA_APP_ID`), or stackctl.
    let config = match config.app_name() {
        Some(_) => config,
        None => config.into_builder().app_name(app_name("stackctl")).build(),
    };
    Ok((config, expires))
}

fn app_name(word: &'static str) -> AppName {
    AppName::new(word).expect("a word is a name")
}
