//! The kinds of resources of AWS, the graph of a stack, and its outputs.

pub mod outputs;
pub mod session;
pub mod wiring;

/// One module per kind of resource.
pub mod kinds {
    pub mod existing_function;
    pub mod existing_role;
    pub mod function;
    pub mod function_listing;
    pub mod log_group;
    pub mod notification;
    pub mod role;
    pub mod secret;
}
