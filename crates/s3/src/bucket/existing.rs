//! A bucket that others made: what is read of it, and what the stack needs of it.

use aws_sdk_s3::types::CorsRule;
use serde_json::{Value as Json, json};
use stackctl_aws_client::{
    clients::Aws,
    existing::{Found, Used},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::Account,
    cli::Cli,
    desired::{
        bucket::Cors,
        existing::{Need, unanswered},
    },
};
use stackctl_engine::Observed;

use super::{
    cors,
    model::{BucketRegions, Outputs},
    read::region_of,
};
use crate::bucket::operations;

/// A bucket that others made.
pub struct ExistingBucket {
    /// Its name.
    pub name: String,
    /// The CORS that pages of the stack need of it.
    pub cors: Option<Cors>,
}

impl Used for ExistingBucket {
    const KIND: &'static str = "bucket";
    type Listing = BucketRegions;
    type Outputs = Outputs;

    fn name(&self) -> String {
        self.name.clone()
    }

    async fn outputs(&self, _: &Observed, _: &Aws) -> Result<Outputs, AwsError> {
        Ok(Outputs { name: self.name.clone(), notifications: None, has_events: false })
    }

    async fn find(&self, observed: &Observed, aws: &Aws) -> Result<Found<Outputs>, AwsError> {
        let (name, cli) = (&self.name, aws.cli());
        let place = find(name, aws).await?;
        let need = match (&place, &self.cors) {
            (Place::Here, Some(needed)) => missing_cors(name, needed, &rules(name, aws).await?, &cli),
            (Place::Here, None) => None,
            (Place::Absent | Place::Elsewhere(_) | Place::Refused, _) => {
                missing(name, &place, &aws.account, &cli)
            }
        };
        let outputs = self.outputs(observed, aws).await?;
        Ok(Found { missing: need.into_iter().collect(), ..Found::with(outputs) })
    }
}

/// What HeadBucket says of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// It is in the region of the stack.
    Here,
    /// It does not exist.
    Absent,
    /// It is in another region.
    Elsewhere(String),
    /// It belongs to another account, or the credentials may not list it.
    Refused,
}

async fn find(name: &str, aws: &Aws) -> Result<Place, AwsError> {
    let here = aws.account.region.as_str();
    let in_region = |region: Option<String>| region.filter(|it| it != here).map(Place::Elsewhere);
    let ask = || aws.s3.head_bucket().bucket(name).send();
    match wait::read(&operations::HEAD_BUCKET, ask).await {
        Ok(head) => Ok(in_region(head.bucket_region).unwrap_or(Place::Here)),
        Err(AwsError::Answer(answer)) if answer.status == 404 => Ok(Place::Absent),
        Err(AwsError::Answer(answer)) if [301, 400, 403].contains(&answer.status) => {
            Ok(in_region(region_of(&answer)).unwrap_or(Place::Refused))
        }
        Err(error) => Err(error),
    }
}

async fn rules(name: &str, aws: &Aws) -> Result<Vec<CorsRule>, AwsError> {
    let ask = || aws.s3.get_bucket_cors().bucket(name).send();
    let cors = if_there(wait::read(&operations::GET_BUCKET_CORS, ask).await)?;
    Ok(cors.and_then(|it| it.cors_rules).unwrap_or_default())
}

/// What a stack in this account misses of a bucket that is not here.
fn missing(name: &str, place: &Place, account: &Account, cli: &Cli) -> Option<Need> {
    let (what, cure, command) = match place {
        Place::Here => return None,
        Place::Absent => (
            format!("there is no bucket {name}"),
            "correct `existing`, or create the bucket".to_owned(),
            cli.command(&["s3", "mb", &format!("s3://{name}")]),
        ),
        Place::Elsewhere(region) => {
            let from = format!("s3://{name}");
            let words = ["s3", "sync", &from, "s3://NEW-BUCKET", "--source-region", region];
            (
                format!("the bucket is in {region}, and the stack is in {}", account.region),
                format!(
                    "use the stack in {region} (`region:` or --region), or copy the objects into a bucket in {}",
                    account.region
                ),
                cli.command(&words),
            )
        }
        Place::Refused => (
            format!(
                "S3 does not let the account {} see the bucket {name}: it belongs to another account, or the \
                 credentials lack s3:ListBucket on it",
                account.id
            ),
            "use a bucket of this account, and credentials that the policy of `stackctl policy` is attached to; to see \
             S3's answer:"
                .to_owned(),
            cli.command(&["s3api", "head-bucket", "--bucket", name, "--expected-bucket-owner", &account.id]),
        ),
    };
    Some(Need { what, cure: format!("{cure}\n{command}") })
}

