//! Cognito's challenge of SRP.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_aws_data::fuzzing::challenge(text);
});
