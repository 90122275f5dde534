//! What a stack needs of resources that others made: they are read, and never changed.

use std::collections::BTreeSet;

use stackctl_engine::Step;
use stackctl_stackfile::{api::Api, grants::Grant, names::LogicalName, origin::Origins, stack::Stack};

use super::bucket::{Cors, granted};

/// What a stack needs of an existing resource, and does not find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What is missing, as a sentence without the resource's address.
    pub what: String,
    /// What to change. Lines after the first are commands.
    pub cure: String,
}

impl Need {
    /// The step that refuses the plan.
    pub fn step(&self) -> Step {
        Step::refuse(&self.what).note(&self.cure)
    }
}

/// The CORS that the pages of the stack need of an existing bucket: those pages whose API calls a function with grants on
/// it. `None`: no page reaches the bucket.
pub fn needed_cors(stack: &Stack, bucket: &LogicalName) -> Option<Cors> {
    let reaches = |api: &&Api| {
        let functions = api.routes.values().filter_map(|name| stack.functions.get(name));
        functions.into_iter().any(|it| it.buckets.contains_key(bucket))
    };
    let mut origins = BTreeSet::new();
    for cors in stack.apis.values().filter(reaches).filter_map(|api| api.cors.as_ref()) {
        match &cors.origins {
            Origins::Any => drop(origins.insert("*".to_owned())),
            Origins::These(all) => origins.extend(all.iter().map(ToString::to_string)),
        }
    }
    let grants = granted(stack, bucket);
    // Unlike in a bucket of the stack, a form's POST is not asked for: pages may do without it.
    let methods = |grant: &Grant| -> &[&str] {
        match grant {
            Grant::Put => &["PUT"],
            Grant::Get | Grant::List => &["GET"],
            Grant::Delete => &["DELETE"],
            Grant::Multipart => &["PUT", "POST", "GET", "DELETE"],
        }
    };
    let writes = grants.contains(&Grant::Put) || grants.contains(&Grant::Multipart);
    let some = |is: bool, word: &str| is.then(|| word.to_owned()).into_iter().collect();
    (!origins.is_empty()).then(|| Cors {
        origins,
        methods: grants.iter().flat_map(methods).map(|it| (*it).to_owned()).collect(),
        headers: some(writes, "content-type"),
        // The end of a multipart upload has to send the ETags (S3-22).
        exposed: some(grants.contains(&Grant::Multipart), "ETag"),
        max_age: None,
    })
}

/// What of the needed CORS the rules of a bucket do not answer; `None`: they answer everything. The first rule that fits a
/// request counts (S3-22).
pub fn unanswered(needed: &Cors, rules: &[Cors]) -> Option<Cors> {
    let Cors { origins, methods, headers, exposed, max_age: _ } = needed;
    let fits = |rule: &&Cors, origin: &str, method: &String| {
        rule.origins.iter().any(|it| matches(it, origin))
            && rule.methods.contains(method)
            && headers.iter().all(|it| covers(&rule.headers, it))
    };
    let exposes = |rule: &Cors| exposed.iter().all(|it| covers(&rule.exposed, it));
    let mut missing = Cors { origins: BTreeSet::new(), methods: BTreeSet::new(), ..needed.clone() };
    for origin in origins {
        for method in methods {
            if !rules.iter().find(|rule| fits(rule, origin, method)).is_some_and(exposes) {
                missing.origins.insert(origin.clone());
                missing.methods.insert(method.clone());
            }
        }
    }
    (!missing.origins.is_empty()).then_some(missing)
}

/// Whether one of the patterns matches a header's name.
fn covers(patterns: &BTreeSet<String>, header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    patterns.iter().any(|it| matches(&it.to_ascii_lowercase(), &header))
}

