//! The exposures of an API: stages of others, each of which serves a deployment to the internet.

use stackctl_aws_data::cli::Cli;
use stackctl_engine::Exposure;

use super::read::Stage;

/// The exposures of the API with this id: stages that are not the stack's.
pub fn of<'a>(api: &str, foreign: impl Iterator<Item = &'a Stage>, cli: &Cli) -> Vec<Exposure> {
    let exposure = |stage: &Stage| Exposure {
        what: format!(
            "the stage {} of others serves deployment {}, with its own variables and throttling",
            stage.name, stage.deployment
        ),
        close: cli.command(&[
            "apigateway",
            "delete-stage",
            "--rest-api-id",
            api,
            "--stage-name",
            &stage.name,
        ]),
    };
    foreign.map(exposure).collect()
}
