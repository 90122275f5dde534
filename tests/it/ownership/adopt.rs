//! Resources that a person made are adopted, changed by apply, released, and untouched otherwise.

mod made;
mod seen;

use std::collections::BTreeMap;

use libtest_mimic::Trial;
use serde_json::Value;
use stackctl_aws_client::clients::Clients;

use self::seen::{Seen, differences};
use crate::{
    access::policy::{Someone, policy},
    harness::{
        cloud::{console, wait_for},
        program::{WorkingCopy, plan_in},
        strict::Strict,
        trial::trial,
    },
};

/// A resource of others, and what the file says of it.
struct Row {
    address: &'static str,
    /// The file; NAME is the stack's name, and MADE the resource's.
    file: &'static str,
    /// Makes the resource, and returns its name or id.
    make: fn(&Clients, &str) -> String,
    see: fn(&Clients, &str) -> Seen,
    /// The writes of an adoption and of a release, besides the lock's.
    writes: [&'static str; 2],
    /// The forecast's fields.
    forecast: &'static [&'static str],
    /// The calls that answer otherwise after apply, and some of the lines.
    changed: &'static [(&'static str, &'static [&'static str])],
}

const ROWS: &[Row] = &[
    Row {
        address: "bucket.uploads",
        file: "stack: NAME\nregion: eu-west-1\nbuckets:\n  uploads:\n    name: MADE\n    versioning: true\n    \
               cors: { origins: [\"https://example.org\"] }\n  other: {}\n",
        make: made::bucket,
        see: seen::bucket,
        writes: ["s3:PutBucketTagging", "s3:PutBucketTagging"],
        forecast: &[
            "policy",
            "cors.origins",
            "cors.methods",
            "cors.headers",
            "cors.exposed",
            "cors.max_age",
            "abort_unfinished",
        ],
        changed: &[("cors", &["+ \"https://example.org\""]), ("lifecycle", &[]), ("policy", &[])],
    },
    Row {
        address: "user_pool.people",
        file: "stack: NAME\nregion: eu-west-1\nuser_pools:\n  people:\n    name: MADE\n    \
               deletion_protection: false\n    password: { minimum_length: 12 }\n  others: {}\n",
        make: made::user_pool,
        see: seen::user_pool,
        writes: ["cognito-idp:TagResource", "cognito-idp:UntagResource"],
        forecast: &["password.minimum_length"],
        changed: &[("pool", &["- 8", "+ 12"])],
    },
    Row {
        address: "role.resize",
        file: FUNCTION,
        make: made::role,
        see: seen::role,
        writes: ["iam:TagRole", "iam:UntagRole"],
        forecast: &["policy"],
        changed: &[("inline policies", &[])],
    },
    Row {
        address: "log_group.resize",
        file: FUNCTION,
        make: made::log_group,
        see: seen::log_group,
        writes: ["logs:TagResource", "logs:UntagResource"],
        forecast: &["log_retention"],
        changed: &[("retention", &["- 7", "+ 30"])],
    },
    Row {
        address: "function.resize",
        file: FUNCTION,
        make: made::function,
        see: seen::function,
        writes: ["lambda:TagResource", "lambda:UntagResource"],
        forecast: &["code", "role", "description", "memory", "timeout"],
        changed: &[("code, role and description", &[]), ("settings", &["- 512"])],
    },
    Row {
        address: "rest_api.main",
        file: "stack: NAME\nregion: eu-west-1\nfunctions:\n  resize: { package: presign }\napis:\n  main:\n    \
               name: MADE\n    stage: live\n    authorizer: none\n    routes: { \"GET /thumbnail\": resize }\n",
        make: made::rest_api,
        see: seen::rest_api,
        writes: ["apigateway:TagResource", "apigateway:UntagResource"],
        forecast: &["GET /thumbnail", "stage", "throttling.rate", "throttling.burst"],
        changed: &[("resources", &["+ \"/thumbnail\""]), ("stages", &["+ \"live\""])],
    },
    Row {
        address: "secret.uploads-webhook",
        file: "stack: NAME\nregion: eu-west-1\nbuckets:\n  uploads: { webhook: { url: \"https://example.org/a\" } }\n",
        make: made::secret,
        see: seen::secret,
        writes: ["ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"],
        forecast: &[],
        changed: &[],
    },
];

const FUNCTION: &str =
    "stack: NAME\nregion: eu-west-1\nfunctions:\n  resize: { name: MADE, package: presign }\n";

