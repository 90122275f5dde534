//! `stack.yaml`: text to a checked [`Stack`](stack::Stack), or to problems shown in the text.

pub mod api;
pub mod bucket;
mod choice;
mod computed_names;
mod environment;
pub mod function;
pub mod names;
pub mod origin;
mod overlay;
mod parse;
pub mod problem;
mod range;
mod read;
mod record;
mod reference;
mod route;
mod routes;
pub mod scalar;
mod schema;
mod source;
pub mod stack;
mod suggestion;
mod syntax_error;
mod tags;
pub mod units;
pub mod user_pool;
mod yaml;

pub use parse::parse;
pub use problem::Problem;
pub use schema::schema;
pub use yaml::MOST_BYTES;
