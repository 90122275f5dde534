//! Credentials that can't be loaded, with no AWS at all: one line that says why, one with the cure, and no waiting.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};

use libtest_mimic::Trial;

use crate::harness::{
    cloud::Cloud,
    program::{Said, WorkingCopy, said},
    trial::trial,
};

/// A home folder's profiles, a command, and what is said.
struct Row {
    name: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    code: i32,
    why: &'static str,
    cure: &'static str,
}

const YAML: &str = "stack: NAME\nregion: eu-west-1\nbuckets: { uploads: {} }\n";

const CONFIG: &str = "
[profile home]
sso_session = home
sso_account_id = 123456789012
sso_role_name = admin
[profile expired]
sso_session = away
sso_account_id = 123456789012
sso_role_name = admin
[profile refused]
sso_session = refused
sso_account_id = 123456789012
sso_role_name = admin
[sso-session home]
sso_start_url = https://home.example/start
sso_region = eu-west-1
[sso-session away]
sso_start_url = https://away.example/start
sso_region = eu-west-1
[sso-session refused]
sso_start_url = https://refused.example/start
sso_region = eu-west-1
[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = home
[profile lost]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = hom
[profile coded]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = home
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile failing]
credential_process = sh -c 'echo the vault is locked >&2; exit 3'
[profile garbled]
credential_process = echo AKIASECRET wJalrXUtnFEMISECRET
[profile console]
login_session = arn:aws:iam::123456789012:user/ada
[profile bare]
region = eu-west-1
";

/// Tokens of `aws sso login`, and until when each is good: a file is named after the SHA-1 of its session's name.
const TOKENS: [(&str, &str); 2] = [
    // away
    ("f416d44c605f8de852340c776b1f6c75258bf1e6", "2020-01-01T00:00:00Z"),
    // refused
    ("a503bc1da23a6a8fafc646f69e65cc7d22fd4b53", "2099-01-01T00:00:00Z"),
];

const ROWS: &[Row] = &[
    Row {
        name: "sso_not_signed_in",
        arguments: &["--profile", "home"],
        environment: &[],
        code: 1,
        why: "profile `home` is not signed in",
        cure: "run `aws sso login --profile home`",
    },
    Row {
        name: "sso_below_a_role",
        arguments: &["--profile", "deploy"],
        environment: &[],
        code: 1,
        why: "profile `home` is not signed in",
        cure: "run `aws sso login --profile home`",
    },
    Row {
        name: "sso_expired",
        arguments: &["--profile", "expired"],
        environment: &[],
        code: 1,
        why: "the sign-in of profile `expired` has expired",
        cure: "run `aws sso login --profile expired`, then the command again: it carries on from here",
    },
    Row {
        name: "sso_refused",
        arguments: &["--profile", "refused"],
        environment: &[("AWS_ENDPOINT_URL_SSO", "FORBIDS")],
        code: 1,
        why: "profile `refused` may not have its role: ForbiddenException: No access",
        cure: "check sso_account_id and sso_role_name in ~/.aws/config with the account's administrator",
    },
    Row {
        name: "login_not_signed_in",
        arguments: &["--profile", "console"],
        environment: &[],
        code: 1,
        why: "profile `console` is not signed in",
        cure: "run `aws login --profile console`",
    },
    Row {
        name: "misspelt_argument",
        arguments: &["--profile", "hom"],
        environment: &[],
        code: 64,
        why: "there is no profile `hom`",
        cure: "did you mean `home`?",
    },
    Row {
        name: "misspelt_variable",
        arguments: &[],
        environment: &[("AWS_PROFILE", "hom")],
        code: 1,
        why: "there is no profile `hom`",
        cure: "did you mean `home`?",
    },
    Row {
        name: "unknown_source",
        arguments: &["--profile", "lost"],
        environment: &[],
        code: 1,
        why: "profile `lost` takes its credentials from profile `hom`, which does not exist",
        cure: "correct source_profile in ~/.aws/config: did you mean `home`?",
    },
    Row {
        name: "role_with_mfa",
        arguments: &["--profile", "coded"],
        environment: &[],
        code: 1,
        why: "profile `coded` assumes its role with a code (mfa_serial), which stackctl can't ask for",
        cure: "let the aws CLI ask: `eval \"$(aws configure export-credentials --format env --profile coded)\"`, then run \
               the command again without --profile",
    },
    Row {
        name: "process_fails",
        arguments: &["--profile", "failing"],
        environment: &[],
        code: 1,
        why: "the credential_process of profile `failing` failed (exit status: 3): the vault is locked",
        cure: "run it alone to see what is wrong; it must print JSON with Version 1, AccessKeyId and SecretAccessKey",
    },
    Row {
        name: "process_prints_something_else",
        arguments: &["--profile", "garbled"],
        environment: &[],
        code: 1,
        why: "the credential_process of profile `garbled` printed no credentials that can be read",
        cure: "run it alone to see what is wrong; it must print JSON with Version 1, AccessKeyId and SecretAccessKey",
    },
    // A profile that was asked for goes before the keys of the environment, as with the aws CLI.
    Row {
        name: "keys_beside_a_profile",
        arguments: &["--profile", "home"],
        environment: &[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "secret")],
        code: 1,
        why: "profile `home` is not signed in",
        cure: "run `aws sso login --profile home`",
    },
    Row {
        name: "a_key_without_its_secret",
        arguments: &[],
        environment: &[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_PROFILE", "bare")],
        code: 1,
        why: "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not",
        cure: "set both, or unset AWS_ACCESS_KEY_ID to use a profile",
    },
    Row {
        name: "a_profile_without_credentials",
        arguments: &["--profile", "bare"],
        environment: &[],
        code: 1,
        why: "profile `bare` has no credentials",
        cure: "add them with `aws configure sso` or `aws configure`, or choose another profile with --profile",
    },
    Row {
        name: "none_at_all",
        arguments: &[],
        environment: &[],
        code: 1,
        why: "there are no credentials: none in the environment, no default profile, no instance or container",
        cure: "sign in (`aws sso login`, `aws login`, or `aws configure`) and choose a profile with --profile or \
               AWS_PROFILE; --local needs none",
    },
    Row {
        name: "metadata_silent",
        arguments: &[],
        environment: &[("AWS_EC2_METADATA_DISABLED", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "SILENT")],
        code: 1,
        why: "there are no credentials: none in the environment, no default profile, no instance or container",
        cure: "sign in (`aws sso login`, `aws login`, or `aws configure`) and choose a profile with --profile or \
               AWS_PROFILE; --local needs none",
    },
    Row {
        name: "metadata_refused",
        arguments: &[],
        environment: &[("AWS_EC2_METADATA_DISABLED", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "FORBIDS")],
        code: 1,
        why: "there are no credentials, and the metadata service of this instance refuses to answer (403)",
        cure: "give the instance a role and let it read its metadata, or sign in (`aws sso login`, `aws login`, or `aws \
               configure`) and choose a profile with --profile or AWS_PROFILE; --local needs none",
    },
];

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let rows = ROWS.iter().map(|row| trial(format!("credentials::{}", row.name), || check(row)));
    let own = [
        trial("credentials::a_broken_file", a_broken_file),
        trial("credentials::a_slow_process", a_slow_process),
        trial("credentials::a_login_session", a_login_session),
        trial("credentials::a_process_runs_once", || a_process_runs_once(cloud)),
        trial("credentials::expired_in_the_middle", || expired_in_the_middle(cloud)),
    ];
    rows.chain(own).collect()
}

