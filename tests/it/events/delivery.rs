//! What is uploaded and deleted reaches the function.

use std::collections::BTreeSet;

use libtest_mimic::Trial;

use super::stack::{Listening, STACK};
use crate::harness::{cloud::Cloud, trial::trial};

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("events::an_object_that_matches_calls_the_function", move || matching_objects(cloud))]
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
