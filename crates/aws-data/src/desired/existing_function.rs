//! What a stack needs of a function that others made.

use super::{existing::Need, invocation::Invocation};
use crate::{
    account::{Account, Arn},
    cli::Cli,
    invoke_permission::BucketSource,
};

/// Says what is missing of a function.
#[derive(Debug, Clone, Copy)]
pub struct FunctionNeeds<'a> {
    /// The function's name.
    pub name: &'a str,
    /// Its account.
    pub account: &'a Account,
    /// How the aws CLI reaches it.
    pub cli: &'a Cli,
}

/// A stage of an API that calls a function.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    /// The logical name of the API.
    pub api: &'a str,
    /// The API's id.
    pub id: &'a str,
    /// The stage.
    pub name: &'a str,
    /// The methods and paths that call the function, as ARNs have them: `GET/photos/*`.
    pub routes: &'a [String],
}

impl FunctionNeeds<'_> {
    /// What is missing where the account has no such function.
    pub fn absent(&self) -> Need {
        let FunctionNeeds { name, account, cli } = self;
        Need {
            what: format!("there is no function {name} in {} in the account {}", account.region, account.id),
            cure: format!(
                "correct `existing`; to see the functions there:\n{}",
                cli.command(&["lambda", "list-functions", "--query", "Functions[].FunctionName"])
            ),
        }
    }

    /// What API Gateway misses to invoke it for the routes of a stage.
    ///
    /// # Errors
    /// A policy that is not one.
    pub fn for_stage(&self, stage: Stage<'_>, policy: &str) -> Result<Option<Need>, serde_json::Error> {
        const SERVICE: &str = "apigateway.amazonaws.com";
        let Stage { api, id, name, routes } = stage;
        let Arn(all) = self.account.invoke_arn(id, name);
        for route in routes {
            let source = format!("{}{route}", all.trim_end_matches('*'));
            if !self.allows(SERVICE, &source, policy)? {
                let statement = format!("{}-{api}-{name}", self.account.stack);
                return Ok(Some(Need {
                    what: format!("API Gateway may not invoke it for the routes of rest_api.{api}"),
                    cure: self.add_permission(&statement, SERVICE, &["--source-arn", &all]),
                }));
            }
        }
        Ok(None)
    }

    /// What S3 misses to invoke it for a bucket.
    ///
    /// # Errors
    /// A policy that is not one.
    pub fn for_bucket(
        &self,
        bucket: &str,
        source: &BucketSource,
        policy: &str,
    ) -> Result<Option<Need>, serde_json::Error> {
        let BucketSource { bucket: source, account: owner } = source;
        const SERVICE: &str = "s3.amazonaws.com";
        if self.allows(SERVICE, source, policy)? {
            return Ok(None);
        }
        let id = format!("{}-S3-{bucket}", self.account.stack);
        Ok(Some(Need {
            what: format!("S3 may not invoke it for the events of bucket.{bucket}"),
            cure: self.add_permission(&id, SERVICE, &["--source-arn", source, "--source-account", owner]),
        }))
    }

    fn allows(&self, service: &str, source: &str, policy: &str) -> Result<bool, serde_json::Error> {
        Invocation { service, source, account: &self.account.id }.is_allowed(policy)
    }

    /// The command that adds a statement. Its id does not begin as stackctl's own do, which the stack of the function's
    /// owner would remove. Lambda takes 100 characters (LAM-53).
    fn add_permission(&self, id: &str, service: &str, source: &[&str]) -> String {
        let id: String = format!("for-{id}").chars().take(100).collect();
        let mut words = vec![
            "lambda",
            "add-permission",
            "--function-name",
            self.name,
            "--statement-id",
            &id,
            "--action",
            "lambda:InvokeFunction",
            "--principal",
            service,
        ];
        words.extend(source);
        format!("have its owner add the permission\n{}", self.cli.command(&words))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::desired::samples::{account, cli, text};

    fn check(need: Option<Need>, expected: Expect) {
        expected.assert_eq(&text(need));
    }

    #[test]
    fn permissions_that_are_missing() {
        let (account, cli) = (account(), cli());
        let needs = FunctionNeeds { name: "team-resize", account: &account, cli: &cli };
        check(
            Some(needs.absent()),
            expect![[r#"
            there is no function team-resize in eu-west-1 in the account 123456789012
            correct `existing`; to see the functions there:
            aws lambda list-functions --query 'Functions[].FunctionName' --region eu-west-1
        "#]],
        );
        let source =
            BucketSource { bucket: "arn:aws:s3:::app-photos".to_owned(), account: account.id.clone() };
        let of_bucket = |policy: &str| needs.for_bucket("photos", &source, policy).unwrap();
        check(
            of_bucket("{}"),
            expect![[r#"
            S3 may not invoke it for the events of bucket.photos
            have its owner add the permission
            aws lambda add-permission --function-name team-resize --statement-id for-app-S3-photos --action lambda:InvokeFunction --principal s3.amazonaws.com --source-arn arn:aws:s3:::app-photos --source-account 123456789012 --region eu-west-1
        "#]],
        );
        let allows = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},
            "Action":"lambda:InvokeFunction","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::app-*"}}}}"#;
        check(
            of_bucket(allows),
            expect![[r#"
            nothing is missing
        "#]],
        );
        assert!(needs.for_bucket("photos", &source, "no policy").is_err());
        let routes = ["GET/small/*".to_owned()];
        let stage = Stage { api: "uploads", id: "a1b2", name: "production", routes: &routes };
        check(
            needs.for_stage(stage, allows).unwrap(),
            expect![[r#"
            API Gateway may not invoke it for the routes of rest_api.uploads
            have its owner add the permission
            aws lambda add-permission --function-name team-resize --statement-id for-app-uploads-production --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn 'arn:aws:execute-api:eu-west-1:123456789012:a1b2/production/*' --region eu-west-1
        "#]],
        );
        let allows = allows.replace("s3.amazonaws.com", "apigateway.amazonaws.com");
        let allows = allows.replace("arn:aws:s3:::app-*", "arn:aws:execute-api:*:*:a1b2/*/GET/*");
        check(
            needs.for_stage(stage, &allows).unwrap(),
            expect![[r#"
            nothing is missing
        "#]],
        );
    }
}
