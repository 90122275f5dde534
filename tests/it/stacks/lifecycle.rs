//! One lifecycle for every kind, as a table: each row changes one thing behind stackctl's back, and the plan must name
//! exactly that; apply repairs it, and then there is nothing to do.

mod bucket;
mod function;
mod log_group;
mod rest_api;
mod role;
mod secret;
mod user_pool;
mod user_pool_accounts;
mod user_pool_group;

use std::sync::Mutex;

use aws_sdk_lambda::types::{LastUpdateStatus, State};
use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

pub use self::{
    bucket::{EVENT, PUBLIC_ACL},
    function::EMPTY_ZIP,
    role::MADE_AGAIN,
    secret::{stack as stack_with_webhook, with_webhook},
    user_pool_accounts::stack as stack_with_accounts,
    user_pool_group::stack as stack_with_groups,
};
use crate::harness::{
    cloud::{Cloud, console, eventually, wait_for},
    program::WorkingCopy,
    trial::trial,
};

pub const STACK: &str = r#"
stack: NAME
region: eu-west-1
tags: { team: web }
buckets:
  uploads:
    cors:
      origins: [http://localhost:5173]
    on_destroy: empty
functions:
  presign:
    package: presign
    profile: lambda
    environment: { URL_EXPIRES: 10s }
    buckets:
      uploads: [put]
user_pools:
  users:
    clients: { web: {} }
apis:
  uploads:
    cors:
      origins: [http://localhost:5173, http://localhost:3000]
    authorizer: users
    routes:
      GET /: presign
"#;

/// Sends a request of the console.
macro_rules! send {
    ($request:expr) => {
        $crate::harness::cloud::wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}
pub(crate) use send;

/// The stack of the table, applied.
pub struct Applied {
    pub copy: WorkingCopy,
    pub console: Clients,
}

/// The ids that AWS chose, and the names that were computed.
pub struct Names {
    pub bucket: String,
    pub name: String,
    pub role: String,
    pub pool: String,
    pub client: String,
    pub api: String,
    pub group: String,
}

impl Applied {
    pub fn new(copy: WorkingCopy, endpoint: &str) -> Applied {
        Applied { console: console(&copy, endpoint), copy }
    }

    /// Applies the copy's stack.
    pub fn settled(copy: WorkingCopy, endpoint: &str) -> Applied {
        copy.apply();
        copy.assert_settled();
        Applied::new(copy, endpoint)
    }

    pub fn names(&self) -> Names {
        let outputs = self.copy.outputs();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let stack = text(&outputs["stack"]);
        Names {
            bucket: text(&outputs["bucket"]),
            name: format!("{stack}-presign"),
            role: format!("{stack}-presign-eu-west-1"),
            pool: text(&outputs["user_pool_id"]),
            client: text(&outputs["client_id"]),
            api: text(&outputs["apis"]["uploads"]["id"]),
            group: format!("/aws/lambda/{stack}-presign"),
        }
    }
}

/// Applied stacks, each lent to one row at a time.
pub struct Lent(Mutex<Vec<Applied>>);

impl Lent {
    pub const fn new() -> Lent {
        Lent(Mutex::new(Vec::new()))
    }

    /// Runs a row on a stack that no other row uses at the same time. A row that fails may leave its stack unsettled: it is not
    /// lent again.
    pub fn lend(&self, begin: impl FnOnce() -> Applied, run: impl FnOnce(&Applied)) {
        let free = self.0.lock().unwrap().pop();
        let applied = free.unwrap_or_else(begin);
        run(&applied);
        self.0.lock().unwrap().push(applied);
    }
}

type Change = fn(&Clients, &Names);

/// A row: what is done behind our back, and what the plan says then.
pub struct Row(pub &'static str, Change, &'static [&'static str]);

/// All rows.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [bucket::ROWS, role::ROWS, log_group::ROWS, function::ROWS, user_pool::ROWS, rest_api::ROWS]
        .into_iter()
        .flatten()
}

/// The rows of groups, for [`stack_with_groups`].
pub fn rows_of_groups() -> impl Iterator<Item = &'static Row> {
    user_pool_group::ROWS.iter()
}

/// The rows of accounts, for [`stack_with_accounts`].
pub fn rows_of_accounts() -> impl Iterator<Item = &'static Row> {
    user_pool_accounts::ROWS.iter()
}

/// The rows of the secret, for [`stack_with_webhook`].
pub fn rows_of_secret() -> impl Iterator<Item = &'static Row> {
    secret::ROWS.iter()
}

/// Waits until the function, if it is there, takes changes again: what a person in the console waits for too.
pub fn settle(aws: &Clients, it: &Names) {
    eventually("the function is settled", || {
        let Ok(now) = wait_for(aws.lambda.get_function_configuration().function_name(&it.name).send()) else {
            return true;
        };
        now.state() == Some(&State::Active) && now.last_update_status() != Some(&LastUpdateStatus::InProgress)
    });
}

impl Row {
    /// Changes what the row says; the plan names it, apply repairs it, and then there is nothing to do.
    pub fn run(&self, applied: &Applied) {
        let Row(_, change, expected) = self;
        let names = applied.names();
        change(&applied.console, &names);
        settle(&applied.console, &names);
        assert_eq!(applied.copy.plan(), *expected);
        applied.copy.apply();
        applied.copy.assert_settled();
    }
}

/// Does these rows behind the back of an applied stack.
pub fn change(copy: &WorkingCopy, cloud: &Cloud, wanted: &[&str]) {
    let applied = Applied::new(copy.clone(), &cloud.url);
    let names = applied.names();
    for wanted in wanted {
        let Some(Row(_, change, _)) = rows().chain(rows_of_secret()).find(|row| row.0 == *wanted) else {
            panic!("no row is called {wanted}")
        };
        change(&applied.console, &names);
        settle(&applied.console, &names);
    }
}

/// One test for each row; each leaves its stack settled.
pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    static STACKS: Lent = Lent::new();
    let of = |row: &'static Row| {
        let begin = || Applied::settled(cloud.working_copy("drift", STACK), &cloud.url);
        trial(format!("drift::{}", row.0), move || STACKS.lend(begin, |applied| row.run(applied)))
    };
    static WITH_GROUPS: Lent = Lent::new();
    let of_group = |row: &'static Row| {
        let yaml = user_pool_group::stack();
        let begin = move || Applied::settled(cloud.working_copy("drift-groups", &yaml), &cloud.url);
        trial(format!("drift::{}", row.0), move || WITH_GROUPS.lend(begin, |applied| row.run(applied)))
    };
    static WITH_ACCOUNTS: Lent = Lent::new();
    let of_accounts = |row: &'static Row| {
        let yaml = user_pool_accounts::stack();
        let begin = move || Applied::settled(cloud.working_copy("drift-accounts", &yaml), &cloud.url);
        trial(format!("drift::{}", row.0), move || WITH_ACCOUNTS.lend(begin, |applied| row.run(applied)))
    };
    static WITH_WEBHOOK: Lent = Lent::new();
    let of_secret = |row: &'static Row| {
        let begin = || Applied::settled(cloud.working_copy("drift-webhook", &secret::stack()), &cloud.url);
        trial(format!("drift::{}", row.0), move || WITH_WEBHOOK.lend(begin, |applied| row.run(applied)))
    };
    let of_table = rows().map(of).chain(rows_of_groups().map(of_group));
    of_table.chain(rows_of_accounts().map(of_accounts)).chain(rows_of_secret().map(of_secret)).collect()
}
