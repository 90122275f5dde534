//! The endpoint and credentials of a command: AWS's own, another address, or the local cloud.

use std::env;

use stackctl_aws_client::clients::Reach;
use stackctl_stackfile::{bucket::webhook::is_this_machine, stack::Stack};

use crate::{cloud::local, error::Error, options::Global, report::Report, run::interrupt::Interrupt};

/// The endpoint and credentials that the arguments ask for. With `--local`, starts the local cloud.
///
/// # Errors
/// A wrong address, a local cloud that does not start, and Ctrl-C.
pub async fn reach(
    global: &Global,
    stack: &Stack,
    read_only: bool,
    report: &mut Report,
    interrupt: &mut Interrupt,
) -> Result<Reach, Error> {
    let recorder = report.recorder();
    if global.local {
        let cloud = local::up(None, stack.region.as_str(), report, interrupt).await?;
        let access_key = Some((cloud.root.access_key_id, cloud.root.secret_access_key));
        return Ok(Reach {
            profile: None,
            endpoint: Some(cloud.url),
            access_key,
            read_only,
            recorder,
            lease: None,
            agent: None,
            adopting: None,
        });
    }
    // The SDK reads the variable too, but the report and the outputs need the address.
    let variable = || env::var("AWS_ENDPOINT_URL").ok().filter(|it| !it.is_empty());
    let endpoint = global.endpoint_url.clone().or_else(variable);
    let endpoint = endpoint.map(|it| it.trim_end_matches('/').to_owned());
    if let Some(url) = endpoint.as_ref().filter(|it| !is_http(it)) {
        return Err(Error::Usage {
            what: format!("`{url}` is not an HTTP address"),
            hint: "an endpoint looks like http://127.0.0.1:4599".to_owned(),
        });
    }
    if !endpoint.as_deref().is_some_and(is_this_machine) {
        check_webhooks(stack)?;
    }
    Ok(Reach {
        profile: global.profile.clone(),
        endpoint,
        access_key: None,
        read_only,
        recorder,
        lease: None,
        agent: None,
        adopting: None,
    })
}

/// Fails for a webhook that only a local cloud can reach.
fn check_webhooks(stack: &Stack) -> Result<(), Error> {
    let mut webhooks = stack.buckets.iter().filter_map(|(name, it)| Some((name, &it.webhook.as_ref()?.url)));
    match webhooks.find(|(_, url)| url.is_local()) {
        None => Ok(()),
        Some((name, url)) => Err(Error::Usage {
            what: format!("the webhook of `{name}` is at {url}, which AWS can't reach"),
            hint: "name an https URL here, and this one in an environment under `envs`; or use --local"
                .to_owned(),
        }),
    }
}

fn is_http(url: &str) -> bool {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    host.is_some_and(|it| !it.is_empty() && !it.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for url in ["http://127.0.0.1:4599", "https://example.com/base"] {
            assert!(is_http(url), "{url}");
        }
        for url in ["127.0.0.1:4599", "http://", "ftp://x", "", "http://a b"] {
            assert!(!is_http(url), "{url}");
        }
    }
}
