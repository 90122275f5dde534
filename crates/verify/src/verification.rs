//! Proof that a stack works and is closed: with a temporary user, everything that a page may do and no one else.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use stackctl_aws_client::{clients::Aws, request::wait};
use stackctl_aws_data::{
    account::{Account, log_group_name},
    outputs::{ApiOutputs, Outputs},
};
use stackctl_engine::{Exposure, Plan, Reporter};
use stackctl_s3::bucket::operations as bucket_operations;
use stackctl_stackfile::{
    api::{Api, Authorizer, Route},
    function::{Function, reach::owner_may},
    grants::{BucketGrants, Grant},
    names::LogicalName,
    stack::Stack,
};
use tokio::sync::mpsc::UnboundedSender;

use self::{
    bucket::Storage,
    check::{Bench, Name},
    endpoint::Endpoint,
    events::Delivery,
    visitor::Visitor,
};
use crate::sign_in::Tokens;

mod bucket;
mod check;
mod endpoint;
mod events;
mod limits;
mod url;
mod visitor;

pub use check::{Check, Finding, Verdict};
pub use events::EventFile;

/// A stack to be verified.
pub struct Verification<'a> {
    /// The stack of the file.
    pub stack: &'a Stack,
    /// The clients and the account.
    pub aws: &'a Aws,
    /// The outputs of the deployed stack.
    pub outputs: &'a Outputs,
    /// The plan of an apply.
    pub plan: &'a Plan,
    /// Whether the events are delivered too, and with which file.
    pub events: Option<Option<EventFile>>,
}

