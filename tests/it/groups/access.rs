//! Access rules end to end: owners, strangers, members, former members and administrators ask the deployed endpoint, and
//! use the URLs that they get.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    endpoint::flow::{Answer, send, text},
    harness::{
        cloud::{Cloud, console, wait_for},
        program::WorkingCopy,
        srp::Person,
        trial::trial,
    },
};

const STACK: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  uploads:
    on_destroy: empty
    cors: { origins: ["http://localhost:5173"] }
    access:
      uploads/{sub}/: { owner: [put, get, list, delete, multipart], admins: [get, list] }
      shared/{group}/: { members: [put, get, list], admins: [list, delete] }
      notice/: { signed-in: [get], admins: [put, get] }
functions:
  presign:
    builtin: presign
    buckets: { uploads: [put, get, list, delete, multipart] }
user_pools:
  users:
    groups: [admins, team-a, team-b]
    clients: { web: {} }
apis:
  uploads:
    authorizer: users
    cors: { origins: ["http://localhost:5173"] }
    routes:
      GET /: presign
      POST /uploads: presign
      POST /sign: presign
      GET /folders: presign
      GET /uploads: presign
      GET /uploads/{key+}: presign
      DELETE /uploads/{key+}: presign
"#;

const NEW: &str = "Lovelace-1815";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![trial("groups::each_person_in_each_place", move || each_person_in_each_place(cloud))]
}

/// A person who is signed in.
struct Someone {
    /// The groups that the token names.
    groups: Vec<&'static str>,
    sub: String,
    token: String,
}

/// A deployed stack.
struct Stack {
    copy: WorkingCopy,
    cloud: &'static Cloud,
    outputs: Value,
}

impl Stack {
    fn text(&self, name: &str) -> &str {
        text(&self.outputs, name)
    }

    fn sign_in(&self, name: &str, password: &str, new: Option<&str>, groups: &[&'static str]) -> Someone {
        let aws = console(&self.copy, &self.cloud.url);
        let person = Person {
            cognito: &aws.cognito,
            pool: self.text("user_pool_id"),
            client: self.text("client_id"),
            name,
        };
        let token = wait_for(person.sign_in(password, new)).unwrap().id;
        let claims = super::kind::claims_of(&token);
        Someone { groups: groups.to_vec(), sub: claims["sub"].as_str().unwrap().to_owned(), token }
    }

    fn add(&self, name: &str, groups: &[&'static str]) -> Someone {
        let mut arguments = vec!["user", "add", name, "--json"];
        arguments.extend(groups.iter().flat_map(|group| ["--group", group]));
        let added = super::kind::event(&self.copy.succeed(&arguments), "user_added");
        self.sign_in(name, added["temporary_password"].as_str().unwrap(), Some(NEW), groups)
    }

    /// Asks the endpoint.
    fn ask(&self, by: &Someone, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.text("endpoint").trim_end_matches('/'));
        let headers = [("Authorization", by.token.as_str()), ("Content-Type", "application/json")];
        let body = body.map(|it| it.to_string()).unwrap_or_default();
        let answer = send(method, &url, &headers, body.as_bytes());
        (answer.status, serde_json::from_str(&answer.text()).unwrap_or_default())
    }
}

/// Whether a person may do something, by its verb.
type May<'a> = Box<dyn Fn(&Someone, &str) -> bool + 'a>;

/// A place in the bucket, and who may do what there.
struct Place<'a> {
    folder: String,
    may: May<'a>,
}

fn each_person_in_each_place(cloud: &'static Cloud) {
    let copy = cloud.working_copy("rules", STACK);
    copy.apply();
    copy.assert_settled();
    let open = copy.succeed(&["validate"]);
    assert_eq!(open.code, 0);
    let outputs = copy.outputs();
    let stack = Stack { copy, cloud, outputs };

    let ada = stack.add("ada", &["team-a"]);
    let bob = stack.add("bob", &[]);
    let boss = stack.add("boss", &["admins"]);
    let carl = stack.add("carl", &["team-a", "team-b"]);
    let both = stack.add("both", &["admins", "team-b"]);
    stack.copy.succeed(&["group", "remove", "team-a", "carl"]);
    stack.copy.succeed(&["group", "remove", "team-b", "carl"]);
    let former = stack.sign_in("carl", NEW, None, &[]);

    let has = |someone: &Someone, group: &str| someone.groups.contains(&group);
    let owned = |sub: String| -> May<'static> {
        Box::new(move |it, verb| it.sub == sub || (has(it, "admins") && ["get", "list"].contains(&verb)))
    };
    let shared = |group: &'static str| -> May<'static> {
        Box::new(move |it, verb| {
            (has(it, group) && ["put", "get", "list"].contains(&verb))
                || (has(it, "admins") && ["list", "delete"].contains(&verb))
        })
    };
    let places = [
        Place { folder: format!("uploads/{}/", ada.sub), may: owned(ada.sub.clone()) },
        Place { folder: format!("uploads/{}/", former.sub), may: owned(former.sub.clone()) },
        Place { folder: "shared/team-a/".to_owned(), may: shared("team-a") },
        Place { folder: "shared/team-b/".to_owned(), may: shared("team-b") },
        Place {
            folder: "notice/".to_owned(),
            may: Box::new(|it, verb| verb == "get" || (verb == "put" && has(it, "admins"))),
        },
        // Above the groups: all of them for administrators, and for no one else.
        Place {
            folder: "shared/".to_owned(),
            may: Box::new(|it, verb| has(it, "admins") && ["list", "delete"].contains(&verb)),
        },
    ];
    let mut tried = (0, 0);
    for place in &places {
        fill(&stack, place);
        for person in [&ada, &bob, &boss, &former, &both] {
            for verb in ["put", "list", "get", "multipart", "delete"] {
                let allowed = (place.may)(person, verb);
                try_one(&stack, person, verb, &place.folder, allowed);
                if allowed { tried.0 += 1 } else { tried.1 += 1 }
            }
        }
    }
    assert!(tried.0 >= 30 && tried.1 >= 60, "{tried:?}");

    // A token keeps the groups that it was made with, until it ends.
    assert!(carl.groups.contains(&"team-a"));
    try_one(&stack, &carl, "list", "shared/team-a/", true);

    let (_, folders) = stack.ask(&ada, Method::GET, "/folders", None);
    let own = json!({ "folder": format!("uploads/{}/", ada.sub), "verbs": ["put", "get", "list", "delete", "multipart"] });
    let notice = json!({ "folder": "notice/", "verbs": ["get"] });
    let team = json!({ "folder": "shared/team-a/", "verbs": ["put", "get", "list"] });
    assert_eq!(folders["folders"], json!([notice, team, own]));

    the_role_is_the_union(&stack);
    stack.copy.succeed(&["destroy", "--yes"]);
}