/// A working copy whose requests go nowhere, and a home folder with the profiles.
fn copy(of: &str, config: &str) -> WorkingCopy {
    let copy = WorkingCopy::new(of, &YAML.replace("NAME", "demo"), "http://127.0.0.1:1");
    let folder = copy.folder.join(".aws/sso/cache");
    fs::create_dir_all(&folder).unwrap();
    fs::write(copy.folder.join(".aws/config"), config).unwrap();
    for (file, until) in TOKENS {
        let token = format!(r#"{{"accessToken": "eyJSECRET", "expiresAt": "{until}"}}"#);
        fs::write(folder.join(format!("{file}.json")), token).unwrap();
    }
    copy
}

/// The program with the copy's home folder and no credentials in the environment.
fn command(copy: &WorkingCopy, arguments: &[&str]) -> Command {
    let mut command = copy.command(arguments);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command.env("HOME", &copy.folder).env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

fn check(row: &Row) {
    let copy = copy(&format!("credentials-{}", row.name.replace('_', "-")), CONFIG);
    let mut command = command(&copy, &[row.arguments, &["plan"]].concat());
    for (name, value) in row.environment {
        let value = match *value {
            "FORBIDS" => server(Some(FORBIDDEN)),
            "SILENT" => server(None),
            value => value.to_owned(),
        };
        command.env(name, value);
    }
    let began = Instant::now();
    let said = said(command.output().unwrap());
    let took = began.elapsed();
    assert_eq!(said.code, row.code, "{said:?}");
    assert_eq!(lines(&said), (format!("error: {}", row.why), format!("help: {}", row.cure)), "{said:?}");
    let without_names = format!("{said:?}").replace("AWS_SECRET_ACCESS_KEY", "");
    assert!(!without_names.contains("SECRET"), "{said:?}");
    // A second for what does not have to ask; the rest is for a busy machine.
    assert!(took < Duration::from_secs(4), "took {took:?}: {said:?}");
}

/// The two lines, without their wrapping.
fn lines(said: &Said) -> (String, String) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (error, help) = said.stderr.split_once("\n  help: ").unwrap_or((&said.stderr, ""));
    (words(error), words(&format!("help: {help}")))
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ForbiddenException\r\ncontent-type: application/json\r\n\
                         content-length: 23\r\nconnection: close\r\n\r\n{\"message\":\"No access\"}";

/// A server on loopback that gives one answer to everything, or none.
fn server(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            if let Some(answer) = answer {
                let mut lines = BufReader::new(&connection).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                connection.write_all(answer.as_bytes()).unwrap();
            }
            open.push(connection);
        }
    });
    url
}

