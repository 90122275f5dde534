//! The name or id of a resource in what a person writes: that name or id, or the ARN.

use stackctl_aws_data::account::Account;

use crate::{error::NoAdoption, marked::Marked};

/// The name or the id of a resource of a kind.
///
/// # Errors
/// The ARN of another region or account.
pub fn name_of(written: &str, kind: Marked, account: &Account) -> Result<String, NoAdoption> {
    let parts: Vec<&str> = written.splitn(6, ':').collect();
    let ["arn", _, _, region, owner, rest] = parts.as_slice() else { return Ok(written.to_owned()) };
    if !owner.is_empty() && *owner != account.id {
        return Err(NoAdoption::OtherAccount { arn: written.to_owned(), account: account.id.clone() });
    }
    if !region.is_empty() && *region != account.region.as_str() {
        return Err(NoAdoption::OtherRegion { arn: written.to_owned(), region: (*region).to_owned() });
    }
    let last = || rest.rsplit('/').next().unwrap_or(rest);
    Ok(match kind {
        Marked::Bucket => rest,
        Marked::Role | Marked::UserPool | Marked::RestApi | Marked::Group => last(),
        Marked::Function => rest.strip_prefix("function:").unwrap_or(rest),
        Marked::LogGroup => {
            let name = rest.strip_prefix("log-group:").unwrap_or(rest);
            name.strip_suffix(":*").unwrap_or(name)
        }
        Marked::Secret => rest.strip_prefix("parameter").unwrap_or(rest),
    }
    .to_owned())
}

#[cfg(test)]
mod tests {
    use stackctl_stackfile::parse;

    use super::*;

    #[test]
    fn names_ids_and_arns() {
        let stack = parse("stack: app\nregion: eu-west-1\nbuckets: { a: {} }", None).unwrap();
        let account = Account::offline(&stack, "123456789012".to_owned());
        let check = |kind, written: &str, expected: &str| {
            let name = name_of(written, kind, &account).unwrap_or_else(|error| error.to_string());
            assert_eq!(name, expected, "{written}");
        };
        check(Marked::Bucket, "photos", "photos");
        check(Marked::Bucket, "arn:aws:s3:::photos", "photos");
        check(Marked::Role, "arn:aws:iam::123456789012:role/stackctl/app/eu-west-1/run", "run");
        check(Marked::Function, "arn:aws:lambda:eu-west-1:123456789012:function:resize", "resize");
        check(
            Marked::UserPool,
            "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a1",
            "eu-west-1_a1",
        );
        check(Marked::RestApi, "arn:aws:apigateway:eu-west-1::/restapis/abc123", "abc123");
        check(
            Marked::LogGroup,
            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/a:*",
            "/aws/lambda/a",
        );
        check(
            Marked::Secret,
            "arn:aws:ssm:eu-west-1:123456789012:parameter/stackctl/app/a",
            "/stackctl/app/a",
        );
        check(
            Marked::Function,
            "arn:aws:lambda:us-east-1:123456789012:function:resize",
            "arn:aws:lambda:us-east-1:123456789012:function:resize is in another region, us-east-1",
        );
        check(
            Marked::Function,
            "arn:aws:lambda:eu-west-1:000000000000:function:resize",
            "arn:aws:lambda:eu-west-1:000000000000:function:resize is of another account than 123456789012, the one of \
             the credentials",
        );
    }
}
