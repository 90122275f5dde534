//! Tokens of Cognito, as `verify` and the local cloud take them apart.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_aws_data::fuzzing::token(text);
    stackctl_gateway::fuzzing::token(text);
});
