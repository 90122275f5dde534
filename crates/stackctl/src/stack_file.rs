//! Reads the stack file.

pub mod place;

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use stackctl_package::{CodePlace, FileText, Packages};
use stackctl_results::reviewed::PlanSource;
use stackctl_stackfile::{Problem, function::Day, names::RegionName, scalar::Invalid, stack::Stack};

use crate::{cloud::local, error::Error, options::Global, report::Report};

/// The path that means stdin.
const STDIN: &str = "-";

/// A checked stack, and the place of its file.
pub struct StackFile {
    /// The stack.
    pub stack: Stack,
    /// The file, or `stdin`.
    pub path: PathBuf,
    /// The folder of the file, in which its cargo workspace is searched. For stdin, the folder in which the command runs.
    pub folder: PathBuf,
    text: String,
    env: Option<String>,
    local: bool,
}

impl StackFile {
    /// Finds, reads and checks the file, and reports all its problems.
    ///
    /// # Errors
    /// A file that is not found, can't be read, or has problems.
    pub fn read(global: &Global, report: &mut Report) -> Result<StackFile, Error> {
        let place = place(global)?;
        if global.file.is_none() && place.folder != Path::new(".") {
            report.progress(&format!("using {}", place.path.display()));
        }
        let path = place.path.clone();
        let file = StackFile::at(place, global).map_err(|unread| match unread {
            Unread::Error(error) => error,
            Unread::Problems(problems) => {
                report.problems(&problems, &path);
                Error::Problems { path, count: problems.len() }
            }
        })?;
        accept(&file.stack.region, global)?;
        Ok(file)
    }

    /// Finds, reads and checks the file, without a report.
    ///
    /// # Errors
    /// A file that is not found, can't be read, or has problems.
    pub fn silently(global: &Global) -> Result<StackFile, Error> {
        let place = place(global)?;
        let path = place.path.clone();
        StackFile::at(place, global).map_err(|unread| match unread {
            Unread::Error(error) => error,
            Unread::Problems(problems) => Error::Problems { path, count: problems.len() },
        })
    }

    fn at(Place { path, folder, is_stdin }: Place, global: &Global) -> Result<StackFile, Unread> {
        let text = text(&path, is_stdin)
            .map_err(|source| Unread::Error(Error::NoFile { path: path.clone(), source }))?;
        let mut stack = stackctl_stackfile::parse(&text, global.env.as_deref()).map_err(Unread::Problems)?;
        if let Some(region) = &global.region {
            stack.region = region.parse().map_err(|invalid: Invalid| {
                Unread::Error(Error::Usage {
                    what: format!("--region {region}: {}", invalid.why),
                    hint: invalid.fix.unwrap_or_else(|| "a region looks like eu-west-1".to_owned()),
                })
            })?;
        }
        Ok(StackFile { stack, path, folder, text, env: global.env.clone(), local: global.local })
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The file as the source of a plan.
    pub fn plan_source(&self) -> PlanSource<'_> {
        PlanSource { stack: &self.stack, path: &self.path, text: &self.text, env: self.env() }
    }

    /// The environment whose overlay is merged over the file.
    pub fn env(&self) -> Option<&str> {
        self.env.as_deref()
    }

    /// The code of its functions. What a build needs is checked, and all that is missing is reported.
    ///
    /// # Errors
    /// A function whose code can't be built here.
    pub async fn packages(&self, report: &mut Report) -> Result<Packages, Error> {
        let missing = self.missing().await;
        if missing.is_empty() {
            self.warnings().iter().for_each(|it| report.progress(&format!("warning: {it}")));
            return Ok(Packages::new(&self.stack, self.place()));
        }
        report.problems(&missing, &self.path);
        Err(Error::Problems { path: self.path.clone(), count: missing.len() })
    }

    /// A sentence about each function whose runtime is deprecated today.
    pub fn warnings(&self) -> Vec<String> {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let today = Day::at(since_1970.as_secs());
        let functions = self.stack.functions.iter();
        let warned = functions.filter_map(|(name, it)| Some((name, it.source.runtime().warning(today)?)));
        warned.map(|(name, warning)| format!("functions.{name}: {warning}")).collect()
    }

    /// What the code of its functions needs and this machine does not have.
    pub async fn missing(&self) -> Vec<Problem> {
        let file = FileText { text: &self.text, environment: self.env.as_deref() };
        stackctl_package::missing(&self.stack, &self.place(), file).await
    }

    fn place(&self) -> CodePlace {
        let folder = self.folder.clone();
        let cache = local::cache().unwrap_or_else(|_| folder.join("target").join("stackctl"));
        CodePlace { folder, cache: cache.join("builds"), builtins: stackctl_builtin::zip, local: self.local }
    }
}

/// Accepts a region of the list, and any other with `--new-region`.
///
/// # Errors
/// A region that this version does not know.
pub fn accept(region: &RegionName, global: &Global) -> Result<(), Error> {
    match region.doubt().filter(|_| !global.new_region) {
        Some(what) => {
            Err(Error::Usage { what, hint: "if AWS has this region, add `--new-region`".to_owned() })
        }
        None => Ok(()),
    }
}

/// Why there is no stack.
enum Unread {
    Error(Error),
    Problems(Vec<Problem>),
}

struct Place {
    path: PathBuf,
    folder: PathBuf,
    is_stdin: bool,
}

/// The file that the arguments name, or the one of this folder or a parent.
fn place(global: &Global) -> Result<Place, Error> {
    let path = match &global.file {
        Some(path) if path == Path::new(STDIN) => {
            return Ok(Place { path: "stdin".into(), folder: ".".into(), is_stdin: true });
        }
        Some(path) => path.clone(),
        None => {
            let failed = |source| Error::Io { doing: "find this folder".to_owned(), source };
            let home = env::var_os("HOME").map(PathBuf::from);
            place::find(&env::current_dir().map_err(failed)?, home.as_deref())?
        }
    };
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new(".")).to_owned();
    Ok(Place { path, folder, is_stdin: false })
}

fn text(path: &Path, is_stdin: bool) -> io::Result<String> {
    let mut file: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin().lock())
    } else if fs::metadata(path)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    } else {
        Box::new(fs::File::open(path)?)
    };
    // One byte more than the limit shows that the file is too large.
    let mut bytes = Vec::new();
    file.by_ref().take(stackctl_stackfile::MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > stackctl_stackfile::MOST_BYTES {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let what = format!("line {line}, column {column} is not UTF-8; save the file as UTF-8");
        io::Error::new(io::ErrorKind::InvalidData, what)
    })
}
