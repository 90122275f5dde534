//! Random changes outside stackctl.

use aws_sdk_cognitoidentityprovider::types::DeletionProtectionType;
use aws_sdk_lambda::error::SdkError;
use stackctl_aws_client::clients::Clients;
use stackctl_stackfile::stack::Stack;

use crate::{
    faults::generator::Dice,
    harness::inventory::{pools, rest_apis},
};

/// Sends it, whether or not the thing is there.
macro_rules! send {
    ($request:expr) => {
        match $request.send().await {
            Ok(_) | Err(SdkError::ServiceError(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    };
}

/// One change of one thing of the file, if it is there.
pub async fn edit(aws: &Clients, stack: &Stack, dice: &mut Dice) {
    let of = |logical: &str| format!("{}-{logical}", stack.name);
    let some = |dice: &mut Dice, names: Vec<String>| -> String {
        if names.is_empty() { of("nothing") } else { dice.pick(&names).clone() }
    };
    let bucket = stack.buckets.keys().map(|it| format!("{}-000000000000-eu-west-1", of(it.as_str())));
    let bucket = some(dice, bucket.collect());
    let secrets = stack.buckets.keys().map(|it| format!("/stackctl/{}/{it}/webhook", stack.name));
    let secret = some(dice, secrets.collect());
    let function = some(dice, stack.functions.keys().map(|it| of(it.as_str())).collect());
    let role = format!("{function}-eu-west-1");
    let group = format!("/aws/lambda/{function}");
    let pool = some(dice, stack.user_pools.keys().map(|it| of(it.as_str())).collect());
    let api = some(dice, stack.apis.keys().map(|it| of(it.as_str())).collect());
    match dice.below(15) {
        0 => send!(aws.s3.delete_bucket_policy().bucket(bucket)),
        1 => send!(aws.s3.delete_bucket_cors().bucket(bucket)),
        2 => send!(aws.s3.delete_public_access_block().bucket(bucket)),
        3 => send!(aws.s3.delete_bucket().bucket(bucket)),
        4 => {
            if let Ok(policies) = aws.iam.list_role_policies().role_name(&role).send().await {
                for policy in policies.policy_names {
                    send!(aws.iam.delete_role_policy().role_name(&role).policy_name(policy));
                }
                if dice.one_in(2) {
                    send!(aws.iam.delete_role().role_name(&role));
                }
            }
        }
        5 => send!(aws.lambda.delete_function().function_name(function)),
        6 => send!(aws.lambda.update_function_configuration().function_name(function).memory_size(192)),
        7 => send!(aws.logs.delete_log_group().log_group_name(group)),
        8 => send!(aws.logs.put_retention_policy().log_group_name(group).retention_in_days(1)),
        9 => send!(aws.ssm.delete_parameter().name(secret)),
        10 | 11 => {
            for (_, id) in pools(aws).await.into_iter().filter(|(name, _)| *name == pool) {
                if dice.one_in(2) {
                    let update = aws.cognito.update_user_pool().user_pool_id(&id);
                    send!(update.deletion_protection(DeletionProtectionType::Inactive));
                    send!(aws.cognito.delete_user_pool().user_pool_id(&id));
                } else if let Ok(clients) =
                    aws.cognito.list_user_pool_clients().user_pool_id(&id).max_results(60).send().await
                {
                    for client in clients.user_pool_clients().iter().filter_map(|it| it.client_id()).take(1) {
                        send!(aws.cognito.delete_user_pool_client().user_pool_id(&id).client_id(client));
                    }
                }
            }
        }
        _ => {
            for (_, id) in rest_apis(aws).await.into_iter().filter(|(name, _)| *name == api) {
                match dice.below(3) {
                    0 => send!(aws.apigateway.delete_rest_api().rest_api_id(id)),
                    1 => {
                        send!(aws.apigateway.delete_stage().rest_api_id(&id).stage_name("production"));
                        send!(aws.apigateway.delete_stage().rest_api_id(&id).stage_name("v1"));
                    }
                    _ => {
                        let all = aws.apigateway.get_resources().rest_api_id(&id).send().await.unwrap();
                        for resource in all.items().iter().filter_map(|it| it.id()) {
                            let method = aws.apigateway.delete_method().http_method("GET");
                            send!(method.rest_api_id(&id).resource_id(resource));
                        }
                    }
                }
            }
        }
    }
}
