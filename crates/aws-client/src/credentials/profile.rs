//! Which profile of `~/.aws/config` is used, and where its credentials come from, by the files alone.

use aws_config::profile::{Profile, ProfileSet};
use stackctl_aws_data::cli::quoted;
use stackctl_stackfile::did_you_mean;

use super::none::NoCredentials;

/// A profile, and the end of its `source_profile`s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The profile that was chosen.
    pub name: String,
    /// The profile whose credentials are used in the end.
    pub base: String,
    /// Where these come from.
    pub source: Source,
}

/// Where a profile's credentials come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// IAM Identity Center.
    Sso,
    /// A session of the console, by `aws login`.
    Login,
    /// A program.
    Process,
    /// The metadata of an instance or a container, the environment, or a token's file.
    Elsewhere,
    /// The files themselves.
    Keys,
    /// The profile does not say.
    Nowhere,
}

impl Chosen {
    /// What to tell of a load that takes long.
    pub fn waits_for(&self) -> String {
        match self.source {
            Source::Process => format!("the credential_process of {}", named(&self.base)),
            Source::Sso | Source::Login | Source::Elsewhere | Source::Keys | Source::Nowhere => {
                format!("the credentials of {}", named(&self.name))
            }
        }
    }
}

/// A profile in a sentence.
pub fn named(name: &str) -> String {
    format!("profile `{name}`")
}

/// A command of the aws CLI for a profile.
pub fn command(command: &str, profile: &str) -> String {
    if profile == "default" {
        return format!("`{command}`");
    }
    format!("`{command} --profile {}`", quoted(profile))
}

/// Follows the profile that the files select to where its credentials come from; none when no profile was asked for and
/// there is no default. `by_argument` says whether the command line names it.
///
/// # Errors
/// A profile that does not exist, and one that needs what the SDK can't do.
pub fn choose(profiles: &ProfileSet, by_argument: bool) -> Result<Option<Chosen>, NoCredentials> {
    let name = profiles.selected_profile();
    let Some(mut profile) = profiles.get_profile(name) else {
        if name == "default" && !by_argument {
            return Ok(None);
        }
        let cure = suggestion(name, profiles);
        return Err(NoCredentials {
            wrong_argument: by_argument,
            ..NoCredentials::new(format!("there is no {}", named(name)), cure)
        });
    };
    let mut seen = vec![name];
    while profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none() {
        if profile.get("mfa_serial").is_some() {
            return Err(needs_mfa(profile.name()));
        }
        let Some(next) = profile.get("source_profile").filter(|it| !seen.contains(it)) else { break };
        let Some(source) = profiles.get_profile(next) else {
            let why = format!(
                "{} takes its credentials from {}, which does not exist",
                named(profile.name()),
                named(next)
            );
            let cure = format!("correct source_profile in ~/.aws/config: {}", suggestion(next, profiles));
            return Err(NoCredentials::new(why, cure));
        };
        seen.push(next);
        profile = source;
        if has_keys(profile) {
            break;
        }
    }
    let source = source(profile, seen.len() > 1);
    Ok(Some(Chosen { name: name.to_owned(), base: profile.name().to_owned(), source }))
}

/// In the SDK's order; keys go first in a profile that another one refers to.
fn source(profile: &Profile, is_referred_to: bool) -> Source {
    let has = |key: &str| profile.get(key).is_some();
    let sso = ["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"];
    if is_referred_to && has_keys(profile) {
        Source::Keys
    } else if has("credential_source") || has("web_identity_token_file") {
        Source::Elsewhere
    } else if sso.into_iter().any(has) {
        Source::Sso
    } else if has("login_session") {
        Source::Login
    } else if has("credential_process") {
        Source::Process
    } else if has("aws_access_key_id") || has("aws_secret_access_key") {
        Source::Keys
    } else {
        Source::Nowhere
    }
}

fn has_keys(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() && profile.get("aws_secret_access_key").is_some()
}

///
fn needs_mfa(name: &str) -> NoCredentials {
    let export = command("aws configure export-credentials --format env", name);
    let export = export.trim_matches('`');
    NoCredentials::new(
        format!("{} assumes its role with a code (mfa_serial), which stackctl can't ask for", named(name)),
        format!("let the aws CLI ask: `eval \"$({export})\"`, then run the command again without --profile"),
    )
}

/// What to choose instead of a profile that does not exist.
fn suggestion(name: &str, profiles: &ProfileSet) -> String {
    did_you_mean(name, profiles.profiles()).unwrap_or_else(|| there_are(profiles))
}

/// The profiles there are, as far as they fit a line.
pub fn there_are(profiles: &ProfileSet) -> String {
    const MOST: usize = 8;
    let mut names: Vec<&str> = profiles.profiles().collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(MOST);
    match names.as_slice() {
        [] => "there are no profiles yet: `aws configure sso` or `aws configure` makes one".to_owned(),
        _ if more > 0 => format!("the profiles are {} and {more} more", names[..MOST].join(", ")),
        [only] => format!("the only profile is {only}"),
        _ => format!("the profiles are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
