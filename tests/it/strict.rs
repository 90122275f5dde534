//! Clouds that behave as AWS does, lent to one test at a time: what is to go wrong is set for a whole cloud.

use std::{ops::Deref, sync::Mutex};

use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, console, wait_for},
    program::WorkingCopy,
};

static FREE: Mutex<Vec<Cloud>> = Mutex::new(Vec::new());

/// A strict cloud that nobody else uses meanwhile.
pub struct Strict(Option<Cloud>);

impl Strict {
    /// One in which no time passes.
    pub fn borrow() -> Strict {
        let free = FREE.lock().unwrap().pop();
        let strict = Strict(Some(free.unwrap_or_else(Cloud::start_strict)));
        strict.faults(json!([]));
        strict
    }

    /// What is to go wrong from now on; otherwise everything is allowed, and at once.
    pub fn faults(&self, faults: Value) {
        self.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "faults": faults }));
    }

    /// All that can be set.
    pub fn set(&self, settings: Value) {
        let sent = ureq::post(format!("{}/_stackctl/strict", self.url)).send(settings.to_string());
        if let Err(error) = sent {
            panic!("{settings}: {error}");
        }
    }

    /// How many requests each fault met.
    pub fn hits(&self) -> Vec<u64> {
        let mut told = ureq::get(format!("{}/_stackctl/strict", self.url)).call().unwrap();
        let told: Value = serde_json::from_str(&told.body_mut().read_to_string().unwrap()).unwrap();
        told["faults"].as_array().unwrap().iter().filter_map(|it| it["hit"].as_u64()).collect()
    }

    /// Fails if anything is there whose name or path has the stack's name; the cloud is asked, not stackctl.
    pub fn assert_nothing_left(&self, copy: &WorkingCopy) {
        let aws = console(copy, &self.url);
        let stack = aws.stack.to_string();
        let ours = |name: Option<&str>| name.is_some_and(|it| it.contains(&format!("{stack}-")));
        let left: Vec<String> = wait_for(async {
            let buckets = aws.s3.list_buckets().send().await.unwrap();
            let buckets = buckets.buckets().iter().map(|it| it.name());
            let roles = aws.iam.list_roles().send().await.unwrap();
            let roles = roles.roles().iter().map(|it| Some(it.role_name()));
            let functions = aws.lambda.list_functions().send().await.unwrap();
            let functions = functions.functions().iter().map(|it| it.function_name());
            let groups = aws.logs.describe_log_groups().send().await.unwrap();
            let groups = groups.log_groups().iter().map(|it| it.log_group_name());
            let apis = aws.apigateway.get_rest_apis().limit(500).send().await.unwrap();
            let apis = apis.items().iter().map(|it| it.name());
            let pools = aws.cognito.list_user_pools().max_results(60).send().await.unwrap();
            let pools = pools.user_pools().iter().map(|it| it.name());
            let all = buckets.chain(roles).chain(functions).chain(groups).chain(apis).chain(pools);
            all.filter(|it| ours(*it)).flatten().map(str::to_owned).collect()
        });
        assert_eq!(left, Vec::<String>::new());
    }
}

impl Deref for Strict {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        self.0.as_ref().expect("it is given back when it is dropped")
    }
}

impl Drop for Strict {
    fn drop(&mut self) {
        if let Ok(mut free) = FREE.lock() {
            free.extend(self.0.take());
        }
    }
}

/// Stops all of them.
pub fn all_down() {
    for cloud in FREE.lock().unwrap().drain(..) {
        cloud.local("down");
    }
}
