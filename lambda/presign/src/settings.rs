//! The function's settings, from its environment.

use std::{collections::BTreeMap, time::Duration};

use crate::{access::Rules, media_type};

/// The longest life of a URL: it ends with the function's credentials, whose end Lambda does not say (S3-44).
const LONGEST: Duration = Duration::from_secs(3600);
/// The largest object in one PUT (S3-47).
const MOST_BYTES: u64 = 5 << 30;

/// The settings of the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The buckets, by name.
    pub buckets: Vec<Bucket>,
    /// How long the URL of the plain GET is valid.
    pub url_expires: Duration,
    /// How long the other routes' URLs are valid, and the most that a request may ask for.
    pub upload_expires: Duration,
    /// The largest file.
    pub max_bytes: u64,
    /// Whether MAX_BYTES is set, and so limits the plain GET too.
    pub is_limit_set: bool,
    /// The media types allowed, such as `image/*`; none: any.
    pub content_types: Vec<String>,
}

/// A bucket and the operations that the function may allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name in stack.yaml, with `_` for `-`.
    pub logical: String,
    /// Its name in AWS.
    pub name: String,
    /// `put`, `get`, `list`, `delete`, `multipart`.
    pub grants: Vec<String>,
    /// The people's part of the grants.
    pub rules: Rules,
}

impl Settings {
    /// Reads `BUCKET_*`, `GRANTS_*`, `ACCESS_*`, `URL_EXPIRES`, `UPLOAD_EXPIRES`, `MAX_BYTES` and `CONTENT_TYPES`.
    ///
    /// # Errors
    /// The first variable with a wrong value, and the reason.
    pub fn read(variables: &BTreeMap<String, String>) -> Result<Settings, String> {
        let mut buckets = Vec::new();
        for (key, name) in variables {
            let Some(logical) = key.strip_prefix("BUCKET_").filter(|_| !name.is_empty()) else { continue };
            let grants = variables.get(&format!("GRANTS_{logical}")).map_or("put", String::as_str);
            let grants = grants.split(',').map(|grant| grant.trim().to_owned()).collect();
            let rules = rules(variables, &format!("ACCESS_{logical}"))?;
            check_prefix(variables, &format!("PREFIX_{logical}"), &rules)?;
            buckets.push(Bucket { logical: logical.to_ascii_lowercase(), name: name.clone(), grants, rules });
        }
        if buckets.is_empty() {
            return Err("there is no bucket: give the function one under `buckets:` in stack.yaml".to_owned());
        }
        let types = variables.get("CONTENT_TYPES").map_or("", String::as_str);
        Ok(Settings {
            buckets,
            url_expires: expiry(variables, "URL_EXPIRES", Duration::from_secs(10))?,
            upload_expires: expiry(variables, "UPLOAD_EXPIRES", Duration::from_secs(300))?,
            max_bytes: bytes(variables, "MAX_BYTES", 100 << 20)?,
            is_limit_set: variables.contains_key("MAX_BYTES"),
            content_types: media_type::list(types).map_err(|wrong| {
                format!("CONTENT_TYPES holds {wrong}, which is no media type; write image/*,application/pdf")
            })?,
        })
    }

    /// The bucket of a name in stack.yaml; without one, the first by name.
    pub fn bucket(&self, logical: Option<&str>) -> Option<&Bucket> {
        match logical {
            Some(logical) => {
                let logical = logical.replace('-', "_");
                self.buckets.iter().find(|bucket| bucket.logical == logical)
            }
            None => self.buckets.first(),
        }
    }
}

/// The access rules of a bucket; without any, the one of an owner.
fn rules(variables: &BTreeMap<String, String>, key: &str) -> Result<Rules, String> {
    match variables.get(key) {
        Some(text) => Rules::read(text).map_err(|why| format!("{key} is not of access rules: {why}")),
        None => Ok(Rules::of_owner()),
    }
}

/// Fails for a grant without keys of a rule, because S3 would refuse every URL.
fn check_prefix(variables: &BTreeMap<String, String>, key: &str, rules: &Rules) -> Result<(), String> {
    let Some(prefix) = variables.get(key) else { return Ok(()) };
    match rules.outside_of(prefix) {
        Some(other) => Err(format!(
            "{key} is {prefix}, and this function's keys begin with {other}; write `prefix: {other}` in stack.yaml"
        )),
        None => Ok(()),
    }
}

fn expiry(variables: &BTreeMap<String, String>, key: &str, default: Duration) -> Result<Duration, String> {
    let Some(text) = variables.get(key) else { return Ok(default) };
    let expiry = number(text, &[("s", 1), ("m", 60), ("h", 3600), ("", 1)]).map(Duration::from_secs);
    match expiry {
        Some(it) if !it.is_zero() && it <= LONGEST => Ok(it),
        Some(_) => Err(format!("{key} is {text}; it can be 1s to 1h")),
        None => Err(format!("{key} is {text}, which is no duration; write 10s, 5m or 1h")),
    }
}