/// Puts an object into a place, as the console does.
fn fill(stack: &Stack, place: &Place<'_>) {
    let aws = console(&stack.copy, &stack.cloud.url);
    let key = format!("{}1/there.txt", place.folder);
    wait_for(aws.s3.put_object().bucket(stack.text("bucket")).key(key).send()).unwrap();
}

/// Asks for a URL, and uses it.
fn try_one(stack: &Stack, person: &Someone, verb: &str, folder: &str, allowed: bool) {
    let there = format!("/uploads/{folder}1/there.txt");
    let of_file = json!({ "filename": "a.txt", "contentType": "text/plain", "size": 5, "folder": folder });
    let (status, body) = match verb {
        "put" => stack.ask(person, Method::POST, "/uploads", Some(of_file)),
        "list" => stack.ask(person, Method::GET, &format!("/uploads?folder={folder}"), None),
        "get" => stack.ask(person, Method::GET, &there, None),
        "delete" => stack.ask(person, Method::DELETE, &format!("/uploads/{folder}1/gone.txt"), None),
        _ => {
            let begin = json!({ "method": "POST", "key": "b.bin", "size": 5, "folder": folder });
            stack.ask(person, Method::POST, "/sign", Some(begin))
        }
    };
    let what = format!("{:?} {verb} {folder}: {body}", person.groups);
    if !allowed {
        assert_eq!((status, &body["error"]["code"]), (403, &json!("NotAllowed")), "{what}");
        return;
    }
    assert_eq!(status, 200, "{what}");
    let url = text(&body, "url");
    let used: Answer = match verb {
        "put" => send(Method::PUT, url, &[("content-type", "text/plain")], b"hello"),
        "list" | "get" => send(Method::GET, url, &[], b""),
        "delete" => send(Method::DELETE, url, &[], b""),
        _ => send(Method::POST, url, &[], b""),
    };
    assert!((200..300).contains(&used.status), "{what}: {}", used.text());
    if verb == "list" {
        assert!(used.text().contains(&format!("{folder}1/there.txt")), "{what}: {}", used.text());
    }
}

/// The role reaches the prefixes of the rules and nothing else, and the bucket's CORS has the methods of their verbs.
fn the_role_is_the_union(stack: &Stack) {
    let aws = console(&stack.copy, &stack.cloud.url);
    let role = format!("{}-presign-eu-west-1", aws.stack);
    let policy = wait_for(aws.iam.get_role_policy().role_name(role).policy_name("stackctl").send()).unwrap();
    let policy = policy.policy_document().replace("%2F", "/").replace("%2A", "*").replace("%3A", ":");
    for (prefix, is_there) in [
        ("uploads/*", true),
        ("shared/*", true),
        ("notice/*", true),
        ("elsewhere", false),
        ("-eu-west-1/*", false),
    ] {
        assert_eq!(policy.contains(prefix), is_there, "{prefix} in {policy}");
    }
    stack
        .copy
        .write(&stack.copy.text().replace("[put, get, list, delete, multipart], admins", "[put], admins"));
    let narrower =
        stack.copy.text().replace("members: [put, get, list], admins: [list, delete]", "members: [put]");
    stack.copy.write(&narrower.replace("admins: [put, get] }", "admins: [put] }"));
    stack.copy.apply();
    stack.copy.assert_settled();
    let cors = wait_for(aws.s3.get_bucket_cors().bucket(stack.text("bucket")).send()).unwrap();
    let mut methods = cors.cors_rules()[0].allowed_methods().to_vec();
    methods.sort();
    assert_eq!(methods, ["GET", "HEAD", "POST", "PUT"], "delete is in no rule any more");
}
