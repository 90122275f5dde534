//! What of `stackctl-aws` takes things apart, without the AWS SDK: that would be most of the build, and none of these
//! needs it.

#![allow(dead_code)]

#[path = "../../crates/aws/src/account.rs"]
mod account;
#[path = "../../crates/aws/src/fuzzing.rs"]
pub mod fuzzing;
#[path = "../../crates/aws/src/policy.rs"]
mod policy;
#[path = "../../crates/aws/src/srp.rs"]
mod srp;
#[path = "../../crates/aws/src/tags.rs"]
mod tags;

mod kinds {
    #[path = "../../../crates/aws/src/kinds/function"]
    pub mod function {
        pub mod policy;
    }
}

#[path = "../../crates/aws/src/verify"]
mod verify {
    pub mod forged;
}
