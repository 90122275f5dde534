//! The function's settings, from its environment.

use std::collections::BTreeMap;

use crate::target::Target;

/// The settings of the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where messages are posted to.
    pub target: Target,
    /// The name of the parameter in Systems Manager that has the secret.
    pub secret: String,
    /// The users' folders, such as `uploads/{sub}/`.
    pub folders: Vec<String>,
    /// Whether the function runs on a local cloud, where `http` and this machine's own addresses are allowed.
    pub is_local: bool,
}

impl Settings {
    /// Reads `WEBHOOK_URL`, `WEBHOOK_SECRET` and `WEBHOOK_FOLDERS`, a list in JSON. A function runs on a local cloud if
    /// `AWS_ENDPOINT_URL` names this machine, which Lambda does not set.
    ///
    /// # Errors
    /// The first variable with a wrong value, and the reason.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Settings, String> {
        let need = |name: &str| {
            let value = variables.get(name).filter(|it| !it.is_empty());
            value.ok_or_else(|| format!("{name} is not set"))
        };
        let endpoint = variables.get("AWS_ENDPOINT_URL").and_then(|it| Target::read(it).ok());
        let is_local = endpoint.is_some_and(|it| it.is_this_machine());
        let target = Target::read(need("WEBHOOK_URL")?).map_err(|why| format!("WEBHOOK_URL: {why}"))?;
        let is_own = is_local && target.is_this_machine();
        if !target.is_https && !is_own {
            return Err("WEBHOOK_URL: http is for this machine on the local cloud; use https".to_owned());
        }
        let folders = variables.get("WEBHOOK_FOLDERS").map_or("[]", String::as_str);
        let folders = serde_json::from_str(folders).map_err(|error| format!("WEBHOOK_FOLDERS: {error}"))?;
        Ok(Settings { target, secret: need("WEBHOOK_SECRET")?.clone(), folders, is_local })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_the_local_cloud() {
        let check = |url: &str, endpoint: &str, expected: Result<bool, &str>| {
            let variables = [("WEBHOOK_URL", url), ("WEBHOOK_SECRET", "/s"), ("AWS_ENDPOINT_URL", endpoint)];
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let read = Settings::read(&variables).map(|it| it.is_local);
            assert_eq!(read, expected.map_err(str::to_owned), "{url} {endpoint}");
        };
        let refused = Err("WEBHOOK_URL: http is for this machine on the local cloud; use https");
        check("https://example.com", "", Ok(false));
        check("https://example.com", "http://127.0.0.1:4566", Ok(true));
        check("http://localhost:3000", "http://127.0.0.1:4566", Ok(true));
        check("http://localhost:3000", "https://lambda.example", refused);
        check("http://localhost:3000", "", refused);
        check("http://example.com", "http://127.0.0.1:4566", refused);
        check("", "", Err("WEBHOOK_URL is not set"));
        check("example.com", "", Err("WEBHOOK_URL: a URL begins with https://"));
    }
}
