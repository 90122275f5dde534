//! The zip file of a function's code.

use std::io::{self, Cursor, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// Lambda takes no larger zip in a request (LAM-15).
pub const MOST_BYTES: usize = 52_428_800;

/// A function's code as Lambda takes it.
#[derive(Debug, Clone)]
pub struct Zip {
    /// The zip file.
    pub bytes: Vec<u8>,
    /// Lambda's `CodeSha256`: base64 of the zip's SHA-256 (LAM-43).
    pub sha256: String,
}

/// One file of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `/`.
    pub name: String,
    /// What it is.
    pub content: Content,
}

/// What a file of a zip is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether it may be executed.
        executable: bool,
    },
    /// A symbolic link to this path.
    Link(String),
}

impl Zip {
    /// One executable `bootstrap` (LAM-42); the same binary gives the same bytes.
    ///
    /// # Errors
    /// A binary that no zip can hold.
    pub fn of(binary: &[u8]) -> Result<Zip, io::Error> {
        let content = Content::File { bytes: binary.to_owned(), executable: true };
        write([Ok(Entry { name: "bootstrap".to_owned(), content })], 9)
    }

    /// Files in the order given; the same entries give the same bytes. Times are those of 1980, and a file's mode is 644 or
    /// 755.
    ///
    /// # Errors
    /// The first entry that is an error, and what no zip can hold.
    pub fn of_entries(entries: impl IntoIterator<Item = io::Result<Entry>>) -> Result<Zip, io::Error> {
        write(entries, 6)
    }

    /// A zip file that exists.
    pub fn new(bytes: Vec<u8>) -> Zip {
        Zip { sha256: BASE64_STANDARD.encode(Sha256::digest(&bytes)), bytes }
    }
}

fn write(entries: impl IntoIterator<Item = io::Result<Entry>>, level: i64) -> Result<Zip, io::Error> {
    let options = |mode: u32| {
        ::zip::write::SimpleFileOptions::default()
            .compression_method(::zip::CompressionMethod::Deflated)
            .compression_level(Some(level))
            .last_modified_time(::zip::DateTime::default())
            .unix_permissions(mode)
    };
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let Entry { name, content } = entry?;
        match content {
            Content::File { bytes, executable } => {
                let mode = if executable { 0o755 } else { 0o644 };
                writer.start_file(name, options(mode)).map_err(io::Error::other)?;
                writer.write_all(&bytes)?;
            }
            Content::Link(target) => {
                writer.add_symlink(name, target, options(0o777)).map_err(io::Error::other)?;
            }
        }
    }
    let bytes = writer.finish().map_err(io::Error::other)?.into_inner();
    Ok(Zip::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_binary_gives_the_same_zip() {
        let one = Zip::of(b"\x7fELF one").unwrap();
        assert_eq!(one.bytes, Zip::of(b"\x7fELF one").unwrap().bytes);
        assert_ne!(one.sha256, Zip::of(b"\x7fELF two").unwrap().sha256);
        let mut archive = ::zip::ZipArchive::new(Cursor::new(one.bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let file = archive.by_index(0).unwrap();
        assert_eq!((&*file.name().unwrap(), file.unix_mode()), ("bootstrap", Some(0o100_755)));
    }

    #[test]
    fn files_and_links() {
        let file = |bytes: &[u8], executable| Content::File { bytes: bytes.to_owned(), executable };
        let entries = || {
            [
                ("a/b.js", file(b"exports", false)),
                ("bin", file(b"#!/bin/sh", true)),
                ("c", Content::Link("a".into())),
            ]
            .map(|(name, content)| Ok(Entry { name: name.to_owned(), content }))
        };
        let zip = Zip::of_entries(entries()).unwrap();
        assert_eq!(zip.bytes, Zip::of_entries(entries()).unwrap().bytes);
        let mut archive = ::zip::ZipArchive::new(Cursor::new(zip.bytes)).unwrap();
        let mut modes = Vec::new();
        for index in 0..archive.len() {
            let file = archive.by_index(index).unwrap();
            modes.push((file.name().unwrap().into_owned(), file.unix_mode().unwrap()));
        }
        let expected = [("a/b.js", 0o100_644), ("bin", 0o100_755), ("c", 0o120_777)];
        assert_eq!(modes, expected.map(|(name, mode)| (name.to_owned(), mode)));
        let broken = [Err(io::Error::other("gone"))];
        assert_eq!(Zip::of_entries(broken).unwrap_err().to_string(), "gone");
    }
}
