//! What stackctl writes into a project: outputs, the files of `init`, and plans.

mod init;
mod outputs;
mod reviewed;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    [outputs::trials(cloud), init::trials(cloud), reviewed::trials(cloud)].into_iter().flatten().collect()
}
