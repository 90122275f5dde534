//! The operation by which IAM simulates policies.

use stackctl_aws::kinds::role::operations::IAM;
use stackctl_aws_client::request::operation::operations;

operations! {
    &IAM;
    // For those who may: no policy of `stackctl policy` has it.
    SIMULATE_PRINCIPAL_POLICY = "iam:SimulatePrincipalPolicy";
}
