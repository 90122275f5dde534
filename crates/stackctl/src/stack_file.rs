//! Reads `stack.yaml`.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use stackctl_package::{CodePlace, Packages};
use stackctl_stackfile::{scalar::Invalid, stack::Stack};

use crate::{cloud::local, error::Error, options::Global, report::Report};

/// A checked stack, and the folder that its file is in.
pub struct StackFile {
    /// The stack.
    pub stack: Stack,
    /// The folder of the file, in which its cargo workspace is searched.
    pub folder: PathBuf,
}

impl StackFile {
    /// Reads and checks the file, and reports all its problems.
    ///
    /// # Errors
    /// A file that can't be read, or has problems.
    pub fn read(global: &Global, report: &mut Report) -> Result<StackFile, Error> {
        let path = &global.file;
        let text = text(path).map_err(|source| Error::NoFile { path: path.clone(), source })?;
        let mut stack = stackctl_stackfile::parse(&text, global.env.as_deref()).map_err(|problems| {
            report.problems(&problems, path);
            Error::Problems { path: path.clone(), count: problems.len() }
        })?;
        if let Some(region) = &global.region {
            stack.region = region.parse().map_err(|invalid: Invalid| Error::Usage {
                what: format!("--region {region}: {}", invalid.why),
                hint: invalid.fix.unwrap_or_else(|| "a region looks like eu-west-1".to_owned()),
            })?;
        }
        if let Some(doubt) = stack.region.doubt() {
            report.progress(&doubt);
        }
        Ok(StackFile { stack, folder: folder(path) })
    }

    /// The packages of its functions.
    pub fn packages(&self) -> Packages {
        let folder = self.folder.clone();
        let cache = local::cache().unwrap_or_else(|_| folder.join("target").join("stackctl"));
        // No function is inside yet.
        Packages::new(&self.stack, CodePlace { folder, cache: cache.join("builds"), builtins: |_, _| None })
    }

    /// Reads the file without a report; none when it is missing or has problems.
    pub fn quietly(global: &Global) -> Option<StackFile> {
        let stack = stackctl_stackfile::parse(&text(&global.file).ok()?, global.env.as_deref()).ok()?;
        Some(StackFile { stack, folder: folder(&global.file) })
    }
}

fn text(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    // One byte more than the limit shows that the file is too large.
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(stackctl_stackfile::MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > stackctl_stackfile::MOST_BYTES {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}

fn folder(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}
