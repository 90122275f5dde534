//! Response templates, as the local cloud evaluates them.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    stackctl_gateway::fuzzing::template(text);
});
