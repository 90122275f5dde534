//! The name of a stack, from the name of a package or a folder.

/// The longest name that leaves room for the names of buckets, which are 63 characters at most.
const LONGEST: usize = 24;

/// A valid name of a stack: lower-case words with hyphens between them.
pub fn stack_name(of: &str) -> String {
    // The scope of a package of npm.
    let of = of.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> =
        of.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let name = words.join("-");
    let name = name.trim_start_matches(|it: char| !it.is_ascii_lowercase());
    let name = name[..name.len().min(LONGEST)].trim_end_matches('-');
    if name.is_empty() { "uploads".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use stackctl_stackfile::names::StackName;

    use super::*;

    #[test]
    fn names() {
        for (of, name) in [
            ("my-app", "my-app"),
            ("@ada/Photo_Site.v2", "photo-site-v2"),
            ("2026-site", "site"),
            ("--a--", "a"),
            ("日本", "uploads"),
            ("123", "uploads"),
            ("", "uploads"),
            ("a-very-long-name-of-a-nice-project", "a-very-long-name-of-a-ni"),
            ("a-very-long-name-of-one--b", "a-very-long-name-of-one"),
        ] {
            assert_eq!(stack_name(of), name);
            assert!(name.parse::<StackName>().is_ok(), "{name}");
        }
    }
}
