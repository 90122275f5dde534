//! A REST API: one OpenAPI document, its deployment, and the stage that serves it.

mod calls;
mod exposures;
mod live;
pub mod marks;
mod model;
pub mod operations;
pub mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigateway::types::{Op, PatchOperation, RestApi as Listed};
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::is_own,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{desired::rest_api::document, tags::TagChange};
use stackctl_engine::{Aim, Exposure, Known, Needs, Observed, Removal, Reporter, Resource, Step};

use self::{
    model::{DEPLOYED, tags_of},
    read::Stage,
};

pub use self::model::{Action, Live, Outputs, RestApi};

impl Resource for RestApi {
    const KIND: &'static str = "rest_api";
    type Cloud = Aws;
    type Listing = Vec<Listed>;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(clients: &Clients) -> Result<Vec<Listed>, AwsError> {
        let mut all = Vec::new();
        let mut position = None;
        loop {
            let page = wait::read(&operations::GET_REST_APIS, || {
                clients.apigateway.get_rest_apis().limit(500).set_position(position.clone()).send()
            })
            .await?;
            position = page.position().map(str::to_owned);
            all.extend(page.items.unwrap_or_default().into_iter().map(|mut api| {
                let adopted = clients.adopted_tags(RestApi::KIND, api.id().unwrap_or_default());
                api.tags.get_or_insert_default().extend(adopted);
                api
            }));
            if position.is_none() {
                return Ok(all);
            }
        }
    }

