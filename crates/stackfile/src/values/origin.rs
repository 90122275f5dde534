//! Web origins, as browsers send them.

use std::{collections::BTreeSet, fmt, net::Ipv6Addr, str::FromStr};

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::read::{
    definitions::Definitions,
    reader::{NonEmpty, Read, Reader},
    scalar::{Invalid, Scalar, from_text},
};

/// An origin: scheme, host, and port when it is not the scheme's own. Lower case, no path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(pub(crate) String);

impl Origin {
    /// The origin as a browser sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Which origins are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// `"*"`: any page.
    Any,
    /// These and no others; at least one.
    These(BTreeSet<Origin>),
}

impl Read for Origins {
    type Value = Origins;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Origins> {
        match &node.value {
            Value::Scalar { text, .. } if text == "*" => Some(Origins::Any),
            Value::List(items) if items.len() == 1 && is_star(&items[0]) => {
                let problem = Problem::new(node.span, "`*` in a list", "any page, or a list of some");
                reader.tell(problem.help("write `\"*\"` without the brackets, or name the origins"));
                None
            }
            _ => NonEmpty::<BTreeSet<Origin>>::read(node, reader).map(Origins::These),
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "const": "*" }, NonEmpty::<BTreeSet<Origin>>::schema(definitions)] })
    }
}

fn is_star(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar { text, .. } if text == "*")
}

impl FromStr for Origin {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Origin, Invalid> {
        let wrong = |why: &str, fix: &str| Err(Origin::invalid(why).fix(fix));
        if text == "null" {
            let fix = "every file and every sandboxed page has this origin: serve the page over HTTP";
            return wrong("`null` is everyone's", fix);
        }
        if text.contains('*') {
            return wrong("no patterns here", "name each origin, or write `origins: \"*\"` for any");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            if text.chars().all(|it| it.is_ascii_digit()) {
                return wrong("a scheme and a host are wanted", "write it as `http://localhost:5173`");
            }
            let local = ["localhost", "127.", "[::1]"].iter().any(|it| text.starts_with(it));
            return match fixed(if local { "http" } else { "https" }, text) {
                Some(fixed) => wrong("the scheme is missing", &format!("write `{fixed}`")),
                None => wrong("a scheme and a host are wanted", "write it as `https://example.com`"),
            };
        };
        if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
            return wrong("only `http` and `https` have pages", "write it as `https://example.com`");
        }
        if !text.is_ascii() {
            let fix = "write it as browsers send it, in punycode: `xn--…`";
            return wrong("letters beyond ASCII", fix);
        }
        let Some(fixed) = fixed(scheme, rest) else {
            return wrong(
                "no host or port can be read here",
                "write it as `https://example.com` or `http://localhost:5173`",
            );
        };
        if fixed == text {
            return Ok(Origin(fixed));
        }
        let host_ends = rest.find(['/', '?', '#']);
        let why = if host_ends.is_some_and(|at| rest.len() > at + 1) {
            "an origin has no path"
        } else if host_ends.is_some() {
            "an origin does not end with `/`"
        } else if rest.contains('@') {
            "an origin has no user in it"
        } else if text.chars().any(|it| it.is_ascii_uppercase()) {
            "browsers send it in lower case"
        } else if rest.ends_with([':', ']']) || rest.contains(":0") {
            "browsers write it in another way"
        } else {
            "browsers leave the port out when it is the scheme's own"
        };
        wrong(why, &format!("write `{fixed}`"))
    }
}

impl Scalar for Origin {
    const WHAT: &'static str = "an origin";

    fn schema() -> Json {
        json!({ "type": "string", "pattern": r"^https?://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$" })
    }
}

from_text!(Origin);