impl Verification<'_> {
    /// Makes all checks, and removes what was created for them even when a check fails.
    pub async fn run(&self, told: &UnboundedSender<Check>, reporter: &Reporter) {
        let bench = Bench::new(told, reporter, self.plan.is_empty());
        self.as_the_file_says(&bench);
        let mut visitors = Vec::new();
        let mut tokens = BTreeMap::new();
        for (name, api) in &self.stack.apis {
            let Some(found) = self.outputs.apis.get(name.as_str()) else { continue };
            let endpoint = self.endpoint(name, api, found, &bench);
            endpoint.preflights().await;
            endpoint.strangers().await;
            endpoint.refusals().await;
            let Authorizer::UserPool(pool) = &api.authorizer else { continue };
            if !tokens.contains_key(pool) {
                let signed_in = self.sign_in(pool, &bench, &mut visitors).await;
                tokens.insert(pool, signed_in);
            }
            let Some(tokens) = tokens.get(pool).and_then(Option::as_ref) else {
                let what = "a signed-in user gets an answer".to_owned();
                let name = Name { id: "id_token", of: Some(endpoint.address.clone()), what };
                bench.skip(name, "no user could sign in");
                continue;
            };
            self.signed_in(name, &endpoint, tokens, &bench).await;
        }
        if let Some(file) = &self.events {
            self.deliver(file.as_ref(), &bench).await;
        }
        self.clean_up(&visitors, &bench).await;
    }

    /// Delivers the events of each bucket to each function that they call.
    async fn deliver(&self, file: Option<&EventFile>, bench: &Bench<'_>) {
        for (bucket, desired) in &self.stack.buckets {
            // A function that others made is not called for a trial.
            let functions = desired.events.iter().map(|it| &it.call);
            let functions: BTreeSet<&LogicalName> =
                functions.filter(|it| self.stack.functions.contains_key(*it)).collect();
            for function in functions {
                if bench.reporter.stop().is_asked() {
                    return;
                }
                let (aws, stack, buckets) = (self.aws, self.stack, &self.outputs.buckets);
                Delivery { bench, aws, stack, buckets, bucket, function, file }.run().await;
            }
        }
    }

    fn as_the_file_says(&self, bench: &Bench<'_>) {
        let what = "everything is as the file says, and so is what the stages serve".to_owned();
        let entries = self.plan.entries.iter().filter(|it| !it.is_use());
        let mut things: Vec<String> = entries.map(|entry| entry.address.to_string()).collect();
        let exposures = self.plan.exposures.iter();
        things.extend(exposures.map(|(address, Exposure { what, .. })| format!("{address}: {what}")));
        let verdict = if things.is_empty() {
            Verdict::Passed { note: None }
        } else {
            Verdict::Failed(Finding {
                saw: format!("there are differences: {}", things.join(", ")),
                cause: "the file was changed since the last apply, or the stack by other means".to_owned(),
                help: "`stackctl plan` shows them; `stackctl apply` repairs what stackctl owns, and for the rest the plan \
                       has the commands"
                    .to_owned(),
            })
        };
        bench.say(Name { id: "as_the_file_says", of: None, what }, verdict, Duration::ZERO);
    }

    fn endpoint<'a>(
        &'a self,
        name: &LogicalName,
        api: &'a Api,
        found: &ApiOutputs,
        bench: &'a Bench<'a>,
    ) -> Endpoint<'a> {
        let account: &Account = &self.aws.account;
        let function = api.routes.get(&endpoint::root()).and_then(|name| self.stack.functions.get(name));
        let buckets = function.map(|function| &function.buckets);
        let puts = function
            .and_then(|it| Some(it.buckets.iter().find(|(name, grants)| self.puts(it, name, grants))?.0));
        // Of several buckets, the function takes the first by name unless the request names one, and that one may have no
        // `put`.
        let bucket = puts.filter(|_| buckets.is_some_and(|all| all.len() > 1));
        let url = |route: &Route| {
            let mut url = filled(found.routes.get(&route.to_string())?);
            if *route == endpoint::root() {
                // The presign function wants the size where MAX_BYTES is set.
                url += &format!("?size={}", bucket::FILE.len());
                url += &bucket.map(|bucket| format!("&bucket={bucket}")).unwrap_or_default();
            }
            Some(url)
        };
        let routes = api.routes.keys().filter_map(|route| Some((route.clone(), url(route)?))).collect();
        let logs = api.routes.iter().filter_map(|(route, function)| {
            let name = account.function_name(function, self.stack.functions.get(function)?);
            Some((route.clone(), log_group_name(&name)))
        });
        let (address, logs) = (format!("rest_api.{name}"), logs.collect());
        Endpoint { bench, address, api, routes, bucket, puts: puts.is_some(), logs }
    }

    /// Whether a person without groups may put files into a bucket.
    fn puts(&self, function: &Function, bucket: &LogicalName, grants: &BucketGrants) -> bool {
        let bucket = self.stack.buckets.get(bucket);
        bucket.is_some_and(|bucket| owner_may(&function.source, bucket, grants, Grant::Put))
    }

    /// A throw-away user signs in to the pool.
    async fn sign_in(
        &self,
        pool: &LogicalName,
        bench: &Bench<'_>,
        visitors: &mut Vec<Visitor>,
    ) -> Option<Tokens> {
        let what = "a new user signs in, and must change the temporary password".to_owned();
        let name = Name { id: "sign_in", of: Some(format!("user_pool.{pool}")), what };
        let desired = self.stack.user_pools.get(pool)?;
        let found = self.outputs.user_pools.get(pool.as_str())?;
        if desired.existing.is_some() {
            bench.skip(name, "others made the pool, and the check would add a user to it");
            return None;
        }
        let Some(client) = found.clients.values().next() else {
            bench.skip(name, "the pool has no app client");
            return None;
        };
        if bench.reporter.stop().is_asked() {
            return None;
        }
        let visitor = match Visitor::new(&found.id, desired) {
            Ok(visitor) => visitor,
            Err(error) => {
                bench.skip(name, format!("the system has no randomness: {error}"));
                return None;
            }
        };
        // The user is removed even when a later check fails.
        visitors.push(visitor);
        let visitor = visitors.last()?;
        bench.check(name, async || visitor.arrive(client, self.aws, bench.reporter).await).await
    }

    /// Checks what a signed-in user can do and can't.
    async fn signed_in(
        &self,
        name: &LogicalName,
        endpoint: &Endpoint<'_>,
        tokens: &Tokens,
        bench: &Bench<'_>,
    ) {
        endpoint.forgers(tokens).await;
        let Some(answer) = endpoint.guest(tokens).await else { return };
        let function = self.stack.apis.get(name).and_then(|api| api.routes.get(&endpoint::root()));
        let function = function.and_then(|function| self.stack.functions.get(function));
        let buckets: Vec<(&LogicalName, &str)> = function
            .iter()
            .flat_map(|function| function.buckets.iter().filter(|(name, it)| self.puts(function, name, it)))
            .filter_map(|(bucket, _)| Some((bucket, self.outputs.buckets.get(bucket.as_str())?.as_str())))
            .collect();
        let what = "a file gets into the bucket".to_owned();
        let upload = Name { id: "upload", of: Some(endpoint.address.clone()), what };
        if buckets.is_empty() {
            return bench.skip(upload, "the function of GET / may not put into any bucket");
        }
        let url: Option<String> = serde_json::from_slice(&answer.body).ok();
        let of = |url: &str| buckets.iter().find(|(_, name)| url::is_in(url, name)).copied();
        let Some((logical, bucket)) = url.as_deref().and_then(of) else {
            return bench
                .skip(upload, "GET / answers with something else than the URL of an object in the bucket");
        };
        let desired = self.stack.buckets.get(logical);
        // The CORS of a bucket that others made is to answer the pages of the API.
        let origins = match desired.is_some_and(|it| it.existing.is_some()) {
            true => endpoint.api.cors.as_ref().map(|it| &it.origins),
            false => desired.and_then(|it| it.cors.as_ref()).map(|it| &it.origins),
        };
        let storage = Storage { bench, aws: self.aws, endpoint, tokens, logical, bucket, origins };
        storage.run(function.map(|it| &it.environment)).await;
    }

    /// Removes the throw-away users and objects. Not ended by Ctrl-C.
    async fn clean_up(&self, visitors: &[Visitor], bench: &Bench<'_>) {
        let began = Instant::now();
        let left = std::mem::take(&mut *bench.left.lock().expect("no code panics while holding it"));
        if visitors.is_empty() && left.is_empty() {
            return;
        }
        let mut notes = Vec::new();
        let mut failed = None;
        for visitor in visitors {
            if let Err(error) = visitor.leave(self.aws).await {
                failed = Some(Finding {
                    saw: format!("the user {} is still there: {error}", visitor.name()),
                    cause: "Cognito, or the rights of the credentials in use".to_owned(),
                    help: format!("remove them: `stackctl user remove {}`", visitor.name()),
                });
            }
        }
        let mut remaining = Vec::new();
        for (bucket, key) in left {
            let delete = || self.aws.s3.delete_object().bucket(&bucket).key(&key).send();
            if let Err(error) = wait::read(&bucket_operations::DELETE_OBJECT, delete).await {
                remaining.push(format!("{key} in {bucket} ({error})"));
            }
        }
        match remaining.len() {
            0 => {}
            1 => notes.push(format!("1 object is left: {}", remaining[0])),
            many => notes.push(format!("{many} objects are left: {}", remaining.join(", "))),
        }
        let pools = self.stack.user_pools.iter();
        for (name, pool) in pools {
            let Some(found) = self.outputs.user_pools.get(name.as_str()) else { continue };
            if visitors.iter().all(|it| it.pool != found.id) || bench.reporter.stop().is_asked() {
                continue;
            }
            match visitor::sweep(&found.id, pool, self.aws).await {
                Ok(0) | Err(_) => {}
                Ok(many) => {
                    notes.push(format!("{many} throw-away users of runs that were killed are gone too"))
                }
            }
        }
        let what = "the throw-away user and files are gone again".to_owned();
        let verdict = match failed {
            Some(finding) => Verdict::Failed(finding),
            None => Verdict::Passed { note: (!notes.is_empty()).then(|| notes.join("; ")) },
        };
        bench.say(Name { id: "nothing_left", of: None, what }, verdict, began.elapsed());
    }
}

/// A URL with something in place of each path parameter.
fn filled(url: &str) -> String {
    let mut parts = url.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled += "stackctl-verify";
        filled += part.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_parameters_are_filled() {
        assert_eq!(filled("https://a/b"), "https://a/b");
        assert_eq!(filled("https://a/{key+}/c/{d}"), "https://a/stackctl-verify/c/stackctl-verify");
    }
}
