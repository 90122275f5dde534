//! The functions inside stackctl.

use std::{fmt, str::FromStr};

use serde_json::Value as Json;

use crate::read::{
    choice::choice,
    scalar::{Invalid, Scalar, from_text},
};

/// A function that is inside stackctl.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Builtin {
    /// Signs URLs for uploads, downloads, lists and deletes of the caller's own files.
    Presign,
    /// Posts the events of a bucket to a web server; a bucket's `webhook` adds it.
    Webhook,
}

choice! {
    "a built-in function";
    /// A function inside stackctl that the file may name.
    pub enum Offered {
        /// Signs URLs for uploads, downloads, lists and deletes of the caller's own files.
        Presign = "presign",
    }
}

impl Builtin {
    /// The name of its package.
    pub fn as_str(&self) -> &'static str {
        match self {
            Builtin::Presign => Offered::Presign.as_str(),
            Builtin::Webhook => "webhook",
        }
    }
}

impl fmt::Display for Builtin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Builtin {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Builtin, Invalid> {
        if text == "webhook" {
            let why = "the webhook belongs to a bucket";
            return Err(
                Builtin::invalid(why).fix("write `webhook: { url: https://… }` below the bucket instead")
            );
        }
        match text.parse()? {
            Offered::Presign => Ok(Builtin::Presign),
        }
    }
}

impl Scalar for Builtin {
    const WHAT: &'static str = Offered::WHAT;

    fn schema() -> Json {
        Offered::schema()
    }
}

from_text!(Builtin);
