//! What an administrator does with the accounts of users.

use aws_sdk_cognitoidentityprovider::types::{AttributeType, MessageActionType};
use libtest_mimic::Trial;
use serde_json::Value;
use tokio::task::JoinSet;

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
    clients: { web: { id_token: 2h } }
"#;
const FIRST: &str = "Lovelace-1815-first";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&'static Cloud)| trial(format!("accounts::{name}"), move || run(cloud));
    vec![
        trial("disabled_enabled_signed_out_and_reset", disabled_enabled_signed_out_and_reset),
        trial("more_than_a_thousand_are_listed", more_than_a_thousand_are_listed),
    ]
}

/// The event of the JSON lines.
fn event(said: &Said, name: &str) -> Value {
    let lines = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    lines.into_iter().find(|it| it["event"] == name).unwrap_or_else(|| panic!("no {name} in {said:?}"))
}

/// Signs in as a web page does, and returns the access token.
fn sign_in(copy: &WorkingCopy, cloud: &Cloud, password: &str, new: Option<&str>) -> Result<String, String> {
    let (aws, outputs) = (console(copy, &cloud.url), copy.outputs());
    let text = |name: &str| outputs[name].as_str().unwrap().to_owned();
    let (pool, client) = (text("user_pool_id"), text("client_id"));
    let person = Person { cognito: &aws.cognito, pool: &pool, client: &client, name: "ada" };
    wait_for(person.sign_in(password, new)).map(|it| it.access)
}

/// A call with a session's access token.
fn use_session(copy: &WorkingCopy, cloud: &Cloud, access: &str) -> Result<(), String> {
    let get = console(copy, &cloud.url).cognito.get_user().access_token(access);
    wait_for(get.send()).map(drop).map_err(|error| format!("{:?}", error.into_service_error()))
}

fn disabled_enabled_signed_out_and_reset(cloud: &'static Cloud) {
    let copy = cloud.working_copy("accounts", POOL);
    copy.apply();
    let added =
        event(&copy.succeed(&["user", "add", "ada", "--email", "ada@example.com", "--json"]), "user_added");
    let temporary = added["temporary_password"].as_str().unwrap();

    // Cognito does not reset a temporary password.
    let refused = copy.run(&["user", "reset-password", "ada"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused.stderr.contains("`ada` has a temporary password, which Cognito does not reset"),
        "{refused:?}"
    );
    assert!(refused.stderr.contains("--reset ada` sets a new temporary password"), "{refused:?}");
    let session = sign_in(&copy, cloud, temporary, Some(FIRST)).unwrap();
    use_session(&copy, cloud, &session).unwrap();

    let shown = copy.succeed(&["user", "show", "ada"]).stdout;
    for row in [
        "name           ada",
        "email          ada@example.com (verified)",
        "status         confirmed",
        "enabled        yes",
        "second factor  none",
    ] {
        assert!(shown.contains(row), "{row}: {shown}");
    }
    let details = || event(&copy.succeed(&["user", "show", "ada", "--json"]), "user_details");
    let shown = details();
    assert_eq!((&shown["user"]["name"], &shown["email_verified"]), (&Value::from("ada"), &Value::from(true)));

    let disabled = copy.succeed(&["user", "disable", "ada"]).stdout;
    assert!(disabled.contains("ada may not sign in to user pool `users` any more.\n"), "{disabled}");
    assert!(disabled.contains("which takes 2h at most"), "{disabled}");
    sign_in(&copy, cloud, FIRST, None).unwrap_err();
    use_session(&copy, cloud, &session).unwrap_err();
    copy.succeed(&["user", "disable", "ada"]);
    assert_eq!(details()["user"]["enabled"], false);
    let enabled = event(&copy.succeed(&["user", "enable", "ada", "--json"]), "user_changed");
    assert_eq!((&enabled["name"], &enabled["change"]), (&Value::from("ada"), &Value::from("enabled")));
    let session = sign_in(&copy, cloud, FIRST, None).unwrap();

    let signed_out = copy.succeed(&["user", "sign-out", "ada"]).stdout;
    assert!(signed_out.contains("The sessions of ada in user pool `users` are over.\n"), "{signed_out}");
    use_session(&copy, cloud, &session).unwrap_err();
    sign_in(&copy, cloud, FIRST, None).unwrap();

    let reset = copy.succeed(&["user", "reset-password", "ada"]).stdout;
    assert!(reset.contains("does not work any more.\nCognito sends ada a code"), "{reset}");
    let must = sign_in(&copy, cloud, FIRST, None).unwrap_err();
    assert!(must.contains("PasswordResetRequired"), "{must}");
    assert_eq!(details()["user"]["status"], "RESET_REQUIRED");

    let unknown = copy.run(&["user", "disable", "nobody"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    assert!(unknown.stderr.contains("user pool `users` has no user `nobody`"), "{unknown:?}");
    assert_eq!(copy.run(&["user", "show", "nobody"]).code, 1);
    copy.assert_settled();
}

fn more_than_a_thousand_are_listed(cloud: &'static Cloud) {
    const MANY: usize = 1_030;
    let copy = cloud.working_copy("accounts", POOL);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let pool = copy.outputs()["user_pool_id"].as_str().unwrap().to_owned();
    let verified = AttributeType::builder().name("email_verified").value("true").build().unwrap();
    wait_for(async {
        let mut adding = JoinSet::new();
        for at in 0..MANY {
            if at >= 16 {
                adding.join_next().await.unwrap().unwrap();
            }
            let add = aws.cognito.admin_create_user().user_pool_id(&pool).username(format!("user-{at:04}"));
            let add = add.message_action(MessageActionType::Suppress).user_attributes(verified.clone());
            adding.spawn(async { drop(add.send().await.unwrap()) });
        }
        adding.join_all().await;
    });
    let users = event(&copy.succeed(&["user", "list", "--json"]), "users")["users"].take();
    let names: Vec<&str> = users.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), MANY);
    assert!(names.iter().enumerate().all(|(at, name)| *name == format!("user-{at:04}")), "{names:?}");
}