/// Whether a text matches a pattern of CORS, in which one `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((begin, end)) => {
            text.len() >= begin.len() + end.len() && text.starts_with(begin) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &str) -> BTreeSet<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    fn rule(origins: &str, methods: &str, headers: &str, exposed: &str) -> Cors {
        Cors {
            origins: set(origins),
            methods: set(methods),
            headers: set(headers),
            exposed: set(exposed),
            max_age: None,
        }
    }

    #[test]
    fn one_rule_answers_a_request_whole() {
        let page = "https://app.example";
        let needed = rule(page, "GET PUT", "content-type", "");
        let check = |needed: &Cors, rules: &[Cors], missing: Option<(&str, &str)>| {
            let found = unanswered(needed, rules).map(|it| (it.origins, it.methods));
            assert_eq!(found, missing.map(|(origins, methods)| (set(origins), set(methods))), "{rules:?}");
        };
        check(&needed, &[], Some((page, "GET PUT")));
        check(&needed, &[rule("*", "GET PUT HEAD", "*", "")], None);
        check(&needed, &[rule("https://*.example", "GET PUT", "Content-*", "ETag")], None);
        check(&needed, &[rule(page, "GET", "*", ""), rule(page, "PUT", "Content-Type", "")], None);
        // Each of these is answered by half.
        check(&needed, &[rule(page, "GET PUT", "", "")], Some((page, "GET PUT")));
        check(
            &needed,
            &[rule(page, "GET", "*", ""), rule("https://other.example", "PUT", "*", "")],
            Some((page, "PUT")),
        );
        check(&needed, &[rule("https://app.example.evil", "GET PUT", "*", "")], Some((page, "GET PUT")));
        check(&needed, &[rule("https://app.*app.example", "GET PUT", "*", "")], Some((page, "GET PUT")));
        let parts = rule(page, "PUT", "content-type", "ETag");
        check(&parts, &[rule(page, "PUT", "*", "")], Some((page, "PUT")));
        check(&parts, &[rule(page, "PUT", "*", "etag")], None);
        check(&parts, &[rule("*", "PUT", "*", ""), rule(page, "PUT", "*", "ETag")], Some((page, "PUT")));
        check(&parts, &[rule("*", "PUT", "x-other", ""), rule(page, "PUT", "*", "ETag")], None);
        let any = rule("*", "PUT", "", "");
        check(&any, &[rule(page, "PUT", "*", "")], Some(("*", "PUT")));
        check(&any, &[rule("*", "PUT", "*", "")], None);
    }

    #[test]
    fn pages_that_reach_the_bucket_need_it_open() {
        let check = |grants: &str, apis: &str, expected: Option<Cors>| {
            let text = format!(
                "stack: app\nregion: eu-west-1\nbuckets: {{ photos: {{ existing: legacy-photos }} }}\n\
                 functions:\n  presign: {{ builtin: presign, buckets: {{ photos: [{grants}] }} }}\n  \
                 other: {{ package: other }}\napis: {{ {apis} }}\n"
            );
            let Ok(stack) = stackctl_stackfile::parse(&text, None) else { panic!("{text}") };
            let (bucket, _) = stack.buckets.first_key_value().unwrap();
            assert_eq!(needed_cors(&stack, bucket), expected, "{text}");
        };
        let api = |name: &str, origin: &str, function: &str| {
            format!(
                "{name}: {{ cors: {{ origins: [{origin}] }}, authorizer: none, routes: {{ GET /: {function} }} }}"
            )
        };
        let one = api("a", "https://a.example", "presign");
        check("put", &one, Some(rule("https://a.example", "PUT", "content-type", "")));
        check("get, list", &one, Some(rule("https://a.example", "GET", "", "")));
        check(
            "put, multipart",
            &format!(
                "{one}, {}, {}",
                api("b", "http://localhost:5173", "presign"),
                api("c", "https://c.example", "other")
            ),
            Some(rule(
                "https://a.example http://localhost:5173",
                "PUT POST GET DELETE",
                "content-type",
                "ETag",
            )),
        );
        check("put", &api("c", "https://c.example", "other"), None);
        check("put", "a: { authorizer: none, routes: { GET /: presign } }", None);
        check(
            "put",
            "a: { cors: { origins: \"*\" }, authorizer: none, routes: { GET /: presign } }",
            Some(rule("*", "PUT", "content-type", "")),
        );
    }
}
