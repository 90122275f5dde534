//! `.gitignore`: the lines that it lacks.

/// The text of `.gitignore` with these paths in it; none when it has them all.
pub fn with(text: &str, paths: &[&str]) -> Option<String> {
    let missing: Vec<&str> = paths.iter().copied().filter(|path| !ignores(text, path)).collect();
    if missing.is_empty() {
        return None;
    }
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = text.to_owned();
    if !new.is_empty() && !new.ends_with('\n') {
        new += line_break;
    }
    for path in missing {
        new += path;
        new += line_break;
    }
    Some(new)
}

/// Whether a line ignores the path: its name, or a pattern with stars. No line with `!` is considered.
fn ignores(text: &str, path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    text.lines().map(str::trim).filter(|it| !it.starts_with(['#', '!']) && !it.is_empty()).any(|pattern| {
        let pattern = pattern.trim_end_matches('/').trim_start_matches('/');
        pattern == path.trim_end_matches('/') || (!pattern.contains('/') && matches(pattern, name))
    })
}

/// Whether a pattern without `?` and `[` matches the whole name.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => {
            let Some(name) = name.strip_prefix(start) else { return false };
            let rest = rest.trim_start_matches('*');
            (0..=name.len()).any(|at| name.is_char_boundary(at) && matches(rest, &name[at..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing() {
        for has in
            [".env.local", "*.local", "/.env.local", ".env*", ".env.*", ".env*.local", "a\n.env.local  \nb"]
        {
            assert_eq!(with(has, &[".env.local"]), None, "{has}");
        }
        for lacks in ["# .env.local", ".env", "*.locale", ".env.*.local", "!.env.local", "web/.env.local"] {
            assert_eq!(with(lacks, &[".env.local"]), Some(format!("{lacks}\n.env.local\n")), "{lacks}");
        }
        assert_eq!(with("", &["node_modules/"]).as_deref(), Some("node_modules/\n"));
        assert_eq!(
            with("node_modules\r\n", &["node_modules/", "dist/"]).as_deref(),
            Some("node_modules\r\ndist/\r\n")
        );
        assert_eq!(with("src/a.ts\n", &["src/a.ts"]), None);
    }
}
