//! Lists the sources of the page in `web/` for `src/page.rs`: the files that it is built from, without its tests.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

const FILES: [&str; 5] = ["index.html", "package.json", "policy.ts", "tsconfig.json", "vite.config.ts"];
const FOLDERS: [&str; 4] = ["packages/react/src", "packages/uploads/src", "public", "src"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    let mut paths = FILES.map(str::to_owned).to_vec();
    for folder in FOLDERS {
        list(&web, folder, &mut paths)?;
    }
    paths.sort();
    let pair = |path: &String| format!("({path:?}, include_str!({:?})),\n", web.join(path));
    let text = format!("&[\n{}]\n", paths.iter().map(pair).collect::<String>());
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sources.rs"), text)?;
    for path in FILES.iter().chain(&FOLDERS) {
        println!("cargo::rerun-if-changed={}", web.join(path).display());
    }
    Ok(())
}

/// Adds the files below a folder of `web`, with their paths from `web`, without those of editors and systems.
fn list(web: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(web.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::ErrorKind::InvalidFilename)?;
        let path = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            list(web, &path, paths)?;
        } else if !name.starts_with('.') && !name.ends_with('~') {
            paths.push(path);
        }
    }
    Ok(())
}
