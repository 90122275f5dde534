//! The machine that was measured on, in general terms.

use std::fs;

/// `2 cores, 24 GB of memory, Linux`.
pub fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|it| total(&it));
    let memory = memory.map(|it| format!(", {it} GB of memory")).unwrap_or_default();
    format!("{cores} cores{memory}, {}, {}", std::env::consts::OS, std::env::consts::ARCH)
}

fn total(meminfo: &str) -> Option<u64> {
    let kilobytes = meminfo.lines().find_map(|it| it.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = kilobytes.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((kilobytes as f64 / 1e6).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory() {
        assert_eq!(total("MemTotal:       24608308 kB\nMemFree: 1 kB\n"), Some(25));
    }
}
