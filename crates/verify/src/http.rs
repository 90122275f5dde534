//! Requests as anybody sends them, such as a browser: over the SDK's own connections, without its signatures.

use std::{error::Error, time::Duration};

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorSettings},
        orchestrator::HttpRequest,
    },
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use thiserror::Error as ThisError;

/// How long a server has to take the connection.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const TO_ANSWER: Duration = Duration::from_secs(30);

/// Sends requests.
#[derive(Debug)]
pub struct Http(Connector);

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A server's answer.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, ThisError)]
pub enum NoAnswer {
    /// The request can't be written.
    #[error("this is no request: {0}")]
    Malformed(String),
    /// The connection failed.
    #[error("nothing answers at {host}")]
    Lost {
        /// The server.
        host: String,
        /// What happened to the connection.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// It took too long.
    #[error("{host} did not answer within {} s", TO_ANSWER.as_secs())]
    Late {
        /// The server.
        host: String,
    },
}

impl Request {
    /// A request.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Request {
        Request { method: method.into(), url: url.into(), ..Request::default() }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Request {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self
    }
}

impl HttpAnswer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is a 2xx.
    pub fn is_good(&self) -> bool {
        StatusCode::try_from(self.status).is_ok_and(StatusCode::is_success)
    }
}

impl Default for Http {
    fn default() -> Http {
        let settings = HttpConnectorSettings::builder().connect_timeout(TO_CONNECT).build();
        let connector = Connector::builder().connector_settings(settings);
        Http(connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).build())
    }
}

impl Http {
    /// Sends a request; redirects are not followed.
    ///
    /// # Errors
    /// That there is no answer.
    pub async fn send(&self, request: Request) -> Result<HttpAnswer, NoAnswer> {
        let Request { method, url, headers, body } = request;
        let host = host(&url).to_owned();
        let malformed = |error: &dyn Error| NoAnswer::Malformed(error.to_string());
        let mut sent = HttpRequest::new(SdkBody::from(body));
        sent.set_method(&method).map_err(|error| malformed(&error))?;
        sent.set_uri(url).map_err(|error| malformed(&error))?;
        for (name, value) in headers {
            sent.headers_mut().try_append(name, value).map_err(|error| malformed(&error))?;
        }
        let answering = async {
            let answer = self.0.call(sent).await.map_err(Box::<dyn Error + Send + Sync>::from)?;
            let status = answer.status().as_u16();
            let headers = answer.headers().iter();
            let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
            let body = ByteStream::new(answer.into_body()).collect().await?.to_vec();
            Ok(HttpAnswer { status, headers, body })
        };
        match tokio::time::timeout(TO_ANSWER, answering).await {
            Ok(answer) => answer.map_err(|source| NoAnswer::Lost { host, source }),
            Err(_) => Err(NoAnswer::Late { host }),
        }
    }
}

/// The server of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (url, expected) in [
            ("https://a.example/b?c", "a.example"),
            ("http://127.0.0.1:4599?x", "127.0.0.1:4599"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}
