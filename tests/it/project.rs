//! What stackctl does in a project: it writes outputs, the files of `init`, and plans, and `dev` applies what is saved.

mod dev;
mod init;
mod outputs;
mod reviewed;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [outputs::trials(cloud), init::trials(cloud), reviewed::trials(cloud), dev::trials(cloud)]
        .into_iter()
        .flatten()
        .collect()
}
