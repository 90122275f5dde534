//! Names: what the file may call things, and what AWS allows them to be called.

use crate::read::scalar::{Invalid, Scalar};

/// Declares the types of names: what each is, the pattern for editors, and the rule that is really asked.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $least:literal to $most:literal of $pattern:literal, $rule:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::read::scalar::Invalid;

            fn from_str(text: &str) -> Result<Self, $crate::read::scalar::Invalid> {
                let length = text.chars().count();
                let (least, most): (usize, usize) = ($least, $most);
                if length < least {
                    let fix = format!("write {least} to {most} characters");
                    return Err(Self::invalid("too short").fix(fix));
                }
                let rule: fn(&str) -> Result<(), $crate::read::scalar::Invalid> = $rule;
                rule(text)?;
                if length > most {
                    let fix = format!("take {} away", $crate::values::names::count(length - most, "character"));
                    return Err(Self::invalid(format!("{length} characters, {most} is most")).fix(fix));
                }
                Ok($name(text.to_owned()))
            }
        }

        impl $crate::read::scalar::Scalar for $name {
            const WHAT: &'static str = $what;

            fn schema() -> serde_json::Value {
                serde_json::json!({ "type": "string", "minLength": $least, "maxLength": $most, "pattern": $pattern })
            }
        }

        $crate::read::scalar::from_text!($name);
    )*};
}
pub(crate) use names;

