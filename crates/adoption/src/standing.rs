//! Whether a resource may be adopted, by its tags and its name.

use stackctl_aws_client::adopting::Found;
use stackctl_aws_data::{account::Account, tags::Owner};
use stackctl_engine::Address;

use crate::{error::NoAdoption, marked::Marked};

/// Whose a resource is.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// This stack's already.
    Own,
    /// No stack's, and no other tool's.
    Free,
}

/// Whose a resource is that may be adopted at an address, where the file calls it `wanted`.
///
/// # Errors
/// A resource of another stack or tool, or of another name.
pub fn standing(
    kind: Marked,
    found: &Found,
    address: &Address,
    wanted: &str,
    account: &Account,
) -> Result<Standing, NoAdoption> {
    let Found { name, id: _, tags } = found;
    let what = kind.what();
    match tags.owner_in(account.stack.as_str(), account.region.as_str()) {
        Owner::ThisStack => return Ok(Standing::Own),
        Owner::Other(Some(owner)) => return Err(NoAdoption::OfOther { what, name: name.clone(), owner }),
        Owner::Other(None) => {}
    }
    // Of a resource that CloudFormation gave up, it has removed its tags (X-17).
    if let Some(stack) = tags.formation() {
        return Err(NoAdoption::OfFormation { what, name: name.clone(), stack: stack.to_owned() });
    }
    if name != wanted {
        return Err(NoAdoption::OtherName {
            address: address.clone(),
            what,
            wanted: wanted.to_owned(),
            name: name.clone(),
            by: Box::new(kind.named_by(address)),
        });
    }
    Ok(Standing::Free)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::{Expect, expect};
    use stackctl_aws_data::tags::Tags;
    use stackctl_stackfile::parse;

    use super::*;

    fn check(kind: Marked, of: &'static str, name: &str, tags: &[(&str, &str)], expected: Expect) {
        let stack = parse("stack: app\nregion: eu-west-1\nbuckets: { uploads: {} }", None).unwrap();
        let account = Account::offline(&stack, "123456789012".to_owned());
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let tags = Tags(tags.collect::<BTreeMap<_, _>>());
        let found = Found { name: name.to_owned(), id: name.to_owned(), tags };
        let address = Address { kind: of, name: "uploads".to_owned() };
        let text = match standing(kind, &found, &address, "photos", &account) {
            Ok(standing) => format!("{standing:?}"),
            Err(error) => format!("{error}\n{}", error.hint().unwrap_or_default()),
        };
        expected.assert_eq(&text);
    }

    #[test]
    fn who_owns_it_and_what_it_is_called() {
        let bucket = |name: &str, tags: &[(&str, &str)], expected| {
            check(Marked::Bucket, "bucket", name, tags, expected);
        };
        bucket("photos", &[("team", "web")], expect!["Free"]);
        bucket("photos", &[("stackctl:stack", "app")], expect!["Own"]);
        bucket(
            "photos",
            &[("stackctl:stack", "shop")],
            expect![[r#"
                the bucket photos belongs to the stack shop
                let the stack shop give it back: run `stackctl release ADDRESS` with its file"#]],
        );
        bucket(
            "photos",
            &[("aws:cloudformation:stack-name", "media"), ("aws:cloudformation:logical-id", "Photos")],
            expect![[r#"
                the bucket photos belongs to the CloudFormation stack media
                two tools must not manage one resource: give it `DeletionPolicy: Retain` in the template of media, update the stack, then take the resource out of the template and update the stack again; docs/adopt.md says more"#]],
        );
        // Other tags of AWS stay, and forbid nothing.
        bucket("photos", &[("aws:servicecatalog:productArn", "a")], expect!["Free"]);
        bucket(
            "legacy-photos",
            &[],
            expect![[r#"
                the file calls bucket.uploads photos, and the bucket is called legacy-photos
                write `name: legacy-photos` below `buckets.uploads`"#]],
        );
        check(
            Marked::Role,
            "role",
            "resizer",
            &[],
            expect![[r#"
                the file calls role.uploads photos, and the role is called resizer
                the name of a role follows from the `name:` below `functions.uploads`, and a role can't be renamed: let `stackctl apply` create another one"#]],
        );
        // IAM has one name in all regions.
        check(
            Marked::Role,
            "role",
            "photos",
            &[("stackctl:stack", "app"), ("stackctl:region", "us-east-1")],
            expect![[r#"
                the role photos belongs to the stack app in us-east-1
                let the stack app in us-east-1 give it back: run `stackctl release ADDRESS` with its file"#]],
        );
    }
}
