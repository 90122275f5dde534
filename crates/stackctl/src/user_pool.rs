//! The user pool that a command is about.

pub mod membership;
mod session;

use clap::Args;
use stackctl_stackfile::{names::LogicalName, stack::Stack, user_pool::UserPool};

pub use self::session::PoolSession;
use crate::error::Error;

/// The option that names a user pool.
#[derive(Debug, Args)]
pub struct PoolOption {
    /// The user pool; not needed when the stack has one
    #[arg(long, value_name = "NAME")]
    pool: Option<String>,
}

impl PoolOption {
    /// The pool of this name; without a name, the stack's only one.
    ///
    /// # Errors
    /// A stack without such a pool, and one with several when none is named.
    pub fn find<'a>(&self, stack: &'a Stack) -> Result<(&'a LogicalName, &'a UserPool), Error> {
        let names: Vec<&str> = stack.user_pools.keys().map(LogicalName::as_str).collect();
        let wrong = |what: String, hint: String| Err(Error::Usage { what, hint });
        let mut pools = stack.user_pools.iter();
        match (&self.pool, pools.len()) {
            (_, 0) => {
                wrong("stack.yaml has no user pool".to_owned(), "add one under `user_pools:`".to_owned())
            }
            (None, 1) => Ok(pools.next().expect("there is one")),
            (None, _) => wrong(
                "stack.yaml has several user pools".to_owned(),
                format!("use --pool {}", names.join(", or --pool ")),
            ),
            (Some(asked), _) => match pools.find(|(name, _)| name.as_str() == asked) {
                Some(found) => Ok(found),
                None => wrong(
                    format!("stack.yaml has no user pool `{asked}`"),
                    format!("its user pools: {}", names.join(", ")),
                ),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(pools: &str) -> Stack {
        let text = format!("stack: demo\nregion: eu-west-1\nuser_pools: {pools}\n");
        stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"))
    }

    fn said(result: Result<impl Sized, Error>) -> String {
        match result {
            Ok(_) => "fine".to_owned(),
            Err(error) => format!("{error}; {}", error.hint().unwrap_or_default()),
        }
    }

    #[test]
    fn which_pool() {
        let find = |pools: &str, asked: Option<&str>| {
            let stack = stack(pools);
            let pool = PoolOption { pool: asked.map(str::to_owned) };
            said(pool.find(&stack))
        };
        assert_eq!(find("{}", None), "stack.yaml has no user pool; add one under `user_pools:`");
        assert_eq!(find("{a: {}}", None), "fine");
        assert_eq!(find("{a: {}, b: {}}", Some("b")), "fine");
        assert_eq!(
            find("{a: {}, b: {}}", None),
            "stack.yaml has several user pools; use --pool a, or --pool b"
        );
        assert_eq!(
            find("{a: {}, b: {}}", Some("c")),
            "stack.yaml has no user pool `c`; its user pools: a, b"
        );
    }
}
