//! Policies, as IAM and as Lambda return them.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_fuzz::fuzzing::role_policy(text);
    stackctl_fuzz::fuzzing::function_policy(text);
});
