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

use std::sync::{Arc, Mutex};

use aws_sdk_lambda::types::{LastUpdateStatus, State};
use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

pub use self::{
    bucket::{EVENT, PUBLIC_ACL},
    function::EMPTY_ZIP,
    role::MADE_AGAIN,
    secret::{stack as stack_with_webhook, with_webhook},
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

/// A stack, and the rows that need no more than this stack.
pub struct Table {
    /// The beginning of the names of its stacks.
    pub name: &'static str,
    /// The file, with `NAME` where the name of the stack goes.
    pub stack: fn() -> String,
    rows: &'static [&'static [Row]],
}

/// All rows, by their stacks.
const TABLES: &[Table] = &[
    Table {
        name: "drift",
        stack: || STACK.to_owned(),
        rows: &[bucket::ROWS, role::ROWS, log_group::ROWS, function::ROWS, user_pool::ROWS, rest_api::ROWS],
    },
    Table { name: "drift-groups", stack: user_pool_group::stack, rows: &[user_pool_group::ROWS] },
    Table { name: "drift-accounts", stack: user_pool_accounts::stack, rows: &[user_pool_accounts::ROWS] },
    Table { name: "drift-webhook", stack: secret::stack, rows: &[secret::ROWS] },
];

impl Table {
    fn rows(&self) -> impl Iterator<Item = &'static Row> + use<> {
        self.rows.iter().copied().flatten()
    }
}

/// The row of this name, and its table.
pub fn find(name: &str) -> (&'static Table, &'static Row) {
    let mut all = TABLES.iter().flat_map(|table| table.rows().map(move |row| (table, row)));
    all.find(|(_, row)| row.0 == name).unwrap_or_else(|| panic!("no row is called {name}"))
}

/// A trial `OF::ROW` for each of these rows, on stacks that `begin` applies; each row leaves its stack settled.
pub fn each_row(
    of: &str,
    is_tried: impl Fn(&Row) -> bool,
    begin: impl Fn(&'static Table) -> Applied + Copy + Send + 'static,
) -> Vec<Trial> {
    let mut trials = Vec::new();
    for table in TABLES {
        let stacks = Arc::new(Lent::new());
        for row in table.rows().filter(|row| is_tried(row)) {
            let stacks = stacks.clone();
            let run = move || stacks.lend(|| begin(table), |applied| row.run(applied));
            trials.push(trial(format!("{of}::{}", row.0), run));
        }
    }
    trials
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
        let (_, Row(_, change, _)) = find(wanted);
        change(&applied.console, &names);
        settle(&applied.console, &names);
    }
}

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let begin = |table: &'static Table| {
        Applied::settled(cloud.working_copy(table.name, &(table.stack)()), &cloud.url)
    };
    each_row("drift", |_| true, begin)
}
