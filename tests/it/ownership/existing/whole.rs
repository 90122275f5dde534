//! A stack that uses a bucket, a user pool with a client, and a function that others made.

use std::{fs, process::Command};

use aws_sdk_cognitoidentityprovider::types::{
    AttributeDataType, ExplicitAuthFlowsType, SchemaAttributeType, TimeUnitsType, TokenValidityUnitsType,
};
use aws_sdk_lambda::{primitives::Blob, types as lambda};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use stackctl_aws_client::clients::Clients;
use ureq::http::Method;

use super::{Missing, buckets, missing};
use crate::{
    access::policy::{Someone, policy},
    endpoint::flow::{first_sign_in, send as send_http, upload},
    harness::{
        aws_cli,
        cloud::{Cloud, console, eventually, wait_for},
        program::{WorkingCopy, plan_in},
        srp::Person,
        strict::Strict,
        trial::trial,
    },
    stacks::lifecycle::send,
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  photos: { existing: photos-of-NAME }
  inbox: { on_destroy: empty, events: { created: resize } }
functions:
  presign:
    builtin: presign
    role: { existing: uploads-of-NAME }
    buckets: { photos: { prefix: uploads/, allow: [put] } }
  resize: { existing: resize-of-NAME }
user_pools:
  people: { existing: POOL, clients: { web: {}, theirs: { existing: CLIENT } } }
apis:
  uploads:
    cors: { origins: [http://localhost:5173] }
    authorizer: people
    routes: { GET /: presign, 'GET /resized/{name}': resize }
";

/// The function that others made: it logs what calls it, and answers.
const RESIZE: &str = "import json
def main(event, context):
    print(json.dumps(event))
    return {'statusCode': 200, 'body': json.dumps({'resized': (event.get('pathParameters') or {}).get('name')})}
";

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

pub fn trials() -> Vec<Trial> {
    vec![trial("existing::whole", is_used_as_it_is)]
}

/// What others made.
struct Theirs {
    aws: Clients,
    bucket: String,
    function: String,
    role: String,
    pool: String,
    client: String,
}

impl Theirs {
    fn make(copy: &WorkingCopy, cloud: &Cloud) -> Theirs {
        let aws = console(copy, &cloud.url);
        let bucket = format!("photos-of-{}", aws.stack);
        buckets::make(&aws, &bucket);
        let (function, role) = (format!("resize-of-{}", aws.stack), format!("uploads-of-{}", aws.stack));
        make_function(&aws, &function, copy);
        let ec2 = TRUST.replace("lambda", "ec2");
        let tag = aws_sdk_iam::types::Tag::builder().key("team").value("images").build().unwrap();
        send!(aws.iam.create_role().role_name(&role).path("/").assume_role_policy_document(ec2).tags(tag));

        let team = SchemaAttributeType::builder().name("team").attribute_data_type(AttributeDataType::String);
        let pool = aws.cognito.create_user_pool().pool_name("people of others").schema(team.build());
        let pool = send!(pool.user_pool_tags("team", "accounts")).user_pool.unwrap().id.unwrap();
        let units = TokenValidityUnitsType::builder().id_token(TimeUnitsType::Minutes).build();
        let client = aws.cognito.create_user_pool_client().user_pool_id(&pool).client_name("theirs");
        let client = client.id_token_validity(20).token_validity_units(units).read_attributes("custom:team");
        let client = client.explicit_auth_flows(ExplicitAuthFlowsType::AllowAdminUserPasswordAuth);
        let client = send!(client).user_pool_client.unwrap().client_id.unwrap();
        Theirs { aws, bucket, function, role, pool, client }
    }

    /// All of their settings, as AWS returns them.
    fn settings(&self) -> Vec<String> {
        let Theirs { aws, bucket, function, role, pool, client } = self;
        let mut all = buckets::settings(aws, bucket);
        let found = send!(aws.lambda.get_function().function_name(function));
        let mut tags: Vec<_> = found.tags.unwrap_or_default().into_iter().collect();
        tags.sort();
        all.push(format!("{:?} {tags:?}", found.configuration));
        let policy = wait_for(aws.lambda.get_policy().function_name(function).send());
        all.push(format!("{:?}", policy.ok().and_then(|it| it.policy)));
        let asynchronous = aws.lambda.list_function_event_invoke_configs().function_name(function);
        all.push(format!("{:?}", send!(asynchronous).function_event_invoke_configs));
        all.push(format!("{:?}", send!(aws.iam.get_role().role_name(role)).role));
        let inline = send!(aws.iam.list_role_policies().role_name(role)).policy_names;
        for name in &inline {
            let policy = aws.iam.get_role_policy().role_name(role).policy_name(name);
            all.push(format!("{:?}", send!(policy).policy_document));
        }
        all.push(format!(
            "{:?}",
            send!(aws.iam.list_attached_role_policies().role_name(role)).attached_policies
        ));
        let found = send!(aws.cognito.describe_user_pool().user_pool_id(pool)).user_pool.unwrap();
        all.push(format!("{:?} {:?}", found.name, found.user_pool_tags));
        all.push(format!("{:?} {:?}", found.lambda_config, found.policies));
        all.push(format!("{:?} {:?}", found.schema_attributes, found.admin_create_user_config));
        all.push(format!("{:?} {:?}", found.mfa_configuration, found.deletion_protection));
        let found = aws.cognito.describe_user_pool_client().user_pool_id(pool).client_id(client);
        all.push(format!("{:?}", send!(found).user_pool_client));
        all
    }

    /// The names of the pool's app clients.
    fn clients(&self) -> Vec<String> {
        let all = send!(self.aws.cognito.list_user_pool_clients().user_pool_id(&self.pool).max_results(60));
        let mut names: Vec<_> =
            all.user_pool_clients().iter().filter_map(|it| it.client_name()).map(str::to_owned).collect();
        names.sort();
        names
    }
}

fn make_function(aws: &Clients, name: &str, copy: &WorkingCopy) {
    fs::write(copy.folder.join("app.py"), RESIZE).unwrap();
    let mut zip = Command::new("python3");
    zip.args(["-m", "zipfile", "-c", "app.zip", "app.py"]).current_dir(&copy.folder);
    assert!(zip.status().unwrap().success());
    let role = aws.iam.create_role().role_name(name).assume_role_policy_document(TRUST);
    let role = send!(role).role.unwrap().arn;
    let zip = Blob::new(fs::read(copy.folder.join("app.zip")).unwrap());
    let create = aws.lambda.create_function().function_name(name).role(role);
    let create = create.runtime(lambda::Runtime::Python313).handler("app.main").tags("team", "images");
    send!(create.code(lambda::FunctionCode::builder().zip_file(zip).build()));
}

fn is_used_as_it_is() {
    let cloud = Strict::borrow();
    let copy = cloud.working_copy("existing-whole", STACK);
    let theirs = {
        // The file can't be parsed before it has the pool's id.
        let whole = copy.text();
        copy.write(&whole.replace("POOL", "eu-west-1_A").replace("CLIENT", "a"));
        let theirs = Theirs::make(&copy, &cloud);
        copy.write(&whole.replace("POOL", &theirs.pool).replace("CLIENT", &theirs.client));
        theirs
    };
    what_is_missing(&copy, &theirs);

    // Everything is as it should be.
    let settings = theirs.settings();
    copy.apply();
    let used = [
        "bucket.photos: use",
        "user_pool.people: use",
        "user_pool_client.people/theirs: use",
        "function.resize: use",
        "role.presign: use",
    ];
    assert_eq!(plan_in(&copy.succeed(&["plan", "--check", "--json"]).stdout), used);
    let before = cloud.requests_so_far();
    copy.apply();
    let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
    assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
    it_works(&copy, &cloud, &theirs);
    copy.succeed(&["verify"]);
    assert_eq!(theirs.settings(), settings);
    assert_eq!(theirs.clients(), [format!("{}-people-web", theirs.aws.stack), "theirs".to_owned()]);

    the_printed_policies_are_enough(&copy, &cloud, &used);
    assert_eq!(theirs.settings(), settings);
    assert_eq!(theirs.clients(), ["theirs"]);
    cloud.assert_nothing_left(&copy);
}

/// What is missing is named, changes nothing, and is resolved by the commands.
fn what_is_missing(copy: &WorkingCopy, theirs: &Theirs) {
    let before = theirs.settings();
    let Missing { needs, commands } = missing(&copy.run(&["apply", "--yes", "--json"]));
    let not_allowed = format!(
        "role.presign: its policies do not allow logs:CreateLogStream, logs:PutLogEvents on \
         arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/{}-presign:*; s3:PutObject on arn:aws:s3:::{}/uploads/*",
        theirs.aws.stack, theirs.bucket
    );
    assert_eq!(
        needs,
        [
            "bucket.photos: no CORS rule of the bucket lets pages of http://localhost:5173 send PUT with the header \
             content-type",
            "user_pool_client.people/theirs: it does not allow ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH, with which \
             a web page signs in",
            "function.resize: S3 may not invoke it for the events of bucket.inbox",
            "role.presign: its trust policy does not let lambda.amazonaws.com assume it",
            &not_allowed,
        ]
    );
    assert_eq!(theirs.settings(), before);
    commands.iter().for_each(|command| aws_cli::run(copy, command));

    // The permission of an API names its id, so it is missed when the API exists.
    let before = theirs.settings();
    let said = copy.run(&["apply", "--yes"]);
    assert_eq!(said.code, 1, "{said:?}");
    let need = "API Gateway may not invoke it for the routes of rest_api.uploads";
    let words = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(need) && words.contains("aws lambda add-permission"), "{}", said.stderr);
    let Missing { needs, commands } = missing(&copy.run(&["plan", "--json"]));
    assert_eq!(needs, [format!("function.resize: {need}")]);
    assert_eq!(theirs.settings(), before);
    commands.iter().for_each(|command| aws_cli::run(copy, command));
}

/// People of the pool sign in with both clients, upload, and call the function; so does the bucket.
fn it_works(copy: &WorkingCopy, cloud: &Cloud, theirs: &Theirs) {
    let mut outputs = copy.outputs();
    assert_eq!(outputs["user_pools"]["people"]["id"], theirs.pool.as_str());
    assert_eq!(outputs["user_pools"]["people"]["clients"]["theirs"], theirs.client.as_str());
    outputs["client_id"] = outputs["user_pools"]["people"]["clients"]["web"].clone();
    outputs["bucket"] = outputs["buckets"]["photos"].clone();
    let tokens = first_sign_in(copy, cloud, &outputs);
    upload(copy, cloud, &outputs, &tokens);
    let Theirs { aws, pool, client, .. } = theirs;
    let person = Person { cognito: &aws.cognito, pool, client, name: "ada" };
    let tokens = wait_for(person.sign_in("Lovelace-1815", None)).unwrap();
    let url = format!("{}/resized/cat", outputs["endpoint"].as_str().unwrap().trim_end_matches('/'));
    let answer = send_http(Method::GET, &url, &[("Authorization", &tokens.id)], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(serde_json::from_str::<Value>(&answer.text()).unwrap(), json!({ "resized": "cat" }));
    assert_eq!(send_http(Method::GET, &url, &[], b"").status, 401);

    let inbox = outputs["buckets"]["inbox"].as_str().unwrap();
    send!(aws.s3.put_object().bucket(inbox).key("dog.png").body(b"x".to_vec().into()));
    eventually("the event is logged", || copy.run(&["logs", "resize"]).stdout.contains("dog.png"));
}

/// A user plans and destroys with the policies that stackctl prints.
fn the_printed_policies_are_enough(copy: &WorkingCopy, cloud: &Cloud, used: &[&str]) {
    let ada = Someone::new(copy, cloud, "ada");
    let mut plan = policy(copy, "plan");
    let on_roles =
        plan["Statement"].as_array().unwrap().iter().find(|it| it["Sid"] == "ExistingRoles").unwrap();
    assert!(on_roles["Action"].as_array().unwrap().iter().any(|it| it == "iam:SimulatePrincipalPolicy"));
    // The local cloud asks for the simulation of a role on every resource.
    let simulate = json!({ "Effect": "Allow", "Action": ["iam:SimulatePrincipalPolicy"], "Resource": "*" });
    plan["Statement"].as_array_mut().unwrap().push(simulate);
    ada.may(&plan);
    let said = ada.run(copy, &["plan", "--check", "--json"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(plan_in(&said.stdout), used);
    assert!(!said.stdout.contains("not checked"), "{}", said.stdout);

    // Without the simulation, the plan says what it does not know.
    plan["Statement"].as_array_mut().unwrap().pop();
    for statement in plan["Statement"].as_array_mut().unwrap() {
        statement["Action"].as_array_mut().unwrap().retain(|it| it != "iam:SimulatePrincipalPolicy");
    }
    ada.may(&plan);
    let said = ada.run(copy, &["plan"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("not checked: whether its policies allow"), "{}", said.stdout);

    ada.may(&policy(copy, "apply"));
    let said = ada.run(copy, &["destroy", "--yes", "--empty-buckets"]);
    assert_eq!(said.code, 0, "{said:?}");
}