pub fn trials() -> Vec<Trial> {
    let of = |row: &'static Row| trial(format!("adopt::{}", row.address), move || life(row));
    let mut all: Vec<Trial> = ROWS.iter().map(of).collect();
    all.push(trial("adopt::refusals", refusals));
    all.push(trial("adopt::parts", parts));
    all.push(trial("adopt::orphans", orphans));
    all.push(trial("adopt::the_page", the_page));
    all.push(trial("adopt::permissions", permissions));
    all
}

/// The file of a row, and the resource.
fn made(row: &Row, cloud: &Strict) -> (WorkingCopy, Clients, String) {
    let stack = cloud.stack_name("adopt");
    let name = format!("legacy-{stack}");
    let file = row.file.replace("NAME", &stack).replace("MADE", &name);
    let copy = WorkingCopy::new(&stack, &file, &cloud.url).with_tiny_package();
    let aws = console(&copy, &cloud.url);
    let id = (row.make)(&aws, &name);
    (copy, aws, id)
}

/// The writes since then, without those of the lock.
fn writes(cloud: &Strict, since: usize) -> Vec<String> {
    let writes =
        cloud.requests(since).into_iter().filter(|it| it.write && it.app.as_deref() != Some("console"));
    writes
        .map(|it| it.operation)
        .filter(|it| !it.starts_with("ssm:PutParameter") && it != "ssm:DeleteParameter")
        .collect()
}

fn events(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn event(stdout: &str, name: &str) -> Value {
    let found = events(stdout).into_iter().find(|it| it["event"] == name);
    found.unwrap_or_else(|| panic!("{name}: {stdout}"))
}

fn fields(entries: &Value) -> Vec<String> {
    let all = entries.as_array().unwrap().iter().flat_map(|it| it["steps"].as_array().unwrap());
    let changes = all.flat_map(|step| step["changes"].as_array().unwrap().clone());
    changes.map(|it| it["field"].as_str().unwrap().to_owned()).collect()
}

fn only_tags(before: &Seen, after: &Seen) -> bool {
    differences(before, after).keys().all(|it| *it == "tags")
}

fn life(row: &Row) {
    let cloud = Strict::borrow();
    let (copy, aws, id) = made(row, &cloud);
    let see = || (row.see)(&aws, &id);
    let before = see();
    let adopt = ["adopt", row.address, &id];

    let unasked = copy.run(&adopt);
    assert_eq!(unasked.code, 64, "{unasked:?}");
    assert!(unasked.stderr.contains("no terminal to ask"), "{unasked:?}");
    assert_eq!(see(), before);

    // Only tags are written, and shown before what apply would change.
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&[&adopt[..], &["--yes", "--json"]].concat()).stdout;
    assert_eq!(writes(&cloud, so_far), [row.writes[0]]);
    assert_eq!(fields(&event(&told, "forecast")["entries"]), row.forecast, "{told}");
    let adopted = event(&told, "adopted");
    assert_eq!((&adopted["standing"], &adopted["id"]), (&"new".into(), &id.as_str().into()), "{told}");
    assert_eq!(adopted["tags"]["stackctl:adopted"], "true");
    assert_eq!(adopted["tags"]["stackctl:address"], row.address);
    let now = see();
    assert!(only_tags(&before, &now), "{:?}", differences(&before, &now));
    assert!(now["tags"].iter().any(|it| it.contains("stackctl:adopted")));
    let again = copy.succeed(&[&adopt[..], &["--yes"]].concat());
    assert!(again.stdout.contains("is the stack's already"), "{again:?}");

    // The next apply does what was told, the one after it nothing, and destroy keeps it.
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    let applied = see();
    let mut changes = differences(&before, &applied);
    changes.remove("tags");
    assert_eq!(
        changes.keys().collect::<Vec<_>>(),
        row.changed.iter().map(|(it, _)| it).collect::<Vec<_>>(),
        "{changes:?}"
    );
    for (call, lines) in row.changed {
        assert!(lines.iter().all(|it| changes[call].iter().any(|line| line == it)), "{call}: {changes:?}");
    }
    let destroyed = copy.succeed(&["destroy", "--yes", "--json"]).stdout;
    let lines = plan_in(&destroyed);
    let kept =
        format!("{}: stays, since the stack adopted it; `stackctl release {0}` ends that", row.address);
    assert!(lines.contains(&kept), "{lines:?}");
    assert_eq!(see(), applied);

    // Released, it has what it had, and what the file changed.
    let unasked = copy.run(&["release", row.address]);
    assert_eq!(unasked.code, 64, "{unasked:?}");
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&["release", row.address, "--yes", "--json"]).stdout;
    assert_eq!(writes(&cloud, so_far), [row.writes[1]]);
    let released = event(&told, "released");
    assert_eq!((&released["id"], &released["in_file"]), (&id.as_str().into(), &true.into()), "{told}");
    assert_eq!(released["tags"]["stackctl:adopted"], "true");
    let after = see();
    assert_eq!(after["tags"], before["tags"]);
    assert!(only_tags(&applied, &after), "{:?}", differences(&applied, &after));
    let again = copy.run(&["release", row.address, "--yes"]);
    assert_eq!(again.code, 64, "{again:?}");
    assert!(again.stderr.contains(&format!("the stack has no {}", row.address)), "{again:?}");
}

