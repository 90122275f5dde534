//! The bucket whose webhook has a secret, by the name that a user gives.

use stackctl_stackfile::{names::LogicalName, resource_names::webhook_function, stack::Stack};

/// No secret has the name, or several secrets may be meant.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSecret {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// The address of the secret of a bucket's webhook, such as `secret.uploads-webhook`.
pub fn address(bucket: &LogicalName) -> String {
    format!("secret.{}", webhook_function(bucket))
}

/// The bucket whose webhook has the secret: by the bucket's name, the function's name or the secret's address; without a
/// name the only one.
///
/// # Errors
/// A stack without such a webhook, and one with several when none is named.
pub fn find<'a>(stack: &'a Stack, asked: Option<&str>) -> Result<&'a LogicalName, NoSecret> {
    let with = stack.buckets.iter().filter(|(_, it)| it.webhook.is_some()).map(|(name, _)| name);
    let all: Vec<&LogicalName> = with.collect();
    let names = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let is_asked = |bucket: &&&LogicalName| {
        asked.is_some_and(|it| {
            [bucket.to_string(), webhook_function(bucket), address(bucket)].contains(&it.to_owned())
        })
    };
    let (what, hint) = match (asked, all.as_slice()) {
        (_, []) => (
            "stack.yaml has no webhook".to_owned(),
            "add `webhook: { url: https://… }` to a bucket".to_owned(),
        ),
        (None, [one]) => return Ok(one),
        (None, _) => ("stack.yaml has several webhooks".to_owned(), format!("name a bucket: {names}")),
        (Some(asked), all) => match all.iter().find(is_asked) {
            Some(found) => return Ok(found),
            None => {
                (format!("stack.yaml has no webhook `{asked}`"), format!("buckets with a webhook: {names}"))
            }
        },
    };
    Err(NoSecret { what, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_secret() {
        let find = |buckets: &str, asked: Option<&str>| {
            let text = format!("stack: demo\nregion: eu-west-1\nbuckets: {buckets}\n");
            let stack = stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"));
            match find(&stack, asked) {
                Ok(bucket) => bucket.to_string(),
                Err(NoSecret { what, hint }) => format!("{what}; {hint}"),
            }
        };
        const HOOK: &str = "{ webhook: { url: 'https://example.com' } }";
        let one = format!("{{ a: {HOOK}, b: {{}} }}");
        let two = format!("{{ a: {HOOK}, b: {HOOK} }}");
        for asked in ["a", "a-webhook", "secret.a-webhook"] {
            assert_eq!(find(&two, Some(asked)), "a");
        }
        assert_eq!(find(&one, None), "a");
        assert_eq!(find(&two, None), "stack.yaml has several webhooks; name a bucket: a, b");
        assert_eq!(find(&one, Some("b")), "stack.yaml has no webhook `b`; buckets with a webhook: a");
        assert_eq!(
            find("{ a: {} }", Some("a")),
            "stack.yaml has no webhook; add `webhook: { url: https://… }` to a bucket"
        );
    }
}
