//! Requests, as the local cloud recognises them.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_gateway::fuzzing::request(text);
});
