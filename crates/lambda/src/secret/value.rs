//! The value of a secret, for the commands that show and rotate it.

use aws_sdk_ssm::types::ParameterType;
use stackctl_aws_client::{
    clients::Aws,
    lock::operations::{GET_PARAMETER, PUT_PARAMETER},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::webhook_secret::WebhookSecret;
use stackctl_engine::Reporter;

use super::{
    calls,
    model::{Secret, no_randomness},
};

/// A part of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// A new secret signs beside the current one.
    Begin,
    /// The current secret signs alone.
    Finish,
}

impl Secret {
    /// Reads the value; `None` if the secret does not exist.
    ///
    /// # Errors
    /// SSM's, a parameter that is not the stack's, and a value that stackctl did not write.
    pub async fn reveal(&self, aws: &Aws) -> Result<Option<WebhookSecret>, AwsError> {
        let Some(live) = calls::read(&self.name, aws).await? else { return Ok(None) };
        self.own(live, aws)?;
        let get = || aws.ssm.get_parameter().name(&self.name).with_decryption(true).send();
        let found = if_there(wait::read(&GET_PARAMETER, get).await)?.and_then(|it| it.parameter);
        let Some(parameter) = found else { return Ok(None) };
        let secret = WebhookSecret::read(parameter.value().unwrap_or_default());
        secret.map(Some).ok_or_else(|| AwsError::Stuck {
            what: format!("the value of the parameter {} is no secret of a webhook", self.name),
            hint: "delete the parameter and run `stackctl apply`, which makes a new one",
        })
    }

    /// Begins or finishes a rotation. Returns `false` if there is nothing to finish, or if a rotation has begun already: the
    /// receiver may still have its previous secret. Returns `None` if the secret does not exist. The tags stay (SSM-01).
    ///
    /// # Errors
    /// As for [`Secret::reveal`].
    pub async fn rotate(
        &self,
        rotation: Rotation,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Option<bool>, AwsError> {
        let Some(now) = self.reveal(aws).await? else { return Ok(None) };
        let next = match rotation {
            Rotation::Begin if !now.is_rotating() => now.rotated().map_err(no_randomness)?,
            Rotation::Finish if now.is_rotating() => now.finished(),
            Rotation::Begin | Rotation::Finish => return Ok(Some(false)),
        };
        let put = aws.ssm.put_parameter().name(&self.name).r#type(ParameterType::SecureString);
        let put = put.value(next.value()).overwrite(true);
        wait::write(&PUT_PARAMETER, reporter, || put.clone().send()).await?;
        Ok(Some(true))
    }
}
