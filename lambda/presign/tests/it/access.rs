//! Access rules: every person × verb × place × route, compared with an evaluator of this test's own, which compares texts
//! where the function compares parts.

use std::collections::{BTreeMap, BTreeSet};

use presign::Endpoint;
use serde_json::{Value, json};

use crate::asking::{ask, endpoint, event, event_about, granted, refused};

const ALL: [&str; 5] = ["put", "get", "list", "delete", "multipart"];

/// Rules as stackctl writes them, each set for a bucket of its own.
fn rule_sets() -> Vec<Value> {
    vec![
        json!({ "uploads/{sub}/": { "owner": ALL, "admins": ["get", "list"] },
            "shared/{group}/": { "members": ["put", "get", "list"] } }),
        json!({ "public/": { "signed-in": ["get", "list"], "editors": ["put", "delete"] },
            "uploads/{sub}/": { "owner": ["put", "multipart"] } }),
        json!({ "teams/{group}/{sub}/": { "owner": ["put", "get", "delete", "multipart"],
            "members": ["get", "list"], "admins": ["list"] }, "teams/": { "editors": ["put"] } }),
        json!({ "docs/": { "editors": ["put", "list"] }, "docs/{sub}/": { "admins": ["list", "get"] },
            "docs/{sub}/open/": { "signed-in": ["get", "list"] } }),
        json!({ "a/{group}/b/": { "members": ALL, "admins": ["list", "delete"] },
            "a/team-a/": { "signed-in": ["list"] } }),
    ]
}

/// People by their id and the claim of their groups, as AWS or the local cloud writes it.
const PEOPLE: [(&str, &str); 8] = [
    ("me-1", ""),
    ("you-2", ""),
    ("me-1", "admins"),
    ("me-1", "team-a"),
    ("you-2", "team-a,team-b"),
    ("me-1", "[team-b editors]"),
    ("boss", "[admins editors]"),
    // A token of a former member names other groups, which begin or end alike.
    ("me-1", "team-ab,xteam-a,admin,Admins,owner,members,signed-in"),
];

/// The names that stand for placeholders in the places that are tried.
const NAMES: [&str; 5] = ["me-1", "you-2", "team-a", "team-b", "admins"];

fn groups(claim: &str) -> Vec<&str> {
    claim.trim_matches(['[', ']']).split([',', ' ']).filter(|it| !it.is_empty()).collect()
}

/// The texts of a pattern for a subject, in which `*` stands for any name; none: the subject is another one.
fn texts(pattern: &str, subject: &str, (sub, claim): (&str, &str)) -> Vec<String> {
    let groups = groups(claim);
    let of_groups = |text: String| match text.contains("{group}") {
        true => groups.iter().map(|group| text.replace("{group}", group)).collect(),
        false => vec![text],
    };
    let mine = match subject {
        "owner" => of_groups(pattern.replace("{sub}", sub)),
        "members" => of_groups(pattern.to_owned()),
        "signed-in" => vec![pattern.to_owned()],
        group if groups.contains(&group) => vec![pattern.to_owned()],
        _ => Vec::new(),
    };
    mine.into_iter().map(|text| text.replace("{sub}", "*").replace("{group}", "*")).collect()
}

/// Whether a text begins with one of a pattern, whose `*` is a name.
fn begins(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => text.starts_with(pattern),
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            let name = rest.split('/').next().unwrap_or_default();
            let is_name = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
            is_name && begins(&rest[name.len()..], tail)
        }),
    }
}

/// Whether a person may do something with what is below a folder.
fn may(rules: &Value, person: (&str, &str), verb: &str, folder: &str) -> bool {
    granting(rules, person, verb).iter().any(|text| begins(folder, text))
}

/// The texts of the patterns that give a person a verb.
fn granting(rules: &Value, person: (&str, &str), verb: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (pattern, subjects) in rules.as_object().unwrap() {
        for (subject, verbs) in subjects.as_object().unwrap() {
            if verbs.as_array().unwrap().contains(&verb.into()) {
                all.extend(texts(pattern, subject, person));
            }
        }
    }
    all
}

/// Whether a person may list a folder: a rule says so of it, or of all that is open below it, and then nothing that rules
/// know below it may be hidden from the person.
fn may_list(rules: &Value, person: (&str, &str), folder: &str) -> bool {
    if may(rules, person, "list", folder) {
        return true;
    }
    let is_open = |text: &String| {
        (0..=2)
            .any(|count| count > 0 && begins(folder, text.strip_suffix(&"*/".repeat(count)).unwrap_or("\0")))
            && !folder.trim_end_matches('/').is_empty()
            && folder.matches('/').count() < text.matches('/').count()
    };
    let below = places(rules)
        .into_iter()
        .chain([folder.to_owned()])
        .filter(|place| place.starts_with(folder) && is_of_rule(rules, place));
    granting(rules, person, "list").iter().any(is_open)
        && below.into_iter().all(|it| may(rules, person, "list", &it))
}

