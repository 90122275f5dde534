//! What the gateway does itself, because the emulator does not do it as AWS does. One file for each matter.

use hyper::Response;
use tokio::sync::RwLock;

use crate::{
    request::{body::Body, request::Asked, url::scope},
    upstream::{Upstream, UpstreamError},
};

mod api_tags;
mod bucket_owner;
mod complete_upload;
mod conditional_write;
pub(crate) mod id_token;
mod object_length;
mod object_location;
mod preflight;
mod presigned_headers;
mod provider_arns;
mod put_rest_api;

/// What the rules share.
pub struct Rules {
    /// Written to while a document is imported: AWS imports a document as a whole, so nobody sees half of it.
    importing: RwLock<()>,
    /// The region of an API that nobody names.
    region: String,
    /// Whose gaps are closed.
    emulator: Emulator,
}

/// What is behind the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emulator {
    /// MiniStack, whose gaps these rules are for.
    MiniStack,
    /// Another one, which only lacks imports.
    Other,
}

impl Rules {
    /// The rules for an emulator, with the region of an API that nobody names.
    pub fn new(region: String, emulator: Emulator) -> Rules {
        Rules { importing: RwLock::new(()), region, emulator }
    }

    /// Answers instead of the emulator, or leaves the request to it.
    pub(crate) async fn before(
        &self,
        asked: &mut Asked,
        upstream: &Upstream,
    ) -> Result<Option<Response<Body>>, UpstreamError> {
        match asked.operation.service.as_ref() {
            "execute-api" => {
                drop(self.importing.read().await);
                id_token::before(asked, upstream, &self.region).await?;
                Ok(None)
            }
            "apigateway" => self.before_api_gateway(asked, upstream).await,
            "s3" => {
                let refused = presigned_headers::before(asked)
                    .or_else(|| object_length::before(asked))
                    .or_else(|| bucket_owner::before(asked))
                    .or_else(|| conditional_write::before(asked));
                match refused {
                    Some(refused) => Ok(Some(refused)),
                    None => complete_upload::before(asked, upstream).await,
                }
            }
            _ => Ok(None),
        }
    }

    async fn before_api_gateway(
        &self,
        asked: &mut Asked,
        upstream: &Upstream,
    ) -> Result<Option<Response<Body>>, UpstreamError> {
        // The gateway's own calls have all rights: only who has them anyway may cause such calls. Another key's
        // requests go to the emulator as they are, which knows that key's rights; an import, which it does not know,
        // goes there first to be refused or not.
        let Some(region) = asked.root_region() else {
            return match scope(&asked.uri, &asked.headers).map(|it| it.region.to_owned()) {
                Some(region) if asked.operation.is("apigateway", "PutRestApi") => {
                    if let Some(refused) = put_rest_api::refused(asked, upstream).await? {
                        return Ok(Some(refused));
                    }
                    let _alone = self.importing.write().await;
                    put_rest_api::before(asked, upstream, &region).await.map(Some)
                }
                Some(_) | None => Ok(None),
            };
        };
        if asked.operation.is("apigateway", "PutRestApi") {
            let _alone = self.importing.write().await;
            return put_rest_api::before(asked, upstream, &region).await.map(Some);
        }
        if self.emulator == Emulator::Other {
            return Ok(None);
        }
        if let Some(answer) = provider_arns::before(asked, upstream, &region).await? {
            return Ok(Some(answer));
        }
        api_tags::before(asked, upstream, &region).await
    }

    /// Makes of the emulator's answer what AWS's would be.
    pub(crate) async fn after(&self, asked: &Asked, response: Response<Body>) -> Response<Body> {
        if asked.operation.is("execute-api", "Preflight") {
            return preflight::after(asked, response).await;
        }
        if asked.operation.service == "s3" {
            return object_location::after(asked, response).await;
        }
        response
    }
}
