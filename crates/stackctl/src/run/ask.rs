//! Questions to the user at the terminal.

use std::io::{self, IsTerminal};

use rustix::termios::{QueueSelector, tcflush};

use crate::{error::Error, report::Report, run::interrupt::Interrupt};

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
    // The reading thread can't be stopped; the program ends without waiting for it.
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|bytes| (bytes > 0).then_some(line))
    });
    let failed = |source| Error::Io { doing: "read the answer".to_owned(), source };
    let answer = tokio::select! {
        line = line => line.map_err(|error| failed(io::Error::other(error)))?.map_err(failed),
        () = interrupt.next() => Err(Error::Stopped),
    };
    if !matches!(answer, Ok(Some(_))) {
        // The cursor is still behind the question.
        report.end_line();
    }
    answer
}