/// Whether any rule is about a folder.
fn is_of_rule(rules: &Value, folder: &str) -> bool {
    let patterns = rules.as_object().unwrap().keys();
    patterns.map(|it| it.replace("{sub}", "*").replace("{group}", "*")).any(|it| begins(folder, &it))
}

/// The folder of a key that is named to a route: `uploads/` may be left out, unless the key begins with another folder of
/// the rules.
fn folder_of(rules: &Value, key: &str) -> String {
    let folder = key.rsplit_once('/').unwrap().0;
    let root = folder.split('/').next().unwrap();
    let is_root = rules.as_object().unwrap().keys().any(|it| it.split('/').next() == Some(root));
    if is_root { format!("{folder}/") } else { format!("uploads/{folder}/") }
}

/// The folders that are tried: what the patterns describe, what lies above and below, and what no rule is about.
fn places(rules: &Value) -> BTreeSet<String> {
    let mut all: BTreeSet<String> =
        ["elsewhere/", "uploads/", "shared/", "uploads/me-1/", "publicity/"].map(str::to_owned).into();
    for pattern in rules.as_object().unwrap().keys() {
        let mut filled = vec![String::new()];
        for part in pattern.trim_end_matches('/').split('/') {
            let names: &[&str] = if part.starts_with('{') { &NAMES } else { &[part] };
            filled =
                filled.iter().flat_map(|it| names.iter().map(move |name| format!("{it}{name}/"))).collect();
            all.extend(filled.iter().cloned());
        }
        all.extend(filled.iter().map(|it| format!("{it}deeper/")));
    }
    all
}

fn asked_by((sub, claim): (&str, &str), mut event: Value) -> Value {
    event["requestContext"]["authorizer"]["claims"] = match claim {
        "" => json!({ "sub": sub }),
        claim => json!({ "sub": sub, "cognito:groups": claim }),
    };
    event
}

fn with_query(mut event: Value, folder: &str) -> Value {
    event["queryStringParameters"] = json!({ "folder": folder });
    event
}

fn sign(body: Value) -> Value {
    event("POST", "/sign", Some(body))
}

/// Each route that makes an object in a folder, with its verb.
fn in_folder(folder: &str) -> Vec<(&'static str, Value)> {
    let upload = json!({ "filename": "n", "contentType": "a/b", "size": 1, "folder": folder });
    let form = json!({ "filename": "n", "contentType": "a/b", "size": 1, "folder": folder, "mode": "post" });
    vec![
        ("put", with_query(event("GET", "/", None), folder)),
        ("put", event("POST", "/uploads", Some(upload))),
        ("put", event("POST", "/uploads", Some(form))),
        ("put", sign(json!({ "method": "PUT", "key": "n", "size": 1, "folder": folder }))),
        ("multipart", sign(json!({ "method": "POST", "key": "n", "size": 1, "folder": folder }))),
    ]
}

/// Each route about an object that is there, with its verb.
fn about(key: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("get", event_about("GET", key)),
        ("delete", event_about("DELETE", key)),
        ("delete", sign(json!({ "method": "DELETE", "key": key }))),
        (
            "multipart",
            sign(json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 1, "size": 1 })),
        ),
        ("multipart", sign(json!({ "method": "GET", "key": key, "uploadId": "u" }))),
        ("multipart", sign(json!({ "method": "POST", "key": key, "uploadId": "u", "size": 1 }))),
        ("multipart", sign(json!({ "method": "DELETE", "key": key, "uploadId": "u" }))),
    ]
}

fn with_rules(rules: &Value) -> Endpoint {
    endpoint(&[("ACCESS_UPLOADS", &rules.to_string())])
}

/// The key of an answer.
fn key_in(body: &Value) -> String {
    if let Some(key) = body["key"].as_str() {
        return key.to_owned();
    }
    let url = body.as_str().unwrap();
    let path = url.split('?').next().unwrap().split_once("amazonaws.com/").unwrap().1;
    percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned()
}

