//! The zip file of a function's executable.

use std::io::{Cursor, Write};

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

impl Zip {
    /// One executable `bootstrap` (LAM-42); the same binary gives the same bytes.
    ///
    /// # Errors
    /// A binary that no zip can hold.
    pub fn of(binary: &[u8]) -> Result<Zip, std::io::Error> {
        let options = ::zip::write::SimpleFileOptions::default()
            .compression_method(::zip::CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(::zip::DateTime::default())
            .unix_permissions(0o755);
        let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("bootstrap", options).map_err(std::io::Error::other)?;
        writer.write_all(binary)?;
        let bytes = writer.finish().map_err(std::io::Error::other)?.into_inner();
        Ok(Zip::new(bytes))
    }

    /// A zip file that exists.
    pub fn new(bytes: Vec<u8>) -> Zip {
        Zip { sha256: BASE64_STANDARD.encode(Sha256::digest(&bytes)), bytes }
    }
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
}
