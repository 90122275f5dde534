//! Values that are written as one piece of text and parsed into a type of their own.

use std::{fmt, str::FromStr};

use serde_json::Value as Json;

use crate::{
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
    },
    text::{
        problem::{Problem, Span},
        yaml::Node,
    },
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

impl<T: Scalar> Read for T {
    type Value = T;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<T> {
        let text = reader.text(node, T::WHAT)?;
        match text.parse() {
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
