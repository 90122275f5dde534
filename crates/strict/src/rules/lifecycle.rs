//! Lifecycle configurations that S3 refuses.

use stackctl_gateway::{Refusal, elements};

use crate::read::element;

/// The most rules of a configuration (S3-80).
const MOST_RULES: usize = 1_000;

/// Refuses the body of a PutBucketLifecycleConfiguration that S3 would refuse.
///
/// # Errors
/// The first reason, as S3 gives it.
pub(crate) fn check(body: &str) -> Result<(), Refusal> {
    let rules: Vec<&str> = elements(body, "Rule").collect();
    let malformed =
        rules.is_empty() || rules.len() > MOST_RULES || rules.iter().any(|it| !is_well_formed(it));
    // S3-81
    let are_mixed = rules.iter().any(|it| has(it, "Filter")) && rules.iter().any(|it| !has(it, "Filter"));
    if malformed || are_mixed {
        let text =
            "The XML you provided was not well-formed or did not validate against our published schema";
        return Err(Refusal::new(400, "MalformedXML", text));
    }
    rules.iter().try_for_each(|it| check_abort(it))
}

/// Whether a rule has the form of the schema (S3-80, S3-83).
fn is_well_formed(rule: &str) -> bool {
    let has_status = element(rule, "Status").is_some_and(|status| ["Enabled", "Disabled"].contains(&status));
    let filter = element(rule, "Filter");
    let has_form = filter.map_or(is_empty(rule, "Filter") || has(rule, "Prefix"), |it| {
        has(it, "And") || CONDITIONS.iter().filter(|name| has(it, name)).count() <= 1
    });
    let expiration = element(rule, "Expiration").unwrap_or_default();
    let has_one_expiration = !(has(expiration, "ExpiredObjectDeleteMarker")
        && (has(expiration, "Days") || has(expiration, "Date")));
    let has_older = element(rule, "NoncurrentVersionExpiration")
        .map_or(!is_empty(rule, "NoncurrentVersionExpiration"), |older| {
            has(older, "NoncurrentDays") || has(older, "NewerNoncurrentVersions")
        });
    has_status && has_form && has_one_expiration && has_older
}

/// The conditions of a filter, of which one stands alone and several stand in `And`.
const CONDITIONS: [&str; 4] = ["Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan"];

/// S3-82.
fn check_abort(rule: &str) -> Result<(), Refusal> {
    let filter = element(rule, "Filter").unwrap_or_default();
    let other = if !has(rule, "AbortIncompleteMultipartUpload") {
        None
    } else if has(filter, "Tag") {
        Some("Tags")
    } else if has(filter, "ObjectSizeGreaterThan") || has(filter, "ObjectSizeLessThan") {
        Some("Object Size")
    } else {
        None
    };
    match other {
        Some(other) => {
            let text = format!("AbortIncompleteMultipartUpload cannot be specified with {other}.");
            Err(Refusal::new(400, "InvalidRequest", text))
        }
        None => Ok(()),
    }
}

/// Whether an element of that name is there, with or without content.
fn has(xml: &str, name: &str) -> bool {
    element(xml, name).is_some() || is_empty(xml, name)
}

/// Whether an element of that name is there without content.
fn is_empty(xml: &str, name: &str) -> bool {
    xml.contains(&format!("<{name}/>"))
        || xml.contains(&format!("<{name} />"))
        || element(xml, name).is_some_and(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABORT: &str = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
    const OLDER: &str =
        "<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>";

    fn answer(rules: &[String]) -> String {
        let rules: String = rules.iter().map(|it| format!("<Rule>{it}</Rule>")).collect();
        let body = format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>");
        match check(&body) {
            Ok(()) => "taken".to_owned(),
            Err(refusal) => format!("{} {}", refusal.status, refusal.code),
        }
    }

    #[test]
    fn configurations() {
        let rule = |rest: &str| format!("<ID>a</ID><Status>Enabled</Status>{rest}");
        let tag = "<Tag><Key>a</Key><Value>b</Value></Tag>";
        let prefix = "<Prefix>a/</Prefix>";
        for (rest, expected) in [
            (format!("<Filter/>{ABORT}"), "taken"),
            (format!("<Filter></Filter>{ABORT}"), "taken"),
            (format!("<Filter>{prefix}</Filter>{ABORT}"), "taken"),
            (format!("{prefix}{ABORT}"), "taken"),
            (format!("<Prefix></Prefix>{ABORT}"), "taken"),
            (format!("<Filter><And>{prefix}{tag}</And></Filter>{OLDER}"), "taken"),
            ("<Filter/><Expiration><Days>1</Days></Expiration>".to_owned(), "taken"),
            (ABORT.to_owned(), "400 MalformedXML"),
            (format!("<Filter>{prefix}{tag}</Filter>{OLDER}"), "400 MalformedXML"),
            (
                "<Filter/><Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>\
                 </Expiration>"
                    .to_owned(),
                "400 MalformedXML",
            ),
            ("<Filter/><NoncurrentVersionExpiration/>".to_owned(), "400 MalformedXML"),
            (format!("<Filter>{tag}</Filter>{ABORT}"), "400 InvalidRequest"),
            (format!("<Filter><And>{prefix}{tag}</And></Filter>{ABORT}"), "400 InvalidRequest"),
            (
                format!("<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter>{ABORT}"),
                "400 InvalidRequest",
            ),
        ] {
            assert_eq!(answer(&[rule(&rest)]), expected, "{rest}");
        }
        let of_filter = rule(&format!("<Filter/>{ABORT}"));
        assert_eq!(answer(&[of_filter.clone(), rule(&format!("{prefix}{ABORT}"))]), "400 MalformedXML");
        assert_eq!(answer(&[format!("<Filter/>{ABORT}")]), "400 MalformedXML", "no status");
        assert_eq!(answer(&[]), "400 MalformedXML");
        assert_eq!(answer(&vec![of_filter.clone(); 1_000]), "taken");
        assert_eq!(answer(&vec![of_filter; 1_001]), "400 MalformedXML");
    }
}
