//! The cause and the cure of the SDK's errors. Their types are private, so some are recognised by their texts.

use std::{error::Error, time::Duration};

use aws_config::profile::ProfileFileLoadError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::error::ErrorMetadata;

use super::{
    none::NoCredentials,
    profile::{Chosen, Source, command, named},
};

/// How a person gets credentials who has none.
const SIGN_IN: &str = "sign in (`aws sso login`, `aws login`, or `aws configure`) and choose a profile with --profile or \
                       AWS_PROFILE; --local needs none";

/// An error and all below it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut causes = vec![error];
    let mut next = error.source();
    while let Some(deeper) = next {
        causes.push(deeper);
        next = deeper.source();
    }
    causes
}

/// Whether AWS, or what stands in its place, did not answer.
pub fn is_silence(error: &CredentialsError) -> bool {
    !is_not_loaded(error)
        && causes(error).iter().any(|it| it.is::<ConnectorError>() || it.to_string().contains("timed out"))
}

/// An error's own words; AWS's where it is AWS's.
fn text(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<ErrorMetadata>() {
        Some(it) => format!("{}: {}", it.code().unwrap_or("no code"), it.message().unwrap_or("no message")),
        None => error.to_string(),
    }
}

fn is_not_loaded(error: &CredentialsError) -> bool {
    matches!(error, CredentialsError::CredentialsNotLoaded(_))
}

/// Nothing came in time.
pub fn silent(for_what: &str, bound: Duration) -> NoCredentials {
    NoCredentials::new(
        format!("waited {} s for {for_what}", bound.as_secs()),
        "see that it ends by itself: run it alone, or the aws CLI with the same profile",
    )
}

/// The files themselves are wrong.
pub fn unreadable_files(error: &ProfileFileLoadError) -> NoCredentials {
    let why = causes(error).last().map(ToString::to_string).unwrap_or_default();
    NoCredentials::new(
        format!("the files of profiles can't be read: {}", line(&why)),
        "correct ~/.aws/config and ~/.aws/credentials, or what AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name",
    )
}

/// Only one half of a key is in the environment.
pub fn half_a_key(set: &str, missing: &str) -> NoCredentials {
    NoCredentials::new(
        format!("{set} is set and {missing} is not"),
        format!("set both, or unset {set} to use a profile"),
    )
}

/// Why nothing was loaded, and what to do about it.
pub fn read(error: &CredentialsError, chosen: Option<&Chosen>) -> NoCredentials {
    let causes: Vec<String> = causes(error).iter().map(|it| text(*it)).collect();
    let says = |text: &str| causes.iter().any(|it| it.contains(text));
    let deepest = line(causes.last().map(String::as_str).unwrap_or_default());
    let Some(Chosen { name, base, source }) = chosen else {
        return match () {
            () if is_not_loaded(error) => NoCredentials::new(
                "there are no credentials: none in the environment, no default profile, no instance or container",
                SIGN_IN,
            ),
            () if says("IMDS") => metadata(&causes, is_silence(error)),
            () => NoCredentials::new(format!("the credentials could not be loaded: {deepest}"), SIGN_IN),
        };
    };
    if is_not_loaded(error) {
        let cure =
            "add them with `aws configure sso` or `aws configure`, or choose another profile with --profile";
        return NoCredentials::new(format!("{} has no credentials", named(name)), cure);
    }
    let assumes = base != name;
    let login = |with: &str| command(with, base);
    match source {
        Source::Sso if says("not found") && says("sso-session") => {
            NoCredentials::new(deepest, "add the section to ~/.aws/config, or run `aws configure sso`")
        }
        Source::Sso | Source::Login if is_silence(error) => unreachable(name, &deepest),
        Source::Sso if says("ForbiddenException") => NoCredentials::new(
            format!("{} may not have its role: {deepest}", named(base)),
            "check sso_account_id and sso_role_name in ~/.aws/config with the account's administrator",
        ),
        Source::Sso if says("failed to load the cached SSO token") || says("failed to read") => {
            not_signed_in(base, &login("aws sso login"))
        }
        Source::Login if says("failed to read") => not_signed_in(base, &login("aws login")),
        Source::Sso if says("expired") || says("UnauthorizedException") => {
            sign_in_expired(base, &login("aws sso login"))
        }
        // What else can be wrong is the session's file, which a new sign-in writes again.
        Source::Login => sign_in_expired(base, &login("aws login")),
        Source::Process if says("external process") => process(base, &causes),
        Source::Sso | Source::Process | Source::Elsewhere | Source::Keys | Source::Nowhere => match () {
            () if is_silence(error) => unreachable(name, &deepest),
            () if says("IMDS") => metadata(&causes, false),
            () if assumes => NoCredentials::new(
                format!("the role of {} can't be assumed with {}: {deepest}", named(name), named(base)),
                "check role_arn, source_profile and the role's trust policy; then run the command again",
            ),
            () => NoCredentials::new(
                format!("{} gives no credentials: {deepest}", named(name)),
                format!(
                    "correct it in ~/.aws/config; {} shows what the aws CLI makes of it",
                    command("aws sts get-caller-identity", name)
                ),
            ),
        },
    }
}

fn not_signed_in(base: &str, login: &str) -> NoCredentials {
    NoCredentials::new(format!("{} is not signed in", named(base)), format!("run {login}"))
}

fn sign_in_expired(base: &str, login: &str) -> NoCredentials {
    let why = format!("the sign-in of {} has expired", named(base));
    NoCredentials::new(why, format!("run {login}, then the command again: it carries on from here"))
}

fn unreachable(name: &str, deepest: &str) -> NoCredentials {
    NoCredentials::new(
        format!("the credentials of {} could not be fetched: {deepest}", named(name)),
        "check the connection, then run the command again",
    )
}

fn metadata(causes: &[String], is_silence: bool) -> NoCredentials {
    let said = match () {
        () if is_silence => "does not answer",
        () if causes.iter().any(|it| it.contains("forbidden")) => "refuses to answer (403)",
        () => "gives none",
    };
    NoCredentials::new(
        format!("there are no credentials, and the metadata service of this instance {said}"),
        format!("give the instance a role and let it read its metadata, or {SIGN_IN}"),
    )
}

/// A program that failed, or printed what is not credentials. What it printed is not repeated: it may be a secret.
fn process(base: &str, causes: &[String]) -> NoCredentials {
    let of = format!("the credential_process of {}", named(base));
    let failed = causes.iter().find_map(|it| it.split_once("exited with code ")?.1.split_once(". Stderr: "));
    let why = match failed {
        Some((code, said)) if said.trim().is_empty() => format!("{of} failed ({code}) and said nothing"),
        Some((code, said)) => format!("{of} failed ({code}): {}", line(said)),
        None => format!("{of} printed no credentials that can be read"),
    };
    NoCredentials::new(
        why,
        "run it alone to see what is wrong; it must print JSON with Version 1, AccessKeyId and SecretAccessKey",
    )
}

/// The first line with something in it, not longer than a person reads.
fn line(text: &str) -> String {
    const MOST: usize = 300;
    let line = text.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
    line.chars().take(MOST).collect()
}
