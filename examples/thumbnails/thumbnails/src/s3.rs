//! The objects of buckets, by signed URLs.

use std::{env, error::Error, time::Duration};

use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use ureq::{Agent, Body, http::Response};

use crate::handler::Store;

type Failure = Box<dyn Error + Send + Sync>;

/// How long a signed URL is valid.
const VALID: Duration = Duration::from_secs(60);
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of an image.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// The header that has the sequencer in the metadata of a thumbnail.
const SEQUENCER: &str = "x-amz-meta-sequencer";

/// S3, with the rights of the function's role.
pub struct S3 {
    agent: Agent,
    credentials: Credentials,
    region: String,
    /// An endpoint in place of AWS's own, such as the local cloud's.
    endpoint: Option<String>,
}

impl S3 {
    /// S3 as Lambda's variables name it.
    pub fn from_environment() -> Result<S3, Failure> {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIMEOUT));
        Ok(S3 {
            agent: config.build().into(),
            credentials: Credentials::from_env().ok_or("there are no credentials")?,
            region: env::var("AWS_REGION")?,
            endpoint: env::var("AWS_ENDPOINT_URL").ok(),
        })
    }

    fn bucket(&self, name: &str) -> Result<Bucket, Failure> {
        let (endpoint, style) = match &self.endpoint {
            Some(endpoint) => (endpoint.clone(), UrlStyle::Path),
            None => (format!("https://s3.{}.amazonaws.com", self.region), UrlStyle::VirtualHost),
        };
        Ok(Bucket::new(endpoint.parse()?, style, name.to_owned(), self.region.clone())?)
    }
}

/// The answer; `None` for an object that does not exist.
fn found(what: &str, answer: Response<Body>) -> Result<Option<Response<Body>>, Failure> {
    match answer.status().as_u16() {
        200..300 => Ok(Some(answer)),
        404 => Ok(None),
        status => Err(format!("S3 answers {status} to the {what}").into()),
    }
}

impl Store for S3 {
    fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        let url = self.bucket(bucket)?.get_object(Some(&self.credentials), key).sign(VALID);
        let answer = self.agent.get(url.as_str()).call()?;
        let Some(mut answer) = found("read of an image", answer)? else { return Ok(None) };
        Ok(Some(answer.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?))
    }

    fn sequencer(&self, bucket: &str, key: &str) -> Result<Option<String>, Failure> {
        let url = self.bucket(bucket)?.head_object(Some(&self.credentials), key).sign(VALID);
        let answer = found("read of a thumbnail", self.agent.head(url.as_str()).call()?)?;
        let text = |it: Response<Body>| it.headers().get(SEQUENCER)?.to_str().ok().map(str::to_owned);
        Ok(answer.map(|it| text(it).unwrap_or_default()))
    }

    fn put(&self, bucket: &str, key: &str, jpeg: &[u8], sequencer: &str) -> Result<(), Failure> {
        let bucket = self.bucket(bucket)?;
        let mut put = bucket.put_object(Some(&self.credentials), key);
        put.headers_mut().insert(SEQUENCER, sequencer);
        let url = put.sign(VALID);
        let request = self.agent.put(url.as_str()).header(SEQUENCER, sequencer);
        let answer = request.header("content-type", "image/jpeg").send(jpeg)?;
        found("upload of a thumbnail", answer)?.map(drop).ok_or_else(|| "there is no such bucket".into())
    }

    fn delete(&self, bucket: &str, key: &str) -> Result<(), Failure> {
        let url = self.bucket(bucket)?.delete_object(Some(&self.credentials), key).sign(VALID);
        found("deletion of a thumbnail", self.agent.delete(url.as_str()).call()?).map(drop)
    }
}
