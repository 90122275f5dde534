//! What is uploaded and deleted reaches the function.

use std::collections::BTreeSet;

use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    types::{LambdaFunctionConfiguration, NotificationConfiguration},
};
use libtest_mimic::Trial;

use super::stack::{Listening, STACK};
use crate::{
    harness::{
        cloud::{Cloud, wait_for},
        trial::trial,
    },
    stacks::lifecycle::send,
};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("events::an_object_that_matches_calls_the_function", move || matching_objects(cloud)),
        trial("events::what_s3_refuses_is_refused", move || what_s3_refuses(cloud)),
    ]
}

fn matching_objects(cloud: &Cloud) {
    let listening = Listening::begin(cloud, "events", STACK);
    listening.put("in/picture.jpg", "not this one");
    listening.put("out/letter.txt", "nor this one");
    listening.put("in/a letter.txt", "twelve bytes");
    let records = listening.eventually_called(1);
    let record = &records[0];
    assert_eq!(record["eventName"], "ObjectCreated:Put");
    assert_eq!(record["s3"]["bucket"]["name"], listening.bucket.as_str());
    assert_eq!(record["s3"]["object"]["key"], "in/a+letter.txt");
    assert_eq!(record["s3"]["object"]["size"], 12);

    listening.delete("in/picture.jpg");
    let records = listening.eventually_called(2);
    assert_eq!(records[1]["eventName"], "ObjectRemoved:Delete");
    let keys: BTreeSet<_> = records.iter().map(|it| it["s3"]["object"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, BTreeSet::from(["in/a+letter.txt", "in/picture.jpg"]));
    listening.destroy();
}

/// The local cloud refuses what S3 refuses: a function that does not let S3 in, and two entries for one object.
fn what_s3_refuses(cloud: &Cloud) {
    let listening = Listening::begin(cloud, "events", STACK);
    let (aws, bucket) = (&listening.console, &listening.bucket);
    let found = send!(aws.s3.get_bucket_notification_configuration().bucket(bucket));
    let ours = found.lambda_function_configurations.unwrap();
    let put = |entries: Vec<LambdaFunctionConfiguration>| {
        let all = NotificationConfiguration::builder().set_lambda_function_configurations(Some(entries));
        let put = aws.s3.put_bucket_notification_configuration().bucket(bucket);
        let answer = wait_for(put.notification_configuration(all.build()).send());
        answer.map(drop).map_err(|error| {
            let error = error.into_service_error();
            format!("{} {}", error.code().unwrap_or_default(), error.message().unwrap_or_default())
        })
    };
    assert_eq!(put(ours.clone()), Ok(()));

    let mut twice = vec![ours[0].clone(), ours[0].clone()];
    twice[1].id = Some("again".to_owned());
    let refused = put(twice).unwrap_err();
    assert!(refused.starts_with("InvalidArgument Configuration is ambiguously defined."), "{refused}");

    let statement = "stackctl-S3-uploads";
    send!(aws.lambda.remove_permission().function_name(&listening.function).statement_id(statement));
    let refused = put(ours.clone()).unwrap_err();
    let expected = "InvalidArgument Unable to validate the following destination configurations";
    assert!(refused.starts_with(expected), "{refused}");
    let mut missing = ours;
    missing.truncate(1);
    missing[0].lambda_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:nothing".to_owned();
    assert!(put(missing).unwrap_err().starts_with(expected));
    listening.copy.apply();
    listening.destroy();
}
