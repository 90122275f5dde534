//! Several runs at once, and the lock between them.

mod lock;
mod together;

use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    let all = [lock::trials(), together::trials()];
    all.into_iter().flatten().collect()
}
