//! The life of groups: the file makes them, people join and leave them, and no group with people in it is deleted.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    program::{Said, WorkingCopy},
    srp::Person,
    trial::trial,
};

const POOL: &str = r#"
stack: NAME
region: eu-west-1
user_pools:
  users:
    groups: [admins, team-a]
    clients: { web: { id_token: 30m } }
"#;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&'static Cloud)| trial(format!("groups::{name}"), move || run(cloud));
    vec![
        trial("come_and_go_with_the_file", come_and_go_with_the_file),
        trial("people_join_and_leave", people_join_and_leave),
        trial("names_that_are_not_there", names_that_are_not_there),
    ]
}

/// The event of the JSON lines.
pub fn event(said: &Said, name: &str) -> Value {
    let lines = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    lines.into_iter().find(|it| it["event"] == name).unwrap_or_else(|| panic!("no {name} in {said:?}"))
}

/// The names of the pool's groups in Cognito.
fn groups(copy: &WorkingCopy, cloud: &Cloud) -> Vec<String> {
    let aws = console(copy, &cloud.url);
    let pool = copy.outputs()["user_pool_id"].as_str().unwrap().to_owned();
    let listed = wait_for(aws.cognito.list_groups().user_pool_id(pool).send()).unwrap();
    let mut names: Vec<String> =
        listed.groups().iter().filter_map(|it| it.group_name()).map(str::to_owned).collect();
    names.sort();
    names
}

fn come_and_go_with_the_file(cloud: &'static Cloud) {
    let name = cloud.stack_name("groups");
    let yaml = POOL.replace("NAME", &name);
    let without = yaml.replace("    groups: [admins, team-a]\n", "");
    let copy = WorkingCopy::new(&name, &without, &cloud.url);
    copy.apply();
    copy.assert_settled();

    copy.write(&yaml);
    let plan = copy.plan();
    assert!(plan.contains(&"user_pool_group.users/admins: create".to_owned()), "{plan:?}");
    copy.apply();
    copy.assert_settled();
    assert_eq!(groups(&copy, cloud), ["admins", "team-a"]);

    // A group with people in it stays, and with it everything of the plan.
    copy.succeed(&["user", "add", "ada", "--group", "team-a"]);
    copy.write(&yaml.replace("admins, team-a", "admins"));
    let refused = copy.run(&["apply", "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stdout.contains("has 1 person"), "{refused:?}");
    assert!(refused.stdout.contains("stackctl group remove team-a NAME"), "{refused:?}");
    assert_eq!(groups(&copy, cloud), ["admins", "team-a"]);

    copy.succeed(&["group", "remove", "team-a", "ada"]);
    copy.apply();
    copy.assert_settled();
    assert_eq!(groups(&copy, cloud), ["admins"]);

    // The last one goes too, though the file says nothing of groups any more.
    copy.write(&without);
    assert_eq!(copy.plan(), ["user_pool_group.users/admins: delete"]);
    copy.apply();
    copy.assert_settled();
    assert_eq!(groups(&copy, cloud), Vec::<String>::new());

    copy.write(&yaml);
    copy.apply();
    copy.succeed(&["group", "add", "admins", "ada"]);
    // A destroy deletes groups with their people, also those that the file no longer has.
    copy.write(&without);
    copy.succeed(&["destroy", "--yes"]);
    assert!(copy.succeed(&["destroy", "--yes"]).stdout.to_lowercase().contains("nothing to destroy"));
}

/// The claims of a token.
pub fn claims_of(token: &str) -> Value {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

/// The groups that a token names.
fn groups_in(token: &str) -> Value {
    claims_of(token)["cognito:groups"].clone()
}

fn people_join_and_leave(cloud: &'static Cloud) {
    let copy = cloud.working_copy("members", POOL);
    copy.apply();
    let added = copy.succeed(&["user", "add", "ada", "--group", "admins", "--group", "team-a", "--json"]);
    let added = event(&added, "user_added");
    assert_eq!(added["groups"], json!(["admins", "team-a"]));
    let password = added["temporary_password"].as_str().unwrap().to_owned();
    let shown = copy.succeed(&["user", "add", "bob", "--group", "team-a"]).stdout;
    assert!(shown.contains("\nin groups           team-a\n"), "{shown}");
    copy.succeed(&["group", "add", "team-a", "bob"]);

    let list = copy.succeed(&["group", "list"]).stdout;
    assert_eq!(list, "admins  ada\nteam-a  ada, bob\n");
    assert_eq!(copy.succeed(&["groups", "ls", "admins"]).stdout, "admins  ada\n");

    // Tokens name the groups that the person is in when they are made.
    let (aws, outputs) = (console(&copy, &cloud.url), copy.outputs());
    let text = |name: &str| outputs[name].as_str().unwrap().to_owned();
    let (pool, client) = (text("user_pool_id"), text("client_id"));
    let ada = Person { cognito: &aws.cognito, pool: &pool, client: &client, name: "ada" };
    let new = "Lovelace-1815";
    let tokens = wait_for(ada.sign_in(&password, Some(new))).unwrap();
    assert_eq!(groups_in(&tokens.id), json!(["admins", "team-a"]));

    let removed = copy.succeed(&["group", "remove", "admins", "ada"]).stdout;
    assert!(removed.contains("A page that is signed in may use it for 30m more."), "{removed}");
    let tokens = wait_for(ada.sign_in(new, None)).unwrap();
    assert_eq!(groups_in(&tokens.id), json!(["team-a"]));
    let list = event(&copy.succeed(&["group", "list", "--json"]), "groups");
    assert_eq!(list["groups"], json!({ "admins": [], "team-a": ["ada", "bob"] }));
    copy.succeed(&["destroy", "--yes"]);
}

fn names_that_are_not_there(cloud: &'static Cloud) {
    let copy = cloud.working_copy("no-group", POOL);
    let early = copy.run(&["group", "add", "admins", "ada"]);
    assert!(early.code == 1 && early.stderr.contains("stackctl apply"), "{early:?}");
    copy.apply();
    copy.succeed(&["user", "add", "ada"]);

    let near = copy.run(&["group", "add", "admin", "ada"]);
    assert!(near.code == 64 && near.stderr.contains("did you mean `admins`?"), "{near:?}");
    let near = copy.run(&["user", "add", "eve", "--group", "tema-a"]);
    assert!(near.code == 64 && near.stderr.contains("did you mean `team-a`?"), "{near:?}");
    let stranger = copy.run(&["group", "add", "admins", "eve"]);
    assert_eq!(stranger.code, 1, "{stranger:?}");
    assert!(stranger.stderr.contains("user pool `users` has no user `eve`"), "{stranger:?}");

    // In the file, and not yet in AWS.
    copy.write(&copy.text().replace("team-a]", "team-a, team-b]"));
    let early = copy.run(&["group", "add", "team-b", "ada"]);
    assert!(early.code == 1 && early.stderr.contains("has no group `team-b`"), "{early:?}");
    let shown = copy.run(&["user", "add", "eve", "--group", "team-b"]);
    assert!(shown.code == 1 && shown.stdout.contains("temporary password"), "{shown:?}");
    copy.succeed(&["destroy", "--yes"]);
}
