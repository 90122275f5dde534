//! The operation that tells whose account it is.

use crate::request::operation::{ALL, ANYTHING, Service, operations};

/// AWS Security Token Service.
static STS: Service = Service::new();

operations! {
    &STS;
    GET_CALLER_IDENTITY = "sts:GetCallerIdentity": ALL ["sts:GetCallerIdentity"] ANYTHING;
}
