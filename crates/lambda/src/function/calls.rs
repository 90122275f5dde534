//! The calls that create and change a function.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_lambda::{
    primitives::Blob,
    types::{Architecture, Environment, FunctionCode, LastUpdateStatus, Runtime, State as LiveState},
};
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        operation::Awaited,
        wait,
    },
};
use stackctl_aws_data::tags::Tags;
use stackctl_engine::{Known, Reporter};
use stackctl_package::Zip;

use super::{
    asynchronous,
    exposures::Attached,
    marks,
    model::{Action, Function, Live, State, described, name_of},
    permission, read,
};
use crate::function::operations;

impl Function {
    pub(super) async fn call(
        &self,
        action: &Action,
        live: Option<Live>,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let Some(live) = live else { return self.create(known, aws, reporter).await };
        match action {
            Action::Create => self.create(known, aws, reporter).await,
            Action::Regrant { .. } => self.regrant(live, known, aws, reporter).await,
            Action::SetCode { .. } => self.set_code(live, aws, reporter).await,
            Action::Configure { .. } => self.configure(live, known, aws, reporter).await,
            Action::ChangeTags(change) => {
                marks::change(&self.name, change, aws, reporter).await?;
                let mut tags = live.tags.clone();
                change.apply(&mut tags);
                Ok(Live { tags, ..live })
            }
            Action::RemovePermission { statement, .. } => {
                permission::remove(&self.name, statement, aws, reporter).await?;
                let Live { mut permissions, mut bucket_permissions, .. } = live.clone();
                permissions.remove(statement);
                bucket_permissions.remove(statement);
                Ok(Live { permissions, bucket_permissions, ..live })
            }
            Action::AddPermission { statement, source, .. } => {
                let Some(source) = source else { return Ok(live) };
                match permission::add_api(&self.name, statement, source, aws, reporter).await {
                    // An earlier attempt whose response was lost added it: the function is read again (LAM-09).
                    Err(error) if error.is_there_already() => {
                        let now = read::read(&self.name, aws).await?;
                        return now.ok_or_else(|| gone(&self.name));
                    }
                    other => other?,
                }
                let mut permissions = live.permissions.clone();
                permissions.insert(statement.clone(), Some(source.0.clone()));
                Ok(Live { permissions, ..live })
            }
            Action::SetAsynchronous { from: _, to } => {
                asynchronous::set(&self.name, to.as_ref(), aws, reporter).await?;
                Ok(Live { asynchronous: to.clone(), ..live })
            }
            Action::AwaitActive => {
                self.settled(&operations::FUNCTION_ACTIVE, aws, reporter).await?;
                Ok(Live { state: State::Usable, ..live })
            }
            Action::Refuse { why } => Err(AwsError::Stuck {
                what: format!("Lambda could not make {}: {why}", self.name),
                hint: "delete the function, then apply again",
            }),
        }
    }

    pub(super) async fn create(
        &self,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let zip = self.zip(reporter).await?;
        let code = FunctionCode::builder().zip_file(Blob::new(zip.bytes.as_slice())).build();
        let (role, description) = self.runs_as(known);
        let made = wait::write(&operations::CREATE_FUNCTION, reporter, || {
            aws.lambda
                .create_function()
                .function_name(&self.name)
                .role(&role)
                .description(&description)
                .runtime(Runtime::from(self.settings.runtime.as_str()))
                .handler(&self.settings.handler)
                .architectures(Architecture::from(name_of(self.settings.architecture)))
                .memory_size(as_i32(self.settings.memory.0))
                .timeout(as_i32(self.settings.timeout.0))
                .environment(environment(&self.settings.environment))
                .set_tags(Some(self.tags.to_map()))
                .code(code.clone())
                .send()
        });
        match made.await {
            // An earlier attempt whose response was lost created it, unless its tags name another owner.
            Err(error) if error.is_there_already() => {
                let live = read::read(&self.name, aws).await?.ok_or_else(|| gone(&self.name))?;
                self.is_ours(&live.tags, aws)?;
                Ok(live)
            }
            Err(error) => Err(error),
            Ok(made) => Ok(Live {
                name: self.name.clone(),
                role,
                description,
                settings: self.settings.clone(),
                code_sha256: made.code_sha256.unwrap_or_default(),
                state: if made.state == Some(LiveState::Active) { State::Usable } else { State::Pending },
                modified: String::new(),
                tags: self.tags.clone(),
                permissions: BTreeMap::new(),
                bucket_permissions: BTreeMap::new(),
                asynchronous: None,
                attached: Attached::default(),
            }),
        }
    }

