//! What commands report besides plans and runs: the data, and in `text` what it looks like for people; the timeline of a run.

pub mod added_user;
pub mod exported;
pub mod outputs_file;
pub mod status;
pub mod text;
pub mod trace;
