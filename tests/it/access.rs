//! Credentials, permissions and users.

mod credentials;
mod grants;
pub mod people;
pub mod policy;

use libtest_mimic::Trial;

use crate::harness::cloud::Cloud;

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let all =
        [credentials::trials(cloud), grants::trials(cloud), people::trials(cloud), policy::trials(cloud)];
    all.into_iter().flatten().collect()
}