names! {
    /// The stack's name in the file: a lower-case letter, then lower-case letters, digits and single hyphens, at most 32.
    StackName = "a stack name", 1 to 32 of "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", |text| {
        hyphenated::<StackName>(text)
    };
    /// What `--env` may be called: a lower-case letter, then lower-case letters, digits and single hyphens, at most 28.
    EnvironmentName = "an environment's name", 1 to 28 of "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", |text| {
        hyphenated::<EnvironmentName>(text)
    };
    /// A logical name: a lower-case letter, then lower-case letters, digits, `_` and `-`, at most 32.
    LogicalName = "a logical name", 1 to 32 of "^[a-z][a-z0-9_-]*$", |text| {
        let help = "use a lower-case letter, then lower-case letters, digits, `_` and `-`";
        begins::<LogicalName>(text, |it| it.is_ascii_lowercase(), "a lower-case letter", help)?;
        only::<LogicalName>(text, |it| it.is_ascii_lowercase() || it.is_ascii_digit() || "_-".contains(it), help)
    };
    /// A region of AWS, such as `eu-west-1`.
    RegionName = "a region", 1 to 32 of "^(?!cn-)[a-z]{2,8}(-[a-z]+)+-[0-9]{1,2}$", region;
    /// The name of a bucket (S3-16).
    BucketName = "a bucket name", 3 to 63 of "^[a-z0-9][a-z0-9.-]*[a-z0-9]$", bucket;
    /// The name of a function (LAM-48): 1 to 64 of `[A-Za-z0-9_-]`.
    FunctionName = "a function name", 1 to 64 of "^[A-Za-z0-9_-]+$", |text| {
        only::<FunctionName>(text, is_word, "use letters, digits, `_` and `-`")
    };
    /// The name of a cargo package or profile.
    PackageName = "a package or profile of cargo", 1 to 64 of "^[A-Za-z0-9_][A-Za-z0-9_-]*$", |text| {
        let help = "use letters, digits, `_` and `-`";
        begins::<PackageName>(text, |it| it.is_ascii_alphanumeric() || it == '_', "a letter or digit", help)?;
        only::<PackageName>(text, is_word, help)
    };
    /// The key of an environment variable (LAM-41).
    EnvironmentKey = "a variable's name", 2 to 255 of "^[A-Za-z][A-Za-z0-9_]+$", environment_key;
    /// The name of a user pool: 1 to 128 characters.
    UserPoolName = "a user pool name", 1 to 128 of "^[A-Za-z0-9_ +=,.@-]+$", |text| {
        let help = "use letters, digits, spaces and `+ = , . @ - _`";
        only::<UserPoolName>(text, |it| it.is_ascii_alphanumeric() || it == ' ' || "+=,.@-_".contains(it), help)
    };
    /// The id of a user pool: its region, `_`, letters and digits.
    UserPoolId = "the id of a user pool", 3 to 55 of "^[a-z0-9-]+_[0-9A-Za-z]+$", |text| {
        let help = "write it as `eu-west-1_AbC123def`, as `aws cognito-idp list-user-pools --max-results 60` prints it";
        match text.split_once('_') {
            Some((region, id)) if !region.is_empty() && !id.is_empty() => {
                only::<UserPoolId>(region, |it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-', help)?;
                only::<UserPoolId>(id, |it| it.is_ascii_alphanumeric(), help)
            }
            _ => Err(UserPoolId::invalid("it has a region, `_`, and letters and digits").fix(help)),
        }
    };
    /// The id of an app client of a user pool.
    ClientId = "the id of an app client", 1 to 128 of "^[0-9A-Za-z_+]+$", |text| {
        only::<ClientId>(text, |it| it.is_ascii_alphanumeric() || "_+".contains(it), "use its letters and digits, such as `1h57kf5cpq17m0eml12`")
    };
    /// The name of a role (IAM-14), without its path.
    RoleName = "the name of a role", 1 to 64 of "^[0-9A-Za-z_+=,.@-]+$", |text| {
        only::<RoleName>(text, |it| it.is_ascii_alphanumeric() || "_+=,.@-".contains(it), "write its name alone, without its ARN and its path")
    };
    /// The name of an app client: 1 to 128 characters.
    ClientName = "an app client's name", 1 to 128 of "^[A-Za-z0-9_ +=,.@-]+$", |text| {
        let help = "use letters, digits, spaces and `+ = , . @ - _`";
        only::<ClientName>(text, |it| it.is_ascii_alphanumeric() || it == ' ' || "+=,.@-_".contains(it), help)
    };
    /// The name of a group of a user pool. It may stand in a key of an object, and in a list that commas or spaces
    /// separate (COG-90, COG-92).
    GroupName = "a group's name", 1 to 128 of "^(?!\\.{1,2}$|owner$|members$|signed-in$)[A-Za-z0-9_.+=@-]+$", group;
    /// The name of a REST API.
    ApiName = "an API name", 1 to 255 of "^.+$", |text| {
        only::<ApiName>(text, |it| !it.is_control(), "use what can be seen")
    };
    /// The ARN of a managed policy of IAM: AWS's own, or one of an account.
    PolicyArn = "the ARN of an IAM policy", 20 to 2048 of "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]*[A-Za-z0-9_+=,.@-]$", policy_arn;
    /// The beginning of keys of objects, up to a `/`.
    KeyPrefix = "a prefix of keys", 2 to 512 of "^[A-Za-z0-9_.=+@,-][A-Za-z0-9_.=+@,/-]*/$", key_prefix;
    /// The beginning or the end of keys of objects. S3 compares other characters in an encoded form (S3-92).
    KeyPart = "a part of keys", 1 to 512 of "^[A-Za-z0-9_./-]+$", |text| {
        let help = "use letters, digits and `_ . - /`, as in `uploads/` or `.jpg`";
        only::<KeyPart>(text, |it| it.is_ascii_alphanumeric() || "_./-".contains(it), help)
    };
    /// The name of a stage (AGW-29).
    StageName = "a stage name", 1 to 128 of "^[A-Za-z0-9_-]+$", |text| {
        only::<StageName>(text, is_word, "use letters, digits, `_` and `-`")
    };
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-".contains(character)
}

fn hyphenated<T: Scalar>(text: &str) -> Result<(), Invalid> {
    let help = "use a lower-case letter, then lower-case letters, digits and single hyphens";
    begins::<T>(text, |it| it.is_ascii_lowercase(), "a lower-case letter", help)?;
    only::<T>(text, |it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-', help)?;
    if text.contains("--") || text.ends_with('-') {
        return Err(T::invalid("a hyphen must stand alone, and not at the end").fix(help));
    }
    Ok(())
}

fn begins<T: Scalar>(text: &str, may: fn(char) -> bool, with: &str, help: &str) -> Result<(), Invalid> {
    match text.chars().next() {
        Some(first) if !may(first) => Err(T::invalid(format!("it must begin with {with}")).fix(help)),
        _ => Ok(()),
    }
}

pub(crate) fn only<T: Scalar>(text: &str, may: fn(char) -> bool, help: &str) -> Result<(), Invalid> {
    match text.chars().find(|it| !may(*it)) {
        Some(' ') => Err(T::invalid("no spaces here").fix(help)),
        Some(strange) if strange.is_control() => {
            Err(T::invalid(format!("no U+{:04X} here", u32::from(strange))).fix(help))
        }
        Some(strange) => Err(T::invalid(format!("no `{strange}` here")).fix(help)),
        None => Ok(()),
    }
}

fn region(text: &str) -> Result<(), Invalid> {
    super::region::check(text).map_err(|(why, fix)| RegionName::invalid(why).fix(fix))
}

impl RegionName {
    /// What to say of a region that may be newer than this program.
    pub fn doubt(&self) -> Option<String> {
        super::region::doubt(self.as_str())
    }
}

/// S3-16
fn bucket(text: &str) -> Result<(), Invalid> {
    let wrong = |why: String, help: &str| Err(BucketName::invalid(why).fix(help));
    only::<BucketName>(
        text,
        |it| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-".contains(it),
        "use lower-case letters, digits, hyphens and dots",
    )?;
    if text.starts_with(['.', '-']) || text.ends_with(['.', '-']) {
        return wrong("it must begin and end with a letter or digit".into(), "take the hyphen or dot away");
    }
    if text.contains("..") {
        return wrong("two dots in a row".into(), "take one of them away");
    }
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return wrong("it looks like an IP address".into(), "choose another name");
    }
    for prefix in ["xn--", "sthree-", "amzn-s3-demo-"] {
        if text.starts_with(prefix) {
            return wrong(format!("S3 keeps `{prefix}…` for itself"), "choose another name");
        }
    }
    for suffix in ["-s3alias", "--ol-s3", "--x-s3", ".mrap", "--table-s3"] {
        if text.ends_with(suffix) {
            return wrong(format!("S3 keeps `…{suffix}` for itself"), "choose another name");
        }
    }
    Ok(())
}

/// A policy of IAM and of nothing else, without the characters that IAM reads as a pattern or a variable.
fn policy_arn(text: &str) -> Result<(), Invalid> {
    let help = "write it as `arn:aws:iam::123456789012:policy/boundary`";
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts.as_slice() else {
        return Err(PolicyArn::invalid("an ARN has six parts with `:` between").fix(help));
    };
    if *arn != "arn"
        || !partition.starts_with("aws")
        || !partition.chars().all(|it| it.is_ascii_lowercase() || it == '-')
    {
        return Err(PolicyArn::invalid("it must begin with `arn:aws`").fix(help));
    }
    if *service != "iam" || !region.is_empty() {
        return Err(PolicyArn::invalid("it must go on with `:iam::`").fix(help));
    }
    if *account != "aws" && !(account.len() == 12 && account.chars().all(|it| it.is_ascii_digit())) {
        return Err(PolicyArn::invalid("an account has twelve digits").fix(help));
    }
    let Some(name) = resource.strip_prefix("policy/").filter(|it| !it.is_empty() && !it.ends_with('/'))
    else {
        return Err(PolicyArn::invalid("it must end in `policy/` and the policy's name").fix(help));
    };
    only::<PolicyArn>(name, |it| it.is_ascii_alphanumeric() || "_+=,.@/-".contains(it), help)
}

/// Without the characters that IAM reads as a pattern or a variable.
fn key_prefix(text: &str) -> Result<(), Invalid> {
    let help = "use letters, digits and `_ . = + @ , -`, with `/` at the end, as in `uploads/`";
    if text.starts_with('/') {
        return Err(KeyPrefix::invalid("keys do not begin with `/`").fix("take the `/` away"));
    }
    only::<KeyPrefix>(text, |it| it.is_ascii_alphanumeric() || "_.=+@,/-".contains(it), help)?;
    match text.ends_with('/') {
        true => Ok(()),
        // `uploads` would be the beginning of `uploads-of-others/` too.
        false => Err(KeyPrefix::invalid("it must end in `/`").fix(format!("write `{text}/`"))),
    }
}

/// What rules of access call people, so that no group can be called so.
pub(crate) const PEOPLE: [&str; 3] = ["owner", "members", "signed-in"];

fn group(text: &str) -> Result<(), Invalid> {
    let help = "use letters, digits and `_ . + = @ -`";
    only::<GroupName>(text, |it| it.is_ascii_alphanumeric() || "_.+=@-".contains(it), help)?;
    if text == "." || text == ".." {
        return Err(GroupName::invalid("it can't be part of a key").fix(help));
    }
    if PEOPLE.iter().any(|it| it.eq_ignore_ascii_case(text)) {
        return Err(GroupName::invalid("it has another meaning in `access`").fix("choose another name"));
    }
    Ok(())
}

/// LAM-41
fn environment_key(text: &str) -> Result<(), Invalid> {
    let help = "use a letter, then letters, digits and `_`, at least two in all";
    begins::<EnvironmentKey>(text, |it| it.is_ascii_alphabetic(), "a letter", help)?;
    only::<EnvironmentKey>(text, |it| it.is_ascii_alphanumeric() || it == '_', help)?;
    if RESERVED.contains(&text) {
        return Err(EnvironmentKey::invalid("Lambda sets this one itself").fix("choose another name"));
    }
    Ok(())
}

const RESERVED: [&str; 18] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// `1 character`, `2 characters`.
pub(crate) fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check<T: Scalar>(texts: &[&str], expected: Expect) {
        let read = |text: &&str| match text.parse::<T>() {
            Ok(_) => format!("{text}\n"),
            Err(error) => format!("{text}: {error}\n"),
        };
        expected.assert_eq(&texts.iter().map(read).collect::<String>());
    }

    #[test]
    fn regions() {
        let known = ["eu-west-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-7", "mx-central-1"];
        for text in known {
            assert_eq!(text.parse::<RegionName>().unwrap().doubt(), None);
        }
        // Newer than this program, as far as can be told.
        let newer = ["eu-west-4", "ap-southeast-8", "sa-west-1", "nz-central-1", "us-iso-east-1"];
        let doubts: Vec<_> =
            newer.iter().map(|it| it.parse::<RegionName>().unwrap().doubt().unwrap()).collect();
        expect![[r#"
            the region eu-west-4 is unknown to this version of stackctl; did you mean `eu-west-1`?
            the region ap-southeast-8 is unknown to this version of stackctl; did you mean `ap-southeast-1`?
            the region sa-west-1 is unknown to this version of stackctl; did you mean `ca-west-1`?
            the region nz-central-1 is unknown to this version of stackctl; did you mean `ca-central-1`?
            the region us-iso-east-1 is unknown to this version of stackctl; did you mean `us-east-1`?"#]]
        .assert_eq(&doubts.join("\n"));
        let texts = [
            "eu-west-9",
            "eu-wst-1",
            "eu-west-0",
            "eu-west-01",
            "eu-west-256",
            "cn-northwest-1",
            "eu-west1",
            "us-east-1a",
            "Frankfurt",
            "eu-west-",
            "",
            "eu west 1",
            "global",
        ];
        check::<RegionName>(
            &texts,
            expect![[r#"
                eu-west-9: not a region: no region is called that; did you mean `eu-west-1`?
                eu-wst-1: not a region: no region is called that; did you mean `eu-west-1`?
                eu-west-0: not a region: no region is called that; did you mean `eu-west-1`?
                eu-west-01: not a region: no region is called that; did you mean `eu-west-1`?
                eu-west-256: not a region: no region is called that; did you mean `eu-west-2`?
                cn-northwest-1: not a region: there are no Cognito user pools in China; choose another region, such as `ap-southeast-1`
                eu-west1: not a region: no region is called that; did you mean `eu-west-1`?
                us-east-1a: not a region: no region is called that; did you mean `us-east-1`?
                Frankfurt: not a region: no region is called that; write it as `eu-west-1`
                eu-west-: not a region: no region is called that; did you mean `eu-west-1`?
                : not a region: too short; write 1 to 32 characters
                eu west 1: not a region: no region is called that; did you mean `eu-west-1`?
                global: not a region: no region is called that; write it as `eu-west-1`
            "#]],
        );
    }

    #[test]
    fn stacks_and_things() {
        check::<StackName>(
            &["a", "app-2", "s3-presigned-url", "-a", "a-", "a--b", "a_b", "é", "2a", ""],
            expect![[r#"
            a
            app-2
            s3-presigned-url
            -a: not a stack name: it must begin with a lower-case letter; use a lower-case letter, then lower-case letters, digits and single hyphens
            a-: not a stack name: a hyphen must stand alone, and not at the end; use a lower-case letter, then lower-case letters, digits and single hyphens
            a--b: not a stack name: a hyphen must stand alone, and not at the end; use a lower-case letter, then lower-case letters, digits and single hyphens
            a_b: not a stack name: no `_` here; use a lower-case letter, then lower-case letters, digits and single hyphens
            é: not a stack name: it must begin with a lower-case letter; use a lower-case letter, then lower-case letters, digits and single hyphens
            2a: not a stack name: it must begin with a lower-case letter; use a lower-case letter, then lower-case letters, digits and single hyphens
            : not a stack name: too short; write 1 to 32 characters
        "#]],
        );
        check::<LogicalName>(
            &["a", "my_thing-2", "a-", "_a", "A", "a.b"],
            expect![[r#"
            a
            my_thing-2
            a-
            _a: not a logical name: it must begin with a lower-case letter; use a lower-case letter, then lower-case letters, digits, `_` and `-`
            A: not a logical name: it must begin with a lower-case letter; use a lower-case letter, then lower-case letters, digits, `_` and `-`
            a.b: not a logical name: no `.` here; use a lower-case letter, then lower-case letters, digits, `_` and `-`
        "#]],
        );
    }

    #[test]
    fn prefixes() {
        check::<KeyPrefix>(
            &["uploads/", "a/b-2/year=2026/", "uploads", "/uploads/", "uploads/*", "a b/", "${x}/", "/"],
            expect![[r#"
                uploads/
                a/b-2/year=2026/
                uploads: not a prefix of keys: it must end in `/`; write `uploads/`
                /uploads/: not a prefix of keys: keys do not begin with `/`; take the `/` away
                uploads/*: not a prefix of keys: no `*` here; use letters, digits and `_ . = + @ , -`, with `/` at the end, as in `uploads/`
                a b/: not a prefix of keys: no spaces here; use letters, digits and `_ . = + @ , -`, with `/` at the end, as in `uploads/`
                ${x}/: not a prefix of keys: no `$` here; use letters, digits and `_ . = + @ , -`, with `/` at the end, as in `uploads/`
                /: not a prefix of keys: too short; write 2 to 512 characters
            "#]],
        );
    }

    #[test]
    fn policies() {
        check::<PolicyArn>(
            &[
                "arn:aws:iam::123456789012:policy/boundary",
                "arn:aws-us-gov:iam::123456789012:policy/team/a/boundary",
                "arn:aws:iam::aws:policy/PowerUserAccess",
                "boundary-of-the-team-web",
                "arn:aws:iam::123456789012:role/boundary",
                "arn:aws:iam::12345678901:policy/boundary",
                "arn:aws:iam:eu-west-1:123456789012:policy/boundary",
                "arn:aws:s3:::123456789012:policy/boundary",
                "arn:aws:iam::123456789012:policy/",
                "arn:aws:iam::123456789012:policy/a*",
                "arn:aws:iam::123456789012:policy/${aws:username}",
                "arn:AWS:iam::123456789012:policy/a",
            ],
            expect![[r#"
                arn:aws:iam::123456789012:policy/boundary
                arn:aws-us-gov:iam::123456789012:policy/team/a/boundary
                arn:aws:iam::aws:policy/PowerUserAccess
                boundary-of-the-team-web: not the ARN of an IAM policy: an ARN has six parts with `:` between; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam::123456789012:role/boundary: not the ARN of an IAM policy: it must end in `policy/` and the policy's name; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam::12345678901:policy/boundary: not the ARN of an IAM policy: an account has twelve digits; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam:eu-west-1:123456789012:policy/boundary: not the ARN of an IAM policy: it must go on with `:iam::`; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:s3:::123456789012:policy/boundary: not the ARN of an IAM policy: it must go on with `:iam::`; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam::123456789012:policy/: not the ARN of an IAM policy: it must end in `policy/` and the policy's name; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam::123456789012:policy/a*: not the ARN of an IAM policy: no `*` here; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:aws:iam::123456789012:policy/${aws:username}: not the ARN of an IAM policy: no `$` here; write it as `arn:aws:iam::123456789012:policy/boundary`
                arn:AWS:iam::123456789012:policy/a: not the ARN of an IAM policy: it must begin with `arn:aws`; write it as `arn:aws:iam::123456789012:policy/boundary`
            "#]],
        );
    }

    #[test]
    fn variables() {
        check::<EnvironmentKey>(
            &["RUST_LOG", "aB", "a", "_A", "A-B", "AWS_REGION", "AWS_MINE"],
            expect![[r#"
            RUST_LOG
            aB
            a: not a variable's name: too short; write 2 to 255 characters
            _A: not a variable's name: it must begin with a letter; use a letter, then letters, digits and `_`, at least two in all
            A-B: not a variable's name: no `-` here; use a letter, then letters, digits and `_`, at least two in all
            AWS_REGION: not a variable's name: Lambda sets this one itself; choose another name
            AWS_MINE
        "#]],
        );
    }
}
