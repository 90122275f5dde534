//! The region that the user's AWS configuration names.

/// The region of a profile in the text of `~/.aws/config`.
pub fn configured_region(config: &str, profile: &str) -> Option<String> {
    let wanted = |section: &str| {
        let name = section.strip_prefix("profile ").map(str::trim);
        name == Some(profile) || (profile == "default" && section == "default")
    };
    let mut inside = false;
    for line in config.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|it| it.split(']').next()) {
            inside = wanted(section.trim());
        } else if let Some((key, value)) = line.split_once('=').filter(|_| inside)
            && key.trim() == "region"
        {
            let value = value.split([' ', '#', ';']).find(|it| !it.is_empty())?;
            return Some(value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions() {
        let config = "[default]\noutput = json\nregion = us-west-2 # home\n[profile work]\nregion=eu-west-3\n\
            [sso-session default]\nregion = x\n[profile none]\n";
        for (profile, region) in
            [("default", Some("us-west-2")), ("work", Some("eu-west-3")), ("none", None), ("other", None)]
        {
            assert_eq!(configured_region(config, profile).as_deref(), region, "{profile}");
        }
        assert_eq!(configured_region("region = a\n[default]\nregion =\n", "default"), None);
    }
}
