//! The API.

use super::Row;
use crate::stacks::lifecycle::send;

pub const ROWS: &[Row] = &[Row(
    "API: a second stage",
    |aws, it| {
        let made = send!(aws.apigateway.create_deployment().rest_api_id(&it.api));
        let add = aws.apigateway.create_stage().rest_api_id(&it.api).stage_name("old");
        send!(add.deployment_id(made.id.unwrap()));
    },
    &["rest_api.uploads: the stage old of others serves deployment "],
)];
