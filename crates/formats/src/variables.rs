//! Outputs as lines of `NAME=value`, for shells and for the `.env` files of web frameworks.

use std::collections::BTreeMap;

use stackctl_aws_data::outputs::Outputs;
use stackctl_stackfile::{
    stack::Stack,
    user_pool::{Mfa, PasswordPolicy, Recovery, UserPool},
};

use crate::unfit::Unfit;

/// The names of outputs of which a stack may have several.
const KINDS: [&str; 6] = [ENDPOINT, USER_POOL_ID, PASSWORD_POLICY, ACCOUNTS, CLIENT_ID, BUCKET];
const ENDPOINT: &str = "ENDPOINT";
const USER_POOL_ID: &str = "USER_POOL_ID";
const PASSWORD_POLICY: &str = "PASSWORD_POLICY";
const ACCOUNTS: &str = "ACCOUNTS";
const CLIENT_ID: &str = "CLIENT_ID";
const BUCKET: &str = "BUCKET";
const REGION: &str = "REGION";
const COGNITO_ENDPOINT: &str = "COGNITO_ENDPOINT";

/// The names and values, each name with `prefix` before it.
///
/// # Errors
/// Two logical names that are equal in capitals.
pub fn all(prefix: &str, outputs: &Outputs, stack: &Stack) -> Result<Vec<(String, String)>, Unfit> {
    let variables = variables(outputs, stack);
    let mut seen = std::collections::BTreeSet::new();
    if let Some((twice, _)) = variables.iter().find(|(name, _)| !seen.insert(name)) {
        return Err(Unfit {
            what: format!("two outputs would have the name {prefix}{twice}"),
            hint: "choose logical names that differ in more than - and _, or use --format json".to_owned(),
        });
    }
    Ok(variables.into_iter().map(|(name, value)| (format!("{prefix}{name}"), value)).collect())
}

/// The variables as lines.
pub fn text(variables: &[(String, String)]) -> String {
    variables.iter().map(|(name, value)| format!("{name}={}\n", quoted(value))).collect()
}

/// Whether stackctl may have written a variable of this name, for this stack or an earlier version of it.
pub fn is_output(prefix: &str, name: &str) -> bool {
    let Some(name) = name.strip_prefix(prefix) else { return false };
    let of_kind = |kind: &str| name.strip_prefix(kind).is_some_and(|it| it.is_empty() || it.starts_with('_'));
    [REGION, COGNITO_ENDPOINT].contains(&name) || KINDS.iter().any(|kind| of_kind(kind))
}

/// The variables. A name ends with the logical name when there are several of the kind.
fn variables(outputs: &Outputs, stack: &Stack) -> Vec<(String, String)> {
    let Outputs { region, apis, user_pools, buckets, cognito_endpoint, .. } = outputs;
    let mut all = vec![(REGION.to_owned(), region.clone())];
    let endpoints = apis.iter().map(|(name, api)| (name.clone(), api.endpoint.clone())).collect();
    add(&mut all, ENDPOINT, &endpoints);
    let pools = user_pools.iter().map(|(name, pool)| (name.clone(), pool.id.clone())).collect();
    add(&mut all, USER_POOL_ID, &pools);
    let of_pools = |text: fn(&UserPool) -> String| {
        // The settings of a pool that others made are not in the file.
        let own = stack.user_pools.iter().filter(|(_, pool)| pool.existing.is_none());
        let pools = own.filter(|(name, _)| user_pools.contains_key(name.as_str()));
        pools.map(|(name, pool)| (name.to_string(), text(pool))).collect()
    };
    add(&mut all, PASSWORD_POLICY, &of_pools(|pool| password_rules(&pool.password)));
    add(&mut all, ACCOUNTS, &of_pools(accounts));
    let mut clients = BTreeMap::new();
    for (pool, it) in user_pools {
        for (client, id) in &it.clients {
            let name = if user_pools.len() == 1 { client.clone() } else { format!("{pool}_{client}") };
            clients.insert(name, id.clone());
        }
    }
    add(&mut all, CLIENT_ID, &clients);
    add(&mut all, BUCKET, buckets);
    if let Some(endpoint) = cognito_endpoint {
        all.push((COGNITO_ENDPOINT.to_owned(), endpoint.clone()));
    }
    all
}

/// The password policy for the sign-in page, as in `length=8,lowercase,uppercase,digits,symbols`.
fn password_rules(policy: &PasswordPolicy) -> String {
    let PasswordPolicy { minimum_length, lowercase, uppercase, digits, symbols, temporary_validity: _ } =
        policy;
    let kinds =
        [(lowercase, "lowercase"), (uppercase, "uppercase"), (digits, "digits"), (symbols, "symbols")];
    let kinds = kinds.into_iter().filter(|(wanted, _)| **wanted).map(|(_, name)| name.to_owned());
    std::iter::once(format!("length={minimum_length}")).chain(kinds).collect::<Vec<_>>().join(",")
}

