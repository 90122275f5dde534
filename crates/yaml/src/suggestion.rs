//! Did you mean …?

/// A sentence that suggests the nearest known name, if one is near.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|it| format!("did you mean `{it}`?"))
}

fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A text this long is not a misspelt name.
    const LONGEST: usize = 64;
    let length = written.chars().count();
    if length > LONGEST {
        return None;
    }
    let simple = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let written = simple(written);
    known
        .into_iter()
        .filter(|it| it.len().abs_diff(written.len()) <= LONGEST)
        .map(|it| (distance(&written, &simple(it)), it))
        .filter(|(distance, it)| *distance <= length.min(it.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// A plural or a cut word is near, however long what is missing.
fn distance(left: &str, right: &str) -> usize {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if short.len() >= 3 && long.starts_with(short) {
        return 1;
    }
    strsim::osa_distance(left, right)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(written: &str, known: &[&str], expected: Expect) {
        expected.assert_eq(did_you_mean(written, known.iter().copied()).as_deref().unwrap_or("nothing"));
    }

    #[test]
    fn near_and_far() {
        check("uplaod", &["upload", "presign"], expect!["did you mean `upload`?"]);
        check("bucket", &["buckets", "apis"], expect!["did you mean `buckets`?"]);
        check("userPools", &["buckets", "user_pools"], expect!["did you mean `user_pools`?"]);
        check("env", &["environment", "envs"], expect!["did you mean `environment`?"]);
        check("x", &["y", "web"], expect!["did you mean `y`?"]);
        check("", &["a"], expect!["nothing"]);
    }
}