fn refusals() {
    let cloud = Strict::borrow();
    let (copy, aws, name) = made(&ROWS[0], &cloud);
    let before = seen::bucket(&aws, &name);
    let refused = |arguments: &[&str], code: i32, words: &[&str]| {
        let said = copy.run(&[&["adopt"], arguments, &["--yes"]].concat());
        assert_eq!(said.code, code, "{arguments:?} {said:?}");
        for word in words {
            assert!(said.stderr.contains(word), "{arguments:?}: {word}\n{said:?}");
        }
    };
    let so_far = cloud.requests_so_far();
    refused(
        &["bucket.upload", &name],
        64,
        &["the file has no bucket.upload", "the file has bucket.other, bucket.uploads"],
    );
    refused(
        &["bucket.uploads", "legacy-nothing"],
        1,
        &["eu-west-1 has no bucket legacy-nothing", "aws s3 ls"],
    );
    let line = format!("write `name: {name}` below `buckets.other`");
    refused(&["bucket.other", &name], 64, &[&format!("the bucket is called {name}"), &line]);
    let text = copy.text();
    copy.write(&text.replace("  other: {}", "  other: { existing: legacy-of-others }"));
    refused(&["bucket.other", "legacy-of-others"], 64, &["with `existing:`", "write `name:` in its place"]);
    copy.write(&text);
    let elsewhere = "arn:aws:lambda:us-east-1:000000000000:function:resize";
    refused(&["bucket.uploads", elsewhere], 64, &["in another region, us-east-1", "region: us-east-1"]);
    refused(&["bucket.uploads", "arn:aws:s3::123456789012:a"], 64, &["another account"]);
    assert_eq!(writes(&cloud, so_far), Vec::<String>::new());

    for (tags, words) in [
        (&[("stackctl:stack", "shop")][..], &["belongs to the stack shop", "stackctl release"][..]),
        (
            &[("aws:cloudformation:stack-name", "media")],
            &["CloudFormation stack media", "DeletionPolicy: Retain"],
        ),
    ] {
        made::tag_bucket(&aws, &name, tags);
        refused(&["bucket.uploads", &name], 1, words);
    }
    made::tag_bucket(&aws, &name, &[("team", "photos")]);
    assert_eq!(seen::bucket(&aws, &name), before);

    // What can't be changed is said before.
    let pool =
        "stack: NAME\nregion: eu-west-1\nuser_pools: { people: { name: MADE, sign_in_with: [email] } }\n";
    let (copy, aws, id) = made(&Row { file: pool, ..ROWS[1] }, &cloud);
    let before = seen::user_pool(&aws, &id);
    let said = copy.run(&["adopt", "user_pool.people", &id, "--yes"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("its user names can't be changed"), "{said:?}");
    assert_eq!(seen::user_pool(&aws, &id), before);
    let other = copy.run(&["adopt", "user_pool.people", "us-east-1_AbCdEfGhI", "--yes"]);
    assert!(other.code == 1 && other.stderr.contains("in another region, us-east-1"), "{other:?}");
    // Names of pools are not unique.
    let name = format!("legacy-{}", copy.stack().name);
    wait_for(aws.cognito.create_user_pool().pool_name(&name).send()).unwrap();
    let two = copy.run(&["adopt", "user_pool.people", &name, "--yes"]);
    assert!(two.code == 64 && two.stderr.contains("2 user pools have the name"), "{two:?}");
    assert!(two.stderr.contains(&id) && two.stderr.contains("by its id"), "{two:?}");
}

/// App clients and groups have no tags: they are the stack's with their pool.
fn parts() {
    let cloud = Strict::borrow();
    let file = "stack: NAME\nregion: eu-west-1\nuser_pools:\n  people:\n    name: MADE\n    deletion_protection: false\n    \
                groups: [admins]\n    clients: { web: { name: site } }\n";
    let (copy, aws, id) = made(&Row { file, ..ROWS[1] }, &cloud);
    let client = aws.cognito.create_user_pool_client().user_pool_id(&id).client_name("site");
    let client = wait_for(client.send()).unwrap().user_pool_client.unwrap().client_id.unwrap();
    // A name that a client of the stack could have.
    let alike = aws.cognito.create_user_pool_client().user_pool_id(&id);
    wait_for(alike.client_name(format!("{}-people-mobile", copy.stack().name)).send()).unwrap();
    let adopt = |address: &str, what: &str| copy.run(&["adopt", address, what, "--yes"]);

    let early = adopt("user_pool_client.people/web", &client);
    assert!(early.code == 1 && early.stderr.contains("adopt that first"), "{early:?}");
    assert_eq!(adopt("user_pool.people", &id).code, 0);
    for (address, what) in
        [("user_pool_client.people/web", &client[..]), ("user_pool_group.people/admins", "admins")]
    {
        let said = adopt(address, what);
        assert!(said.code == 0 && said.stdout.contains("a part of user_pool.people"), "{said:?}");
    }
    let other = copy.text().replace("name: site", "name: another");
    let text = copy.text();
    copy.write(&other);
    let said = adopt("user_pool_client.people/web", &client);
    assert!(said.stderr.contains("write `name: site` below `user_pools.people.clients.web`"), "{said:?}");
    copy.write(&text);

    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    let outputs = copy.outputs();
    assert_eq!(outputs["client_id"], client.as_str(), "{outputs}");
    let clients = aws.cognito.list_user_pool_clients().user_pool_id(&id).max_results(10);
    assert_eq!(
        wait_for(clients.send()).unwrap().user_pool_clients().len(),
        2,
        "a client of others is deleted"
    );
    // Destroy keeps them with their pool.
    let before = seen::user_pool(&aws, &id);
    let lines = plan_in(&copy.succeed(&["destroy", "--yes", "--json"]).stdout);
    let stays = "stays with user_pool.people, which the stack adopted";
    assert!(lines.contains(&format!("user_pool_client.people/web: {stays}")), "{lines:?}");
    assert!(lines.contains(&format!("user_pool_group.people/admins: {stays}")), "{lines:?}");
    assert_eq!(seen::user_pool(&aws, &id), before);
    let said = copy.run(&["release", "user_pool_client.people/web", "--yes"]);
    assert!(said.code == 64 && said.stderr.contains("stackctl release user_pool.people"), "{said:?}");
}

/// What leaves the file is released with `--keep`, and what was adopted stays without it too.
fn orphans() {
    let cloud = Strict::borrow();
    let file = "stack: NAME\nregion: eu-west-1\nbuckets:\n  a: {}\n  b: {}\n  legacy: { name: NAME-legacy, versioning: true }\n  \
                far: { name: MADE, versioning: true }\n";
    let stack = cloud.stack_name("adopt");
    let (near, far) = (format!("{stack}-legacy"), format!("legacy-{stack}"));
    let copy = WorkingCopy::new(&stack, &file.replace("NAME", &stack).replace("MADE", &far), &cloud.url);
    let aws = console(&copy, &cloud.url);
    for (name, address) in [(&near, "bucket.legacy"), (&far, "bucket.far")] {
        made::bucket(&aws, name);
        copy.succeed(&["adopt", address, name, "--yes"]);
    }
    copy.apply();
    copy.write(&format!("stack: {stack}\nregion: eu-west-1\nbuckets:\n  a: {{}}\n"));
    let (b, seen) = (format!("{stack}-b-000000000000-eu-west-1"), |name: &str| seen::bucket(&aws, name));
    let before: BTreeMap<&String, Seen> = [&near, &far, &b].into_iter().map(|it| (it, seen(it))).collect();

    // Without --keep, the stack's own bucket would go, and the adopted one stays.
    let plan = copy.plan();
    assert_eq!(
        plan,
        [
            "bucket.b: delete".to_owned(),
            "bucket.legacy: stays, since the stack adopted it; `stackctl release bucket.legacy` ends that"
                .to_owned(),
        ]
    );
    let so_far = cloud.requests_so_far();
    let told = copy.succeed(&["apply", "--yes", "--keep", "--json"]).stdout;
    assert_eq!(plan_in(&told), ["bucket.b: release", "bucket.legacy: release"]);
    let mut written = writes(&cloud, so_far);
    written.sort();
    assert_eq!(written, ["s3:DeleteBucketTagging", "s3:PutBucketTagging"]);
    assert_eq!(copy.plan(), Vec::<String>::new());
    for (name, before) in &before {
        let now = seen(name);
        assert!(only_tags(before, &now), "{name}: {:?}", differences(before, &now));
        let is_ours = now["tags"].iter().any(|it| it.contains("stackctl:"));
        assert_eq!(is_ours, *name == &far, "{name}: {:?}", now["tags"]);
    }
    // A name without the prefix of the stack is in no list, so it is named.
    let said = copy.succeed(&["release", &format!("bucket.{far}"), "--yes"]);
    assert!(said.stdout.contains("stays in AWS") && !said.stdout.contains("Take it out"), "{said:?}");
    assert_eq!(seen(&far)["tags"], seen(&near)["tags"]);
}

/// The policy of `stackctl policy --for adopt` is enough for each kind, and that of apply reaches nothing of others.
fn permissions() {
    let cloud = Strict::borrow();
    for row in ROWS {
        let (copy, aws, id) = made(row, &cloud);
        let ada = Someone::new(&copy, &cloud, "ada");
        let run = |arguments: &[&str]| ada.run(&copy, &[arguments, &["--yes"]].concat());
        if ["user_pool.people", "rest_api.main"].contains(&row.address) {
            let before = (row.see)(&aws, &id);
            ada.may(&policy(&copy, "apply"));
            let said = run(&["adopt", row.address, &id]);
            assert_eq!(said.code, 1, "{said:?}");
            assert_eq!((row.see)(&aws, &id), before);
        }
        ada.may(&policy(&copy, "adopt"));
        // The local cloud answers another key than the root's, and keeps no tag of an API that this key sends.
        let releases = row.address != "rest_api.main";
        let commands = [&["adopt", row.address, &id][..], &["release", row.address]];
        for arguments in commands.into_iter().take(if releases { 2 } else { 1 }) {
            let said = run(arguments);
            assert_eq!(said.code, 0, "{arguments:?} {said:?}");
        }
    }
}

/// The commands of docs/adopt.md, with the file there.
fn the_page() {
    let page = include_str!("../../../docs/adopt.md");
    let file = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let cloud = Strict::borrow();
    let copy = WorkingCopy::new("adopt-page", file, &cloud.url);
    let code = copy.folder.join("lambda/resize");
    std::fs::create_dir_all(&code).unwrap();
    std::fs::write(code.join("index.mjs"), "export const handler = async () => ({ statusCode: 200 })\n")
        .unwrap();
    let aws = console(&copy, &cloud.url);
    made::bucket(&aws, "legacy-photos");
    let pool = made::user_pool(&aws, "legacy-people");
    wait_for(aws.cognito.create_user_pool_client().user_pool_id(&pool).client_name("website").send())
        .unwrap();
    made::function(&aws, "legacy-resize");
    made::log_group(&aws, "legacy-resize");
    made::rest_api(&aws, "legacy-api");

    let commands: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|it| it.strip_prefix("$ stackctl "))
        .map(|it| it.split(' ').collect())
        .collect();
    let run = |verb: &str| -> String {
        let these = commands.iter().filter(|it| it[0] == verb);
        these.map(|it| copy.succeed(&[&it[..], &["--yes"]].concat()).stdout).collect()
    };
    let told = run("adopt");
    let shown = ["Adopting ", "  + stackctl:", "Adopted "];
    let shown = page.lines().filter(|line| shown.iter().any(|it| line.starts_with(it)));
    let missing: Vec<&str> = shown.filter(|line| !told.contains(line)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "{told}");
    copy.apply();
    assert_eq!(copy.plan(), Vec::<String>::new());
    assert_eq!(commands.iter().filter(|it| it[0] == "adopt").count(), 7);
    assert!(run("release").contains("Released bucket.uploads (legacy-photos)"));
}
