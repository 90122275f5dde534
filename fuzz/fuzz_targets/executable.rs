//! Executables, before they are sent to Lambda.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    stackctl_package::fuzzing::executable(bytes);
});
