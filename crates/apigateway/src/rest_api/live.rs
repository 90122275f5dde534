//! The live API, its reads, and the changes of it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigateway::types::{EndpointType, RestApi as Listed};
use stackctl_aws_client::{
    clients::Aws,
    ownership::{is_own, owner, require_own},
    request::error::AwsError,
};
use stackctl_aws_data::{desired::rest_api::shape::Shape, tag_command, tags::Owner};
use stackctl_engine::{Known, Resource, Step};

use super::{
    model::{DEPLOYED, Live, RestApi, tags_of},
    read::{self, Authorizers, Parts, Stage},
};

impl RestApi {
    /// The one listed API that is this stack's, by its tags; without an address tag, by its name too.
    pub(super) fn found<'a>(&self, listing: &'a [Listed], aws: &Aws) -> Result<Option<&'a Listed>, AwsError> {
        let is_ours = |it: &&Listed| {
            let tags = tags_of(it);
            is_own(&tags, aws)
                && match tags.logical_name(RestApi::KIND) {
                    Some(logical) => logical == self.logical,
                    None => it.name() == Some(&self.name),
                }
        };
        let ours: Vec<&Listed> = listing.iter().filter(is_ours).collect();
        match ours.as_slice() {
            [] => {
                let namesakes = listing.iter().filter(|it| it.name() == Some(&self.name));
                let owners = namesakes.map(|it| (owner(&tags_of(it), aws), it));
                let Some((owner, it)) = owners.min_by_key(|(owner, _)| *owner != Owner::Other(None)) else {
                    return Ok(None);
                };
                // An API with this stack's tags and another address is no obstacle.
                let arn = aws.account.api_arn(it.id().unwrap_or_default());
                let tags = self.tags.of_owner();
                require_own(&owner, &tag_command::REST_API, &self.name, &arn.0, &tags, aws).map(|()| None)
            }
            [one] => Ok(Some(one)),
            several => Err(AwsError::FoundTwice {
                what: "REST APIs",
                name: self.name.clone(),
                ids: several.iter().filter_map(|it| it.id().map(str::to_owned)).collect(),
            }),
        }
    }

    /// The desired shape with the authorizer's pool, if it is known.
    pub(super) fn desired_shape(&self, known: &Known) -> Shape {
        let mut shape = self.shape.clone();
        if let Some((name, pool)) = &self.authorizer {
            let arns = known.get(pool).map(|pool| BTreeSet::from([pool.arn.0.clone()]));
            shape.authorizers.insert(name.clone(), arns);
        }
        shape
    }

    /// The stage right after CreateStage, which takes no throttling (AGW-61).
    pub(super) fn stage_as_created(&self) -> Stage {
        Stage {
            name: self.stage.clone(),
            deployment: String::new(),
            variables: self.variables.clone(),
            throttling: None,
            cluster: false,
            caching: false,
            data_trace: false,
            overrides: BTreeSet::new(),
            canary: false,
            tags: self.tags.clone(),
        }
    }

    /// The settings that a live stage should have; its deployment and tags are not compared. In an adopted API, the stage
    /// keeps the variables of others, its cache, and the settings of methods of others. The stack's methods are never
    /// cached (AGW-55).
    pub(super) fn stage_for(&self, live: &Stage, is_adopted: bool) -> Stage {
        let mut desired = self.stage_as_created();
        desired.throttling = Some((self.throttling.rate, self.throttling.burst));
        desired.tags = live.tags.clone();
        desired.deployment.clone_from(&live.deployment);
        if is_adopted {
            let own = std::mem::replace(&mut desired.variables, live.variables.clone());
            desired.variables.extend(own);
            desired.cluster = live.cluster;
            let is_own = |of: &String| {
                let of = of.replace("~1", "/");
                let mut own = self.shape.methods.keys().map(|(path, verb)| format!("{path}/{verb}"));
                own.any(|it| it.trim_start_matches('/') == of.trim_start_matches('/'))
            };
            desired.overrides = live.overrides.iter().filter(|it| !is_own(it)).cloned().collect();
        }
        desired.variables.remove(DEPLOYED);
        desired
    }

    pub(super) fn describe_stage(&self, from: &Stage, to: &Stage) -> Step {
        let Stage {
            name: _,
            deployment: _,
            variables,
            throttling,
            cluster,
            caching,
            data_trace,
            overrides,
            canary,
            tags: _,
        } = from;
        let mut variables = variables.clone();
        variables.remove(DEPLOYED);
        let rate = throttling.map(|(rate, _)| rate.to_string());
        let burst = throttling.map(|(_, burst)| burst.to_string());
        let switch = |on: bool| Some(if on { "on" } else { "off" }.to_owned());
        let step = Step::update("set the stage", "of")
            .changes("variables", &variables, &to.variables)
            .change("throttling.rate", rate, Some(self.throttling.rate.to_string()))
            .change("throttling.burst", burst, Some(self.throttling.burst.to_string()))
            .change("caching", switch(*caching || *cluster != to.cluster), switch(false))
            .change("data_trace", switch(*data_trace), switch(false))
            .change("canary", switch(*canary), switch(false));
        let each = |step: Step, of: &String| step.change("method_settings", Some(of.clone()), None);
        overrides.difference(&to.overrides).fold(step, each)
    }
}

