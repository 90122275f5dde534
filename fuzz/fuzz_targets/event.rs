//! API Gateway's event, as the presign function takes it.

#![no_main]

#[path = "../../lambda/presign/tests/it/answered.rs"]
mod answered;
#[allow(dead_code)]
#[path = "../../lambda/presign/tests/it/asking.rs"]
mod asking;

libfuzzer_sys::fuzz_target!(|event: &[u8]| {
    if let Ok(event) = serde_json::from_slice(event) {
        answered::check(&event);
    }
});