/// The origin of an address, as a browser sends it.
fn fixed(scheme: &str, rest: &str) -> Option<String> {
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?.to_ascii_lowercase();
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => (&authority[..at], Some(&authority[at + 1..])),
        _ => (authority.as_str(), None),
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) if digits.chars().all(|it| it.is_ascii_digit()) => {
            Some(digits.parse::<u16>().ok().filter(|it| *it > 0)?)
        }
        Some(_) => return None,
    };
    let host = match host.strip_prefix('[') {
        Some(address) => format!("[{}]", address.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?),
        None => is_host(host).then(|| host.to_owned())?,
    };
    let own = if scheme == "https" { 443 } else { 80 };
    Some(match port.filter(|it| *it != own) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(texts: &[&str], expected: Expect) {
        let read = |text: &&str| match text.parse::<Origin>() {
            Ok(origin) => format!("{origin}\n"),
            Err(error) => format!("{text}: {error}\n"),
        };
        expected.assert_eq(&texts.iter().map(read).collect::<String>());
    }

    #[test]
    fn as_browsers_send_them() {
        let texts = [
            "http://localhost:5173",
            "https://example.com",
            "https://xn--bcher-kva.example",
            "http://127.0.0.1:8080",
            "http://[::1]:5173",
            "https://a_b.example.com:8443",
        ];
        check(
            &texts,
            expect![[r#"
            http://localhost:5173
            https://example.com
            https://xn--bcher-kva.example
            http://127.0.0.1:8080
            http://[::1]:5173
            https://a_b.example.com:8443
        "#]],
        );
    }

    #[test]
    fn with_the_form_that_is_right() {
        let texts = [
            "https://example.com/",
            "https://example.com/app?x#y",
            "https://example.com:443",
            "http://example.com:80",
            "http://example.com:",
            "HTTPS://Example.com",
            "https://me@example.com",
            "example.com",
            "localhost:5173",
            "//example.com",
            "http://[0:0:0:0:0:0:0:1]",
            "http://example.com:08080",
        ];
        check(
            &texts,
            expect![[r#"
                https://example.com/: not an origin: an origin does not end with `/`; write `https://example.com`
                https://example.com/app?x#y: not an origin: an origin has no path; write `https://example.com`
                https://example.com:443: not an origin: browsers leave the port out when it is the scheme's own; write `https://example.com`
                http://example.com:80: not an origin: browsers leave the port out when it is the scheme's own; write `http://example.com`
                http://example.com:: not an origin: browsers write it in another way; write `http://example.com`
                HTTPS://Example.com: not an origin: browsers send it in lower case; write `https://example.com`
                https://me@example.com: not an origin: an origin has no user in it; write `https://example.com`
                example.com: not an origin: the scheme is missing; write `https://example.com`
                localhost:5173: not an origin: the scheme is missing; write `http://localhost:5173`
                //example.com: not an origin: a scheme and a host are wanted; write it as `https://example.com`
                http://[0:0:0:0:0:0:0:1]: not an origin: browsers write it in another way; write `http://[::1]`
                http://example.com:08080: not an origin: browsers write it in another way; write `http://example.com:8080`
            "#]],
        );
    }

    #[test]
    fn not_origins() {
        let texts = [
            "null",
            "*",
            "https://*.example.com",
            "ftp://example.com",
            "file:///tmp/x",
            "https://bücher.example",
            "https://",
            "https://example.com:99999",
            "https://example.com:x",
            "https://-a.example",
            "https://a..b",
            "http://[::1",
            "https://exa mple.com",
            "",
        ];
        check(
            &texts,
            expect![[r#"
                null: not an origin: `null` is everyone's; every file and every sandboxed page has this origin: serve the page over HTTP
                *: not an origin: no patterns here; name each origin, or write `origins: "*"` for any
                https://*.example.com: not an origin: no patterns here; name each origin, or write `origins: "*"` for any
                ftp://example.com: not an origin: only `http` and `https` have pages; write it as `https://example.com`
                file:///tmp/x: not an origin: only `http` and `https` have pages; write it as `https://example.com`
                https://bücher.example: not an origin: letters beyond ASCII; write it as browsers send it, in punycode: `xn--…`
                https://: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                https://example.com:99999: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                https://example.com:x: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                https://-a.example: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                https://a..b: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                http://[::1: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                https://exa mple.com: not an origin: no host or port can be read here; write it as `https://example.com` or `http://localhost:5173`
                : not an origin: a scheme and a host are wanted; write it as `http://localhost:5173`
            "#]],
        );
    }
}
