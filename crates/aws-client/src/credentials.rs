//! The credentials that requests are signed with: loaded once before the first request, refreshed when they expire.

mod failure;
pub(crate) mod none;
mod profile;

use std::{
    env,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_config::{
    BehaviorVersion, Region,
    ecs::EcsCredentialsProvider,
    environment::EnvironmentVariableCredentialsProvider,
    imds::{self, credentials::ImdsCredentialsProvider},
    meta::credentials::CredentialsProviderChain,
    profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig,
    retry::RetryConfig,
    timeout::TimeoutConfig,
    web_identity_token::WebIdentityTokenCredentialsProvider,
};
use aws_credential_types::{
    Credentials,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use stackctl_stackfile::names::RegionName;
use tokio::sync::Mutex;

pub use self::none::NoCredentials;
use self::profile::Chosen;
use crate::request::wait;

/// A `credential_process` may ask a person for a code.
const BOUND: Duration = Duration::from_secs(60);

/// An instance answers from beside the machine; elsewhere the address does not exist.
const METADATA_CONNECT: Duration = Duration::from_millis(500);
const METADATA_READ: Duration = Duration::from_millis(800);

/// Loads the credentials of a profile, or of the environment, and returns what provides them from then on.
///
/// # Errors
/// Names what is missing or wrong, and the cure.
pub async fn load(
    profile: Option<&str>,
    region: &RegionName,
    http: SharedHttpClient,
) -> Result<Loaded, NoCredentials> {
    let chosen = chosen(profile).await?;
    let chain = chain(profile, region, http);
    let for_what = chosen.as_ref().map_or_else(|| "the credentials".to_owned(), Chosen::waits_for);
    let first = match wait::at_most(&for_what, BOUND, chain.provide_credentials()).await {
        None => return Err(failure::silent(&for_what, BOUND)),
        Some(Err(error)) => return Err(failure::read(&error, chosen.as_ref())),
        Some(Ok(first)) => first,
    };
    let expires = first.expiry();
    let now = Mutex::new(Now::First(first));
    Ok(Loaded(Arc::new(Inner { chain, chosen, expires, now })))
}

/// Provides credentials that were loaded before.
#[derive(Debug, Clone)]
pub struct Loaded(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    chain: CredentialsProviderChain,
    chosen: Option<Chosen>,
    /// When the first credentials expire.
    expires: Option<SystemTime>,
    now: Mutex<Now>,
}

/// What to answer with next.
#[derive(Debug)]
enum Now {
    /// These: a `credential_process` runs once and not twice.
    First(Credentials),
    /// The credentials of the chain.
    Refreshed,
    /// The failure: requests that wait together fail together.
    Failed(NoCredentials),
}

impl Loaded {
    /// When the credentials that were loaded first expire; none: they do not, or it is not known.
    pub fn expires(&self) -> Option<SystemTime> {
        self.0.expires
    }
}

impl Inner {
    async fn credentials(&self) -> provider::Result {
        let mut now = self.now.lock().await;
        match std::mem::replace(&mut *now, Now::Refreshed) {
            Now::First(first) => return Ok(first),
            Now::Failed(failed) => {
                *now = Now::Failed(failed.clone());
                return Err(CredentialsError::provider_error(failed));
            }
            Now::Refreshed => {}
        }
        let error = match self.chain.provide_credentials().await {
            Ok(fresh) => return Ok(fresh),
            Err(error) => error,
        };
        // A line that is down is worth another try.
        if failure::is_silence(&error) {
            return Err(error);
        }
        let failed = failure::read(&error, self.chosen.as_ref());
        *now = Now::Failed(failed.clone());
        Err(CredentialsError::provider_error(failed))
    }
}

impl ProvideCredentials for Loaded {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.0.credentials())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.chain.fallback_on_interrupt()
    }
}

/// The profile to use; none where the environment has keys, or where there is no profile.
async fn chosen(profile: Option<&str>) -> Result<Option<Chosen>, NoCredentials> {
    let is_set = |name: &str| env::var_os(name).is_some_and(|it| !it.is_empty());
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (is_set(id), is_set(secret)) {
        _ if profile.is_some() => {}
        (true, true) => return Ok(None),
        // The SDK would look elsewhere, and might find credentials of another account.
        (true, false) => return Err(failure::half_a_key(id, secret)),
        (false, true) => return Err(failure::half_a_key(secret, id)),
        (false, false) => {}
    }
    let name = profile.map(|it| it.to_owned().into());
    let (fs, environment) = Default::default();
    let profiles = aws_config::profile::load(&fs, &environment, &Default::default(), name).await;
    let profiles = profiles.map_err(|error| failure::unreadable_files(&error))?;
    profile::choose(&profiles, profile.is_some())
}

/// The SDK's default chain with two changes: a profile named by an argument goes before the keys of the environment, as
/// with the aws CLI, and the metadata service is given up quickly where there is no instance.
fn chain(profile: Option<&str>, region: &RegionName, http: SharedHttpClient) -> CredentialsProviderChain {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(Duration::from_secs(15));
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::new(region.to_string())))
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_http_client(http)
        .with_retry_config(RetryConfig::standard())
        .with_timeout_config(timeouts.build());
    let metadata = || {
        let client = imds::Client::builder()
            .configure(&config)
            .connect_timeout(METADATA_CONNECT)
            .read_timeout(METADATA_READ)
            .operation_attempt_timeout(2 * METADATA_READ)
            .operation_timeout(2 * METADATA_READ)
            .build();
        ImdsCredentialsProvider::builder().configure(&config).imds_client(client).build()
    };
    let mut files = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .with_custom_provider("Ec2InstanceMetadata", metadata());
    if let Some(profile) = profile {
        files = files.profile_name(profile);
    }
    let files = files.build();
    let begin = match profile {
        Some(_) => CredentialsProviderChain::first_try("Profile", files),
        None => {
            CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
                .or_else("Profile", files)
        }
    };
    let token = WebIdentityTokenCredentialsProvider::builder().configure(&config).build();
    let container = EcsCredentialsProvider::builder().configure(&config).build();
    begin
        .or_else("WebIdentityToken", token)
        .or_else("EcsContainer", container)
        .or_else("Ec2InstanceMetadata", metadata())
}
