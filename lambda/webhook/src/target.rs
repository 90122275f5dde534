//! The URL that messages are posted to.

use hyper::Uri;

/// A web server's URL, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whether it is `https`.
    pub is_https: bool,
    /// The host without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The value of the header `host`.
    pub authority: String,
    /// The path with the query.
    pub path: String,
}

impl Target {
    /// Reads an `http` or `https` URL.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(url: &str) -> Result<Target, String> {
        let uri: Uri = url.parse().map_err(|error| format!("no URL: {error}"))?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("a URL begins with https://".to_owned()),
        };
        let authority = uri.authority().ok_or("a URL has a host")?;
        if authority.as_str().contains('@') {
            return Err("a URL with a user is not supported".to_owned());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |it| it.as_str());
        let path = if path.is_empty() { "/" } else { path };
        Ok(Target { is_https, host, port, authority: authority.as_str().to_owned(), path: path.to_owned() })
    }

    /// Whether its host is this machine.
    pub fn is_this_machine(&self) -> bool {
        self.host == "localhost"
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let target = |url: &str| {
            let it = Target::read(url).unwrap();
            format!("{} {} {} {} {}", it.is_https, it.host, it.port, it.authority, it.path)
        };
        assert_eq!(target("https://example.com"), "true example.com 443 example.com /");
        assert_eq!(target("https://example.com:8443/a?b=c"), "true example.com 8443 example.com:8443 /a?b=c");
        assert_eq!(target("http://localhost:3000/hook"), "false localhost 3000 localhost:3000 /hook");
        assert_eq!(target("https://[::1]/x"), "true ::1 443 [::1] /x");
        for wrong in ["", "example.com", "ftp://example.com", "https://", "https://a@b.example", "/a"] {
            assert!(Target::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn this_machine() {
        for (url, expected) in [
            ("http://localhost:1", true),
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://10.0.0.1:1", false),
            ("http://localhost.example:1", false),
        ] {
            assert_eq!(Target::read(url).unwrap().is_this_machine(), expected, "{url}");
        }
    }
}
