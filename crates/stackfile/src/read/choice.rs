//! One word out of a few.

use serde_json::{Value as Json, json};
use stackctl_yaml::suggestion::did_you_mean;

use crate::read::scalar::{Invalid, Scalar};

/// Declares an enum whose variants are words of the file: how they are read, written and described.
macro_rules! choice {
    (
        $what:literal;
        $(#[doc = $enum_doc:literal])*
        $(#[derive($($derive:ident),*)])?
        pub enum $name:ident {$(
            $(#[doc = $doc:literal])*
            $(#[default $($default:tt)?])?
            $variant:ident = $word:literal,
        )*}
    ) => {
        $(#[doc = $enum_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord $($(, $derive)*)?)]
        pub enum $name {$(
            $(#[doc = $doc])*
            $(#[default $($default)?])?
            $variant,
        )*}

        impl $name {
            const WORDS: &[$crate::read::choice::Word<$name>] =
                &[$($crate::read::choice::Word { value: $name::$variant, word: $word, doc: concat!($($doc, "\n"),*) }),*];

            /// All of them, in the order of their declaration.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The word as the file writes it.
            pub fn as_str(&self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::read::scalar::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::read::choice::choose(text, $name::WORDS)
            }
        }

        $crate::read::scalar::from_text!($name);

        impl $crate::read::scalar::Scalar for $name {
            const WHAT: &'static str = $what;

            fn schema() -> serde_json::Value {
                $crate::read::choice::schema($name::WORDS)
            }
        }
    };
}
pub(crate) use choice;

/// A word and what it means.
pub(crate) struct Word<T> {
    pub(crate) value: T,
    pub(crate) word: &'static str,
    pub(crate) doc: &'static str,
}

pub(crate) fn choose<T: Copy + Scalar>(text: &str, words: &[Word<T>]) -> Result<T, Invalid> {
    if let Some(found) = words.iter().find(|it| it.word == text) {
        return Ok(found.value);
    }
    let known = || words.iter().map(|it| it.word);
    let all = || format!("one of: {}", known().collect::<Vec<_>>().join(", "));
    Err(T::invalid("no such word is known here").fix(did_you_mean(text, known()).unwrap_or_else(all)))
}

pub(crate) fn schema<T>(words: &[Word<T>]) -> Json {
    let described: Vec<Json> = words
        .iter()
        .map(|Word { value: _, word, doc }| json!({ "const": word, "description": doc.trim() }))
        .collect();
    json!({ "oneOf": described })
}
