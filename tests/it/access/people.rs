//! The people who may sign in: what `stackctl user` does, and what they can do then.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    program::{Said, WorkingCopy, said},
    srp::Person,
    trial::trial,
};

const POOL: &str = r#"
stack: NAME
region: eu-west-1
user_pools:
  users:
    password: { minimum_length: 20, temporary_validity: 2d }
    clients: { web: {} }
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&'static Cloud)| trial(format!("people::{name}"), move || run(cloud));
    vec![
        trial("added_signed_in_listed_removed", added_signed_in_listed_removed),
        trial("password_from_stdin", password_from_stdin),
        trial("odd_names", odd_names),
        trial("pools_of_addresses", pools_of_addresses),
        trial("before_apply_and_in_vain", before_apply_and_in_vain),
    ]
}

/// The event of the JSON lines.
fn event(said: &Said, name: &str) -> Value {
    let lines = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    lines.into_iter().find(|it| it["event"] == name).unwrap_or_else(|| panic!("no {name} in {said:?}"))
}

fn with_stdin(mut command: Command, text: &str) -> Said {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    said(child.wait_with_output().unwrap())
}

/// Signs in as a web page does.
fn sign_in(
    copy: &WorkingCopy,
    cloud: &Cloud,
    name: &str,
    password: &str,
    new: Option<&str>,
) -> Result<(), String> {
    let (aws, outputs) = (console(copy, &cloud.url), copy.outputs());
    let text = |name: &str| outputs[name].as_str().unwrap().to_owned();
    let (pool, client) = (text("user_pool_id"), text("client_id"));
    let person = Person { cognito: &aws.cognito, pool: &pool, client: &client, name };
    wait_for(person.sign_in(password, new)).map(drop)
}

const NEW: &str = "Lovelace-1815-Lovelace";
const MUST_CHANGE: &str = "challenged: NEW_PASSWORD_REQUIRED";

fn added_signed_in_listed_removed(cloud: &'static Cloud) {
    let copy = cloud.working_copy("people", POOL);
    copy.apply();
    assert!(copy.succeed(&["user", "list"]).stdout.starts_with("user pool `users` has no users"));

    let added = copy.succeed(&["user", "add", "ada", "--email", "ada@example.com"]);
    let row = added.stdout.lines().find_map(|line| line.strip_prefix("temporary password  "));
    let password = row.expect("the password is shown");
    assert_eq!(password.len(), 20);
    assert_eq!(added.stdout.matches(password).count(), 1);
    assert!(!added.stderr.contains(password));
    assert_eq!(sign_in(&copy, cloud, "ada", password, None).unwrap_err(), MUST_CHANGE);
    sign_in(&copy, cloud, "ada", "Not-this-one-1234567", None).unwrap_err();

    let again = copy.run(&["user", "add", "ada"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("user pool `users` has a user `ada` already; nothing was changed"),
        "{again:?}"
    );
    assert!(again.stderr.contains("--reset"), "{again:?}");
    assert_eq!(sign_in(&copy, cloud, "ada", password, None).unwrap_err(), MUST_CHANGE);

    let reset = copy.succeed(&["user", "add", "ada", "--reset", "--json"]);
    let told = event(&reset, "user_added");
    let second = told["temporary_password"].as_str().unwrap();
    assert_ne!(second, password);
    assert_eq!((&told["name"], &told["reset"]), (&Value::from("ada"), &Value::from(true)));
    assert_eq!(reset.stdout.matches(second).count(), 1);
    sign_in(&copy, cloud, "ada", password, None).unwrap_err();
    sign_in(&copy, cloud, "ada", second, Some(NEW)).unwrap();
    sign_in(&copy, cloud, "ada", NEW, None).unwrap();

    // A user with a permanent password can get another one too.
    let third = event(&copy.succeed(&["user", "add", "ada", "--reset", "--json"]), "user_added");
    let third = third["temporary_password"].as_str().unwrap();
    assert_eq!(sign_in(&copy, cloud, "ada", third, None).unwrap_err(), MUST_CHANGE);
    sign_in(&copy, cloud, "ada", third, Some(NEW)).unwrap();

    copy.succeed(&["user", "add", "bob"]);
    let list = copy.succeed(&["user", "list"]).stdout;
    let words: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[0], ["name", "status", "enabled", "added"]);
    assert_eq!(words[1][..3], ["ada", "confirmed", "yes"]);
    assert_eq!(words[2][..6], ["bob", "has", "a", "temporary", "password", "yes"]);
    let users = event(&copy.succeed(&["user", "list", "--json"]), "users");
    assert_eq!(users["users"][0]["email"], "ada@example.com");
    assert_eq!(users["users"][1]["status"], "FORCE_CHANGE_PASSWORD");

    let unasked = copy.run(&["user", "remove", "ada"]);
    assert_eq!(unasked.code, 64, "{unasked:?}");
    assert_eq!(
        copy.succeed(&["user", "remove", "ada", "--yes"]).stdout,
        "Removed ada from user pool `users`.\n"
    );
    sign_in(&copy, cloud, "ada", NEW, None).unwrap_err();
    let gone = copy.run(&["user", "remove", "ada", "--yes"]);
    assert_eq!(gone.code, 1);
    assert!(gone.stderr.contains("user pool `users` has no user `ada`"), "{gone:?}");
    assert!(copy.run(&["user", "add", "ada", "--reset"]).stderr.contains("has no user `ada`"));
    copy.assert_settled();
}

