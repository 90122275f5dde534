//! Media types, as a page calls its files.

#![no_main]

#[allow(dead_code)]
#[path = "../../lambda/presign/tests/it/media_types.rs"]
mod media_types;

libfuzzer_sys::fuzz_target!(|text: &str| {
    media_types::check(text);
});
