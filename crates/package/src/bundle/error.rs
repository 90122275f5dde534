//! Why the code of a folder or a zip file can't be sent.

use std::{io, path::PathBuf};

use stackctl_reproducible::MOST_BYTES;
use thiserror::Error;

use crate::elf;

/// Lambda takes no code that is larger when it is unzipped (LAM-16).
pub const MOST_UNZIPPED: u64 = 262_144_000;

/// Why the code of a folder or a zip file can't be sent.
#[derive(Debug, Error)]
pub enum BundleError {
    /// Nothing is at the path.
    #[error("there is no folder or zip file of this name{}", if *.built { ", although the build has ended" } else { "" })]
    Missing {
        /// Whether a build ran before.
        built: bool,
    },
    /// A symbolic link leads out of the folder of stack.yaml.
    #[error("it leads out of the folder of stack.yaml")]
    Outside,
    /// A link in the folder leads out of it.
    #[error("the link {link} leads out of the folder, to {}", target.display())]
    Link {
        /// The link.
        link: String,
        /// The path that it contains.
        target: PathBuf,
    },
    /// Something that is neither a file nor a folder nor a link.
    #[error("{name} is neither a file nor a folder")]
    Special {
        /// Its path in the folder.
        name: String,
    },
    /// A name that is not UTF-8.
    #[error("the name {} is not UTF-8", name.display())]
    Name {
        /// The name.
        name: PathBuf,
    },
    /// A file that can't be read.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A file that is no zip.
    #[error("it is not a zip file that can be read")]
    NotZip {
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A zip file with a file that needs a password.
    #[error("{name} in the zip file is encrypted")]
    Encrypted {
        /// The file.
        name: String,
    },
    /// The file that the handler names is not there.
    #[error("the handler `{handler}` needs {}", files.join(" or "))]
    NoHandler {
        /// The handler.
        handler: String,
        /// The files of which one is needed.
        files: Vec<String>,
        /// A way out.
        hint: String,
    },
    /// The executable of a zip file can't be executed.
    #[error("`bootstrap` in the zip file is not executable")]
    NotExecutable,
    /// The executable would not run on Lambda.
    #[error("`bootstrap` would not run on Lambda")]
    Unfit(#[source] elf::Unfit),
    /// It is too large when it is unzipped.
    #[error("it has {bytes} bytes unzipped; Lambda takes {MOST_UNZIPPED}")]
    TooLargeUnzipped {
        /// Its size.
        bytes: u64,
    },
    /// The zip is too large.
    #[error("its zip has {bytes} bytes; Lambda takes {MOST_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The shell could not be started.
    #[error("could not run `sh` in {}", folder.display())]
    NoShell {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The build failed.
    #[error("`{command}` in {} {how}{}{said}", folder.display(), if said.is_empty() { "" } else { ":\n" })]
    Build {
        /// The command.
        command: String,
        /// The folder in which it ran.
        folder: PathBuf,
        /// How it ended.
        how: String,
        /// The end of its output.
        said: String,
    },
}

impl BundleError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            BundleError::Missing { built: false } => {
                "create it, or add `build`, the command that makes it, such as `npm run build`"
            }
            BundleError::Missing { built: true } => "let `code` name what the build writes",
            BundleError::Outside => "move the code below the folder of stack.yaml",
            BundleError::Link { .. } => {
                "install the dependencies into the folder itself, or let `build` bundle them into files, with esbuild for \
                 example"
            }
            BundleError::Special { .. } => "take it out of the folder",
            BundleError::Name { .. } => "rename it",
            BundleError::NotZip { .. } => "let `code` name a folder or a zip file",
            BundleError::Encrypted { .. } => "write the zip file without a password",
            BundleError::NoHandler { hint, .. } => hint,
            BundleError::NotExecutable => {
                "`chmod +x bootstrap` before it is zipped, or let `code` name the folder"
            }
            BundleError::Unfit(elf::Unfit::Architecture { .. }) => {
                "build it for that processor, or set `architecture:` to the executable's own"
            }
            BundleError::Unfit(elf::Unfit::Glibc { .. } | elf::Unfit::NotElf) => {
                "build it on Amazon Linux 2023, or link it statically"
            }
            BundleError::TooLargeUnzipped { .. } | BundleError::TooLarge { .. } => {
                "leave out what only development needs (`npm install --omit=dev`), or bundle the code into one file"
            }
            BundleError::Unreadable { .. } | BundleError::NoShell { .. } | BundleError::Build { .. } => {
                return None;
            }
        };
        Some(hint.to_owned())
    }

    /// The key of stack.yaml that it belongs to.
    pub fn key(&self) -> &'static str {
        match self {
            BundleError::NoHandler { .. } => "handler",
            BundleError::Unfit(elf::Unfit::Architecture { .. }) => "architecture",
            BundleError::NoShell { .. } | BundleError::Build { .. } => "build",
            BundleError::Missing { .. }
            | BundleError::Outside
            | BundleError::Link { .. }
            | BundleError::Special { .. }
            | BundleError::Name { .. }
            | BundleError::Unreadable { .. }
            | BundleError::NotZip { .. }
            | BundleError::Encrypted { .. }
            | BundleError::NotExecutable
            | BundleError::Unfit(elf::Unfit::Glibc { .. } | elf::Unfit::NotElf)
            | BundleError::TooLargeUnzipped { .. }
            | BundleError::TooLarge { .. } => "code",
        }
    }
}