    async fn set_code(&self, live: Live, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let zip = self.zip(reporter).await?;
        let answer = wait::change(&operations::UPDATE_FUNCTION_CODE, reporter, || {
            aws.lambda
                .update_function_code()
                .function_name(&self.name)
                .architectures(Architecture::from(name_of(self.settings.architecture)))
                .zip_file(Blob::new(zip.bytes.as_slice()))
                .send()
        })
        .await?;
        self.updated(answer.last_update_status, aws, reporter).await?;
        let mut settings = live.settings.clone();
        settings.architecture = self.settings.architecture;
        Ok(Live { code_sha256: zip.sha256.clone(), settings, ..live })
    }

    async fn configure(
        &self,
        live: Live,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let (role, description) = self.runs_as(known);
        let variables = self.variables(&live);
        let answer = wait::change(&operations::UPDATE_FUNCTION_CONFIGURATION, reporter, || {
            aws.lambda
                .update_function_configuration()
                .function_name(&self.name)
                .role(&role)
                .description(&description)
                .runtime(Runtime::from(self.settings.runtime.as_str()))
                .handler(&self.settings.handler)
                .memory_size(as_i32(self.settings.memory.0))
                .timeout(as_i32(self.settings.timeout.0))
                .environment(environment(&variables))
                .send()
        })
        .await?;
        self.updated(answer.last_update_status, aws, reporter).await?;
        let mut settings = self.settings.clone();
        settings.architecture = live.settings.architecture;
        settings.environment = variables;
        Ok(Live { role, description, settings, ..live })
    }

    /// Waits until an update has ended, unless its answer says that it has.
    pub(super) async fn updated(
        &self,
        status: Option<LastUpdateStatus>,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        match status {
            Some(LastUpdateStatus::Successful) => Ok(()),
            Some(_) | None => self.settled(&operations::FUNCTION_UPDATED, aws, reporter).await,
        }
    }

    /// Waits until the creation or the update of the function has ended (LAM-30, LAM-34).
    async fn settled(&self, awaited: &Awaited, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        wait::until(reporter, awaited, async || {
            let answer = wait::read(&operations::GET_FUNCTION, || {
                aws.lambda.get_function().function_name(&self.name).send()
            })
            .await;
            // A new one may not be visible yet (LAM-11); one that the look found is gone.
            let now = if reporter.was_seen() { Some(answer?) } else { if_there(answer)? };
            let now = now.and_then(|it| it.configuration);
            let Some(now) = now else { return Ok(Err(wait::UNSEEN)) };
            let failed = |why: Option<&str>| AwsError::Stuck {
                what: format!("Lambda could not make {}: {}", self.name, why.unwrap_or("no reason given")),
                hint: "mend what Lambda names, then run the command again",
            };
            match (
                read::live(&self.name, now.clone(), Tags::default(), Default::default()).state,
                now.last_update_status(),
            ) {
                (State::Failed(why), _) => Err(failed(Some(&why))),
                (_, Some(LastUpdateStatus::Failed)) => Err(failed(now.last_update_status_reason())),
                (State::Pending, _) => Ok(Err("it was still Pending")),
                (_, Some(LastUpdateStatus::InProgress)) => Ok(Err("its update was still InProgress")),
                (State::Usable, _) => Ok(Ok(())),
            }
        })
        .await
    }

    async fn zip(&self, reporter: &Reporter) -> Result<&Zip, AwsError> {
        let for_what = format!("{} to be built", self.code);
        if self.code.ready().is_none() {
            reporter.waiting(&for_what);
        }
        tokio::select! {
            zip = self.code.zip() => zip.map_err(AwsError::Code),
            () = reporter.stop().asked() => Err(AwsError::Stopped { for_what }),
        }
    }

    /// The ARN of the role, and the description that contains the role's id. `needs` makes the engine wait for them.
    fn runs_as(&self, known: &Known) -> (String, String) {
        known.get(&self.role).map(|role| (role.arn.0.clone(), described(&role.id))).unwrap_or_default()
    }
}

fn environment(variables: &BTreeMap<String, String>) -> Environment {
    let variables: HashMap<String, String> = variables.clone().into_iter().collect();
    Environment::builder().set_variables(Some(variables)).build()
}

/// Deletes a function; one that does not exist any more is success.
pub(super) async fn delete(name: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let ask = || aws.lambda.delete_function().function_name(name).send();
    if_there(wait::write(&operations::DELETE_FUNCTION, reporter, ask).await).map(drop)
}

fn gone(name: &str) -> AwsError {
    AwsError::Stuck {
        what: format!("the function {name} exists according to Lambda, but can't be found"),
        hint: "another program may be deleting it; run the command again",
    }
}

fn as_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
