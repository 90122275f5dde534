//! The text of `stack.yaml`.

use stackctl_stackfile::{Problem, parse};

/// The path of the schema, relative to `stack.yaml`.
pub const SCHEMA: &str = ".stackctl/stack.schema.json";

/// What `init` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name of the stack.
    pub name: String,
    /// The region.
    pub region: String,
    /// The origins of the pages that may upload.
    pub origins: Vec<String>,
}

/// The file: private uploads for signed-in users.
///
/// # Errors
/// The problems of the file with these settings.
pub fn text(settings: &Settings) -> Result<String, Vec<Problem>> {
    let Settings { name, region, origins } = settings;
    let origins = origins.join(", ");
    let text = format!(
        "\
# yaml-language-server: $schema={SCHEMA}
#
# Private uploads to S3 for signed-in users. `stackctl plan` shows what this makes, `stackctl apply` makes it.
stack: {name}
region: {region}

buckets:
  uploads:
    cors:
      # The pages that may upload. Add your site's origin here and below before it goes live.
      origins: [{origins}]

functions:
  presign:
    builtin: presign   # comes with stackctl; nothing is compiled
    buckets:
      # Each user has a folder of their own below uploads/.
      uploads: {{ prefix: uploads/, allow: [put, get, list, delete, multipart] }}

user_pools:
  users:
    sign_up: admin   # `stackctl user add NAME` adds a user; `open` lets everyone sign up
    clients:
      web: {{}}

apis:
  uploads:
    cors:
      origins: [{origins}]
    authorizer: users
    routes:
      # Delete what your page does not need.
      GET /: presign                    # a URL for one upload
      POST /uploads: presign            # the same, with the file's name, type and size
      GET /folders: presign             # the user's folders, and the limits of a file
      GET /uploads: presign             # the user's files
      GET /uploads/{{key+}}: presign      # download one
      DELETE /uploads/{{key+}}: presign   # delete one
      POST /sign: presign               # large files in parts
"
    );
    parse(&text, None).map(|_| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_valid() {
        let settings = |name: &str, region: &str, origins: &[&str]| Settings {
            name: name.to_owned(),
            region: region.to_owned(),
            origins: origins.iter().map(|it| (*it).to_owned()).collect(),
        };
        let text =
            text(&settings("app", "eu-west-1", &["http://localhost:5173", "https://app.example"])).unwrap();
        assert_eq!(text.matches("[http://localhost:5173, https://app.example]").count(), 2);
        let longest = crate::name::stack_name("an-app-with-a-long-name-indeed");
        super::text(&settings(&longest, "ap-southeast-1", &["http://localhost:3000"])).unwrap();
        for wrong in [
            settings("My App", "eu-west-1", &["http://localhost"]),
            settings("app", "nowhere", &["http://localhost"]),
            settings("app", "eu-west-1", &["localhost:5173"]),
            settings("app", "eu-west-1", &["http://a]\nx: y"]),
        ] {
            assert!(super::text(&wrong).is_err(), "{wrong:?}");
        }
    }
}
