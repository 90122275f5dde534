//! What the file opens to everybody: said beside the plan, so that nobody does it unawares.

use stackctl_spec::{api::Authorizer, origin::Origins, stack::Stack, user_pool::SignUp};

/// One sentence for each thing that is open.
pub fn of(stack: &Stack) -> Vec<String> {
    let mut all = Vec::new();
    for (name, bucket) in &stack.buckets {
        if bucket.cors.as_ref().is_some_and(|it| it.origins == Origins::Any) {
            all.push(format!("bucket.{name}: pages of any origin may use its URLs (cors: \"*\")"));
        }
    }
    for (name, pool) in &stack.user_pools {
        if pool.sign_up == SignUp::Open {
            all.push(format!("user_pool.{name}: anyone may make an account (sign_up: open)"));
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

    #[test]
    fn what_is_open_is_named() {
        let open = r#"
stack: demo
region: eu-west-1
buckets:
  uploads: { cors: { origins: "*" } }
  quiet: { cors: { origins: [https://a.example] } }
functions: { f: { package: f } }
user_pools: { users: { sign_up: open }, staff: {} }
apis:
  a: { authorizer: none, cors: { origins: "*" }, routes: { GET /: f } }
  b: { authorizer: staff, routes: { GET /: f } }
"#;
        let Ok(stack) = stackctl_spec::parse(open, None) else { panic!("the test's stack is wrong") };
        let addresses: Vec<String> =
            of(&stack).iter().filter_map(|it| it.split(':').next().map(str::to_owned)).collect();
        assert_eq!(addresses, ["bucket.uploads", "user_pool.users", "rest_api.a", "rest_api.a"]);
    }
}