    async fn observe(
        &self,
        listing: &Vec<Listed>,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Option<Live>, AwsError> {
        match self.found(listing, aws)? {
            Some(listed) => Ok(Some(Live::read(listed, aws).await?)),
            None => Ok(None),
        }
    }

    async fn locate(&self, listing: &Vec<Listed>, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        Ok(self.found(listing, aws)?.map(Live::listed))
    }

    async fn orphans(
        desired: &[&RestApi],
        listing: &Vec<Listed>,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let mut orphans = Vec::new();
        for listed in listing {
            let tags = tags_of(listed);
            if !is_own(&tags, aws) {
                continue;
            }
            let name = listed.name().unwrap_or_default();
            let (logical, is_desired) = match tags.logical_name(RestApi::KIND) {
                Some(logical) => (logical, desired.iter().any(|api| api.logical == logical)),
                None => (name, desired.iter().any(|api| api.name == name)),
            };
            if !is_desired {
                orphans.push((logical.to_owned(), Live::listed(listed)));
            }
        }
        Ok(orphans)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        format!("{} ({})", live.name, live.id)
    }

    fn live_id(live: &Live) -> String {
        live.id.clone()
    }

    fn diff(&self, live: Option<&Live>, known: &Known) -> Vec<Action> {
        let RestApi { name, logical: _, authorizer: _, shape: _, stage, .. } = self;
        let own = self.desired_shape(known);
        let created = Live::as_created(self);
        let mut actions = Vec::new();
        if live.is_none() {
            actions.push(Action::Create);
        }
        let live = live.unwrap_or(&created);
        let is_adopted = live.tags.are_of_adopted();
        // An adopted API keeps its endpoint, and the parts of others.
        let (there, shape) = if is_adopted {
            let there = live.shape_without(&self.surplus(live));
            (there.clone(), own.over(&there))
        } else {
            (live.shape.clone(), own.clone())
        };
        if !live.regional && !is_adopted {
            actions.push(Action::MakeRegional);
        }
        if live.endpoint_disabled {
            actions.push(Action::EnableEndpoint);
        }
        actions.extend(TagChange::diff(&live.tags, &self.tags).into_iter().map(Action::ChangeTags));
        let rename = (live.name != *name).then(|| live.name.clone());
        if is_adopted {
            actions.extend(self.surplus(live).into_iter().map(|((path, verb), resource)| {
                Action::DeleteMethod { path: path.clone(), verb: verb.clone(), resource: resource.clone() }
            }));
        }
        match Live::stale_authorizer(live, &shape) {
            // Only the pool differs: an import left it unchanged (AGW-32).
            Some((id, from, to)) if rename.is_none() => actions.push(Action::SetAuthorizer { id, from, to }),
            Some(_) | None if rename.is_some() || !shape.is(&there) => {
                let part = is_adopted.then(|| own.missing_in(&there));
                actions.push(Action::Put { from: there, to: shape, part, rename });
            }
            Some(_) | None => {}
        }
        let digest = document::digest(&document::document(name, &own));
        let serving = live.stages.iter().find(|it| it.name == *stage);
        let serves = serving.is_some_and(|it| it.serves(&digest));
        let deployed = live.undeployed.as_ref().is_some_and(|(_, of)| *of == digest);
        if !serves && !deployed {
            actions.push(Action::Deploy { digest: digest.clone() });
        }
        match serving {
            None => {
                actions.push(Action::CreateStage);
                let from = self.stage_as_created();
                let to = self.stage_for(&from, is_adopted);
                actions.push(Action::UpdateStage { from: Box::new(from), to: Box::new(to) });
            }
            Some(serving) => {
                let to = self.stage_for(serving, is_adopted);
                if !serves || !serving.is(&to) {
                    actions.push(Action::UpdateStage { from: Box::new(serving.clone()), to: Box::new(to) });
                }
                let mut tags = self.tags.clone();
                if is_adopted {
                    let others = serving.tags.without_owner().0;
                    tags.0 = others.into_iter().chain(tags.0).collect();
                }
                let changes = TagChange::diff(&serving.tags, &tags);
                actions.extend(changes.into_iter().map(Action::ChangeStageTags));
            }
        }
        let ours = |it: &&Stage| it.variables.contains_key(DEPLOYED) && it.name != *stage;
        actions
            .extend(live.stages.iter().filter(ours).map(|it| Action::DeleteStage { name: it.name.clone() }));
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let update = Step::update;
        let text = |it: &str| Some(it.to_owned());
        match action {
            Action::Create => Step::create().change("endpoint_type", None, text("REGIONAL")).changes(
                "tags",
                &BTreeMap::new(),
                &self.tags.0,
            ),
            Action::MakeRegional => {
                update("make regional", "").change("endpoint_type", text("EDGE or PRIVATE"), text("REGIONAL"))
            }
            Action::EnableEndpoint => {
                update("enable the endpoint", "of").change("endpoint", text("disabled"), text("enabled"))
            }
            Action::ChangeTags(change) => change.describe(),
            Action::DeleteMethod { path, verb, resource: _ } => Step::delete_part("delete a method", "of")
                .change(&format!("{verb} {path}"), text("there"), None),
            Action::Put { from, to, part: _, rename } => {
                let step = match rename {
                    Some(old) => update("import", "").change("name", text(old), text(&self.name)),
                    None => update("import", ""),
                };
                to.changes(from, step)
            }
            Action::SetAuthorizer { id: _, from, to } => {
                let join = |all: &BTreeSet<String>| Some(all.iter().cloned().collect::<Vec<_>>().join(", "));
                update("set the authorizer", "of").change("authorizer", join(from), join(to))
            }
            Action::Deploy { .. } => update("deploy", ""),
            Action::CreateStage => Step::create_part("create the stage", "of")
                .change("stage", None, text(&self.stage))
                .changes("variables", &BTreeMap::new(), &self.variables),
            Action::UpdateStage { from, to } => self.describe_stage(from, to),
            Action::ChangeStageTags(change) => {
                change.describe_in("stage.tags", "set the stage's tags", "remove the stage's tags")
            }
            Action::DeleteStage { name } => {
                Step::delete_part("delete a stage", "of").change("stage", text(name), None)
            }
        }
    }

    fn exposures(&self, live: &Live, aws: &Aws) -> Vec<Exposure> {
        let foreign = |it: &&Stage| !it.variables.contains_key(DEPLOYED) && it.name != self.stage;
        exposures::of(&live.id, live.stages.iter().filter(foreign), &aws.cli())
    }

    fn needs(&self, action: &Action) -> Needs {
        match action {
            Action::Put { .. } | Action::SetAuthorizer { .. } | Action::Deploy { .. } => Needs::Everything,
            Action::Create
            | Action::MakeRegional
            | Action::EnableEndpoint
            | Action::ChangeTags(_)
            | Action::DeleteMethod { .. }
            | Action::CreateStage
            | Action::UpdateStage { .. }
            | Action::ChangeStageTags(_)
            | Action::DeleteStage { .. } => Needs::Only(Vec::new()),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Some(live) = live else { return self.create(aws, reporter).await };
        match action {
            Action::Create => self.create(aws, reporter).await,
            Action::MakeRegional | Action::EnableEndpoint => self.patch(action, live, aws, reporter).await,
            Action::ChangeTags(change) => {
                marks::change(&live.id, change, aws, reporter).await?;
                let mut tags = live.tags.clone();
                change.apply(&mut tags);
                Ok(Live { tags, ..live })
            }
            Action::Put { to, part, .. } => self.put(to, part.as_ref(), live, aws, reporter).await,
            Action::DeleteMethod { path, verb, resource } => {
                let deleted = wait::write(&operations::DELETE_METHOD, reporter, || {
                    let delete = aws.apigateway.delete_method().rest_api_id(&live.id);
                    delete.resource_id(resource).http_method(verb).send()
                });
                if_there(deleted.await)?;
                let method = (path.clone(), verb.clone());
                Ok(live.without_method(&method))
            }
            Action::SetAuthorizer { id, from, to } => {
                let patch = |op, arn: &String| {
                    PatchOperation::builder().op(op).path("/providerARNs").value(arn).build()
                };
                // ARNs are added before others are removed: API Gateway refuses an authorizer without any (AGW-57).
                let added = to.difference(from).map(|arn| patch(Op::Add, arn));
                let removed = from.difference(to).map(|arn| patch(Op::Remove, arn));
                let patches: Vec<PatchOperation> = added.chain(removed).collect();
                wait::write(&operations::UPDATE_AUTHORIZER, reporter, || {
                    aws.apigateway
                        .update_authorizer()
                        .rest_api_id(&live.id)
                        .authorizer_id(id)
                        .set_patch_operations(Some(patches.clone()))
                        .send()
                })
                .await?;
                let authorizers = read::authorizers(&live.id, aws).await?;
                Ok(live.with_authorizers(authorizers))
            }
            Action::Deploy { digest } => self.deploy(digest, live, aws, reporter).await,
            Action::CreateStage => self.create_stage(live, aws, reporter).await,
            Action::UpdateStage { from: _, to } => self.update_stage(to, live, aws, reporter).await,
            Action::ChangeStageTags(change) => {
                marks::change_at(&aws.account.stage_arn(&live.id, &self.stage), change, aws, reporter)
                    .await?;
                Ok(live.with_stage(&self.stage, |stage| change.apply(&mut stage.tags)))
            }
            Action::DeleteStage { name } => {
                let deleted = wait::write(&operations::DELETE_STAGE, reporter, || {
                    aws.apigateway.delete_stage().rest_api_id(&live.id).stage_name(name).send()
                });
                if_there(deleted.await)?;
                let stages = live.stages.into_iter().filter(|it| it.name != *name).collect();
                Ok(Live { stages, ..live })
            }
        }
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { id: live.id.clone(), stage: self.stage.clone() }
    }

    fn is_adopted(live: &Live) -> bool {
        live.tags.are_of_adopted()
    }

    async fn removal(_: &Live, _: Option<&Self>, _: Aim, _: &Aws) -> Result<Removal, AwsError> {
        Ok(Removal::Delete { note: None })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        _: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let deleted = wait::write(&operations::DELETE_REST_API, reporter, || {
            aws.apigateway.delete_rest_api().rest_api_id(&live.id).send()
        });
        if_there(deleted.await).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.tags) else { return Ok(()) };
        if_there(marks::change(&live.id, &change, aws, reporter).await).map(drop)
    }
}

impl RestApi {
    /// The methods of the stack in an adopted API that are not in the file any more, with the ids of their resources.
    fn surplus<'a>(&self, live: &'a Live) -> BTreeMap<&'a (String, String), &'a String> {
        live.own_methods.iter().filter(|(method, _)| !self.shape.methods.contains_key(*method)).collect()
    }
}