fn bytes(variables: &BTreeMap<String, String>, key: &str, default: u64) -> Result<u64, String> {
    let Some(text) = variables.get(key) else { return Ok(default) };
    match number(text, &[("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("", 1)]) {
        Some(it) if it > 0 && it <= MOST_BYTES => Ok(it),
        Some(_) => Err(format!("{key} is {text}; it can be 1 to 5GB")),
        None => Err(format!("{key} is {text}, which is no size; write 500KB, 100MB or 2GB")),
    }
}

/// A whole number with one of the units; the empty unit is the last one.
fn number(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let (digits, size) = units.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, size)))?;
    digits.trim().parse::<u64>().ok()?.checked_mul(*size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let mut variables = BTreeMap::from([("BUCKET_UPLOADS".to_owned(), "b".to_owned())]);
        variables.extend(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        Settings::read(&variables)
    }

    #[test]
    fn defaults() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.url_expires, Duration::from_secs(10));
        assert_eq!((settings.max_bytes, settings.is_limit_set), (100 << 20, false));
        assert_eq!(settings.buckets[0].grants, ["put"]);
        assert!(Settings::read(&BTreeMap::new()).unwrap_err().contains("no bucket"));
    }

    #[test]
    fn units_and_bounds() {
        for (text, seconds) in [("90", 90), ("5m", 300), ("1h", 3600), (" 10s ", 10)] {
            assert_eq!(read(&[("URL_EXPIRES", text)]).unwrap().url_expires.as_secs(), seconds, "{text}");
        }
        for wrong in ["0", "61m", "2h", "x", "", "-1", "1.5h", "99999999999999999999h"] {
            assert!(read(&[("URL_EXPIRES", wrong)]).unwrap_err().contains("URL_EXPIRES"), "{wrong}");
        }
        let settings = read(&[("MAX_BYTES", "2GB")]).unwrap();
        assert_eq!((settings.max_bytes, settings.is_limit_set), (2 << 30, true));
        for wrong in ["6GB", "0", "lots", "18446744073709551615GB"] {
            assert!(read(&[("MAX_BYTES", wrong)]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn prefixes() {
        for prefix in ["uploads/", ""] {
            assert!(read(&[("PREFIX_UPLOADS", prefix)]).is_ok(), "{prefix}");
        }
        for prefix in ["photos/", "uploads/me/", "uploads-2/"] {
            let wrong = read(&[("PREFIX_UPLOADS", prefix)]).unwrap_err();
            assert!(wrong.contains("PREFIX_UPLOADS") && wrong.contains("`prefix: uploads/`"), "{wrong}");
        }
        assert!(read(&[("PREFIX_OTHER", "photos/")]).is_ok(), "no bucket's");
    }

    #[test]
    fn access() {
        assert!(read(&[]).unwrap().buckets[0].rules.is_default);
        let rules = r#"{"shared/{group}/":{"members":["get"]},"shared/x/":{"admins":["get"]}}"#;
        assert!(!read(&[("ACCESS_UPLOADS", rules)]).unwrap().buckets[0].rules.is_default);
        assert!(read(&[("ACCESS_UPLOADS", rules), ("PREFIX_UPLOADS", "shared/")]).is_ok());
        assert!(read(&[("ACCESS_UPLOADS", rules), ("PREFIX_UPLOADS", "shared/x/")]).is_err());
        for wrong in ["", "[]", "{}x", r#"{"a":{"owner":["put"]}}"#, r#"{"/":{}}"#, r#"{"{sub}/":{}}"#] {
            let why = read(&[("ACCESS_UPLOADS", wrong)]).unwrap_err();
            assert!(why.contains("ACCESS_UPLOADS"), "{wrong}: {why}");
        }
    }

    #[test]
    fn types() {
        assert_eq!(read(&[("CONTENT_TYPES", "image/*, text/plain")]).unwrap().content_types.len(), 2);
        assert!(read(&[("CONTENT_TYPES", "png")]).unwrap_err().contains("CONTENT_TYPES"));
    }

    #[test]
    fn buckets() {
        let settings =
            read(&[("BUCKET_MY_PHOTOS", "p"), ("GRANTS_MY_PHOTOS", "get, list"), ("BUCKET_NONE", "")]);
        let settings = settings.unwrap();
        let named = |name| settings.bucket(name).map(|it| (it.logical.as_str(), it.name.as_str()));
        assert_eq!(named(None), Some(("my_photos", "p")));
        assert_eq!(named(Some("my-photos")), Some(("my_photos", "p")));
        assert_eq!(named(Some("uploads")), Some(("uploads", "b")));
        assert_eq!(named(Some("none")), None);
        assert_eq!(settings.buckets[0].grants, ["get", "list"]);
    }
}
