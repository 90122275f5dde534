//! What commands report: the data of all but plans and runs, in `text` what it looks like for people, in `json` the lines of
//! the whole report for programs; a plan in a file, and the timeline of a run.

pub mod added_user;
pub mod exported;
pub mod json;
pub mod marking;
pub mod outputs_file;
pub mod reviewed;
pub mod score;
pub mod status;
pub mod text;
pub mod trace;
