//! A Lambda function of this workspace, written in Rust.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    names::{EnvironmentKey, FunctionName, LogicalName, PackageName},
    units::{Megabytes, RetentionDays, Seconds},
};

/// A Lambda function on `provided.al2023`, built from a package of this cargo workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name in AWS, when it is not the computed one.
    pub name: Option<FunctionName>,
    /// The cargo package whose binary is the function.
    pub package: PackageName,
    /// The cargo profile it is built with. Default: `release`.
    pub profile: PackageName,
    /// The processor it runs on. Default: x86_64.
    pub architecture: Architecture,
    /// 128 to 10,240 MB. Default: 128.
    pub memory: Megabytes,
    /// 1 to 900 s. Default: 5 s.
    pub timeout: Seconds,
    /// Environment variables of the file (the stack adds `BUCKET_{NAME}` for each granted bucket).
    pub environment: BTreeMap<EnvironmentKey, String>,
    /// What it may do with which bucket's objects.
    pub buckets: BTreeMap<LogicalName, BTreeSet<Grant>>,
    /// How long its logs are kept. Default: 30 days.
    pub log_retention: RetentionDays,
}

/// A processor architecture of Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Architecture {
    /// `x86_64`. The default.
    #[default]
    X86_64,
    /// `arm64`.
    Arm64,
}

/// What a function may do with the objects of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// `put`: s3:PutObject.
    Put,
    /// `get`: s3:GetObject.
    Get,
    /// `list`: s3:ListBucket on the bucket.
    List,
    /// `delete`: s3:DeleteObject.
    Delete,
    /// `multipart`: s3:PutObject, s3:AbortMultipartUpload, s3:ListMultipartUploadParts.
    Multipart,
}

impl Grant {
    /// The grant as the file writes it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Grant::Put => "put",
            Grant::Get => "get",
            Grant::List => "list",
            Grant::Delete => "delete",
            Grant::Multipart => "multipart",
        }
    }
}