fn password_from_stdin(cloud: &'static Cloud) {
    let copy = cloud.working_copy("people", POOL);
    copy.apply();
    let given = "Given-by-the-person-1";
    let arguments = ["user", "add", "ada", "--password-stdin"];
    for (text, lacks) in [
        ("", "at least 20 characters, a lower-case letter, an upper-case letter, a digit, a symbol"),
        ("given-by-the-person-1\n", "an upper-case letter"),
        ("Given by the person-1\n", "no space"),
    ] {
        let weak = with_stdin(copy.command(&arguments), text);
        assert_eq!(weak.code, 64, "{weak:?}");
        assert!(weak.stderr.contains(lacks), "{weak:?}");
        assert!(text.is_empty() || !weak.stderr.contains(text.trim()), "{weak:?}");
    }
    let added = with_stdin(copy.command(&arguments), &format!("{given}\n"));
    assert_eq!(added.code, 0, "{added:?}");
    assert!(!added.stdout.contains(given) && !added.stderr.contains(given), "{added:?}");
    assert_eq!(sign_in(&copy, cloud, "ada", given, None).unwrap_err(), MUST_CHANGE);
    let json =
        with_stdin(copy.command(&["user", "add", "ada", "--reset", "--password-stdin", "--json"]), given);
    assert!(!json.stdout.contains(given));
    assert!(event(&json, "user_added")["temporary_password"].is_null());
}

fn odd_names(cloud: &'static Cloud) {
    let copy = cloud.working_copy("people", POOL);
    copy.apply();
    for name in ["ada+test@example.com", "Ελένη", "日本", "o'neill", "a/b\\c\"$(x)", "-dash"] {
        let added = copy.succeed(&["user", "add", "--json", "--", name]);
        let password = event(&added, "user_added")["temporary_password"].as_str().unwrap().to_owned();
        assert_eq!(sign_in(&copy, cloud, name, &password, None).unwrap_err(), MUST_CHANGE, "{name}");
        copy.succeed(&["user", "remove", "--yes", "--", name]);
    }
    for name in ["", "a b", "tab\t", "two\nlines"] {
        assert_eq!(copy.run(&["user", "add", name]).code, 64, "{name:?}");
    }
    assert!(copy.succeed(&["user", "list"]).stdout.contains("has no users"));
}

const ADDRESSES: &str = r#"
stack: NAME
region: eu-west-1
user_pools:
  people:
    username_attributes: [email]
    clients: { web: {} }
  staff: {}
"#;

fn pools_of_addresses(cloud: &'static Cloud) {
    let copy = cloud.working_copy("people", ADDRESSES);
    copy.apply();
    let unclear = copy.run(&["user", "add", "ada@example.com"]);
    assert_eq!(unclear.code, 64);
    assert!(unclear.stderr.contains("--pool people, or --pool staff"), "{unclear:?}");
    let no_address = copy.run(&["user", "add", "ada", "--pool", "people"]);
    assert_eq!(no_address.code, 64, "{no_address:?}");
    assert!(no_address.stderr.contains("email address"), "{no_address:?}");

    copy.succeed(&["user", "add", "ada@example.com", "--pool", "people"]);
    let again = copy.run(&["user", "add", "ada@example.com", "--pool", "people"]);
    assert_eq!(again.code, 1, "{again:?}");
    copy.succeed(&["user", "add", "ada@example.com", "--pool", "people", "--reset"]);
    let list = copy.succeed(&["user", "list", "--pool", "people"]).stdout;
    assert!(list.contains("\nada@example.com  has a temporary password"), "{list}");
    assert!(copy.succeed(&["user", "list", "--pool", "staff"]).stdout.contains("has no users"));
    copy.succeed(&["user", "remove", "ada@example.com", "--pool", "people", "--yes"]);
    assert!(copy.succeed(&["user", "list", "--pool", "people"]).stdout.contains("has no users"));
}

fn before_apply_and_in_vain(cloud: &'static Cloud) {
    let copy = cloud.working_copy("people", POOL);
    let early = copy.run(&["user", "add", "ada"]);
    assert_eq!(early.code, 1);
    assert!(early.stderr.contains("stackctl apply"), "{early:?}");
    let unknown = copy.run(&["user", "list", "--pool", "nope"]);
    assert_eq!(unknown.code, 64);
    assert!(unknown.stderr.contains("stack.yaml has no user pool `nope`"), "{unknown:?}");
}
