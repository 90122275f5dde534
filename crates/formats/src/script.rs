//! Outputs as a module that a web page imports.

use stackctl_aws_data::outputs::Outputs;

use crate::json::json;

/// A JavaScript module.
pub fn js(outputs: &Outputs) -> String {
    format!("{}export const outputs = {};\n\nexport default outputs;\n", comment("js"), json(outputs))
}

/// A TypeScript module; its values are literal types.
pub fn ts(outputs: &Outputs) -> String {
    format!(
        "{}export const outputs = {} as const;\n\nexport default outputs;\n",
        comment("ts"),
        json(outputs)
    )
}

fn comment(format: &str) -> String {
    format!("{COMMENT} --format {format}`.\n\n")
}

/// The beginning of a module.
pub const COMMENT: &str = "// Written by `stackctl outputs";

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn a_typescript_module() {
        expect![[r#"
            // Written by `stackctl outputs --format ts`.

            export const outputs = {
              "stack": "demo",
              "region": "eu-west-1",
              "endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
              "user_pool_id": "eu-west-1_AbCdEf",
              "client_id": "1h57kf5cpq17m0eml12EXAMPLE",
              "bucket": "demo-uploads-000000000000-eu-west-1",
              "apis": {
                "uploads": {
                  "id": "abc123",
                  "endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
                  "routes": {
                    "GET /": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
                    "POST /files": "https://abc123.execute-api.eu-west-1.amazonaws.com/production/files"
                  }
                }
              },
              "user_pools": {
                "users": {
                  "id": "eu-west-1_AbCdEf",
                  "clients": {
                    "web": "1h57kf5cpq17m0eml12EXAMPLE"
                  }
                }
              },
              "buckets": {
                "uploads": "demo-uploads-000000000000-eu-west-1"
              }
            } as const;

            export default outputs;
        "#]]
        .assert_eq(&ts(&samples::one_of_each()));
    }

    #[test]
    fn a_javascript_module() {
        let text = js(&samples::several());
        assert!(
            text.starts_with("// Written by `stackctl outputs --format js`.\n\nexport const outputs = {\n")
        );
        assert!(text.ends_with("};\n\nexport default outputs;\n"));
    }
}
