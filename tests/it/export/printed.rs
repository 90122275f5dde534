//! What `stackctl export cloudformation` writes and prints.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    program::WorkingCopy,
};

/// The folder of an export, and the commands to run in it.
pub struct Printed {
    pub folder: PathBuf,
    pub commands: Vec<String>,
}

/// Exports a stack into a new folder. The commands name a bucket that exists.
pub fn export(copy: &WorkingCopy, cloud: &Cloud, options: &[&str]) -> Printed {
    let folder = copy.folder.join("cloudformation");
    let _ = fs::remove_dir_all(&folder);
    let said = copy.succeed(&[&["export", "cloudformation", "--json"], options].concat());
    let line = said.stdout.lines().find(|line| line.contains(r#""event":"exported""#));
    let line: Value = serde_json::from_str(line.unwrap_or_else(|| panic!("{said:?}"))).unwrap();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    for file in texts(&line["files"]) {
        assert!(folder.join(&file).exists(), "{file} of {said:?}");
    }
    let bucket = format!("code-of-{}", copy.stack().name);
    let aws = console(copy, &cloud.url);
    wait_for(aws.s3.create_bucket().bucket(&bucket).create_bucket_configuration(here()).send()).unwrap();
    let commands = texts(&line["commands"]).iter().map(|it| it.replace("YOUR-BUCKET", &bucket)).collect();
    Printed { folder, commands }
}

fn here() -> aws_sdk_s3::types::CreateBucketConfiguration {
    aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build()
}
