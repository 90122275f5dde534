//! The requests that the runs of a small stack send, recorded from the cloud's log.

use std::sync::OnceLock;

use crate::{
    harness::{cloud::Request, program::WorkingCopy, strict::Strict},
    stacks::lifecycle::STACK,
};

/// What `STACK` becomes: everything changes, and something of each kind comes or goes.
const CHANGED: &str = r#"
stack: NAME
region: eu-west-1
tags: { team: mobile }
buckets:
  uploads:
    cors:
      origins: [http://localhost:4000]
    on_destroy: empty
  more: { on_destroy: empty, webhook: { url: https://example.com/hooks } }
functions:
  presign:
    package: tiny
    profile: another
    memory: 256
    environment: { URL_EXPIRES: 20s }
    log_retention: 7d
    buckets:
      uploads: [put, get]
  second: { package: tiny, profile: lambda, buckets: { more: [list] } }
user_pools:
  users:
    password: { minimum_length: 12 }
    clients: { web: { id_token: 2h }, phone: {} }
apis:
  uploads:
    cors:
      origins: [http://localhost:5173]
    throttling: { rate: 5 }
    authorizer: users
    routes:
      GET /: presign
      POST /more: second
  open:
    authorizer: none
    routes:
      GET /: second
"#;

/// One request of a run.
#[derive(Debug, Clone)]
pub struct Point {
    pub operation: String,
    /// How many requests came before, in this run.
    pub index: usize,
    /// How many of this operation came before, in this run.
    pub nth: usize,
    /// How many of them succeeded.
    pub nth_done: usize,
    pub write: bool,
}

/// The requests of each run, without faults.
pub struct Runs {
    pub apply: Vec<Point>,
    pub grow: Vec<Point>,
    pub shrink: Vec<Point>,
    pub destroy: Vec<Point>,
}

/// A cloud, a stack, and its two files.
pub struct Subject {
    pub cloud: Strict,
    pub copy: WorkingCopy,
    pub files: [String; 2],
}

impl Subject {
    pub fn new() -> Subject {
        let cloud = Strict::borrow();
        let name = cloud.stack_name("sweep");
        let files = [STACK.replace("package: presign", "package: tiny"), CHANGED.to_owned()]
            .map(|yaml| yaml.replace("NAME", &name));
        let copy = WorkingCopy::new(&name, &files[0], &cloud.url).with_tiny_package();
        Subject { cloud, copy, files }
    }

    /// The requests of one run that does what `arguments` say.
    fn record(&self, arguments: &[&str]) -> Vec<Point> {
        let before = self.cloud.requests_so_far();
        self.copy.succeed(arguments);
        let all = self.cloud.requests(before);
        let same = |it: &Request, as_this: &Request| it.operation == as_this.operation;
        let done = |it: &Request| (200..300).contains(&it.status);
        let point = |(index, request): (usize, &Request)| Point {
            operation: request.operation.clone(),
            index,
            nth: all[..index].iter().filter(|it| same(it, request)).count(),
            nth_done: all[..index].iter().filter(|it| same(it, request) && done(it)).count(),
            write: request.write,
        };
        all.iter().enumerate().map(point).collect()
    }
}

/// Recorded once for all trials.
pub fn runs() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| {
        let subject = Subject::new();
        let apply = subject.record(&["apply", "--yes"]);
        subject.copy.write(&subject.files[1]);
        let grow = subject.record(&["apply", "--yes"]);
        subject.copy.write(&subject.files[0]);
        let shrink = subject.record(&["apply", "--yes"]);
        let destroy = subject.record(&["destroy", "--yes"]);
        Runs { apply, grow, shrink, destroy }
    })
}