#[test]
fn every_combination() {
    let (mut allowed, mut not_allowed) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for rules in rule_sets() {
        let endpoint = with_rules(&rules);
        for person in PEOPLE {
            for folder in places(&rules) {
                let key = format!("{folder}1/name.txt");
                let of_key = folder_of(&rules, &key);
                let mut tries: Vec<(&str, bool, Value)> = Vec::new();
                for (verb, event) in in_folder(&folder) {
                    tries.push((verb, may(&rules, person, verb, &folder), event));
                }
                for (verb, event) in about(&key) {
                    tries.push((verb, may(&rules, person, verb, &of_key), event));
                }
                let list = with_query(event("GET", "/uploads", None), &folder);
                tries.push(("list", may_list(&rules, person, &folder), list));
                for (verb, expected, event) in tries {
                    let event = asked_by(person, event);
                    if !expected {
                        let refusal = refused(&endpoint, &event);
                        assert_eq!(
                            refusal,
                            (403, "NotAllowed".to_owned()),
                            "{person:?} {verb} {event} {rules}"
                        );
                        *not_allowed.entry(verb).or_default() += 1;
                        continue;
                    }
                    let (status, body) = ask(&endpoint, &event);
                    assert_eq!(status, 200, "{person:?} {verb} {event} {rules}: {body}");
                    match verb {
                        "list" => assert_eq!(body["prefix"], *folder, "{body}"),
                        _ => {
                            let key = key_in(&body);
                            assert!(key.starts_with(&folder) || key.starts_with(&of_key), "{folder}: {body}");
                        }
                    }
                    *allowed.entry(verb).or_default() += 1;
                }
            }
        }
    }
    let tried: usize = allowed.values().chain(not_allowed.values()).sum();
    assert!(tried >= 2_000, "{tried}");
    for verb in ALL {
        assert!(allowed[verb] >= 20 && not_allowed[verb] >= 20, "{verb}: {allowed:?} {not_allowed:?}");
    }
}

/// No writing of a key leads from a folder that a rule allows into another one.
#[test]
fn every_escape_from_each_rule() {
    let mut tried = 0;
    for rules in rule_sets() {
        let endpoint = with_rules(&rules);
        for person in PEOPLE {
            for folder in places(&rules) {
                let allows = |verb| may(&rules, person, verb, &folder);
                for other in ["elsewhere/"] {
                    let up = "../".repeat(folder.matches('/').count());
                    let escapes = [
                        format!("{folder}{up}{other}a"),
                        format!("{folder}{}{other}a", up.replace("../", "%2e%2e/")),
                        format!("{folder}{}{other}a", up.replace("../", "%252e%252e%252f")),
                        format!("{folder}{}{other}a", up.replace('/', "\\")),
                        format!("{folder}./{up}{other}a"),
                        format!("/{folder}{other}a"),
                        format!("{folder}/{other}a"),
                        format!("{folder}a\0{other}"),
                        format!("{folder}a%00{other}"),
                        format!("{folder}%ff/{other}a"),
                        format!("{folder}%25252525252e"),
                        folder.clone(),
                        format!("{folder}.."),
                        format!("{}%2F..%2F{other}a", folder.trim_end_matches('/')),
                    ];
                    for escape in escapes {
                        for (verb, event) in about(&escape) {
                            // What is no key of the folder, though written below it, is refused where keys of the folder
                            // are not.
                            if allows(verb) {
                                let refusal = refused(&endpoint, &asked_by(person, event));
                                assert_eq!(refusal.0, 403, "{person:?} {verb} {escape:?} {rules}");
                                tried += 1;
                            }
                        }
                        if escape == folder || escape.ends_with("..") || !allows("put") {
                            continue;
                        }
                        for (_, event) in in_folder(&escape) {
                            let refusal = refused(&endpoint, &asked_by(person, event));
                            assert!([400, 403].contains(&refusal.0), "{person:?} {escape:?} {refusal:?}");
                        }
                        let list = asked_by(person, with_query(event("GET", "/uploads", None), &escape));
                        assert!([400, 403].contains(&refused(&endpoint, &list).0), "{person:?} {escape:?}");
                    }
                }
            }
        }
    }
    assert!(tried >= 2_000, "{tried}");
}

/// The page learns the folders that it may use: what is listed there is what the other routes allow, and nothing of what
/// they allow is missing.
#[test]
fn folders_are_what_the_routes_allow() {
    for rules in rule_sets() {
        let endpoint = with_rules(&rules);
        for person in PEOPLE {
            let body = granted(&endpoint, &asked_by(person, event("GET", "/folders", None)));
            let listed = body["folders"].as_array().unwrap();
            let mut told = BTreeMap::new();
            for it in listed {
                let verbs = it["verbs"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap());
                told.insert(it["folder"].as_str().unwrap(), verbs.collect::<BTreeSet<&str>>());
            }
            for (folder, verbs) in &told {
                assert!(!verbs.is_empty());
                assert_eq!(verbs.contains("list"), may_list(&rules, person, folder), "{person:?} {folder}");
                for verb in ["put", "multipart"] {
                    let is = verbs.contains(verb);
                    assert!(!is || may(&rules, person, verb, folder), "{person:?} {verb} {folder} {rules}");
                }
            }
            for folder in places(&rules) {
                for verb in ALL {
                    let below = |it: &&str| folder.starts_with(*it) && told[it].contains(verb);
                    // Each folder of a kind may be allowed while all of them can't be listed at once.
                    let allowed = verb != "list" && may(&rules, person, verb, &folder);
                    assert!(!allowed || told.keys().any(below), "{person:?} {verb} {folder} {told:?}");
                }
            }
        }
    }
}

