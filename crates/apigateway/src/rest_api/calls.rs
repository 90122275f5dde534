//! The calls that create an API, deploy it, and change its stage.

use std::collections::HashMap;

use aws_sdk_apigateway::{
    operation::{create_deployment::CreateDeploymentOutput, create_rest_api::CreateRestApiOutput},
    primitives::Blob,
    types::{EndpointConfiguration, EndpointType, Op, PatchOperation, PutMode, RestApi as Listed},
};
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::desired::rest_api::{document, shape::Shape};
use stackctl_engine::{Reporter, Resource};

use super::{
    live::deployed,
    model::{Action, DEPLOYED, Live, RestApi},
    operations,
    read::{self, Authorizers, Parts, Stage},
};

impl RestApi {
    pub(super) async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let endpoint = EndpointConfiguration::builder().types(EndpointType::Regional).build();
        let find = async || {
            let listing = RestApi::list(aws).await?;
            Ok(self.found(&listing, aws)?.map(as_created))
        };
        let made = wait::create(&operations::CREATE_REST_API, reporter, find, || {
            aws.apigateway
                .create_rest_api()
                .name(&self.name)
                .endpoint_configuration(endpoint.clone())
                .set_tags(Some(self.tags.to_map()))
                .send()
        })
        .await?;
        Ok(Live { id: made.id.unwrap_or_default(), ..Live::as_created(self) })
    }

    pub(super) async fn patch(
        &self,
        action: &Action,
        live: Live,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let (path, value) = match action {
            Action::MakeRegional => ("/endpointConfiguration/types/EDGE", "REGIONAL"),
            _ => ("/disableExecuteApiEndpoint", "False"),
        };
        let patch = PatchOperation::builder().op(Op::Replace).path(path).value(value).build();
        wait::write(&operations::UPDATE_REST_API, reporter, || {
            aws.apigateway.update_rest_api().rest_api_id(&live.id).patch_operations(patch.clone()).send()
        })
        .await?;
        Ok(match action {
            Action::MakeRegional => Live { regional: true, ..live },
            _ => Live { endpoint_disabled: false, ..live },
        })
    }

    pub(super) async fn put(
        &self,
        shape: &Shape,
        part: Option<&Shape>,
        live: Live,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        // An overwriting import deletes what its document does not contain, which a merging one keeps (AGW-30).
        let (mode, body) = match part {
            Some(part) => (PutMode::Merge, document::part(&self.name, live.version(), part)),
            None => (PutMode::Overwrite, document::document(&self.name, shape)),
        };
        let body = body.to_string();
        wait::write(&operations::PUT_REST_API, reporter, || {
            aws.apigateway
                .put_rest_api()
                .rest_api_id(&live.id)
                .mode(mode.clone())
                .fail_on_warnings(true)
                .body(Blob::new(body.as_bytes()))
                .send()
        })
        .await?;
        let had_other_pools =
            live.shape.authorizers.iter().any(|(name, pools)| shape.authorizers.get(name) != Some(pools));
        let live = Live { name: self.name.clone(), shape: shape.clone(), ..live };
        if had_other_pools && !live.authorizers.is_empty() {
            // An import may leave an authorizer's pool unchanged (AGW-32).
            let authorizers = read::authorizers(&live.id, aws).await?;
            return Ok(live.with_authorizers(authorizers));
        }
        Ok(Live { authorizers: Authorizers::new(), ..live })
    }

    pub(super) async fn deploy(
        &self,
        digest: &str,
        live: Live,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        // By its description, stackctl finds a deployment whose response was lost.
        let description = format!("stackctl {digest}");
        let find = async || {
            let page = wait::read(&operations::GET_DEPLOYMENTS, || {
                aws.apigateway.get_deployments().rest_api_id(&live.id).limit(500).send()
            })
            .await?;
            let found = page.items().iter().filter(|it| it.description() == Some(&description));
            let newest = found.max_by_key(|it| it.created_date().map(|date| date.secs()));
            Ok(newest.map(|it| CreateDeploymentOutput::builder().set_id(it.id().map(str::to_owned)).build()))
        };
        let made = wait::create(&operations::CREATE_DEPLOYMENT, reporter, find, || {
            aws.apigateway.create_deployment().rest_api_id(&live.id).description(&description).send()
        })
        .await?;
        Ok(Live { undeployed: Some((made.id.unwrap_or_default(), digest.to_owned())), ..live })
    }

    pub(super) async fn create_stage(
        &self,
        live: Live,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Some((deployment, digest)) = live.undeployed.clone() else { return Ok(live) };
        let mut variables: HashMap<String, String> = self.variables.clone().into_iter().collect();
        variables.insert(DEPLOYED.to_owned(), deployed(&digest, &deployment));
        let made = wait::write(&operations::CREATE_STAGE, reporter, || {
            aws.apigateway
                .create_stage()
                .rest_api_id(&live.id)
                .stage_name(&self.stage)
                .deployment_id(&deployment)
                .set_variables(Some(variables.clone()))
                .set_tags(Some(self.tags.to_map()))
                .send()
        });
        match made.await {
            // An earlier attempt whose response was lost created it: it is read, and the differences are set.
            Err(error) if error.is_there_already() => {
                let Parts { stages, .. } = read::read(&live.id, aws).await?;
                return Ok(Live { stages, ..live });
            }
            other => drop(other?),
        }
        let mut stage = self.stage_as_created();
        stage.variables = variables.into_iter().collect();
        stage.deployment = deployment;
        let mut stages = live.stages;
        stages.push(stage);
        Ok(Live { stages, undeployed: None, ..live })
    }

    pub(super) async fn update_stage(
        &self,
        to: &Stage,
        live: Live,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Some(stage) = live.stages.iter().find(|it| it.name == self.stage).cloned() else {
            return Ok(live);
        };
        let mut desired =
            Stage { deployment: stage.deployment.clone(), tags: stage.tags.clone(), ..to.clone() };
        let mut patches = Vec::new();
        let mut set = |op: Op, path: String, value: Option<String>| {
            patches.push(PatchOperation::builder().op(op).path(path).set_value(value).build());
        };
        let said = match &live.undeployed {
            Some((deployment, digest)) => {
                set(Op::Replace, "/deploymentId".to_owned(), Some(deployment.clone()));
                desired.deployment.clone_from(deployment);
                Some(deployed(digest, deployment))
            }
            None => stage.variables.get(DEPLOYED).cloned(),
        };
        desired.variables.extend(said.map(|said| (DEPLOYED.to_owned(), said)));
        for (name, value) in &desired.variables {
            if stage.variables.get(name) != Some(value) {
                set(Op::Replace, format!("/variables/{name}"), Some(value.clone()));
            }
        }
        for name in stage.variables.keys().filter(|name| !desired.variables.contains_key(*name)) {
            set(Op::Remove, format!("/variables/{name}"), None);
        }
        if stage.throttling != desired.throttling {
            let (rate, burst) = (self.throttling.rate.to_string(), self.throttling.burst.to_string());
            set(Op::Replace, "/*/*/throttling/rateLimit".to_owned(), Some(rate));
            set(Op::Replace, "/*/*/throttling/burstLimit".to_owned(), Some(burst));
        }
        if stage.caching || stage.cluster != desired.cluster {
            set(Op::Replace, "/*/*/caching/enabled".to_owned(), Some("false".to_owned()));
        }
        if stage.cluster != desired.cluster {
            set(Op::Replace, "/cacheClusterEnabled".to_owned(), Some("false".to_owned()));
        }
        if stage.data_trace {
            set(Op::Replace, "/*/*/logging/dataTrace".to_owned(), Some("false".to_owned()));
        }
        for of in stage.overrides.difference(&desired.overrides) {
            set(Op::Remove, method_settings_path(of), None);
        }
        if stage.canary {
            set(Op::Remove, "/canarySettings".to_owned(), None);
        }
        wait::write(&operations::UPDATE_STAGE, reporter, || {
            aws.apigateway
                .update_stage()
                .rest_api_id(&live.id)
                .stage_name(&self.stage)
                .set_patch_operations(Some(patches.clone()))
                .send()
        })
        .await?;
        let name = self.stage.clone();
        Ok(Live { undeployed: None, ..live.with_stage(&name, |it| *it = desired) })
    }
}

/// The path of a method's settings in a patch: the slashes within the resource's path are `~1` (AGW-71).
pub(super) fn method_settings_path(of: &str) -> String {
    let (path, verb) = of.rsplit_once('/').unwrap_or((of, ""));
    format!("/{}/{verb}", path.replace('/', "~1"))
}

fn as_created(listed: &Listed) -> CreateRestApiOutput {
    CreateRestApiOutput::builder().set_id(listed.id().map(str::to_owned)).build()
}
