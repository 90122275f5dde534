//! `stackctl local logs`.

use std::{
    io::{self, SeekFrom},
    path::Path,
    time::Duration,
};

use clap::Args;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
    time::interval,
};

use crate::{cloud::local, error::Error, exit, report::Report, run::interrupt::Interrupt};

/// The interval between two reads of a followed log.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Show the log of the local cloud itself, or its requests; `stackctl --local logs` shows those of functions
#[derive(Debug, Args)]
pub struct Logs {
    /// Show the requests, one JSON line each
    #[arg(long)]
    requests: bool,
    /// Show new lines until Ctrl-C
    #[arg(long)]
    follow: bool,
    /// The number of lines to show, counted from the end
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100)]
    lines: usize,
}

impl Logs {
    /// Shows the log.
    ///
    /// # Errors
    /// A log that can't be read.
    pub async fn run(self, report: &mut Report) -> Result<u8, Error> {
        let instance = local::instance()?;
        let path = if self.requests { instance.requests() } else { instance.log() };
        let failed = |source| Error::Io { doing: format!("read {}", path.display()), source };
        let mut read = 0;
        let (text, length) = news(&path, read).await.map_err(failed)?;
        read += length;
        report.say(last(&text, self.lines));
        if !self.follow {
            return Ok(exit::DONE);
        }
        let (mut interrupt, _) = Interrupt::listen()?;
        let mut looks = interval(LOOK_EVERY);
        while report.is_read() {
            tokio::select! {
                () = interrupt.next() => break,
                _ = looks.tick() => {}
            }
            let (text, length) = news(&path, read).await.map_err(failed)?;
            read += length;
            report.say(&text);
        }
        Ok(exit::DONE)
    }
}

/// The text after the first `since` bytes, and its length in bytes. A log that does not exist is empty.
async fn news(path: &Path, since: u64) -> io::Result<(String, u64)> {
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((String::new(), 0)),
        Err(error) => return Err(error),
    };
    file.seek(SeekFrom::Start(since)).await?;
    let mut bytes = Vec::new();
    let length = file.read_to_end(&mut bytes).await?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), length as u64))
}

/// The last `lines` lines of the text.
fn last(text: &str, lines: usize) -> &str {
    let ends = text.trim_end_matches('\n').rmatch_indices('\n');
    match lines.checked_sub(1) {
        None => "",
        Some(before) => ends.map(|(at, _)| at + 1).nth(before).map_or(text, |at| &text[at..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines() {
        let text = "one\ntwo\nthree\n";
        for (lines, expected) in [(0, ""), (1, "three\n"), (2, "two\nthree\n"), (3, text), (9, text)] {
            assert_eq!(last(text, lines), expected, "{lines}");
        }
        assert_eq!(last("", 5), "");
        assert_eq!(last("begun", 1), "begun");
    }
}
