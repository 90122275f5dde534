//! Values that are written as one piece of text and parsed into a type of their own.

use std::{fmt, str::FromStr};

use serde_json::Value as Json;
use stackctl_yaml::{
    problem::{Problem, Span},
    tree::Node,
};

use crate::read::{
    definitions::Definitions,
    reader::{Read, Reader},
};

/// Text that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The wanted type, with an article: `a duration`.
    pub what: &'static str,
    /// Why it is not.
    pub why: String,
    /// A way out.
    pub fix: Option<String>,
}

impl Invalid {
    /// The text as a problem of the file.
    pub(crate) fn at(self, span: Span) -> Problem {
        let Invalid { what, why, fix } = self;
        Problem { help: fix, ..Problem::new(span, format!("not {what}"), why) }
    }

    pub(crate) fn fix(self, fix: impl Into<String>) -> Invalid {
        Invalid { fix: Some(fix.into()), ..self }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Invalid { what, why, fix } = self;
        write!(out, "not {what}: {why}")?;
        fix.iter().try_for_each(|fix| write!(out, "; {fix}"))
    }
}

impl std::error::Error for Invalid {}

/// A type that is written as one piece of text.
pub(crate) trait Scalar: FromStr<Err = Invalid> {
    /// The name of the type, with an article.
    const WHAT: &'static str;

    /// Its JSON Schema, for editors.
    fn schema() -> Json;

    fn invalid(why: impl Into<String>) -> Invalid {
        Invalid { what: Self::WHAT, why: why.into(), fix: None }
    }
}

/// Reads a text of the file; the error suggests a small change that makes the text right, where there is one.
pub(crate) fn parse<T: Scalar>(text: &str) -> Result<T, Invalid> {
    text.parse::<T>().map_err(|invalid| {
        if text.contains("${") {
            let why = "the file has no interpolation".to_owned();
            let fix = "write the value itself; what differs between environments stands under `envs`";
            return Invalid { why, ..invalid }.fix(fix);
        }
        if invalid.fix.as_ref().is_some_and(|it| it.starts_with("write `")) {
            return invalid;
        }
        match nearly(text).into_iter().find(|it| it != text && it.parse::<T>().is_ok()) {
            Some(right) => invalid.fix(format!("write `{right}`")),
            None => invalid,
        }
    })
}

/// The text with one slip corrected: its case, its separators, the spelling of its unit.
fn nearly(text: &str) -> Vec<String> {
    let (lower, upper) = (text.to_lowercase(), text.to_uppercase());
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let joined = text.replace(['_', ','], "");
    let mut all = vec![lower.clone(), upper.clone(), lower.replace(['_', ' ', '\u{2013}'], "-")];
    all.push(text.trim_matches(['“', '”', '‘', '’', '"', '\'', ' ']).to_owned());
    all.extend(upper.strip_suffix("IB").map(|it| format!("{it}B")));
    all.extend(upper.strip_suffix('I').map(|it| format!("{it}B")));
    all.extend(is_number(upper.trim_end_matches(['K', 'M', 'G'])).then(|| format!("{upper}B")));
    all.extend(is_number(&joined).then_some(joined));
    all.extend(is_number(text).then(|| format!("{text}d")));
    for (word, unit) in
        [("second", "s"), ("sec", "s"), ("minute", "m"), ("min", "m"), ("hour", "h"), ("day", "d")]
    {
        let number = lower.trim_end_matches('s').strip_suffix(word).map(str::trim_end);
        all.extend(number.filter(|it| is_number(it)).map(|it| format!("{it}{unit}")));
    }
    all
}

impl<T: Scalar> Read for T {
    type Value = T;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<T> {
        let text = reader.text(node, T::WHAT)?;
        match parse::<T>(text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                reader.tell(invalid.at(node.span));
                None
            }
        }
    }

    fn schema(_: &mut Definitions) -> Json {
        <T as Scalar>::schema()
    }
}

/// `TryFrom<&str>` for types that have `FromStr`.
macro_rules! from_text {
    ($($type:ty),* $(,)?) => {$(
        impl TryFrom<&str> for $type {
            type Error = $crate::read::scalar::Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    )*};
}
pub(crate) use from_text;
