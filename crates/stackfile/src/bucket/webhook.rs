//! The web server that gets the events of a bucket.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde_json::{Value as Json, json};

use super::events::On;

use stackctl_yaml::tree::{Node, Value};

use crate::{
    read::{
        definitions::Definitions,
        reader::{NonEmpty, Read, Reader},
        record::record,
        scalar::{Invalid, Scalar, from_text},
    },
    values::origin::Origin,
};

record! {
    "a webhook";
    /// A web server that gets a signed request for what happens to the objects of a bucket, from a function inside stackctl.
    pub struct Webhook {
        /// Where the requests are sent: an `https` URL; `http://localhost` on the local cloud.
        pub url: WebhookUrl,
        /// What is reported: `created`, `deleted`, or both. Default: `created`.
        pub on: BTreeSet<On> as Ons = "created",
    }
}

/// The URL of a web server: `https`, or `http` on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// The URL as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme, the host and the port.
    pub fn server(&self) -> &str {
        let host = self.0.find("://").map_or(0, |it| it + 3);
        let path = self.0[host..].find(['/', '?']);
        path.map_or(&self.0, |it| &self.0[..host + it])
    }

    /// Whether it is for the local cloud alone: `http` on this machine.
    pub fn is_local(&self) -> bool {
        self.0.starts_with("http://")
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Whether a URL leads to this machine, where a local cloud is.
pub fn is_this_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let port = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    ["localhost", "127.0.0.1", "[::1]"].contains(&port.map_or(authority, |(host, _)| host))
}

/// The longest URL: the variables of a function have 4 KB together (LAM-41).
const LONGEST: usize = 2_000;

impl FromStr for WebhookUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<WebhookUrl, Invalid> {
        const EXAMPLE: &str = "write it as `https://example.com/hooks/uploads`";
        let wrong = |why: &str, fix: &str| Err(WebhookUrl::invalid(why).fix(fix));
        let Some((scheme, rest)) = text.split_once("://") else {
            return wrong("a scheme and a host are wanted", EXAMPLE);
        };
        if text.len() > LONGEST {
            return wrong(&format!("more than {LONGEST} characters"), EXAMPLE);
        }
        let is_of_url = |it: char| it.is_ascii_alphanumeric() || "-._~:/?[]@!$&'()*+,;=%".contains(it);
        if let Some(strange) = rest.chars().find(|it| !is_of_url(*it)) {
            let why = match strange {
                '#' => "the part after `#` is not sent to a server".to_owned(),
                other => format!("{other:?} stands in no URL"),
            };
            return wrong(&why, EXAMPLE);
        }
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return wrong(
                "a URL with a user in it",
                "take the user away: the signature shows who sent the request",
            );
        }
        if let Err(Invalid { what: _, why, fix: _ }) = format!("{scheme}://{authority}").parse::<Origin>() {
            return wrong(&why, EXAMPLE);
        }
        if scheme == "http" && !is_this_machine(text) {
            return wrong("others could read the requests", &format!("write `https://{rest}`"));
        }
        Ok(WebhookUrl(text.to_owned()))
    }
}

impl Scalar for WebhookUrl {
    const WHAT: &'static str = "the URL of a webhook";

    fn schema() -> Json {
        json!({
            "type": "string",
            "maxLength": LONGEST,
            "pattern": r"^(https://[^/?#@\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)([/?][^#\s]*)?$",
        })
    }
}

from_text!(WebhookUrl);

/// One event of objects, or a list of them.
pub(crate) struct Ons;

impl Read for Ons {
    type Value = BTreeSet<On>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<BTreeSet<On>> {
        match &node.value {
            Value::Scalar { .. } => <On as Read>::read(node, reader).map(|it| BTreeSet::from([it])),
            _ => NonEmpty::<BTreeSet<On>>::read(node, reader),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [<On as Read>::schema(definitions), NonEmpty::<BTreeSet<On>>::schema(definitions)] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine() {
        for url in ["http://127.0.0.1:4599", "http://localhost", "http://[::1]:1/base", "https://localhost:1"]
        {
            assert!(is_this_machine(url), "{url}");
        }
        for url in
            ["https://aws.example", "http://localhost.example:1", "http://[::2]:1", "http://10.0.0.1", ""]
        {
            assert!(!is_this_machine(url), "{url}");
        }
    }

    #[test]
    fn urls() {
        let server = |url: &str| url.parse::<WebhookUrl>().unwrap().server().to_owned();
        assert_eq!(server("https://example.com"), "https://example.com");
        assert_eq!(server("https://example.com:8443/a?b"), "https://example.com:8443");
        assert_eq!(server("http://[::1]:1?x"), "http://[::1]:1");
        for url in [
            "https://example.com",
            "https://example.com/",
            "https://example.com:8443/a/b?c=d&e=%20",
            "https://xn--bcher-kva.example/x",
            "http://localhost:3000/hook",
            "http://localhost",
            "http://127.0.0.1:1/x",
            "http://[::1]:1/x",
        ] {
            let read: WebhookUrl = url.parse().unwrap();
            assert_eq!((read.as_str(), read.is_local()), (url, url.starts_with("http://")));
        }
        for (url, why) in [
            ("", "a scheme and a host are wanted"),
            ("example.com/hook", "a scheme and a host are wanted"),
            ("ftp://example.com", "only `http` and `https` have pages"),
            ("https://", "no host or port can be read here"),
            ("https:///x", "no host or port can be read here"),
            ("https://a:b@example.com", "a URL with a user in it"),
            ("https://example.com/#x", "the part after `#` is not sent to a server"),
            ("https://example.com/a b", "' ' stands in no URL"),
            ("https://bücher.example", "'ü' stands in no URL"),
            ("https://Example.com", "browsers send it in lower case"),
            ("https://example.com:99999", "no host or port can be read here"),
            ("http://example.com", "others could read the requests"),
            ("http://localhost.example.com", "others could read the requests"),
            ("http://10.0.0.1", "others could read the requests"),
        ] {
            assert_eq!(url.parse::<WebhookUrl>().unwrap_err().why, why, "{url}");
        }
        let long = format!("https://example.com/{}", "x".repeat(2_000));
        assert_eq!(long.parse::<WebhookUrl>().unwrap_err().why, "more than 2000 characters");
    }
}
