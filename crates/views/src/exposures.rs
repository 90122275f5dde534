//! The settings of the file that widen access beyond the defaults; the plan lists them.

use stackctl_stackfile::{
    api::Authorizer, bucket::webhook::Webhook, grants::Grant, origin::Origins, stack::Stack,
    user_pool::SignUp,
};

/// One sentence for each such setting.
pub fn of(stack: &Stack) -> Vec<String> {
    let mut all = Vec::new();
    for (name, bucket) in &stack.buckets {
        for (pattern, subjects) in &bucket.access.0 {
            let may: Vec<String> = subjects
                .iter()
                .map(|(subject, verbs)| {
                    let verbs: Vec<&str> = verbs.iter().map(Grant::as_str).collect();
                    format!("{subject} may {}", verbs.join(", "))
                })
                .collect();
            all.push(format!("bucket.{name}: in {pattern} {}", may.join("; ")));
        }
        if bucket.cors.as_ref().is_some_and(|it| it.origins == Origins::Any) {
            all.push(format!("bucket.{name}: pages of any origin may use its URLs (cors: \"*\")"));
        }
        if let Some(Webhook { url, on }) = &bucket.webhook {
            let on: Vec<String> = on.iter().map(ToString::to_string).collect();
            let (server, on) = (url.server(), on.join(" or "));
            all.push(format!("bucket.{name}: {server} gets the key of each object that is {on} (webhook)"));
        }
    }
    for (name, pool) in &stack.user_pools {
        if pool.sign_up == SignUp::Open {
            all.push(format!("user_pool.{name}: anyone may create an account (sign_up: open)"));
        }
        if !pool.deletion_protection {
            all.push(format!(
                "user_pool.{name}: one DeleteUserPool call deletes the pool and its users (deletion_protection: false)"
            ));
        }
    }
    for (name, api) in &stack.apis {
        if api.authorizer == Authorizer::None {
            all.push(format!("rest_api.{name}: anyone may call it (authorizer: none)"));
        }
        if api.cors.as_ref().is_some_and(|it| it.origins == Origins::Any) {
            all.push(format!("rest_api.{name}: pages of any origin may call it (cors: \"*\")"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the sentences of a file with the expected ones.
    fn check(pool: &str, more: &str, expected: &[&str]) {
        let text = format!(
            "stack: demo\nregion: eu-west-1\n{}\n\
             user_pools: {{ staff: {{}}, other: {{ {pool} }} }}\n{more}",
            if more.contains("functions:") { "" } else { "functions: { f: { package: f } }" },
        );
        let Ok(stack) = stackctl_stackfile::parse(&text, None) else {
            panic!("the test's stack is wrong: {text}")
        };
        assert_eq!(of(&stack), expected, "{pool}\n{more}");
    }

    #[test]
    fn what_is_open_is_named() {
        let open = |more: &str, expected| check("", more, expected);
        check("sign_up: admin, deletion_protection: true", "", &[]);
        check("sign_up: open", "", &["user_pool.other: anyone may create an account (sign_up: open)"]);
        check(
            "deletion_protection: false",
            "",
            &[
                "user_pool.other: one DeleteUserPool call deletes the pool and its users (deletion_protection: false)",
            ],
        );
        open("buckets: { a: {} }", &[]);
        open("buckets: { a: { cors: { origins: [https://a.example] } } }", &[]);
        open(
            "buckets: { a: { cors: { origins: \"*\" } } }",
            &["bucket.a: pages of any origin may use its URLs (cors: \"*\")"],
        );
        open(
            "buckets: { a: { webhook: { url: 'https://b.example/c?d', on: [created, deleted] } } }",
            &["bucket.a: https://b.example gets the key of each object that is created or deleted (webhook)"],
        );
        open(
            "buckets: { a: { access: { \"x/{sub}/\": { signed-in: [get], owner: [put, list] } } } }\n\
             functions: { p: { builtin: presign, buckets: { a: [put, get, list] } }, f: { package: f } }",
            &["bucket.a: in x/{sub}/ owner may put, list; signed-in may get"],
        );
        open("apis: { a: { authorizer: staff, routes: { GET /: f } } }", &[]);
        open(
            "apis: { a: { authorizer: none, routes: { GET /: f } } }",
            &["rest_api.a: anyone may call it (authorizer: none)"],
        );
        open(
            "apis: { a: { authorizer: staff, cors: { origins: \"*\" }, routes: { GET /: f } } }",
            &["rest_api.a: pages of any origin may call it (cors: \"*\")"],
        );
    }
}