#[test]
fn folders_of_each_person() {
    let rules = rule_sets().remove(0);
    let folders = |person| {
        let body = granted(&with_rules(&rules), &asked_by(person, event("GET", "/folders", None)));
        body["folders"].clone()
    };
    let own = json!({ "folder": "uploads/me-1/", "verbs": ALL });
    let team = |name: &str| json!({ "folder": format!("shared/{name}/"), "verbs": ["put", "get", "list"] });
    assert_eq!(folders(("me-1", "")), json!([own]));
    assert_eq!(folders(("me-1", "team-b,team-a")), json!([team("team-a"), team("team-b"), own]));
    let all = json!({ "folder": "uploads/", "verbs": ["get", "list"] });
    assert_eq!(folders(("me-1", "[admins]")), json!([team("admins"), all, own]));
}

#[test]
fn where_no_folder_is_named() {
    let upload =
        || event("POST", "/uploads", Some(json!({ "filename": "n", "contentType": "a/b", "size": 1 })));
    let key = |rules: Value, person| key_in(&granted(&with_rules(&rules), &asked_by(person, upload())));
    let own = json!({ "uploads/{sub}/": { "owner": ["put"] }, "all/": { "signed-in": ["put"] } });
    assert!(key(own, ("me-1", "")).starts_with("uploads/me-1/"));
    let two = json!({ "b/{sub}/": { "owner": ["put"] }, "a/{group}/{sub}/": { "owner": ["put"] },
        "0/{sub}/": { "owner": ["get"] } });
    assert!(key(two.clone(), ("me-1", "")).starts_with("b/me-1/"));
    assert!(key(two, ("me-1", "x")).starts_with("a/x/me-1/"));
    let none = with_rules(&json!({ "all/": { "signed-in": ["put", "list"] } }));
    assert_eq!(refused(&none, &upload()), (403, "NotAllowed".to_owned()));
    assert_eq!(refused(&none, &event("GET", "/uploads", None)).1, "NotAllowed");
    // A key may still be named without `uploads/`, where that is a folder of the rules.
    let both = json!({ "uploads/{sub}/": { "owner": ["get"] }, "all/": { "signed-in": ["get"] } });
    let key = |given: &str| granted(&with_rules(&both), &event_about("GET", given))["key"].clone();
    assert_eq!((key("me-1/1/a"), key("all/1/a")), (json!("uploads/me-1/1/a"), json!("all/1/a")));
}

/// Without rules the folders are the owner's own, with the function's grants.
#[test]
fn without_rules() {
    let body = granted(&endpoint(&[("GRANTS_UPLOADS", "put,get")]), &event("GET", "/folders", None));
    assert_eq!(body["folders"], json!([{ "folder": "uploads/me-1/", "verbs": ["put", "get"] }]));
    assert_eq!(body["limits"], json!({ "maxBytes": 100 << 20, "contentTypes": [] }));
    let limited = endpoint(&[("MAX_BYTES", "5MB"), ("CONTENT_TYPES", "image/*, text/plain")]);
    let body = granted(&limited, &event("GET", "/folders", None));
    assert_eq!(body["limits"], json!({ "maxBytes": 5 << 20, "contentTypes": ["image/*", "text/plain"] }));
    let endpoint = endpoint(&[]);
    let list = |folder: &str| with_query(event("GET", "/uploads", None), folder);
    assert_eq!(granted(&endpoint, &list("uploads/me-1/deeper"))["prefix"], "uploads/me-1/deeper/");
    for folder in ["uploads/", "uploads/you-2/", "shared/"] {
        assert_eq!(refused(&endpoint, &list(folder)), (403, "NotYours".to_owned()), "{folder}");
    }
    for (_, event) in in_folder("uploads/you-2/") {
        assert_eq!(refused(&endpoint, &event), (403, "NotYours".to_owned()));
    }
}

/// Grants bound the rules.
#[test]
fn what_the_function_is_not_granted() {
    let rules = json!({ "uploads/{sub}/": { "owner": ALL } }).to_string();
    let endpoint = endpoint(&[("ACCESS_UPLOADS", &rules), ("GRANTS_UPLOADS", "get")]);
    assert_eq!(refused(&endpoint, &event("GET", "/", None)), (403, "NotGranted".to_owned()));
    let folders = granted(&endpoint, &event("GET", "/folders", None));
    assert_eq!(folders["folders"], json!([{ "folder": "uploads/me-1/", "verbs": ["get"] }]));
}
