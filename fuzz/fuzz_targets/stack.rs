//! `stack.yaml`, as text.

#![no_main]

#[path = "../../crates/stackfile/tests/any_input/answer.rs"]
mod answer;

libfuzzer_sys::fuzz_target!(|text: &str| {
    answer::check(text);
});
