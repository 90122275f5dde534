//! What users do for themselves: sign up, and set another password, with the codes of the local cloud's messages.

use aws_sdk_cognitoidentityprovider::{Client, types::AttributeType};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    program::WorkingCopy,
    srp::Person,
    trial::trial,
};

const POOLS: &str = r#"
stack: NAME
region: eu-west-1
user_pools:
  users:
    sign_up: open
    clients: { web: {} }
  staff:
    clients: { web: {} }
"#;
const FIRST: &str = "Lovelace-1815-first";
const SECOND: &str = "Lovelace-1815-second";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, run: fn(&'static Cloud)| trial(format!("accounts::{name}"), move || run(cloud));
    vec![
        trial("signed_up_confirmed_and_forgotten", signed_up_confirmed_and_forgotten),
        trial("another_address_is_verified_with_a_code", another_address_is_verified_with_a_code),
    ]
}

/// A pool with its client, as a page knows them.
struct Page<'a> {
    copy: &'a WorkingCopy,
    cognito: Client,
    pool: String,
    client: String,
}

impl<'a> Page<'a> {
    fn of(copy: &'a WorkingCopy, cloud: &Cloud, pool: &str) -> Page<'a> {
        let pool = copy.outputs()["user_pools"][pool].take();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let cognito = console(copy, &cloud.url).cognito;
        Page { copy, cognito, pool: text(&pool["id"]), client: text(&pool["clients"]["web"]) }
    }

    fn sign_up(&self, name: &str, email: &str) -> Result<(), String> {
        let email = AttributeType::builder().name("email").value(email).build().unwrap();
        let sign_up = self.cognito.sign_up().client_id(&self.client).username(name).password(FIRST);
        let sent = wait_for(sign_up.user_attributes(email).send());
        sent.map(drop).map_err(|error| format!("{:?}", error.into_service_error()))
    }

    fn sign_in(&self, name: &str, password: &str) -> Result<(), String> {
        let person = Person { cognito: &self.cognito, pool: &self.pool, client: &self.client, name };
        wait_for(person.sign_in(password, None)).map(drop)
    }

    fn show(&self, name: &str) -> String {
        self.copy.succeed(&["user", "show", name, "--pool", "users"]).stdout
    }
}

fn signed_up_confirmed_and_forgotten(cloud: &'static Cloud) {
    let copy = cloud.working_copy("self-service", POOLS);
    let plan = copy.succeed(&["plan"]).stdout;
    assert!(plan.contains("user_pool.users: anyone may create an account (sign_up: open)"), "{plan}");
    copy.apply();
    let name = copy.stack().name.to_string();
    let email = format!("{name}@example.com");

    let staff = Page::of(&copy, cloud, "staff").sign_up("ada", &email).unwrap_err();
    assert!(staff.contains("SignUp is not permitted for this user pool"), "{staff}");

    let page = Page::of(&copy, cloud, "users");
    page.sign_up("ada", &email).unwrap();
    let unconfirmed = page.sign_in("ada", FIRST).unwrap_err();
    assert!(unconfirmed.contains("UserNotConfirmed"), "{unconfirmed}");
    let [message] = &cloud.messages(&email)[..] else { panic!("not one message to {email}") };
    assert_eq!((&message["kind"], &message["user"]), (&Value::from("sign_up"), &Value::from("ada")));
    let shown = cloud.local_text(&["messages", "--to", &email]);
    let code = message["code"].as_str().unwrap();
    assert!(
        shown.contains(&format!("{name}-users to {email}: code {code} confirms the account ada")),
        "{shown}"
    );
    let confirm = page.cognito.confirm_sign_up().client_id(&page.client).username("ada");
    wait_for(confirm.confirmation_code(code).send()).unwrap();
    assert!(page.show("ada").contains(&format!("{email} (verified)")), "{}", page.show("ada"));
    page.sign_in("ada", FIRST).unwrap();

    let forgot = page.cognito.forgot_password().client_id(&page.client).username("ada");
    wait_for(forgot.send()).unwrap();
    page.sign_in("ada", FIRST).unwrap();
    let messages = cloud.messages(&email);
    assert_eq!((messages.len(), &messages[1]["kind"]), (2, &Value::from("reset_password")));
    let set = page.cognito.confirm_forgot_password().client_id(&page.client).username("ada");
    let set = set.confirmation_code(messages[1]["code"].as_str().unwrap()).password(SECOND);
    wait_for(set.send()).unwrap();
    page.sign_in("ada", FIRST).unwrap_err();
    page.sign_in("ada", SECOND).unwrap();

    // An administrator's reset sends a code too.
    copy.succeed(&["user", "reset-password", "ada", "--pool", "users"]);
    assert_eq!(cloud.messages(&email).len(), 3);
    assert!(cloud.messages("nobody@example.com").is_empty());
    copy.assert_settled();
}

fn another_address_is_verified_with_a_code(cloud: &'static Cloud) {
    let copy = cloud.working_copy("addresses", POOLS);
    copy.apply();
    let name = copy.stack().name.to_string();
    let (first, second) = (format!("{name}@example.com"), format!("{name}-2@example.com"));
    let page = Page::of(&copy, cloud, "users");
    page.sign_up("ada", &first).unwrap();
    let code = |to: &str| cloud.messages(to).last().unwrap()["code"].as_str().unwrap().to_owned();
    let confirm = page.cognito.confirm_sign_up().client_id(&page.client).username("ada");
    wait_for(confirm.confirmation_code(code(&first)).send()).unwrap();
    let person = Person { cognito: &page.cognito, pool: &page.pool, client: &page.client, name: "ada" };
    let token = wait_for(person.sign_in(FIRST, None)).unwrap().access;

    let attribute =
        |name: &str, value: &str| AttributeType::builder().name(name).value(value).build().unwrap();
    let update = page.cognito.update_user_attributes().access_token(&token);
    let update = update.user_attributes(attribute("email", &second));
    wait_for(update.user_attributes(attribute("email_verified", "true")).send()).unwrap();
    assert!(page.show("ada").contains(&format!("{second} (not verified)")), "{}", page.show("ada"));
    let [message] = &cloud.messages(&second)[..] else { panic!("not one message to {second}") };
    assert_eq!(message["kind"], "verify_address");
    let former = code(&second);
    let again = page.cognito.get_user_attribute_verification_code().access_token(&token);
    let sent = wait_for(again.attribute_name("email").send()).unwrap().code_delivery_details.unwrap();
    assert_eq!(sent.attribute_name.as_deref(), Some("email"));
    let verify = |code: &str| {
        let verify = page.cognito.verify_user_attribute().access_token(&token).attribute_name("email");
        wait_for(verify.code(code).send()).map_err(|error| format!("{:?}", error.into_service_error()))
    };
    assert_ne!(former, code(&second));
    assert!(verify(&former).unwrap_err().contains("CodeMismatch"), "a code that another one replaced");
    verify(&code(&second)).unwrap();
    assert!(page.show("ada").contains(&format!("{second} (verified)")), "{}", page.show("ada"));
    assert!(verify(&code(&second)).unwrap_err().contains("ExpiredCode"), "a code works once");
    for _ in 0..12 {
        verify("000000").unwrap_err();
    }
    assert!(verify("000000").unwrap_err().contains("LimitExceeded"), "15 tries in an hour");
}
