//! OpenAPI documents, as the local cloud imports them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackctl_gateway::fuzzing::openapi(bytes);
});
