//! What stackctl writes into a project: outputs, and the files of `init`.

mod init;
mod outputs;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [outputs::trials(cloud), init::trials(cloud)].into_iter().flatten().collect()
}
