//! The presign function beside the same job in Node.js and in std alone, each a process on a Lambda runtime API of
//! our own: `GET /` of a signed-in caller.

mod answer;
mod event;
mod http;
mod life;
mod report;
mod variant;

use std::{
    fs::{self, File},
    io::{self, Cursor, Write},
    path::Path,
    process::{Command, Stdio},
};

use zip::{ZipWriter, write::SimpleFileOptions};

use self::{
    life::{Life, live},
    variant::{CALLS, STARTS, Variant},
};
use crate::section::Section;

/// Measures all of it; `target` is the folder that `make bench` builds into.
///
/// # Errors
/// A program that is missing, fails, or answers something else.
pub fn section(target: &Path) -> io::Result<Section> {
    let target = fs::canonicalize(target)?;
    let built = target.join("lambda");
    let [function, floor] = ["presign", "presign-floor"].map(|name| built.join(name));
    let handler = target.join("bench/handler.cjs");
    let node = [Path::new("node"), Path::new("crates/bench/node-presign/runtime.js"), &handler];
    let courses: [(_, &[&Path], &Path); 3] = [
        ("this function", &[&function], &function),
        ("Node.js", &node, &handler),
        ("std alone", &[&floor], &floor),
    ];
    let mut variants = Vec::new();
    for (name, _, deployed) in &courses {
        variants.push(Variant { name, sizes: sizes(deployed)?, lives: Vec::new() });
    }
    let log = built.join("presign.log");
    let mut same = None;
    for _ in 0..STARTS {
        for (variant, (name, program, _)) in variants.iter_mut().zip(&courses) {
            let life = one(program, &log).map_err(|error| io::Error::other(format!("{name}: {error}")))?;
            for answer in &life.answers {
                let meaning = answer::meaning(answer).map_err(io::Error::other)?;
                if *same.get_or_insert_with(|| meaning.clone()) != meaning {
                    return Err(io::Error::other(format!("{name} answers {meaning:?}, not {same:?}")));
                }
            }
            variant.lives.push(life);
        }
    }
    let [function, node, floor] =
        <[Variant; 3]>::try_from(variants).map_err(|_| io::Error::other("three"))?;
    Ok(Section { name: "presign", text: report::text(&function, &node, &floor, &node_version()?) })
}

fn one(program: &[&Path], log: &Path) -> io::Result<Life> {
    let (first, more) = program.split_first().ok_or_else(|| io::Error::other("no program"))?;
    let mut command = Command::new(first);
    command.args(more).env_clear().envs(event::environment());
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    let output = File::create(log)?;
    command.stdin(Stdio::null()).stderr(output.try_clone()?).stdout(output);
    live(&mut command, &event::event().to_string(), CALLS).map_err(|error| {
        let said = fs::read_to_string(log).unwrap_or_default();
        let said = said.lines().rev().take(5).collect::<Vec<_>>().join("\n");
        io::Error::other(format!("{error}\n{said}"))
    })
}

fn sizes(deployed: &Path) -> io::Result<(usize, usize)> {
    let missing = |error| io::Error::other(format!("{}: {error}", deployed.display()));
    let bytes = fs::read(deployed).map_err(missing)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // As stackctl makes it.
    let options = SimpleFileOptions::default().compression_level(Some(9));
    zip.start_file("bootstrap", options).map_err(io::Error::other)?;
    zip.write_all(&bytes)?;
    let zipped = zip.finish().map_err(io::Error::other)?.into_inner();
    Ok((bytes.len(), zipped.len()))
}

fn node_version() -> io::Result<String> {
    let output = Command::new("node").arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
