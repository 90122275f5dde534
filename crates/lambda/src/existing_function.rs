//! A function that others made: what is read of it, and what the stack needs of it.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::{FunctionConfiguration, State};
use stackctl_apigateway::rest_api::RestApi;
use stackctl_aws_client::{
    clients::Aws,
    existing::{Found, Used},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    cli::Cli,
    desired::{
        existing::Need,
        existing_function::{FunctionNeeds, Stage},
    },
    invoke_permission::BucketSource,
};
use stackctl_engine::{Address, Known, Observed, Ref};

use crate::{
    function::{Outputs, operations},
    function_listing::{self as listing, Listing},
};

/// A function that others made, and that routes and events of the stack call.
pub struct ExistingFunction {
    /// Its name.
    pub name: String,
    /// The stages whose routes call it.
    pub stages: Vec<CallingStage>,
    /// The buckets whose events call it, by logical name.
    pub buckets: BTreeMap<String, BucketSource>,
}

/// A stage of an API that calls a function.
pub struct CallingStage {
    /// The API.
    pub api: Ref<RestApi>,
    /// The stage.
    pub stage: String,
    /// The methods and paths, as ARNs have them: `GET/photos/*`.
    pub routes: Vec<String>,
}

impl Used for ExistingFunction {
    const KIND: &'static str = "function";
    type Listing = Listing;
    type Outputs = Outputs;

    fn name(&self) -> String {
        self.name.clone()
    }

    async fn outputs(&self, _: &Observed, aws: &Aws) -> Result<Outputs, AwsError> {
        let arn = aws.account.function_arn(&self.name);
        Ok(Outputs { name: self.name.clone(), arn, bucket_permissions: BTreeMap::new() })
    }

    async fn find(&self, observed: &Observed, aws: &Aws) -> Result<Found<Outputs>, AwsError> {
        let outputs = self.outputs(observed, aws).await?;
        let (function, policy) = tokio::try_join!(listing::function(&self.name, aws), self.policy(aws))?;
        let (cli, account) = (aws.cli(), &aws.account);
        let needs = FunctionNeeds { name: &self.name, account, cli: &cli };
        let Some(function) = function else {
            return Ok(Found { missing: vec![needs.absent()], ..Found::with(outputs) });
        };
        let mut missing: Vec<Need> =
            function.configuration.and_then(|it| self.unusable(&it, &cli)).into_iter().collect();
        let mut later = Vec::new();
        for stage in &self.stages {
            match observed.get(&stage.api).await {
                Some(api) => {
                    let need = needs.for_stage(stage.with(&api.id), &policy);
                    missing.extend(need.map_err(|error| self.unreadable(error))?);
                }
                None => later.push(stage.api.address().clone()),
            }
        }
        for (bucket, source) in &self.buckets {
            let need = needs.for_bucket(bucket, source, &policy);
            missing.extend(need.map_err(|error| self.unreadable(error))?);
        }
        Ok(Found { missing, later, ..Found::with(outputs) })
    }

    async fn missing_with(
        &self,
        later: &Address,
        known: &Known,
        aws: &Aws,
    ) -> Result<Option<Need>, AwsError> {
        let stage = self.stages.iter().find(|it| it.api.address() == later);
        let Some((stage, api)) = stage.and_then(|it| Some((it, known.get(&it.api)?))) else {
            return Ok(None);
        };
        let policy = self.policy(aws).await?;
        let needs = FunctionNeeds { name: &self.name, account: &aws.account, cli: &aws.cli() };
        needs.for_stage(stage.with(&api.id), &policy).map_err(|error| self.unreadable(error))
    }
}

impl CallingStage {
    fn with<'a>(&'a self, id: &'a str) -> Stage<'a> {
        Stage { api: &self.api.address().name, id, name: &self.stage, routes: &self.routes }
    }
}

impl ExistingFunction {
    fn unreadable(&self, error: serde_json::Error) -> AwsError {
        AwsError::unreadable(format!("the policy of the function {}", self.name), error)
    }

    /// Reads its policy; empty: it has none.
    async fn policy(&self, aws: &Aws) -> Result<String, AwsError> {
        let ask = || aws.lambda.get_policy().function_name(&self.name).send();
        let found = if_there(wait::read(&operations::GET_POLICY, ask).await)?;
        Ok(found.and_then(|it| it.policy).unwrap_or_else(|| "{}".to_owned()))
    }

    /// What is missing while the function can't be invoked. One that was idle for long is inactive, and can be.
    fn unusable(&self, function: &FunctionConfiguration, cli: &Cli) -> Option<Need> {
        let why = function.state_reason().unwrap_or("no reason given");
        let get = ["lambda", "get-function", "--function-name", &self.name];
        let wait = ["lambda", "wait", "function-active-v2", "--function-name", &self.name];
        let (what, cure, command): (_, _, &[&str]) = match function.state() {
            Some(State::Failed) => {
                (format!("Lambda could not make it: {why}"), "have its owner make it again; to see it:", &get)
            }
            Some(State::Pending) => (
                format!("Lambda is still making it: {why}"),
                "wait until it is active, then run the command again:",
                &wait,
            ),
            Some(_) | None => return None,
        };
        Some(Need { what, cure: format!("{cure}\n{}", cli.command(command)) })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use stackctl_aws_data::desired::samples::{cli, text};

    use super::*;

    fn function() -> ExistingFunction {
        ExistingFunction { name: "team-resize".to_owned(), stages: Vec::new(), buckets: BTreeMap::new() }
    }

    fn check(need: Option<Need>, expected: Expect) {
        expected.assert_eq(&text(need));
    }

    #[test]
    fn a_function_that_can_not_be_invoked() {
        let of = |state: Option<State>| {
            let configuration = FunctionConfiguration::builder().set_state(state);
            function().unusable(&configuration.state_reason("the role is gone").build(), &cli())
        };
        check(
            of(None),
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            of(Some(State::Active)),
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            of(Some(State::Inactive)),
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            of(Some(State::Pending)),
            expect![[r#"
            Lambda is still making it: the role is gone
            wait until it is active, then run the command again:
            aws lambda wait function-active-v2 --function-name team-resize --region eu-west-1
        "#]],
        );
        check(
            of(Some(State::Failed)),
            expect![[r#"
            Lambda could not make it: the role is gone
            have its owner make it again; to see it:
            aws lambda get-function --function-name team-resize --region eu-west-1
        "#]],
        );
    }
}
