//! The cost of the program itself: its size, and the time of commands that need no cloud.

pub mod fresh;
pub mod saved;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{child, section::Section, spread::Spread, table::Table};

const RUNS: usize = 30;

/// Measures it; `program` is the release binary, `file` a stack.yaml.
///
/// # Errors
/// A program that fails.
pub fn section(program: &Path, file: &Path) -> io::Result<Section> {
    let mut table = Table::new(&["", "wall ms", "CPU ms", "peak MB", "target"]);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    for arguments in [&["--version"][..], &["validate", "--file", &name]] {
        let [mut wall, mut cpu, mut peak] = [const { Vec::new() }; 3];
        for _ in 0..RUNS {
            let mut command = Command::new(program);
            command.args(arguments).env_clear().current_dir(folder(file)?);
            let ran = child::run(&mut command)?;
            wall.push(ran.wall.as_secs_f64() * 1000.0);
            cpu.push(ran.cpu.as_secs_f64() * 1000.0);
            peak.push(ran.peak as f64 / 1e6);
        }
        let text = |measured: &[f64]| Spread::of(measured).map_or_else(String::new, |it| format!("{it:.1}"));
        let command = format!("`stackctl {}`", arguments.join(" "));
        table.row(&[command, text(&wall), text(&cpu), text(&peak), "under 10 ms".to_owned()]);
    }
    let size = fs::metadata(program)?.len() as f64 / 1e6;
    let text = format!(
        "## The program itself\n\nThe stripped release binary has {size:.1} MB; the target is under 22 MB. {RUNS} \
         runs each, median (least–greatest).\n\n{table}"
    );
    Ok(Section { name: "client", text })
}

fn folder(file: &Path) -> io::Result<PathBuf> {
    let file = fs::canonicalize(file)?;
    Ok(file.parent().map_or_else(PathBuf::new, Path::to_owned))
}
