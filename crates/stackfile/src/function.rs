//! A Lambda function.

pub mod builtin;
pub mod code;
pub mod reach;
pub mod runtime;
pub mod source;

use std::collections::BTreeMap;

pub use self::{
    builtin::Builtin,
    code::{BOOTSTRAP, Bundle, CodePath, Handler, ShellCommand},
    runtime::{Day, Language, Runtime},
    source::Source,
};

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    bucket::Bucket,
    environment::{self, Variables},
    grants::{BucketGrants, Grants},
    read::{
        choice::choice,
        kind::Kind,
        reader::Reader,
        record::record,
        reference::{Named, RefTo},
    },
    values::{
        names::{EnvironmentKey, FunctionName, LogicalName, RoleName},
        range::{Lasting, Sized},
        units::{Megabytes, RetentionDays, Seconds},
    },
};

record! {
    "a function";
    /// A Lambda function: a function inside stackctl, a package of this cargo workspace, or code in another language.
    pub struct Function {
        /// Its name in AWS, when it is not the computed one.
        pub name: Option<FunctionName>,
        /// The processor it runs on. Default: x86_64.
        pub architecture: Architecture = "x86_64",
        /// 128 to 10,240 MB. Default: 128.
        pub memory: Megabytes as Sized<128, 10_240> = "128",
        /// 1 to 900 s. Default: 5 s.
        pub timeout: Seconds as Lasting<1, 900> = "5s",
        /// Environment variables of the file (the stack adds `BUCKET_{NAME}` for each granted bucket).
        pub environment: BTreeMap<EnvironmentKey, String> as Variables,
        /// The operations on each bucket's objects that it may do.
        pub buckets: BTreeMap<LogicalName, BucketGrants> as BTreeMap<RefTo<Bucket>, Grants>,
        /// The role that it runs as, when others made it: `{ existing: NAME }`. Default: a role of its own, with the
        /// grants of `buckets`.
        pub role: Option<FunctionRole>,
        /// How long its logs are kept. Default: 30 days.
        pub log_retention: RetentionDays = "30d",
    }
    group {
        /// Where its code comes from.
        pub source: Source,
    }
    check = |it: &Function, node: &Node, reader: &mut Reader<'_>| {
        environment::check(&it.environment, &it.buckets, node, reader);
        match it.source {
            Source::Builtin(_) => {
                environment::check_limits(&it.environment, node, reader);
                for bucket in it.buckets.iter().filter(|(_, grants)| grants.read.is_some()).map(|(name, _)| name) {
                    let span = node.key_span_at(&["buckets", bucket.as_str(), "read"]);
                    let label = "the built-in function reads where it writes";
                    let problem = Problem::new(span, "`read` of a built-in function", label);
                    reader.tell(problem.help("take it away; `access` of the bucket says who may read what"));
                }
            }
            Source::Package { .. } | Source::Code(_) => {}
        }
    };
}

record! {
    "a role";
    /// The role that a function runs as.
    pub struct FunctionRole {
        /// The name of a role that others made, without its path. The stack uses it, and changes and deletes nothing of it.
        pub existing: RoleName,
    }
}

impl Named for Function {
    const KIND: Kind = Kind::Function;
}

choice! {
    "an architecture";
    /// A processor architecture of Lambda.
    #[derive(Default)]
    pub enum Architecture {
        /// `x86_64`. The default.
        #[default]
        X86_64 = "x86_64",
        /// `arm64`.
        Arm64 = "arm64",
    }
}
