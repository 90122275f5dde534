//! One POST over HTTP/1.1, with TLS by rustls. Redirects are not followed.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::handshake,
    header::{HOST, HeaderMap},
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::{address::is_public, target::Target};

/// The most bytes of a response's body that are read.
const MOST_BYTES: usize = 64 << 10;

/// A client; the certificates are read with the first request over TLS.
#[derive(Default)]
pub struct Http {
    tls: OnceLock<Result<TlsConnector, String>>,
}

/// Which addresses a request may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public ones.
    Public,
    /// All.
    Any,
}

/// A response.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's beginning was too long if it is empty.
    pub body: Bytes,
}

/// Why there is no response.
#[derive(Debug)]
pub enum NoResponse {
    /// The host has an address that is not public.
    NotPublic(String),
    /// The network's or the server's error.
    Failed(String),
}

impl Http {
    /// A client.
    pub fn new() -> Http {
        Http::default()
    }

    /// Sends one request on a connection of its own.
    ///
    /// # Errors
    /// Why there is no response within this time.
    pub async fn post(
        &self,
        target: &Target,
        headers: Vec<(String, String)>,
        body: String,
        reach: Reach,
        within: Duration,
    ) -> Result<Response, NoResponse> {
        let sent = timeout(within, self.send(target, headers, body, reach)).await;
        sent.unwrap_or_else(|_| {
            Err(NoResponse::Failed(format!("no response within {:.0} s", within.as_secs_f64())))
        })
    }

    async fn send(
        &self,
        target: &Target,
        headers: Vec<(String, String)>,
        body: String,
        reach: Reach,
    ) -> Result<Response, NoResponse> {
        let stream = connect(target, reach).await?;
        let mut request = Request::post(&target.path).header(HOST, &target.authority);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(failed("no request"))?;
        if !target.is_https {
            return exchange(TokioIo::new(stream), request).await;
        }
        let tls = self.tls.get_or_init(connector).as_ref();
        let tls = tls.map_err(|why| NoResponse::Failed(why.clone()))?;
        let name = ServerName::try_from(target.host.clone()).map_err(failed("no name of a server"))?;
        let stream = tls.connect(name, stream).await.map_err(failed("TLS"))?;
        exchange(TokioIo::new(stream), request).await
    }
}

/// Connects to the first address that accepts. The address that was checked is the one that is used, so no second answer
/// of the name's servers can lead elsewhere.
async fn connect(target: &Target, reach: Reach) -> Result<TcpStream, NoResponse> {
    let found = lookup_host((target.host.as_str(), target.port)).await;
    let mut all: Vec<SocketAddr> = found.map_err(failed("the host is not found"))?.collect();
    if let (Reach::Public, Some(address)) = (reach, all.iter().find(|it| !is_public(it.ip()))) {
        return Err(NoResponse::NotPublic(format!("{} is not a public address", address.ip())));
    }
    // A function outside a VPC has no IPv6.
    all.sort_by_key(SocketAddr::is_ipv6);
    let mut last = NoResponse::Failed("the host has no address".to_owned());
    for address in all {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = failed("no connection")(error),
        }
    }
    Err(last)
}

async fn exchange<Stream>(stream: Stream, request: Request<Full<Bytes>>) -> Result<Response, NoResponse>
where
    Stream: Read + Write + Unpin + Send + 'static,
{
    let (mut sender, connection) = handshake(stream).await.map_err(failed("no connection"))?;
    // It ends with the sender.
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(failed("no response"))?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, MOST_BYTES).collect().await;
    connection.abort();
    let body = body.map(|it| it.to_bytes()).unwrap_or_default();
    Ok(Response { status: parts.status.as_u16(), headers: parts.headers, body })
}

fn connector() -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("this machine has no root certificates".to_owned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// An error with its causes.
fn failed<E: std::error::Error>(what: &str) -> impl Fn(E) -> NoResponse {
    move |error| {
        let mut text = format!("{what}: {error}");
        let mut cause = error.source();
        while let Some(it) = cause {
            text += &format!(": {it}");
            cause = it.source();
        }
        NoResponse::Failed(text)
    }
}