/// How people get an account and sign in, for the sign-in page, as in `sign_up=open,sign_in_with=email,mfa=optional`.
fn accounts(pool: &UserPool) -> String {
    let mut words = vec![format!("sign_up={}", pool.sign_up)];
    let attributes: Vec<_> = pool.sign_in_with.iter().map(|it| it.as_str()).collect();
    if !attributes.is_empty() {
        words.push(format!("sign_in_with={}", attributes.join("+")));
    }
    match pool.mfa {
        None | Some(Mfa::Off) => {}
        Some(mfa @ (Mfa::Optional | Mfa::Required)) => words.push(format!("mfa={mfa}")),
    }
    match pool.recovery {
        None | Some(Recovery::Email) => {}
        Some(Recovery::Admin) => words.push("recovery=admin".to_owned()),
    }
    words.join(",")
}

fn add(all: &mut Vec<(String, String)>, kind: &str, values: &BTreeMap<String, String>) {
    for (name, value) in values {
        let suffix = format!("_{}", name.to_ascii_uppercase().replace('-', "_"));
        let name = if values.len() == 1 { kind.to_owned() } else { format!("{kind}{suffix}") };
        all.push((name, value.clone()));
    }
}

/// The value, quoted for shells and dotenv files where that is needed.
pub fn quoted(value: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "_-.,:/@%+=".contains(char);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\n']) {
        return format!("'{value}'");
    }
    let mut text = String::from("\"");
    for char in value.chars() {
        match char {
            '\n' => text.push_str("\\n"),
            '"' | '\\' | '$' | '`' => text.extend(['\\', char]),
            char => text.push(char),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn accounts_for_the_page() {
        let of = |keys: &str| {
            let text = format!("stack: demo\nregion: eu-west-1\nuser_pools: {{ users: {{ {keys} }} }}\n");
            let stack = stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"));
            stack.user_pools.values().map(accounts).collect::<String>()
        };
        assert_eq!(of(""), "sign_up=admin");
        assert_eq!(of("mfa: off, recovery: email"), "sign_up=admin");
        assert_eq!(
            of("sign_up: open, sign_in_with: [email, phone_number], mfa: required, recovery: admin"),
            "sign_up=open,sign_in_with=email+phone_number,mfa=required,recovery=admin"
        );
    }

    #[test]
    fn one_of_each() {
        expect![[r#"
            VITE_REGION=eu-west-1
            VITE_ENDPOINT=https://abc123.execute-api.eu-west-1.amazonaws.com/production
            VITE_USER_POOL_ID=eu-west-1_AbCdEf
            VITE_PASSWORD_POLICY=length=8,lowercase,uppercase,digits,symbols
            VITE_ACCOUNTS=sign_up=open,sign_in_with=email
            VITE_CLIENT_ID=1h57kf5cpq17m0eml12EXAMPLE
            VITE_BUCKET=demo-uploads-000000000000-eu-west-1
        "#]]
        .assert_eq(&text(&all("VITE_", &samples::one_of_each(), &samples::stack()).unwrap()));
    }

    #[test]
    fn several() {
        expect![[r#"
            REGION=eu-west-1
            ENDPOINT_ADMIN_TOOLS=https://one.execute-api.eu-west-1.amazonaws.com/production
            ENDPOINT_UPLOADS=https://two.execute-api.eu-west-1.amazonaws.com/production
            USER_POOL_ID_STAFF=pool-1
            USER_POOL_ID_USERS=pool-2
            PASSWORD_POLICY_STAFF=length=12,lowercase,uppercase,digits
            PASSWORD_POLICY_USERS=length=8,lowercase,uppercase,digits,symbols
            ACCOUNTS_STAFF=sign_up=admin
            ACCOUNTS_USERS=sign_up=open,sign_in_with=email
            CLIENT_ID_STAFF_WEB=client-web
            CLIENT_ID_USERS_IOS=client-ios
            CLIENT_ID_USERS_WEB=client-web
            BUCKET_PHOTOS=demo-photos
            BUCKET_UPLOADS=demo-uploads
            COGNITO_ENDPOINT=http://127.0.0.1:4599
        "#]]
        .assert_eq(&text(&all("", &samples::several(), &samples::stack()).unwrap()));
    }

    #[test]
    fn names_that_become_one() {
        let mut outputs = samples::several();
        outputs.buckets = [("a-b", "1"), ("a_b", "2")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        expect!["two outputs would have the name NEXT_PUBLIC_BUCKET_A_B"]
            .assert_eq(&all("NEXT_PUBLIC_", &outputs, &samples::stack()).unwrap_err().to_string());
    }

    #[test]
    fn names_of_outputs() {
        for outputs in [samples::one_of_each(), samples::several()] {
            for (name, _) in all("VITE_", &outputs, &samples::stack()).unwrap() {
                assert!(is_output("VITE_", &name), "{name}");
            }
        }
        for name in ["REGION", "VITE_REGIONS", "VITE_REGION_2", "VITE_ENDPOINTS", "VITE_API_KEY", "VITE_"] {
            assert!(!is_output("VITE_", name), "{name}");
        }
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let said = ["http://a/b?c", "a b", "$HOME", "it's $5 \"\\`", "", "plain-1_A.b"].map(quoted);
        expect![[r#"
            'http://a/b?c'
            'a b'
            '$HOME'
            "it's \$5 \"\\\`"
            ''
            plain-1_A.b"#]]
        .assert_eq(&said.join("\n"));
    }
}
