//! Policies, as IAM and as Lambda return them.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_aws_data::fuzzing::role_policy(text);
    stackctl_aws_data::fuzzing::function_policy(text);
});
