//! Questions to the user at the terminal.

use std::{
    io::{self, IsTerminal},
    sync::{Mutex, PoisonError},
};

use rustix::termios::{QueueSelector, tcflush};

use tokio::task::{JoinHandle, spawn_blocking};

use crate::{error::Error, report::Report, run::interrupt::Interrupt};

type Line = JoinHandle<io::Result<Option<String>>>;

/// The thread that reads the answer to a question that was withdrawn. It can't be stopped, so it reads the next answer.
static WITHDRAWN: Mutex<Option<Line>> = Mutex::new(None);

/// A thread that reads one line. When it is dropped, the thread is kept for the next question.
struct Reading(Option<Line>);

impl Reading {
    fn begin() -> Reading {
        let kept = WITHDRAWN.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A line that was typed while no question was open is no answer.
        Reading(Some(kept.filter(|it| !it.is_finished()).unwrap_or_else(|| {
            spawn_blocking(|| {
                let mut line = String::new();
                io::stdin().read_line(&mut line).map(|bytes| (bytes > 0).then_some(line))
            })
        })))
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let Some(line) = &mut self.0 else { return Ok(None) };
        let read = line.await;
        self.0 = None;
        read.map_err(io::Error::other)?
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        *WITHDRAWN.lock().unwrap_or_else(PoisonError::into_inner) = self.0.take();
    }
}

/// Whether stdin and stderr are a terminal.
pub fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question and reads one line; none at the end of the input. Input that was typed before the question appeared is
/// discarded, because it can't be an answer to it.
///
/// # Errors
/// Ctrl-C, and the system's errors.
pub async fn ask(
    question: &str,
    report: &mut Report,
    interrupt: &mut Interrupt,
) -> Result<Option<String>, Error> {
    // A stdin that is no terminal has no such queue.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    report.ask(question);
    // The program ends without waiting for the reading thread.
    let mut reading = Reading::begin();
    let answer = tokio::select! {
        line = reading.line() => {
            line.map_err(|source| Error::Io { doing: "read the answer".to_owned(), source })
        }
        () = interrupt.next() => Err(Error::Stopped),
    };
    if !matches!(answer, Ok(Some(_))) {
        // The cursor is still behind the question.
        report.end_line();
    }
    answer
}
