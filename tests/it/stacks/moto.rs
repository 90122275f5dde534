//! A second opinion: the same table against moto server, a cloud of other people's making, with the gateway's imports in
//! front of it.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use libtest_mimic::Trial;
use stackctl_aws_data::{
    account::Account,
    desired::rest_api::{self, document},
};

use crate::{
    harness::{
        cloud::eventually,
        environment,
        program::{WorkingCopy, target},
        trial::{self, trial},
    },
    stacks::lifecycle::{self, Applied, Row, STACK, Table},
};

/// The version that this was tried with.
const VERSION: &str = "5.2.5";
const REQUIREMENTS: &str = include_str!("moto/requirements.txt");

/// Serves until the process that started it is gone.
const SERVE: &str = include_str!("moto/serve.py");

/// Rows of the table that moto can't have, and why. The list only shrinks: what passes may not stand here. Beyond the
/// table it has no data plane: no test signs in, calls an API or uses a URL there.
const LACKS: &[(&str, &str)] = &[
    ("API: a method opened", "its UpdateMethod is not implemented"),
    ("API: a tag changed", "it finds no ARN that has a slash, but those of stages"),
    ("API: the authorizer's pool changed", "its UpdateAuthorizer has no /providerARNs"),
    ("API: a method's own settings", "its UpdateStage does not remove them"),
    ("pool: a tag changed", "its Cognito has no TagResource"),
    ("pool: deleted", "its UpdateAuthorizer has no /providerARNs, so an API can't be led to the new pool"),
];

/// moto, and where it is reached.
struct Moto {
    url: String,
    process: Mutex<Child>,
}

static MOTO: OnceLock<Moto> = OnceLock::new();

pub fn trials() -> Vec<Trial> {
    let is_had = |row: &Row| LACKS.iter().all(|(name, _)| *name != row.0);
    let rows = lifecycle::each_row("moto", is_had, applied);
    let lacks = LACKS.iter().map(|(name, why)| {
        let (table, row) = lifecycle::find(name);
        trial(format!("moto::lacks::{name}"), move || {
            let applied = applied(table);
            assert!(
                trial::panics(|| row.run(&applied)),
                "moto has learned this, take it off the list: {name} ({why})"
            );
        })
    });
    let whole = trial("moto::from_first_apply_to_destroy", || {
        let Applied { copy, .. } = applied_as(STACK);
        assert!(copy.apply().stdout.to_lowercase().contains("nothing to do"));
        copy.succeed(&["destroy", "--yes"]);
        assert!(copy.succeed(&["destroy", "--yes"]).stdout.to_lowercase().contains("nothing to destroy"));
    });
    let document = trial("moto::the_document_is_valid_openapi", || {
        the_document_is_valid_openapi();
    });
    rows.into_iter().chain(lacks).chain([whole, document]).collect()
}

/// The validator that moto asks before it imports a document.
const VALIDATE: &str = "
import json, sys
from openapi_spec_validator import validate
validate(json.load(sys.stdin))
";

fn the_document_is_valid_openapi() {
    // Without path parameters: a greedy one, `{key+}`, has no form in OpenAPI.
    let yaml = STACK.replace("GET /: presign", "{ GET /: presign, POST /uploads: presign }");
    let stack = stackctl_stackfile::parse(&yaml.replace("NAME", "moto"), None);
    let stack = stack.unwrap_or_else(|_| panic!("{yaml}"));
    let account = Account::offline(&stack, "000000000000".to_owned());
    let mut shape = rest_api::shape(&stack, stack.apis.values().next().unwrap(), &account);
    let pool = account.user_pool_arn("eu-west-1_abcdefghi").0;
    shape.authorizers.insert("users".to_owned(), Some([pool].into()));
    let document = document::document("moto-uploads", &shape).to_string();
    let mut child = Command::new(python())
        .args(["-c", VALIDATE])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{document}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// A stack of a table, applied and settled.
fn applied(table: &Table) -> Applied {
    applied_as(&(table.stack)())
}

fn applied_as(yaml: &str) -> Applied {
    static STACKS: AtomicU32 = AtomicU32::new(0);
    let url = &MOTO.get_or_init(start).url;
    let name = format!("moto-{}", STACKS.fetch_add(1, Ordering::Relaxed));
    let copy = WorkingCopy::new(&name, &yaml.replace("NAME", &name), url).with_tiny_package();
    Applied::settled(copy, url)
}

/// Installs and starts it.
fn start() -> Moto {
    let port = |_| std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let [emulator, front]: [SocketAddr; 2] = [0, 1].map(port);
    let log = fs::File::create(target().join("it/moto.log")).unwrap();
    let process = Command::new(python())
        .args(["-c", SERVE, &emulator.port().to_string()])
        .env("MOTO_ACCOUNT_ID", "000000000000")
        .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        .stdin(Stdio::piped())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let requests = target().join("it/moto-requests.jsonl");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(stackctl_localcloud::serve_imports(front.port(), emulator, &requests)).unwrap();
    });
    let url = format!("http://{front}");
    eventually("moto answers", || ureq::post(format!("{url}/moto-api/reset")).send_empty().is_ok());
    Moto { url, process: Mutex::new(process) }
}

/// The Python of moto's environment, which has botocore too.
pub fn python() -> &'static PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON
        .get_or_init(|| environment::python(&environment::install(&format!("moto-{VERSION}"), REQUIREMENTS)))
}

/// Ends it.
pub fn down() {
    if let Some(Moto { process, .. }) = MOTO.get() {
        let mut process = process.lock().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }
}
