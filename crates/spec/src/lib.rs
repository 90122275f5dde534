//! `stack.yaml`: text to a checked [`Stack`](stack::Stack), or to problems shown in the text.

pub mod api;
pub mod bucket;
pub mod function;
pub mod names;
pub mod origin;
pub mod stack;
pub mod units;
pub mod user_pool;
