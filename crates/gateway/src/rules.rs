//! The rules that close the gaps between the emulator and AWS. One file for each gap.

use hyper::Response;
use tokio::sync::RwLock;

use crate::{
    request::{body::Body, request::CloudRequest, url::scope},
    upstream::{Upstream, UpstreamError},
};

mod api_tags;
mod bucket_owner;
mod complete_upload;
mod conditional_write;
pub(crate) mod id_token;
mod notification_targets;
mod object_length;
mod object_location;
mod preflight;
mod presigned_headers;
mod provider_arns;
mod put_rest_api;

/// The state that the rules share.
pub struct Rules {
    /// Write-locked during an import: AWS imports a document in one step, so no call sees half of it.
    importing: RwLock<()>,
    /// The region of a call of a deployed API, which does not name it.
    region: String,
    /// The emulator whose gaps are closed.
    emulator: Emulator,
}

/// The emulators that the gateway supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emulator {
    /// MiniStack: all rules apply.
    MiniStack,
    /// Another emulator: only imports are added.
    Other,
}

impl Rules {
    /// The rules for an emulator; calls of deployed APIs are for `region`.
    pub fn new(region: String, emulator: Emulator) -> Rules {
        Rules { importing: RwLock::new(()), region, emulator }
    }

    /// Answers instead of the emulator; `None` when the emulator answers.
    pub(crate) async fn before(
        &self,
        request: &mut CloudRequest,
        upstream: &Upstream,
    ) -> Result<Option<Response<Body>>, UpstreamError> {
        match request.operation.service.as_ref() {
            "execute-api" => {
                drop(self.importing.read().await);
                id_token::before(request, upstream, &self.region).await?;
                Ok(None)
            }
            "apigateway" => self.before_api_gateway(request, upstream).await,
            "s3" => {
                let refused = presigned_headers::before(request)
                    .or_else(|| object_length::before(request))
                    .or_else(|| bucket_owner::before(request))
                    .or_else(|| conditional_write::before(request));
                if refused.is_some() {
                    return Ok(refused);
                }
                match complete_upload::before(request, upstream).await? {
                    Some(refused) => Ok(Some(refused)),
                    None => notification_targets::before(request, upstream).await,
                }
            }
            _ => Ok(None),
        }
    }

    async fn before_api_gateway(
        &self,
        request: &mut CloudRequest,
        upstream: &Upstream,
    ) -> Result<Option<Response<Body>>, UpstreamError> {
        // The gateway's own calls have all rights, so only requests of the root key may cause them. The emulator checks
        // the rights of other keys. It has no import, so an import is sent there first, to be refused or not.
        let Some(region) = request.root_region() else {
            return match scope(&request.uri, &request.headers).map(|it| it.region.to_owned()) {
                Some(region) if request.operation.is("apigateway", "PutRestApi") => {
                    if let Some(refused) = put_rest_api::refused(request, upstream).await? {
                        return Ok(Some(refused));
                    }
                    let _alone = self.importing.write().await;
                    put_rest_api::before(request, upstream, &region).await.map(Some)
                }
                Some(_) | None => Ok(None),
            };
        };
        if request.operation.is("apigateway", "PutRestApi") {
            let _alone = self.importing.write().await;
            return put_rest_api::before(request, upstream, &region).await.map(Some);
        }
        if self.emulator == Emulator::Other {
            return Ok(None);
        }
        if let Some(answer) = provider_arns::before(request, upstream, &region).await? {
            return Ok(Some(answer));
        }
        api_tags::before(request, upstream, &region).await
    }

    /// Changes the emulator's answer to AWS's.
    pub(crate) async fn after(&self, request: &CloudRequest, response: Response<Body>) -> Response<Body> {
        if request.operation.is("execute-api", "Preflight") {
            return preflight::after(request, response).await;
        }
        if request.operation.service == "s3" {
            return object_location::after(request, response).await;
        }
        response
    }
}
