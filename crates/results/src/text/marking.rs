//! The adoption and the release of a resource, for people.

use std::collections::BTreeMap;

use stackctl_engine::Plan;
use stackctl_views::{
    plan,
    style::{Ink, Style, visible, width},
    target::Target,
};

use crate::marking::{Adopted, Released, Standing};

/// What the next apply would change of a resource that is adopted, with every setting.
pub fn forecast(target: &Target, changes: &Plan, style: Style) -> String {
    let style = Style { verbose: true, ..style };
    if changes.is_empty() && changes.exposures.is_empty() {
        return "The next apply would change nothing of it.\n".to_owned();
    }
    let head = "What the next apply would change of it:";
    format!("{}\n\n{}", style.paint(Ink::Strong, head), plan::text(target, changes, style))
}

/// The tags that an adoption adds.
pub fn new_tags(address: &str, name: &str, tags: &BTreeMap<String, String>, style: Style) -> String {
    let head = format!("Adopting {} as {address} adds these tags and changes nothing else:", visible(name));
    format!("\n{head}\n{}", list("+ ", Ink::Good, tags, style))
}

/// A resource that is the stack's.
pub fn adopted(Adopted { address, name, standing }: &Adopted<'_>) -> String {
    let name = visible(name);
    match standing {
        Standing::New { .. } => format!(
            "\nAdopted {name} as {address}. `stackctl apply` makes the changes above; `stackctl release {address}` \
             gives it back.\n"
        ),
        Standing::Own => format!("{address}: {name} is the stack's already. Nothing was changed.\n"),
        Standing::Part { of } => format!(
            "{address}: {name} has no tags of its own, and is the stack's as a part of {of}. Nothing was changed.\n"
        ),
    }
}

/// The tags that a release removes.
pub fn old_tags(it: &Released<'_>, style: Style) -> String {
    let Released { address, name, id: _, tags, in_file: _ } = it;
    let name = visible(name);
    if tags.is_empty() {
        return format!("Releasing {address} removes the description of {name} and changes nothing else.\n");
    }
    let head = format!("Releasing {address} removes these tags of {name} and changes nothing else:");
    format!("{head}\n{}", list("- ", Ink::Bad, tags, style))
}

/// A resource that was released.
pub fn released(it: &Released<'_>) -> String {
    let Released { address, name, id: _, tags: _, in_file } = it;
    let rest = match in_file {
        true => {
            " Take it out of the file, or use it with `existing:`; else the next plan finds its name taken."
        }
        false => "",
    };
    format!("\nReleased {}. It stays in AWS.{rest}\n", visible(&format!("{address} ({name})")))
}

fn list(sign: &str, ink: Ink, tags: &BTreeMap<String, String>, style: Style) -> String {
    let column = tags.keys().map(|key| width(key)).max().unwrap_or_default();
    let line = |(key, value): (&String, &String)| {
        let space = " ".repeat(column.saturating_sub(width(key)) + 2);
        format!("  {}{key}{space}{}\n", style.paint(ink, sign), visible(value))
    };
    tags.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn an_adoption() {
        let tags = BTreeMap::from([
            ("stackctl:address".to_owned(), "bucket.uploads".to_owned()),
            ("stackctl:stack".to_owned(), "app".to_owned()),
        ]);
        let (address, name) = ("bucket.uploads", "photos");
        expect![[r#"

            Adopting photos as bucket.uploads adds these tags and changes nothing else:
              + stackctl:address  bucket.uploads
              + stackctl:stack    app
        "#]]
        .assert_eq(&new_tags(address, name, &tags, Style::default()));
        let text = |standing| adopted(&Adopted { address, name, standing });
        expect![[r#"

            Adopted photos as bucket.uploads. `stackctl apply` makes the changes above; `stackctl release bucket.uploads` gives it back.
        "#]]
        .assert_eq(&text(Standing::New { id: name, tags: &tags }));
        expect![[r#"
            bucket.uploads: photos is the stack's already. Nothing was changed.
        "#]]
        .assert_eq(&text(Standing::Own));
        expect![[r#"
            bucket.uploads: photos has no tags of its own, and is the stack's as a part of user_pool.people. Nothing was changed.
        "#]]
        .assert_eq(&text(Standing::Part { of: "user_pool.people" }));
    }

    #[test]
    fn a_release() {
        let tags = BTreeMap::from([("stackctl:stack".to_owned(), "app".to_owned())]);
        let it =
            Released { address: "bucket.uploads", name: "photos", id: "photos", tags: &tags, in_file: true };
        expect![[r#"
            Releasing bucket.uploads removes these tags of photos and changes nothing else:
              - stackctl:stack  app
        "#]]
        .assert_eq(&old_tags(&it, Style::default()));
        expect![[r#"

            Released bucket.uploads (photos). It stays in AWS. Take it out of the file, or use it with `existing:`; else the next plan finds its name taken.
        "#]]
        .assert_eq(&released(&it));
        let none = BTreeMap::new();
        let it = Released { tags: &none, in_file: false, ..it };
        expect![[r#"
            Releasing bucket.uploads removes the description of photos and changes nothing else.
        "#]]
        .assert_eq(&old_tags(&it, Style::default()));
        expect![[r#"

            Released bucket.uploads (photos). It stays in AWS.
        "#]]
        .assert_eq(&released(&it));
    }
}
