//! Outputs as a table.

use stackctl_aws_data::outputs::{ApiOutputs, Outputs, UserPoolOutputs};
use unicode_width::UnicodeWidthStr;

/// A table of names and values.
pub fn table(outputs: &Outputs) -> String {
    let rows = rows(outputs);
    let column = rows.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    let space = |name: &str| " ".repeat(column.saturating_sub(name.width()) + 2);
    rows.iter().map(|(name, value)| format!("{name}{}{value}\n", space(name))).collect()
}

/// The names and values of the table. A route whose URL is the endpoint has no row.
pub fn rows(outputs: &Outputs) -> Vec<(String, String)> {
    let Outputs { region, apis, user_pools, buckets, cognito_endpoint, .. } = outputs;
    let mut rows = Vec::new();
    let mut row = |name: String, value: &str| rows.push((name, value.to_owned()));
    row("region".to_owned(), region);
    for (name, ApiOutputs { id: _, endpoint, routes }) in apis {
        row(named("endpoint", name, apis.len()), endpoint);
        for (route, url) in routes.iter().filter(|(_, url)| *url != endpoint) {
            row(format!("  {route}"), url);
        }
    }
    for (name, UserPoolOutputs { id, clients }) in user_pools {
        row(named("user pool", name, user_pools.len()), id);
        for (client, id) in clients {
            row(named("client", client, clients.len()), id);
        }
    }
    for (name, bucket) in buckets {
        row(named("bucket", name, buckets.len()), bucket);
    }
    if let Some(endpoint) = cognito_endpoint {
        row("Cognito".to_owned(), endpoint);
    }
    rows
}

/// Whether the text is a table of outputs.
pub fn is_table(text: &str) -> bool {
    let names = ["region ", "endpoint ", "user pool ", "client ", "bucket ", "Cognito ", "  "];
    text.starts_with("region ") && text.lines().all(|line| names.iter().any(|it| line.starts_with(it)))
}

/// The name of a row, with the logical name when there are several of the kind.
fn named(what: &str, name: &str, count: usize) -> String {
    if count == 1 { what.to_owned() } else { format!("{what} {name}") }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn one_of_each() {
        expect![[r#"
            region         eu-west-1
            endpoint       https://abc123.execute-api.eu-west-1.amazonaws.com/production
              POST /files  https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
            user pool      eu-west-1_AbCdEf
            client         1h57kf5cpq17m0eml12EXAMPLE
            bucket         demo-uploads-000000000000-eu-west-1
        "#]]
        .assert_eq(&table(&samples::one_of_each()));
    }

    #[test]
    fn several() {
        expect![[r#"
            region                eu-west-1
            endpoint admin-tools  https://one.execute-api.eu-west-1.amazonaws.com/production
              POST /files         https://one.execute-api.eu-west-1.amazonaws.com/production/files
            endpoint uploads      https://two.execute-api.eu-west-1.amazonaws.com/production
              POST /files         https://two.execute-api.eu-west-1.amazonaws.com/production/files
            user pool staff       pool-1
            client                client-web
            user pool users       pool-2
            client ios            client-ios
            client web            client-web
            bucket photos         demo-photos
            bucket uploads        demo-uploads
            Cognito               http://127.0.0.1:4599
        "#]]
        .assert_eq(&table(&samples::several()));
    }
}
