//! presign
fn main() {}