impl Stage {
    /// Whether it has the desired settings.
    pub(super) fn is(&self, desired: &Stage) -> bool {
        let mut variables = self.variables.clone();
        variables.remove(DEPLOYED);
        Stage { variables, ..self.clone() } == *desired
    }

    /// Whether it serves the document with this digest: its variable has the digest and the id of its deployment.
    pub(super) fn serves(&self, digest: &str) -> bool {
        self.variables.get(DEPLOYED).is_some_and(|it| *it == deployed(digest, &self.deployment))
    }
}

/// The value of the stage variable.
pub(super) fn deployed(digest: &str, deployment: &str) -> String {
    format!("{digest}:{deployment}")
}

impl Live {
    /// The API right after CreateRestApi.
    pub(super) fn as_created(api: &RestApi) -> Live {
        Live {
            id: String::new(),
            name: api.name.clone(),
            regional: true,
            endpoint_disabled: false,
            tags: api.tags.clone(),
            shape: Shape::default(),
            authorizers: Authorizers::new(),
            stages: Vec::new(),
            version: String::new(),
            own_methods: BTreeMap::new(),
            undeployed: None,
        }
    }

    /// The live API with the fields of the listing.
    pub(super) fn listed(listed: &Listed) -> Live {
        let types = listed.endpoint_configuration().map(|it| it.types()).unwrap_or_default();
        Live {
            id: listed.id().unwrap_or_default().to_owned(),
            name: listed.name().unwrap_or_default().to_owned(),
            regional: *types == [EndpointType::Regional],
            endpoint_disabled: listed.disable_execute_api_endpoint(),
            tags: tags_of(listed),
            shape: Shape::default(),
            authorizers: Authorizers::new(),
            stages: Vec::new(),
            version: listed.version().unwrap_or_default().to_owned(),
            own_methods: BTreeMap::new(),
            undeployed: None,
        }
    }

    /// Reads the whole API.
    pub(super) async fn read(listed: &Listed, aws: &Aws) -> Result<Live, AwsError> {
        let live = Live::listed(listed);
        let Parts { shape, authorizers, stages, own_methods } = read::read(&live.id, aws).await?;
        Ok(Live { shape, authorizers, stages, own_methods, ..live })
    }

    /// The authorizer whose pool is the only difference: its id, its pools, and the desired pools.
    pub(super) fn stale_authorizer(
        live: &Live,
        desired: &Shape,
    ) -> Option<(String, BTreeSet<String>, BTreeSet<String>)> {
        let same = Shape { authorizers: live.shape.authorizers.clone(), ..desired.clone() } == live.shape;
        if !same || !live.shape.authorizers.keys().eq(desired.authorizers.keys()) {
            return None;
        }
        live.authorizers.iter().find_map(|(id, (name, pools))| {
            let to = desired.authorizers.get(name)?.clone()?;
            (to != *pools).then(|| (id.clone(), pools.clone(), to))
        })
    }

    pub(super) fn with_authorizers(self, authorizers: Authorizers) -> Live {
        let by_name = authorizers.values().map(|(name, pools)| (name.clone(), Some(pools.clone())));
        let shape = Shape { authorizers: by_name.collect(), ..self.shape };
        Live { shape, authorizers, ..self }
    }

    /// The version to import, which no document can leave out.
    pub(super) fn version(&self) -> &str {
        if self.version.is_empty() { "1" } else { &self.version }
    }

    /// Its shape without these methods.
    pub(super) fn shape_without(&self, methods: &BTreeMap<&(String, String), &String>) -> Shape {
        let mut shape = self.shape.clone();
        shape.methods.retain(|method, _| !methods.contains_key(method));
        shape
    }

    pub(super) fn without_method(mut self, method: &(String, String)) -> Live {
        self.shape.methods.remove(method);
        self.own_methods.remove(method);
        self
    }

    pub(super) fn with_stage(mut self, name: &str, change: impl FnOnce(&mut Stage)) -> Live {
        if let Some(stage) = self.stages.iter_mut().find(|it| it.name == name) {
            change(stage);
        }
        self
    }
}
