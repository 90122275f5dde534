//! Buckets that others made.

use aws_sdk_s3::types as s3;
use libtest_mimic::Trial;
use stackctl_aws_client::clients::Clients;

use super::{Missing, missing};
use crate::{
    endpoint::flow::{first_sign_in, upload},
    harness::{
        aws_cli,
        cloud::{Cloud, console, wait_for},
        program::plan_in,
        strict::Strict,
        trial::trial,
    },
};

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  photos: { existing: NAME-of-others }
functions:
  presign: { builtin: presign, buckets: { photos: { prefix: uploads/, allow: [put] } } }
user_pools:
  users: { deletion_protection: false, clients: { web: {} } }
apis:
  uploads:
    cors: { origins: [http://localhost:5173] }
    authorizer: users
    routes: { GET /: presign }
";

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("existing::bucket", move || is_used_and_never_changed(cloud)),
        trial("existing::bucket_that_is_not_there", bucket_that_is_not_there),
        trial("existing::bucket_in_another_region", bucket_in_another_region),
    ]
}

macro_rules! send {
    ($request:expr) => {
        wait_for($request.send()).unwrap_or_else(|error| panic!("{error:?}"))
    };
}

/// A bucket as another team has it: for a page of its own, with versions, rules and tags.
pub fn make(aws: &Clients, name: &str) {
    let place = s3::CreateBucketConfiguration::builder()
        .location_constraint(s3::BucketLocationConstraint::EuWest1)
        .build();
    send!(aws.s3.create_bucket().bucket(name).create_bucket_configuration(place));
    let tag = s3::Tag::builder().key("team").value("photos").build().unwrap();
    send!(
        aws.s3
            .put_bucket_tagging()
            .bucket(name)
            .tagging(s3::Tagging::builder().tag_set(tag).build().unwrap())
    );
    let rule = s3::CorsRule::builder().id("theirs").allowed_origins("https://theirs.example");
    let rule = rule.allowed_methods("GET").max_age_seconds(60).build().unwrap();
    let cors = s3::CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    send!(aws.s3.put_bucket_cors().bucket(name).cors_configuration(cors));
    let versioning =
        s3::VersioningConfiguration::builder().status(s3::BucketVersioningStatus::Enabled).build();
    send!(aws.s3.put_bucket_versioning().bucket(name).versioning_configuration(versioning));
    let expire = s3::LifecycleRule::builder()
        .id("theirs")
        .status(s3::ExpirationStatus::Enabled)
        .filter(s3::LifecycleRuleFilter::builder().prefix("tmp/").build())
        .expiration(s3::LifecycleExpiration::builder().days(3).build());
    let lifecycle =
        s3::BucketLifecycleConfiguration::builder().rules(expire.build().unwrap()).build().unwrap();
    send!(aws.s3.put_bucket_lifecycle_configuration().bucket(name).lifecycle_configuration(lifecycle));
    send!(aws.s3.put_object().bucket(name).key("theirs.txt").body(b"theirs".to_vec().into()));
}

/// All settings of a bucket, as S3 returns them.
pub fn settings(aws: &Clients, name: &str) -> Vec<String> {
    macro_rules! settings {
        ($($operation:ident { $($member:ident),+ }),+ $(,)?) => {
            vec![$({
                let answer = wait_for(aws.s3.$operation().bucket(name).send());
                let answer = answer.map(|it| ($(format!("{:?}", it.$member),)+));
                format!("{}: {:?}", stringify!($operation), answer.map_err(|it| it.into_service_error().meta().code().map(str::to_owned)))
            }),+]
        };
    }
    settings! {
        get_bucket_tagging { tag_set },
        get_bucket_cors { cors_rules },
        get_bucket_policy { policy },
        get_bucket_ownership_controls { ownership_controls },
        get_public_access_block { public_access_block_configuration },
        get_bucket_encryption { server_side_encryption_configuration },
        get_bucket_versioning { status },
        get_bucket_lifecycle_configuration { rules },
        get_bucket_notification_configuration { lambda_function_configurations, queue_configurations, topic_configurations },
        get_bucket_website { index_document },
        get_bucket_acl { grants },
    }
}

