//! What a stack needs of a role that others made.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{existing::Need, role};
use crate::{
    cli::{Cli, quoted},
    policy::{self, Policy},
};

/// Says what is missing of a role.
#[derive(Debug, Clone, Copy)]
pub struct RoleNeeds<'a> {
    /// The role's name.
    pub name: &'a str,
    /// How the aws CLI reaches it.
    pub cli: &'a Cli,
}

/// Actions that are denied on resources.
pub type Denied = (BTreeSet<String>, Vec<String>);

impl RoleNeeds<'_> {
    /// What is missing where the account has no such role.
    pub fn absent(&self, account: &str) -> Need {
        let list = self.cli.command(&["iam", "list-roles", "--query", "Roles[].RoleName"]);
        Need {
            what: format!("there is no role {} in the account {account}", self.name),
            cure: format!("correct `existing`; to see the roles of the account:\n{list}"),
        }
    }

    /// What is missing where the trust policy, percent-encoded (IAM-12), does not let Lambda assume the role.
    ///
    /// # Errors
    /// A text that is not JSON, or not a policy.
    pub fn untrusting(&self, trust: &str) -> Result<Option<Need>, serde_json::Error> {
        let trust = Policy::decode(trust)?.to_json();
        let statements = policy::statements(&trust.to_string())?;
        let has = |value: &Value, texts: &[&str]| {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).any(|it| texts.contains(&it))
        };
        let trusts = statements.iter().any(|it| {
            let field = |name: &str| it.get(name).unwrap_or(&Value::Null);
            *field("Effect") == "Allow"
                && has(&field("Principal")["Service"], &[LAMBDA])
                && has(field("Action"), &["sts:AssumeRole", "sts:*", "*"])
        });
        if trusts {
            return Ok(None);
        }
        let ours = role::trust().to_json()["Statement"][0].clone();
        let all: Vec<Value> = statements.into_iter().map(Value::Object).chain([ours]).collect();
        let document = Policy::of(all).document();
        let words =
            ["iam", "update-assume-role-policy", "--role-name", self.name, "--policy-document", &document];
        Ok(Some(Need {
            what: format!("its trust policy does not let {LAMBDA} assume it"),
            cure: format!("add a statement; the command keeps the others\n{}", self.cli.command(&words)),
        }))
    }

    /// What is missing where these actions on these resources are denied; `policy` allows everything that is needed.
    pub fn not_allowed(&self, denied: &[Denied], policy: &Policy) -> Option<Need> {
        if denied.is_empty() {
            return None;
        }
        let join = |all: &[String]| all.join(", ");
        let each = denied.iter().map(|(actions, resources)| {
            let actions: Vec<String> = actions.iter().cloned().collect();
            format!("{} on {}", join(&actions), join(resources))
        });
        let document = policy.document();
        let words = ["iam", "put-role-policy", "--role-name", self.name, "--policy-name", "for-stackctl"];
        let command = self.cli.command(&words);
        Some(Need {
            what: format!("its policies do not allow {}", each.collect::<Vec<_>>().join("; ")),
            cure: format!(
                "have its owner add a policy; one that denies it has to go\n{command} --policy-document {}",
                quoted(&document)
            ),
        })
    }
}

const LAMBDA: &str = "lambda.amazonaws.com";

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::{
        account::Arn,
        desired::samples::{cli, text},
    };

    fn check(need: Option<Need>, expected: Expect) {
        expected.assert_eq(&text(need));
    }

    #[test]
    fn a_role_that_lambda_may_not_assume() {
        let of = |principal: Value, action: Value| {
            let statement = json!({ "Effect": "Allow", "Principal": principal, "Action": action });
            RoleNeeds { name: "team-uploads", cli: &cli() }
                .untrusting(&json!({ "Statement": [statement] }).to_string())
                .unwrap()
        };
        let lambda = json!({ "Service": ["ec2.amazonaws.com", LAMBDA] });
        check(
            of(lambda.clone(), "sts:AssumeRole".into()),
            expect![[r#"
                its trust policy does not let lambda.amazonaws.com assume it
                add a statement; the command keeps the others
                aws iam update-assume-role-policy --role-name team-uploads --policy-document '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}},{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}}],"Version":"2012-10-17"}' --region eu-west-1
            "#]],
        );
        check(
            of(lambda.clone(), json!(["sts:TagSession", "sts:*"])),
            expect![[r#"
            nothing is missing
        "#]],
        );
        check(
            of(lambda, "sts:TagSession".into()),
            expect![[r#"
            its trust policy does not let lambda.amazonaws.com assume it
            add a statement; the command keeps the others
            aws iam update-assume-role-policy --role-name team-uploads --policy-document '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}},{"Action":["sts:TagSession"],"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}}],"Version":"2012-10-17"}' --region eu-west-1
        "#]],
        );
        check(
            of(json!({ "Service": "ec2.amazonaws.com" }), "sts:AssumeRole".into()),
            expect![[r#"
            its trust policy does not let lambda.amazonaws.com assume it
            add a statement; the command keeps the others
            aws iam update-assume-role-policy --role-name team-uploads --policy-document '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com"]}},{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}}],"Version":"2012-10-17"}' --region eu-west-1
        "#]],
        );
        check(
            of(json!("*"), "sts:AssumeRole".into()),
            expect![[r#"
            its trust policy does not let lambda.amazonaws.com assume it
            add a statement; the command keeps the others
            aws iam update-assume-role-policy --role-name team-uploads --policy-document '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"AWS":["*"]}},{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}}],"Version":"2012-10-17"}' --region eu-west-1
        "#]],
        );
        check(
            Some(RoleNeeds { name: "team-uploads", cli: &cli() }.absent("123456789012")),
            expect![[r#"
            there is no role team-uploads in the account 123456789012
            correct `existing`; to see the roles of the account:
            aws iam list-roles --query 'Roles[].RoleName' --region eu-west-1
        "#]],
        );
    }

    #[test]
    fn a_role_whose_policies_do_not_allow_enough() {
        let policy =
            role::policy(&[], None, &[], &Arn("arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f".to_owned()));
        let denied = |actions: &[&str], on: &str| {
            (actions.iter().map(|it| (*it).to_owned()).collect(), vec![on.to_owned()])
        };
        check(
            RoleNeeds { name: "team-uploads", cli: &cli() }.not_allowed(&[], &policy),
            expect![[r#"
            nothing is missing
        "#]],
        );
        let all = [
            denied(&["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::legacy-photos/uploads/*"),
            denied(&["logs:PutLogEvents"], "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:*"),
        ];
        check(
            RoleNeeds { name: "team-uploads", cli: &cli() }.not_allowed(&all, &policy),
            expect![[r#"
            its policies do not allow s3:GetObject, s3:PutObject on arn:aws:s3:::legacy-photos/uploads/*; logs:PutLogEvents on arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:*
            have its owner add a policy; one that denies it has to go
            aws iam put-role-policy --role-name team-uploads --policy-name for-stackctl --region eu-west-1 --policy-document '{"Statement":[{"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow","Resource":["arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:*"]}],"Version":"2012-10-17"}'
        "#]],
        );
    }
}
