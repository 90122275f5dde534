//! Lambda: the kind `function`, and the kinds that each function has: `role`, `log_group` and `secret`.

pub mod existing_function;
pub mod existing_role;
pub mod function;
pub mod function_listing;
pub mod log_group;
pub mod role;
pub mod secret;