fn is_used_and_never_changed(cloud: &'static Cloud) {
    let copy = cloud.working_copy("existing-bucket", STACK);
    let aws = console(&copy, &cloud.url);
    let bucket = format!("{}-of-others", aws.stack);
    make(&aws, &bucket);

    // The page of the stack can't reach it yet; the command that the plan names opens it.
    let before = settings(&aws, &bucket);
    let Missing { needs, commands } = missing(&copy.run(&["apply", "--yes", "--json"]));
    let need = "bucket.photos: no CORS rule of the bucket lets pages of http://localhost:5173 send PUT with the header \
                content-type";
    assert_eq!(needs, [need]);
    assert_eq!(settings(&aws, &bucket), before);
    for command in commands {
        aws_cli::run(&copy, &command);
    }
    let mine = settings(&aws, &bucket);
    let page = "http://localhost:5173";
    assert!(mine[1].contains(page) && mine[1].contains("https://theirs.example"), "{}", mine[1]);

    copy.apply();
    let plan = || plan_in(&copy.succeed(&["plan", "--check", "--json"]).stdout);
    assert_eq!(plan(), ["bucket.photos: use"]);
    let outputs = copy.outputs();
    assert_eq!(outputs["bucket"], bucket.as_str());
    let tokens = first_sign_in(&copy, cloud, &outputs);
    upload(&copy, cloud, &outputs, &tokens);
    copy.apply();
    copy.succeed(&["verify"]);
    let status = copy.succeed(&["status"]).stdout;
    assert!(status.lines().any(|it| it.starts_with("bucket.photos") && it.ends_with("used")), "{status}");
    assert_eq!(settings(&aws, &bucket), mine);

    let destroyed = copy.succeed(&["destroy", "--yes", "--empty-buckets"]).stdout;
    assert!(destroyed.contains("stays: `existing` in the file says that others made it"), "{destroyed}");
    assert_eq!(settings(&aws, &bucket), mine);
    let object = wait_for(async {
        let object = aws.s3.get_object().bucket(&bucket).key("theirs.txt").send().await.unwrap();
        object.body.collect().await.unwrap().into_bytes()
    });
    assert_eq!(object, b"theirs".as_slice());
    // Nothing of the stack is left, and only the bucket is none of it.
    assert!(copy.succeed(&["destroy", "--yes"]).stdout.contains("nothing to destroy"));
}

fn bucket_that_is_not_there() {
    let cloud = Strict::borrow();
    let copy = cloud.working_copy("existing-none", STACK);
    let aws = console(&copy, &cloud.url);
    let bucket = format!("{}-of-others", aws.stack);
    let before = cloud.requests_so_far();
    let Missing { needs, commands } = missing(&copy.run(&["apply", "--yes", "--json"]));
    assert_eq!(needs, [format!("bucket.photos: there is no bucket {bucket}")]);
    for arguments in [&["plan"][..], &["apply", "--yes"]] {
        let said = copy.run(arguments);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.stdout.contains(&format!("there is no bucket {bucket}")), "{}", said.stdout);
    }
    // Destroy looks for nothing of it.
    copy.succeed(&["destroy", "--yes"]);
    let writes = cloud.requests(before).into_iter().filter(|it| it.write).map(|it| it.operation);
    assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
    for command in commands {
        aws_cli::run(&copy, &command);
    }
    let needs = missing(&copy.run(&["plan", "--json"])).needs;
    assert!(needs[0].starts_with("bucket.photos: no CORS rule of the bucket"), "{needs:?}");
}

fn bucket_in_another_region() {
    let cloud = Strict::borrow();
    let copy = cloud.working_copy("existing-elsewhere", STACK);
    let bucket = format!("{}-of-others", copy.stack().name);
    let make = format!(
        "aws s3api create-bucket --bucket {bucket} --region eu-central-1 --endpoint-url {} \
         --create-bucket-configuration LocationConstraint=eu-central-1",
        cloud.url
    );
    aws_cli::run(&copy, &make);
    let Missing { needs, commands } = missing(&copy.run(&["apply", "--yes", "--json"]));
    assert_eq!(needs, ["bucket.photos: the bucket is in eu-central-1, and the stack is in eu-west-1"]);
    assert!(commands[0].contains(&format!("s3 sync s3://{bucket} ")), "{commands:?}");
}
