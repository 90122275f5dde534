//! The parameter in Systems Manager that has the secrets, read by a signed GetParameter.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use serde_json::{Value, json};

use crate::{
    http::{Http, NoResponse, Reach},
    secrets::Secrets,
    target::Target,
};

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
const OPERATION: &str = "AmazonSSM.GetParameter";

/// A parameter, and its secrets as they were last read.
pub struct Parameter {
    name: String,
    region: String,
    credentials: Credentials,
    url: String,
    target: Target,
    last: Mutex<Option<(Instant, Secrets)>>,
}

impl Parameter {
    /// Reads the credentials, the region and the endpoint that Lambda gives.
    ///
    /// # Errors
    /// The variable that is missing or wrong.
    pub fn read(variables: &BTreeMap<String, String>, name: String) -> Result<Parameter, String> {
        let get = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        let need = |name: &str| get(name).ok_or_else(|| format!("{name} is not set"));
        let (id, secret) = (need("AWS_ACCESS_KEY_ID")?, need("AWS_SECRET_ACCESS_KEY")?);
        let region = need("AWS_REGION")?;
        let endpoint = get("AWS_ENDPOINT_URL_SSM").or_else(|| get("AWS_ENDPOINT_URL"));
        let endpoint = endpoint.unwrap_or_else(|| format!("https://ssm.{region}.{}", suffix(&region)));
        let url = format!("{}/", endpoint.trim_end_matches('/'));
        let target = Target::read(&url).map_err(|why| format!("AWS_ENDPOINT_URL: {why}"))?;
        let credentials = Credentials::new(id, secret, get("AWS_SESSION_TOKEN"), None, "lambda");
        Ok(Parameter { name, region, credentials, url, target, last: Mutex::default() })
    }

    /// The secrets, read at most this long ago. When they can't be read again, those of before.
    ///
    /// # Errors
    /// Why they can't be read, without any of the value.
    pub async fn secrets(&self, at_most: Duration, http: &Http, within: Duration) -> Result<Secrets, String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, secrets)) = &last
            && read.elapsed() < at_most
        {
            return Ok(secrets.clone());
        }
        match (self.get(http, within).await, last) {
            (Ok(secrets), _) => {
                let now = Some((Instant::now(), secrets.clone()));
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = now;
                Ok(secrets)
            }
            (Err(_), Some((_, secrets))) => Ok(secrets),
            (Err(why), None) => Err(format!("the secret {}: {why}", self.name)),
        }
    }

    async fn get(&self, http: &Http, within: Duration) -> Result<Secrets, String> {
        let body = json!({ "Name": self.name, "WithDecryption": true }).to_string();
        let headers = self.signed(&body, SystemTime::now())?;
        let response = http.post(&self.target, headers, body, Reach::Any, within).await;
        let response = response.map_err(|(NoResponse::NotPublic(why) | NoResponse::Failed(why))| why)?;
        let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if response.status != 200 {
            let code = answer["__type"].as_str().unwrap_or("no code");
            return Err(format!("GetParameter answered {}, {code}", response.status));
        }
        let value = answer["Parameter"]["Value"].as_str().ok_or("GetParameter answered no value")?;
        Secrets::read(value).map_err(str::to_owned)
    }

    /// The headers of the request, with its signature.
    fn signed(&self, body: &str, now: SystemTime) -> Result<Vec<(String, String)>, String> {
        let identity: Identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("ssm")
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let own = [("content-type", CONTENT_TYPE), ("x-amz-target", OPERATION)];
        let all = own.into_iter().chain([("host", self.target.authority.as_str())]);
        let signable =
            SignableRequest::new("POST", self.url.as_str(), all, SignableBody::Bytes(body.as_bytes()))
                .map_err(|error| error.to_string())?;
        let (instructions, _) =
            sign(signable, &parameters.into()).map_err(|error| error.to_string())?.into_parts();
        let added = instructions.headers();
        Ok(own.into_iter().chain(added).map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn suffix(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "amazonaws.com.cn",
        Some("eusc") => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}