fn a_broken_file() {
    let copy = copy("credentials-broken-file", "[profile home\nregion = eu-west-1\n");
    let said = said(command(&copy, &["--profile", "home", "plan"]).output().unwrap());
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.starts_with("error: the files of profiles can't be read: "), "{said:?}");
    assert!(said.stderr.contains("~/.aws/config"), "{said:?}");
}

/// The session of `aws login`, as the aws CLI keeps it: in a file that the SHA-256 of its ARN names.
fn a_login_session() {
    const FILE: &str = "397b11bbda6668a5a8d17d42c91036373f4a376627089c204bef61ce0ae993c2";
    let copy = copy("credentials-login", CONFIG);
    let folder = copy.folder.join(".aws/login/cache");
    fs::create_dir_all(&folder).unwrap();
    let signed_in = |until: &str| {
        let session = format!(
            r#"{{"accessToken": {{"accessKeyId": "AKIA", "secretAccessKey": "SECRET", "sessionToken": "SECRET",
            "accountId": "123456789012", "expiresAt": "{until}"}}, "tokenType": "aws_sigv4", "refreshToken": "SECRET",
            "idToken": "SECRET", "clientId": "arn:aws:signin:::devtools/same-device", "dpopKey": "SECRET"}}"#
        );
        fs::write(folder.join(format!("{FILE}.json")), session).unwrap();
        said(command(&copy, &["--profile", "console", "plan"]).output().unwrap())
    };
    // AWS is asked with it, and does not exist here.
    let good = signed_in("2099-01-01T00:00:00Z");
    assert!(good.stderr.contains("sts:GetCallerIdentity"), "{good:?}");
    let expired = signed_in("2020-01-01T00:00:00Z");
    assert_eq!(expired.code, 1, "{expired:?}");
    assert!(expired.stderr.contains("run `aws login --profile console`"), "{expired:?}");
    assert!(!format!("{good:?}{expired:?}").contains("SECRET"), "{good:?}{expired:?}");
}

fn a_slow_process() {
    let copy = copy("credentials-slow", "[profile slow]\ncredential_process = sleep 2; exit 1\n");
    let said = said(command(&copy, &["--profile", "slow", "plan"]).output().unwrap());
    let waits = "waiting for the credential_process of profile `slow`\n";
    assert!(said.stderr.starts_with(waits), "{said:?}");
    assert_eq!(said.stderr.matches("waiting").count(), 1, "{said:?}");
    assert!(said.stderr.contains("failed (exit status: 1) and said nothing"), "{said:?}");
}

/// A profile whose process counts its runs, and prints the keys of the tests' cloud until `until`, as `date` reads it; it
/// fails when it is run again.
fn counting(copy: &WorkingCopy, cloud_keys: &WorkingCopy, until: &str) {
    let keys = cloud_keys.command(&[]);
    let key = |name: &str| {
        let (_, value) = keys.get_envs().find(|(it, _)| *it == name).unwrap();
        value.unwrap().to_str().unwrap().to_owned()
    };
    let script = format!(
        r#"#!/bin/sh
if [ -e runs ]; then echo the session is over >&2; exit 1; fi
echo run >> runs
printf '{{"Version": 1, "AccessKeyId": "{}", "SecretAccessKey": "{}", "SessionToken": "", "Expiration": "%s"}}' \
  "$(date -u -d '{until}' +%Y-%m-%dT%H:%M:%SZ)"
"#,
        key("AWS_ACCESS_KEY_ID"),
        key("AWS_SECRET_ACCESS_KEY"),
    );
    fs::write(copy.folder.join("process.sh"), script).unwrap();
    let _ = fs::remove_file(copy.folder.join("runs"));
    fs::create_dir_all(copy.folder.join(".aws")).unwrap();
    fs::write(copy.folder.join(".aws/config"), "[profile tool]\ncredential_process = sh process.sh\n")
        .unwrap();
}

fn a_process_runs_once(cloud: &Cloud) {
    let copy = cloud.working_copy("credentials-once", YAML);
    counting(&copy, &copy, "+1 hour");
    let said = said(command(&copy, &["--profile", "tool", "plan"]).output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(fs::read_to_string(copy.folder.join("runs")).unwrap(), "run\n");
}

/// The credentials end while the stack is looked at: all requests fail, and one error says so.
fn expired_in_the_middle(cloud: &Cloud) {
    let copy = cloud.working_copy("credentials-middle", YAML);
    counting(&copy, &copy, "+1 second");
    let began = Instant::now();
    let said = said(command(&copy, &["--profile", "tool", "plan"]).output().unwrap());
    assert_eq!(said.code, 1, "{said:?}");
    let why = "the credential_process of profile `tool` failed (exit status: 1): the session is over";
    assert_eq!(said.stderr.matches(why).count(), 1, "{said:?}");
    assert_eq!(said.stderr.matches("waiting").count(), 0, "{said:?}");
    assert!(began.elapsed() < Duration::from_secs(4), "{said:?}");
}