/// What the pages of the stack miss of a bucket with these CORS rules.
fn missing_cors(name: &str, needed: &Cors, rules: &[CorsRule], cli: &Cli) -> Option<Need> {
    let live: Vec<Cors> = rules.iter().map(cors::read).collect();
    let Cors { origins, methods, headers, exposed, max_age: _ } = unanswered(needed, &live)?;
    let join = |all: &std::collections::BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut what =
        format!("no CORS rule of the bucket lets pages of {} send {}", join(&origins), join(&methods));
    if !headers.is_empty() {
        what += &format!(" with the header {}", join(&headers));
    }
    if !exposed.is_empty() {
        what += &format!(" and read the header {}", join(&exposed));
    }
    // The call replaces all rules, and the first that fits counts (S3-20, S3-22).
    let ours = json!({
        "AllowedOrigins": needed.origins,
        "AllowedMethods": needed.methods,
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 300,
    });
    let all: Vec<Json> = std::iter::once(ours).chain(rules.iter().map(as_json)).collect();
    let rules = json!({ "CORSRules": all }).to_string();
    let command =
        cli.command(&["s3api", "put-bucket-cors", "--bucket", name, "--cors-configuration", &rules]);
    Some(Need { what, cure: format!("add a rule; the command keeps the others\n{command}") })
}

/// A rule as the aws CLI takes it.
fn as_json(rule: &CorsRule) -> Json {
    let mut value = json!({
        "AllowedOrigins": rule.allowed_origins(),
        "AllowedMethods": rule.allowed_methods(),
    });
    let lists = [("AllowedHeaders", rule.allowed_headers()), ("ExposeHeaders", rule.expose_headers())];
    for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        value[key] = json!(list);
    }
    if let Some(id) = rule.id() {
        value["ID"] = json!(id);
    }
    if let Some(age) = rule.max_age_seconds() {
        value["MaxAgeSeconds"] = json!(age);
    }
    value
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use stackctl_aws_data::desired::samples::{account, cli, text};

    use super::*;

    fn check(need: Option<Need>, expected: Expect) {
        expected.assert_eq(&text(need));
    }

    #[test]
    fn a_bucket_that_is_not_here() {
        let account = account();
        let check = |place: Place, expected| check(missing("legacy", &place, &account, &cli()), expected);
        check(
            Place::Here,
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            Place::Absent,
            expect![[r#"
                there is no bucket legacy
                correct `existing`, or create the bucket
                aws s3 mb s3://legacy --region eu-west-1
            "#]],
        );
        check(
            Place::Elsewhere("eu-central-1".to_owned()),
            expect![[r#"
                the bucket is in eu-central-1, and the stack is in eu-west-1
                use the stack in eu-central-1 (`region:` or --region), or copy the objects into a bucket in eu-west-1
                aws s3 sync s3://legacy s3://NEW-BUCKET --source-region eu-central-1 --region eu-west-1
            "#]],
        );
        check(
            Place::Refused,
            expect![[r#"
                S3 does not let the account 123456789012 see the bucket legacy: it belongs to another account, or the credentials lack s3:ListBucket on it
                use a bucket of this account, and credentials that the policy of `stackctl policy` is attached to; to see S3's answer:
                aws s3api head-bucket --bucket legacy --expected-bucket-owner 123456789012 --region eu-west-1
            "#]],
        );
    }

    #[test]
    fn the_command_keeps_the_rules_of_others() {
        let set = |words: &str| words.split_whitespace().map(str::to_owned).collect();
        let needed = Cors {
            origins: set("https://app.example"),
            methods: set("PUT"),
            headers: set("content-type"),
            exposed: set("ETag"),
            max_age: None,
        };
        let theirs = CorsRule::builder()
            .id("theirs")
            .allowed_origins("https://theirs.example")
            .allowed_methods("PUT")
            .allowed_headers("*")
            .expose_headers("ETag")
            .max_age_seconds(60);
        check(
            missing_cors("legacy", &needed, &[theirs.clone().build().unwrap()], &cli()),
            expect![[r#"
                no CORS rule of the bucket lets pages of https://app.example send PUT with the header content-type and read the header ETag
                add a rule; the command keeps the others
                aws s3api put-bucket-cors --bucket legacy --cors-configuration '{"CORSRules":[{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://app.example"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":300},{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://theirs.example"],"ExposeHeaders":["ETag"],"ID":"theirs","MaxAgeSeconds":60}]}' --region eu-west-1
            "#]],
        );
        let ours = theirs.allowed_origins("https://*.example").build().unwrap();
        check(
            missing_cors("legacy", &needed, &[ours], &cli()),
            expect![[r#"
            nothing is missing
        "#]],
        );
    }
}
